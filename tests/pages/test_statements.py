"""How many statements a rerun of a page takes: bounded, whatever the page shows."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import event

from core.access import Role
from tests import factories as make

pytestmark = pytest.mark.page

CUSTOMER = "pages/customers/customer.py"


@contextmanager
def counted(engine) -> Iterator[list[str]]:
    """The statements that are sent in the block."""
    sent: list[str] = []

    def note(_connection, _cursor, statement, *_):
        sent.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    yield sent
    event.remove(engine, "before_cursor_execute", note)


def rerun(app_test, engine):
    """What a click sends once caches are filled; the first statement is who is looking."""
    app_test.run()
    with counted(engine) as sent:
        app_test.run()
    assert not app_test.exception
    assert "user_sessions" in sent[0]
    return sent


@pytest.mark.parametrize(
    ("page", "most"),
    [
        ("pages/home/account.py", 2),
        ("pages/sales/board.py", 4),
        ("pages/sales/opportunities.py", 4),
        ("pages/customers/lookup.py", 5),
        ("pages/policies/policies.py", 4),
        ("pages/claims/queue.py", 6),
        ("pages/analytics/kpis.py", 2),
    ],
)
def test_a_rerun_takes_few_statements(app_test, signed_in, database, page, most):
    company = make.company()
    for number in range(3):
        one = make.customer(agent=company.ann_in_east, territory_id=company.east.id)
        policy = make.policy(company.ann_in_east, customer_id=one.id, territory_id=company.east.id)
        make.claim(policy)
        make.lead(company.ann_in_east, last_name=f"Number {number}", territory_id=company.east.id)
    sent = rerun(signed_in(app_test, company.erin_manages_east, page=page), database)
    assert len(sent) <= most, sent


def test_home_takes_one_statement_a_kind_of_work(app_test, signed_in, database):
    sent = rerun(signed_in(app_test, make.user(Role.ADMIN)), database)
    assert len(sent) <= 21, sent


@pytest.mark.parametrize("events", [0, 60])
def test_a_customer_takes_four_statements_however_much_happened(app_test, signed_in, database, events):
    company = make.company()
    one = make.customer(agent=company.ann_in_east, territory_id=company.east.id)
    for _ in range(events):
        make.followup(company.ann_in_east, customer_id=one.id, status="completed")
    app_test = signed_in(
        app_test, company.erin_manages_east, page=CUSTOMER, query={"customer": one.customer_code}
    )
    assert app_test.title[0].value == f"{one.first_name} {one.last_name}"
    assert len(rerun(app_test, database)) == 4
