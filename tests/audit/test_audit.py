"""The audit log only grows, and a change to it breaks the chain."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import text
from sqlalchemy.engine import Engine
from sqlalchemy.exc import DatabaseError

from core.audit import SystemActor, check_chain, record
from core.db import unit_of_work

CLOCK = SystemActor()


def write(number: int) -> None:
    with unit_of_work() as session:
        record(
            session,
            actor=CLOCK,
            action="test.write",
            entity="test",
            entity_id=number,
            details={"number": number},
        )


def test_the_chain_holds_over_rows_written_by_many_threads(database: Engine) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(write, range(64)))
    with unit_of_work() as session:
        chain = check_chain(session)
    assert (chain.rows, chain.is_whole) == (64, True)


@pytest.mark.parametrize("step", [1, 5, 7])
def test_the_chain_is_walked_in_steps_that_hang_together(database: Engine, step: int) -> None:
    for number in range(12):
        write(number)
    shares: list[float] = []
    with unit_of_work() as session:
        assert check_chain(session, step=step, report=shares.append).is_whole
        assert (shares[-1], len(shares) > 1) == (1.0, True)
        session.execute(text("alter table audit_log disable trigger user"))
        session.execute(text("delete from audit_log where entity_id = 6"))
        after = session.scalar(text("select id from audit_log where entity_id = 7"))
        assert check_chain(session, step=step).broken_at == after
        session.rollback()


@pytest.mark.parametrize(
    "change",
    [
        "update audit_log set action = 'other'",
        "delete from audit_log",
        "truncate audit_log",
    ],
)
def test_the_log_refuses_to_be_changed(database: Engine, change: str) -> None:
    write(1)
    with pytest.raises(DatabaseError, match="only grows"), unit_of_work() as session:
        session.execute(text(change))


@pytest.mark.parametrize(
    ("change", "broken_at"),
    [
        ("update audit_log set details = '{\"number\": 9}' where entity_id = 2", 2),
        ("delete from audit_log where entity_id = 2", 3),
        ("update audit_log set at = at - interval '1 day' where entity_id = 3", 3),
    ],
)
def test_a_change_behind_the_triggers_is_found_where_it_was_made(
    database: Engine, change: str, broken_at: int
) -> None:
    for number in (1, 2, 3):
        write(number)
    with unit_of_work() as session:
        session.execute(text("alter table audit_log disable trigger user"))
        session.execute(text(change))
        session.execute(text("alter table audit_log enable trigger user"))
        chain = check_chain(session)
        first = session.scalar(
            text("select entity_id from audit_log where id = :id"), {"id": chain.broken_at}
        )
    assert first == broken_at


def test_an_audit_row_is_undone_with_the_change_it_tells_of(database: Engine) -> None:
    with pytest.raises(LookupError), unit_of_work() as session:
        record(session, actor=CLOCK, action="a", entity="test", entity_id=1)
        raise LookupError
    with unit_of_work() as session:
        assert check_chain(session).rows == 0
