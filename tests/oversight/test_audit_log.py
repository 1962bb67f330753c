"""Reading the audit log."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import text

from core import oversight, people, sales
from core.db import unit_of_work
from core.kit.dates import business_date, utc_now
from core.kit.settings import settings
from core.oversight import AuditFilter
from tests import factories as make


@pytest.fixture
def company(database):
    return make.company()


def rename(company, times=1):
    for number in range(times):
        people.edit_territory(
            company.east.id, {"name": f"East {number}"}, version=number + 1, by=company.adam
        )


def found(company, before=None, **sought):
    return oversight.read_audit(AuditFilter(**sought), before=before, by=company.adam)


def test_a_row_tells_who_did_what_to_which_record(company):
    rename(company)
    row = found(company).rows[0]
    assert (row.actor, row.actor_role, row.action) == ("Adam Admin", "admin", "territory.edit")
    assert (row.entity, row.entity_id, row.code) == ("territory", company.east.id, company.east.code)
    assert row.details == {"changed": {"name": ["East", "East 0"]}}


def test_pages_follow_each_other_without_gap_or_repeat(company):
    rename(company, 120)
    ids, before = [], None
    while True:
        page = found(company, before)
        ids += [row.id for row in page.rows]
        before = page.next_before
        if before is None:
            break
    assert len(ids) == 120
    assert ids == sorted(set(ids), reverse=True)


def test_filters_narrow_together(company):
    rename(company)
    people.edit_territory(company.west.id, {"name": "Occident"}, version=1, by=company.adam)
    people.deactivate(company.ann_in_east.id, by=company.adam)
    today = business_date(utc_now(), settings().time_zone)
    for sought, count in (
        ({"entity": "territory"}, 2),
        ({"record": company.west.code.lower()}, 1),
        ({"record": str(company.west.id), "entity": "territory"}, 1),
        ({"record": "no such code"}, 0),
        ({"action": "people.deactivate"}, 1),
        ({"actor_id": company.admin.id}, 3),
        ({"actor_id": company.ann_in_east.id}, 0),
        ({"first_day": today, "last_day": today}, 3),
        ({"first_day": today + timedelta(days=1)}, 0),
        ({"last_day": today - timedelta(days=1)}, 0),
    ):
        assert len(found(company, **sought).rows) == count, sought


def test_the_choices_are_what_the_log_tells_of(company):
    rename(company)
    assert oversight.filter_choices(by=company.adam) == (
        ["territory"],
        ["territory.edit"],
        [(company.admin.id, "Adam Admin")],
    )


def test_a_row_changed_past_the_system_breaks_the_chain_where_it_stands(company):
    rename(company, 3)
    assert oversight.check_chain(by=company.adam).is_whole
    second = found(company).rows[1].id
    with unit_of_work() as session:
        session.execute(text("alter table audit_log disable trigger user"))
        session.execute(text("update audit_log set details = '{}' where id = :id"), {"id": second})
        session.execute(text("alter table audit_log enable trigger user"))
    result = oversight.check_chain(by=company.adam)
    assert (result.rows, result.broken_at, result.is_whole) == (3, second, False)
    assert result.broken_when is not None


def test_what_a_changed_field_points_at_is_named(company):
    product, source = make.product(name="Term 30"), make.source_id("Referral")
    lead = make.lead(company.ann_in_east)
    told = {"source_id": source, "product_interest": product.id}
    sales.edit_lead(lead.id, told, version=lead.version, by=company.ann)
    row = found(company, entity="lead").rows[0]
    assert row.names["source_id", source] == "Referral"
    assert row.names["product_interest", product.id] == "Term 30"
