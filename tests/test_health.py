import psycopg
import pytest

from core import health, launch
from core.kit.settings import settings
from queries import warehouse


@pytest.fixture
def use(monkeypatch):
    """Name the database that is asked."""

    def name(url):
        monkeypatch.setenv("DATABASE_URL", url)
        settings.cache_clear()

    yield name
    monkeypatch.undo()
    settings.cache_clear()


def test_it_is_ready_with_a_database_of_the_newest_schema(db_url, use):
    use(db_url)
    assert health.ready().is_ready


def test_it_is_not_ready_while_the_schema_is_of_another_version(db_url, use):
    with psycopg.connect(db_url) as connection:
        connection.execute("update alembic_version set version_num = '0000'")
    use(db_url)
    assert health.ready().checks == {"database": "ok", "schema": "of another version"}


def test_it_is_not_ready_before_the_first_migration(db_url, use):
    with psycopg.connect(db_url) as connection:
        connection.execute("drop table alembic_version")
    use(db_url)
    assert health.ready().checks == {"database": "ok", "schema": "missing"}


def test_it_is_not_ready_without_its_database(use):
    use("postgresql://app:geheim@127.0.0.1:1/crm")
    state = health.ready()
    assert not state.is_ready
    assert state.checks == {"database": "does not answer", "schema": "unknown"}


def test_it_lives_without_its_database(use):
    use("postgresql://app:geheim@127.0.0.1:1/crm")
    assert health.live()["status"] == "ok"


def test_the_first_start_looks_for_the_pointer_that_readers_follow():
    assert launch.WAREHOUSE_POINTER == warehouse.POINTER
