"""Real auto claims by the templates that ship, against figures computed elsewhere."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal

import pytest

from core.imports.store import Counts
from tests.imports import public
from tests.imports.public import by_key, rows

pytestmark = public.needs("auto_claims")
ALL = Counts(read=1000, created=1000)


@pytest.fixture
def imported(database):
    for result in public.bring("auto_claims").values():
        assert result.counts == ALL, result.failures
    return database


def test_premium_claims_and_fraud_are_the_published_ones(imported):
    expected = public.figures("auto_claims")
    claims, fraud, fraud_amount = rows(
        imported,
        "select sum(paid_amount), count(*) filter (where is_fraud_suspected),"
        " sum(paid_amount) filter (where is_fraud_suspected) from claims",
    )[0]
    assert (claims, fraud, fraud_amount) == (52761940, 247, 14894620)
    found = rows(
        imported,
        "select t.code, count(*), sum(c.paid_amount), sum(p.annual_premium) from policies p"
        " join claims c on c.policy_id = p.id join customers h on h.id = p.customer_id"
        " join territories t on t.id = p.territory_id and t.id = c.territory_id group by 1 order by 1",
    )
    by_state = [expected["by_state"][code] for code in ("IL", "IN", "OH")]
    assert [row[1:] for row in found] == [
        (one["n"], one["claims"], Decimal(str(one["premium"]))) for one in by_state
    ]
    assert [code for code, *_rest in found] == ["ILLINOIS", "INDIANA", "OHIO"]


def test_the_parts_of_a_claim_and_what_else_was_told_stay_with_it(imported):
    part = "sum((details ->> '{}')::numeric)"
    names = ("injury_claim", "property_claim", "vehicle_claim")
    assert rows(imported, f"select {', '.join(map(part.format, names))} from claim_events") == [
        (7433420, 7399570, 37928950)
    ]
    told = by_key(
        imported,
        "select fact.key, count(*) from import_keys, jsonb_each_text(facts) fact"
        " where entity = 'claim' and fact.key in ('collision_type', 'property_damage',"
        " 'police_report_available', 'authorities_contacted') group by 1",
    )
    missing = public.figures("auto_claims")["question_marks"]
    assert told == {"authorities_contacted": 1000} | {name: 1000 - n for name, n in missing.items()}
    assert rows(
        imported, "select count(*) from import_keys where facts ->> 'authorities_contacted' = 'None'"
    ) == [(91,)]


def test_the_loss_before_its_policy_is_taken_in_and_flagged(imported):
    assert rows(
        imported,
        "select p.policy_number, p.effective_date, c.loss_date, f.code from claim_flags f"
        " join claims c on c.id = f.claim_id join policies p on p.id = c.policy_id",
    ) == [("794731", date(2015, 2, 22), date(2015, 2, 2), "BEFORE_COVER")]


def test_a_negative_umbrella_limit_and_postal_codes_of_six_digits_are_kept_as_told(imported):
    assert rows(
        imported,
        "select key, facts ->> 'umbrella_limit' from import_keys"
        " where entity = 'policy' and (facts ->> 'umbrella_limit')::numeric < 0",
    ) == [("526039", "-1000000")]
    assert rows(imported, "select count(*) from customers where postal_code ~ '^\\d{6}$'") == [(1000,)]


def test_a_second_run_changes_nothing_and_a_revert_leaves_nothing(database):
    tables = ("customers", "policies", "claims", "claim_events", "claim_flags", "products", "users")
    count = ", ".join(f"(select count(*) from {table})" for table in (*tables, "import_keys"))
    before = rows(database, f"select {count}")
    first = public.bring("auto_claims")
    for again in public.bring("auto_claims").values():
        assert again.counts == Counts(read=1000, unchanged=1000)
    public.take_back(first)
    assert rows(database, f"select {count}") == before
    assert json.dumps(sorted(first)) == '["claim", "customer", "policy"]'
