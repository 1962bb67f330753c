"""The live process of a PostgreSQL cluster, told from what a dead one has left behind."""

from __future__ import annotations

import os
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from core.db.account import packaged_software

# Lines of postmaster.pid, counted from 0.
PID_LINE, PORT_LINE, STATUS_LINE = 0, 3, 7


@dataclass(frozen=True)
class Postmaster:
    """The process that `postmaster.pid` tells of, and really is PostgreSQL's."""

    pid: int
    port: int
    is_ready: bool


def find(cluster: Path) -> Postmaster | None:
    """The live server of a cluster, or None; a stale file, a zombie and a reused id are no server."""
    try:
        lines = (cluster / "postmaster.pid").read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return None
    if len(lines) <= PORT_LINE or not _is_server(int(lines[PID_LINE]), cluster):
        return None
    is_ready = len(lines) > STATUS_LINE and lines[STATUS_LINE].strip() == "ready"
    return Postmaster(pid=int(lines[PID_LINE]), port=int(lines[PORT_LINE]), is_ready=is_ready)


def settled(cluster: Path, *, seconds: float) -> Postmaster | None:
    """The live server once it is ready, or None once there is none; neither starting nor stopping.

    After so many seconds the answer is what is there, whatever its state.
    """
    give_up_at = time.monotonic() + seconds
    while (found := find(cluster)) and not found.is_ready and time.monotonic() < give_up_at:
        time.sleep(0.05)
    return found


def _is_server(pid: int, cluster: Path) -> bool:
    if not Path("/proc/self/stat").exists():
        # Elsewhere than on Linux PostgreSQL's own check must do.
        command = [str(packaged_software() / "bin" / "pg_ctl"), "status", "-D", str(cluster)]
        return subprocess.run(command, capture_output=True, check=False).returncode == 0
    try:
        # The state stands behind the name, which may itself hold brackets.
        state = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0]
        words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z" and os.fsencode(cluster) in words


def forget_stale(cluster: Path) -> None:
    """Remove the pid file of a dead server; its id may be another process's, or a zombie's, by now."""
    if find(cluster) is None:
        (cluster / "postmaster.pid").unlink(missing_ok=True)
