"""Puts rows into the bound database, and numbers what has to be unique."""

from __future__ import annotations

import itertools
from typing import TypeVar

from sqlalchemy import inspect

import core.access.tables
import core.catalog.tables
import core.claims.tables
import core.commissions.tables
import core.customers.tables
import core.documents.tables
import core.people.tables
import core.policies.tables
import core.sales.tables  # noqa: F401  # a foreign key is found only when its table is known
from core.db import Base, unit_of_work

Row = TypeVar("Row", bound=Base)

_numbers = itertools.count(1)


def number() -> int:
    """A number that no other row of this run was given."""
    return next(_numbers)


def put(row: Row) -> Row:
    """The row as the database has it, with its defaults; detached from any session."""
    with unit_of_work() as session:
        session.add(row)
        session.flush()
        unread = inspect(row).unloaded & set(inspect(type(row)).column_attrs.keys())
        if unread:  # what the insert did not bring back
            session.refresh(row, unread)
    return row
