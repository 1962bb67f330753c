"""Fixtures that every test may use: clean databases on one real PostgreSQL.

One embedded server serves a whole run, however many workers it has. The schema is migrated once, into
a template; each test that asks for a database gets a copy of its own, so tests never see one another.
"""

from __future__ import annotations

import contextlib
import itertools
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import Engine, make_url

import core.db
import core.db.migrate
from core.db import embedded
from core.kit.locks import held
from core.kit.settings import Settings, settings
from tests.browser.chromium import NONE_FOUND, find_chromium

RUN_DIRECTORY = "POLICYDESK_TEST_RUN"
TEMPLATE = "policydesk_template"
# Nothing of a test's database has to outlive a power cut.
SERVER_OPTIONS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "max_connections": "200",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_wal_size": "256MB",
}
# A memory file system makes a copy of the template in a twentieth of the time that a busy disk takes.
MEMORY = Path("/dev/shm")
MEMORY_BYTES = 2 * 2**30  # what a run needs at its most, twice over


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--all-strings`: each text is given every odd and hostile string, not a share of them."""
    parser.addoption("--all-strings", action="store_true", help="every string for every text")


def pytest_configure(config: pytest.Config) -> None:
    """The first process makes the run's directory; its workers inherit the name."""
    if not hasattr(config, "workerinput"):
        _sweep()
        directory = Path(tempfile.mkdtemp(prefix=f"policydesk-tests-{os.getpid()}-", dir=_place()))
        directory.chmod(0o711)  # started as root, the server belongs to another account
        os.environ[RUN_DIRECTORY] = str(directory)
        config.option.basetemp = config.option.basetemp or str(directory / "tmp")
    # No test reads the installation's own settings or data.
    for name in [name for name in os.environ if _is_setting(name)]:
        del os.environ[name]
    Settings.model_config["env_file"] = None
    os.environ["POLICYDESK_ENV_FILE"] = os.devnull  # for the processes that tests start
    # A folder per worker: tests count the files that are kept.
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    os.environ["POLICYDESK_DATA_DIR"] = str(_run_directory() / f"data-{worker}")
    settings.cache_clear()


def pytest_unconfigure(config: pytest.Config) -> None:
    """The first process, which ends last, stops the server and deletes the run's directory."""
    if not hasattr(config, "workerinput"):
        embedded.remove(_run_directory())
        shutil.rmtree(_run_directory(), ignore_errors=True)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what needs PostgreSQL, and skip browser tests where there is no Chromium."""
    missing = None if find_chromium() else NONE_FOUND
    for item in items:
        if "db_url" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.db)
        if item.get_closest_marker("browser") and missing:
            if os.environ.get("POLICYDESK_REQUIRE_BROWSER") == "1":
                raise pytest.UsageError(f"POLICYDESK_REQUIRE_BROWSER is set, but {missing}")
            item.add_marker(pytest.mark.skip(reason=missing))


@pytest.fixture(scope="session")
def template_url() -> str:
    """The address of the migrated template, which must not be written to."""
    directory = _run_directory()
    with held(directory / "template.lock"):
        ready = directory / "template.ready"
        url = embedded.start(directory, options=SERVER_OPTIONS)
        template = _on(url, TEMPLATE)
        if not ready.exists():
            _run(url, f"drop database if exists {TEMPLATE}")
            _run(url, f"create database {TEMPLATE}")
            core.db.bind(template)
            core.db.migrate.upgrade()
            core.db.bind(None)
            ready.touch()
    return template


_numbers = itertools.count(1)


@pytest.fixture
def db_url(template_url: str) -> Iterator[str]:
    """The address of a database of this test's own: migrated, with reference data only."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    name = f"test_{worker}_{next(_numbers)}"
    maintenance = _on(template_url, "postgres")
    # Copying files is quicker than logging them while nothing is flushed to the disk.
    _run(maintenance, f"create database {name} template {TEMPLATE} strategy file_copy")
    yield _on(template_url, name)
    _run(maintenance, f"drop database {name} with (force)")


@pytest.fixture
def database(db_url: str) -> Iterator[Engine]:
    """The engine of core, bound to a clean database for the length of the test."""
    core.db.bind(db_url)
    yield core.db.engine()
    core.db.bind(None)


@pytest.fixture(scope="module")
def shared_database(template_url: str) -> Iterator[None]:
    """One database for all tests of a module, which play in companies of their own."""
    name = f"shared_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}_{next(_numbers)}"
    maintenance = _on(template_url, "postgres")
    _run(maintenance, f"create database {name} template {TEMPLATE} strategy file_copy")
    core.db.bind(_on(template_url, name))
    yield
    core.db.bind(None)
    _run(maintenance, f"drop database {name} with (force)")


@pytest.fixture
def data_dir() -> Iterator[Path]:
    """A data directory of this test's own, for an embedded server of its own."""
    directory = Path(tempfile.mkdtemp(prefix="data-", dir=_run_directory()))
    directory.chmod(0o711)
    yield directory
    embedded.remove(directory)


def _run_directory() -> Path:
    return Path(os.environ[RUN_DIRECTORY])


def _place() -> Path:
    """Where runs are kept: in memory where there is room for one, else where temporary files go."""
    with contextlib.suppress(OSError):
        if os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > MEMORY_BYTES:
            return MEMORY
    return Path(tempfile.gettempdir())


def _is_setting(name: str) -> bool:
    kept = {RUN_DIRECTORY, "POLICYDESK_REQUIRE_BROWSER", "POLICYDESK_CHROMIUM"}
    return (name.startswith("POLICYDESK_") or name == "DATABASE_URL") and name not in kept


def _on(url: str, database: str) -> str:
    return make_url(url).set(database=database).render_as_string(hide_password=False)


def _run(url: str, statement: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(statement.encode())


def _sweep() -> None:
    """Remove what runs that were killed have left behind."""
    places = (MEMORY, Path(tempfile.gettempdir()))
    for directory in (found for place in places for found in place.glob("policydesk-tests-*")):
        pid = int(directory.name.split("-")[2])
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.kill(pid, 0)
            continue
        with contextlib.suppress(PermissionError):
            embedded.remove(directory)
        shutil.rmtree(directory, ignore_errors=True)
