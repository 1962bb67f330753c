"""What the embedded server's data directory remembers between starts: its port and passwords."""

from __future__ import annotations

import json
import os
import secrets
import shutil
from dataclasses import asdict, dataclass
from pathlib import Path

from core.kit.errors import Refusal

DATABASE = "policydesk"
OWNER = "policydesk"
SUPERUSER = "postgres"


class DatabaseUnavailable(Refusal):
    """The embedded server can't be started or used; the message says why."""

    code = "database_unavailable"


@dataclass(frozen=True)
class Memory:
    """What is remembered between starts. `kept` servers stay when the last session ends."""

    port: int
    password: str
    superuser_password: str
    home: str = ""
    prepared: bool = False
    kept: bool = False

    def url(self) -> str:
        return f"postgresql://{OWNER}:{self.password}@127.0.0.1:{self.port}/{DATABASE}?sslmode=disable"


def file_of(data_dir: Path) -> Path:
    """The file that is remembered in."""
    return data_dir / "postgres.json"


def recall(data_dir: Path) -> Memory:
    """What is remembered; before the first start new passwords and no port.

    Raises DatabaseUnavailable when the file is damaged.
    """
    path = file_of(data_dir)
    try:
        return Memory(**json.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError:
        return Memory(port=0, password=secrets.token_hex(16), superuser_password=secrets.token_hex(16))
    except (ValueError, TypeError) as error:
        raise DatabaseUnavailable(
            f"{path} is damaged, and with it the password of the database.",
            remedy="Restore it from a backup, or choose another POLICYDESK_DATA_DIR.",
        ) from error


def remember(data_dir: Path, memory: Memory) -> None:
    """Keep it, readable by this user alone, whole or not at all."""
    path = file_of(data_dir)
    text = json.dumps(asdict(memory), indent=1)
    if path.exists() and path.read_text(encoding="utf-8") == text:
        return
    unfinished = data_dir / f"postgres.json.{os.getpid()}"
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    if os.name == "posix" and os.geteuid() == 0:
        # Started once as root, an ordinary user's own directory stays theirs.
        shutil.chown(unfinished, data_dir.stat().st_uid)
    unfinished.replace(path)
