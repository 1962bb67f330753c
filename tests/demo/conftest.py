"""One small company per worker; the tests only read it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import psycopg
import pytest
from sqlalchemy import make_url

import core.db
from core import demo

TODAY = date(2026, 3, 16)
CUSTOMERS = 300


@pytest.fixture(scope="session")
def company_url(template_url: str, worker_id: str) -> Iterator[str]:
    """The address of a database with the demo data of 300 customers as of a Monday in March 2026."""
    name = f"demo_{worker_id}"
    maintenance = make_url(template_url).set(database="postgres").render_as_string(hide_password=False)
    url = make_url(template_url).set(database=name).render_as_string(hide_password=False)
    with psycopg.connect(maintenance, autocommit=True) as connection:
        connection.execute(f"create database {name} template policydesk_template".encode())
    core.db.bind(url)
    demo.fill(CUSTOMERS, today=TODAY)
    core.db.bind(None)
    yield url
    with psycopg.connect(maintenance, autocommit=True) as connection:
        connection.execute(f"drop database {name} with (force)".encode())


@pytest.fixture
def company(company_url: str) -> Iterator[psycopg.Connection[tuple[object, ...]]]:
    """A connection to the company."""
    with psycopg.connect(company_url) as connection:
        yield connection


@pytest.fixture
def bound(company_url: str) -> Iterator[None]:
    """The core works on the company."""
    core.db.bind(company_url)
    yield
    core.db.bind(None)
