"""The fill from beginning to end, in one transaction: all of it is there, or nothing."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from datetime import date
from typing import Any

import numpy as np
import psycopg
from sqlalchemy import text
from sqlalchemy.orm import Session

from core.access import passwords
from core.audit import SystemActor, record
from core.db import engine, psycopg_of, unit_of_work
from core.demo.accounts import open_accounts
from core.demo.burden import unburdened
from core.demo.columns import Sink
from core.demo.company import found
from core.demo.days import Days
from core.demo.documents import make_files
from core.demo.pipeline import write_pipeline
from core.demo.sales import Calendar, write_stretch
from core.demo.sign_ins import PASSWORD, USERNAMES
from core.demo.staff import settle_in
from core.kit.dates import business_date, utc_now
from core.kit.errors import Refusal
from core.kit.settings import settings

Progress = Callable[[float, float, str], None]
ENTITY = "demo"
# What a company works with: where one of these is, somebody works here already.
_WORK = ("users", "customers", "leads", "policies", "opportunities")
# Customers invented at a time: what bounds the memory, whatever the size of the company.
STRETCH = 5_000
# Beyond so many customers it is quicker to make indexes and foreign keys again than to keep them up.
GREAT = 2_000
# How much of the time the rows take; the rest is for indexes and foreign keys.
ROWS = 0.65
_LOCK = 7249003


def is_filled() -> bool:
    """Whether the demo data is there, whole; the fill's own audit row tells."""
    with unit_of_work() as session:
        return _is_filled(session)


def _is_filled(session: Session) -> bool:
    question = text("select exists (select from audit_log where entity = :entity)")
    return bool(session.scalar(question, {"entity": ENTITY}))


def require_mode() -> None:
    """Raises Refusal when demo mode is off: the sign-ins of demo data are known to everybody."""
    if not settings().is_demo:
        raise Refusal(
            "Demo mode is off, and demo data brings sign-ins that everybody knows.",
            remedy="For a database of its own turn it on: POLICYDESK_DEMO=true ./run demo",
        )


def _refuse_own_data(session: Session) -> None:
    # The names of the tables are constants of this module.
    found = [one for one in _WORK if session.scalar(text(f"select exists (select from {one})"))]  # noqa: S608
    if found:
        told = " and ".join(found)
        raise Refusal(
            f"Demo data goes into an empty database only, and this one holds {told} already.",
            remedy="To work with them turn demo mode off (POLICYDESK_DEMO=false ./run); "
            "for demo data name another database.",
        )


def fill(
    customers: int, seed: int = 2024, today: date | None = None, progress: Progress | None = None
) -> None:
    """Fill an invented company with so many customers and five years of history up to today.

    One transaction: a fill that is interrupted leaves nothing behind, and the next one starts anew.
    The same seed, size and day make the same company. `progress` is told (done, total, what).
    Raises Refusal outside demo mode, and when demo data or anybody's own data is there already.
    """
    require_mode()
    day = today or business_date(utc_now(), settings().time_zone)
    tell = progress or (lambda _done, _total, _what: None)
    with unit_of_work() as session:
        session.execute(text("set local statement_timeout = 0"))
        session.execute(text("set local idle_in_transaction_session_timeout = 0"))
        # A second fill waits here, then finds the first one's data.
        session.execute(text("set local lock_timeout = 0"))
        session.execute(text("select pg_advisory_xact_lock(:key)"), {"key": _LOCK})
        if _is_filled(session):
            raise Refusal(
                "The demo data is there already.",
                remedy="For another company choose another place: POLICYDESK_DATA_DIR=... ./run demo",
            )
        _refuse_own_data(session)
        make_files(settings().storage_dir)
        rows = _write(session, customers, seed, day, tell)
        record(
            session,
            actor=SystemActor(),
            action="demo.fill",
            entity=ENTITY,
            entity_id=None,
            details={"customers": customers, "seed": seed, "today": day.isoformat(), "rows": rows},
        )
    tell(0.97, 1.0, "Counting")
    # The planner knows nothing yet of the tables that were empty a moment ago.
    with engine().connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("set statement_timeout = 0"))
        connection.execute(text("analyze"))
    tell(1.0, 1.0, "Done")


def _write(session: Session, customers: int, seed: int, day: date, tell: Progress) -> dict[str, int]:
    connection = psycopg_of(session)

    def made(share: float) -> None:
        tell(ROWS + (0.95 - ROWS) * share, 1.0, "Indexes and foreign keys")

    with unburdened(connection, made) if customers > GREAT else nullcontext():
        return _invent(session, Sink(connection), connection, customers, seed, day, tell)


def _invent(
    session: Session,
    sink: Sink,
    connection: psycopg.Connection[Any],
    customers: int,
    seed: int,
    day: date,
    tell: Progress,
) -> dict[str, int]:
    days = Days(day, settings().time_zone)
    tell(0.0, 1.0, "The company")
    world = settle_in(sink, connection, found(days, customers, np.random.default_rng([seed, 1])), seed)
    accounts = open_accounts(world, customers, seed)
    calendar = Calendar.of(world)
    numbers = np.array([int(sink.ids("customers", 0).sum()) + customers + 1])
    closed = 0
    for start in range(0, customers, STRETCH):
        count = min(STRETCH, customers - start)
        closed += write_stretch(
            world,
            np.random.default_rng([seed, 4, start]),
            calendar,
            count=count,
            shares=(start / customers, (start + count) / customers),
            accounts=accounts,
            numbers=numbers,
        )
        tell(ROWS * (start + count) / customers, 1.0, f"{start + count:,} customers")
    tell(ROWS, 1.0, "Open leads")
    write_pipeline(world, np.random.default_rng([seed, 5]), closed, numbers)
    _invite_a_customer(session, world.agent_user[0], sink)
    sink.settle()
    return dict(sorted(sink.rows.items()))


def _invite_a_customer(session: Session, agent_id: np.int64, sink: Sink) -> None:
    """Give a customer of the demo agent, with as many policies as any, the demo sign-in."""
    session.execute(
        text(
            "insert into users"
            " (id, username, email, password_hash, first_name, last_name, role, customer_id, is_demo)"
            " select :id, :username, :email, :hash, c.first_name, c.last_name, 'customer', c.id, true"
            " from customers c join policies p on p.customer_id = c.id and p.status = 'active'"
            " where c.agent_id = :agent_id group by c.id order by count(*) desc, c.id limit 1"
        ),
        {
            "id": int(sink.ids("users", 1)[0]),
            "username": USERNAMES["customer"],
            "email": "customer@policydesk.example",
            "hash": passwords.hash_password(PASSWORD),
            "agent_id": int(agent_id),
        },
    )
