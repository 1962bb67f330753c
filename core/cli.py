"""The commands behind ./run, each a few lines; what is slow to import is imported by its command."""

from __future__ import annotations

import argparse
import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from types import FrameType
from typing import TYPE_CHECKING

from core.kit.errors import Refusal
from core.kit.settings import FEWEST_DEMO_CUSTOMERS, MOST_DEMO_CUSTOMERS, ROOT, settings

if TYPE_CHECKING:
    from core.db.account import Quarters

EXIT_REFUSED = 2
EXIT_INTERRUPTED = 130


class Terminated(BaseException):
    """Somebody asked this process to end (SIGTERM); what it started is ended on the way out."""


def main(words: Sequence[str]) -> int:
    """Run one command; exit code 0, 1 for a failure, 2 for a refusal told in one sentence."""
    name, rest = (words[0], list(words[1:])) if words else ("serve", [])
    command = COMMANDS.get(name)
    if command is None:
        print(f"There is no command {name}. ./run --help lists them.", file=sys.stderr)
        return EXIT_REFUSED
    signal.signal(signal.SIGTERM, _terminate)
    # A script that starts ./run in the background has had Ctrl-C switched off for it.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        return command(rest)
    except Refusal as refusal:
        print(refusal, file=sys.stderr)
        return EXIT_REFUSED
    except KeyboardInterrupt:
        print("\nStopped. The next start goes on from here.", file=sys.stderr)
        return EXIT_INTERRUPTED
    except Terminated:
        return 0


def _terminate(_signal: int, _frame: FrameType | None) -> None:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)  # ending is under way
    raise Terminated


@contextlib.contextmanager
def _database() -> Iterator[None]:
    """Have a database for the length of the block: the one that was named, else our own.

    What is started from inside finds it in the environment, together with the demo mode that its
    absence had stood for.
    """
    from core.db import embedded, reach

    chosen = settings()
    if chosen.database_url is not None:
        reach.require_usable(chosen.database_url)
        yield
        return
    with embedded.session(chosen.data_dir) as url:
        os.environ["DATABASE_URL"] = url
        os.environ["POLICYDESK_DEMO"] = str(chosen.is_demo).lower()
        settings.cache_clear()
        yield


def serve(words: list[str]) -> int:
    """Set up what is missing, then serve until told to stop."""
    argparse.ArgumentParser(prog="./run serve").parse_args(words)
    from core import launch

    launch.refuse_taken_port(settings().host, settings().port)
    with _database():
        launch.prepare()
        return launch.serve()


def migrate(words: list[str]) -> int:
    """Bring the schema up to date."""
    argparse.ArgumentParser(prog="./run migrate").parse_args(words)
    from core.db import migrate as migrations

    with _database():
        migrations.upgrade()
        print(f"The schema is at {migrations.current()}.")
    return 0


def demo(words: list[str]) -> int:
    """Fill demo data, then refresh the analytic copy."""
    chosen = demo_parser().parse_args(words)
    least, most = FEWEST_DEMO_CUSTOMERS, MOST_DEMO_CUSTOMERS
    if not least <= chosen.customers <= most:
        raise Refusal(f"A demo company has {least:,} to {most:,} customers, not {chosen.customers:,}.")
    from core import demo as story
    from core import launch

    story.require_mode()  # before anybody's own database is touched
    with _database():
        launch.migrate()
        launch.fill_demo(customers=chosen.customers, seed=chosen.seed)
        return launch.refresh()


def demo_parser() -> argparse.ArgumentParser:
    """What `./run demo` understands."""
    parser = argparse.ArgumentParser(
        prog="./run demo", description="Fill demo data into an empty database, in demo mode only."
    )
    parser.add_argument("--customers", type=int, default=settings().demo_customers)
    parser.add_argument("--seed", type=int, default=None, help="the same seed makes the same company")
    return parser


def etl(words: list[str]) -> int:
    """Refresh the analytic copy."""
    from core import launch

    if _asks_for_help(words):
        return _script("etl", words)
    with _database():
        launch.migrate()
        return launch.refresh(words)


def import_file(words: list[str]) -> int:
    """Import a file."""
    from core import launch
    from core.imports import cli
    from core.kit import logs

    if _only_asks_for_help(words):
        return cli.main(words)
    logs.configure(level=settings().log_level, as_json=settings().log_json)
    with _database():
        launch.migrate()
        return cli.main(words)


def user(words: list[str]) -> int:
    """Manage sign-ins."""
    from core import launch
    from core.people import cli

    if _only_asks_for_help(words):
        return cli.main(words)
    with _database():
        launch.migrate()
        return cli.main(words)


def psql(words: list[str]) -> int:
    """Open the database in psql: the one that comes along, else the system's."""
    import shutil

    from core.db import embedded

    is_own = settings().database_url is None
    with _database():
        place: Quarters | None = embedded.software(settings().data_dir) if is_own else None
        program = str(place.program("psql")) if place else shutil.which("psql")
        if program is None:
            raise Refusal("psql is not installed.", remedy="Install PostgreSQL's client programs.")
        # The terminal belongs to psql now, Ctrl-C included: it cancels a statement there.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        # Not among the arguments, which everybody on the machine can read.
        return subprocess.call([program, *words], env={**os.environ, **_connection_environment()})


def _connection_environment() -> dict[str, str]:
    """The database as libpq's environment variables."""
    from psycopg.conninfo import conninfo_to_dict

    names = {
        "host": "PGHOST",
        "port": "PGPORT",
        "user": "PGUSER",
        "password": "PGPASSWORD",
        "dbname": "PGDATABASE",
        "sslmode": "PGSSLMODE",
    }
    found = conninfo_to_dict(settings().require_database_url())
    return {names[key]: str(value) for key, value in found.items() if key in names}


def bench(words: list[str]) -> int:
    """Run the benchmarks."""
    with contextlib.nullcontext() if _asks_for_help(words) else _database():
        return _script("bench", words)


def screenshots(words: list[str]) -> int:
    """Take the screenshots of README and docs, of a server that runs already."""
    return _script("docs.screenshots", words)


def _script(module: str, words: list[str]) -> int:
    return subprocess.call([sys.executable, "-m", module, *words], cwd=ROOT)


def _only_asks_for_help(words: list[str]) -> bool:
    return not words or _asks_for_help(words)


def _asks_for_help(words: list[str]) -> bool:
    return "-h" in words or "--help" in words


COMMANDS: dict[str, Callable[[list[str]], int]] = {
    "serve": serve,
    "migrate": migrate,
    "demo": demo,
    "etl": etl,
    "import": import_file,
    "user": user,
    "psql": psql,
    "bench": bench,
    "screenshots": screenshots,
}

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
