"""Policies and claims from files: what they need, what is flagged, and what stays ours to decide."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import text

from core import policies
from core.access import Role
from core.audit import SystemActor
from core.catalog import Category
from core.db import unit_of_work
from core.imports import store
from core.imports.actions import revert_run
from core.imports.mapping import read_mapping
from core.imports.runs import execute, prepare
from core.imports.store import Counts
from tests import factories as make
from tests.imports.public import rows

POLICIES: dict[str, Any] = {
    "entity": "policy",
    "source": "old_core",
    "key": ["number"],
    "keep": ["colour"],
    "fields": {
        "policy_number": {"column": "number"},
        "customer": {"constant": "C-HOLDER"},
        "product": {"constant": "Old auto"},
        "owner": {"constant": "Ann Agent"},
        "application_date": {"column": "begins", "date_format": "%Y-%m-%d"},
        "issue_date": {"column": "begins", "date_format": "%Y-%m-%d"},
        "effective_date": {"column": "begins", "date_format": "%Y-%m-%d"},
        "sum_assured": {"constant": "1000"},
        "premium_amount": {"column": "premium"},
        "payment_frequency": {"constant": "monthly"},
        "payment_method": {"constant": "cash"},
        "status": {"column": "status"},
    },
}
CLAIMS: dict[str, Any] = {
    "entity": "claim",
    "source": "old_core",
    "key": ["id"],
    "fields": {
        "policy": {"column": "policy"},
        "loss_date": {"column": "lost", "date_format": "%Y-%m-%d"},
        "loss_type": {"column": "kind"},
        "approved_amount": {"column": "approved"},
        "paid_amount": {"column": "paid"},
        "status": {"column": "status"},
    },
}
HEADERS = {
    "policy": "number,begins,premium,status,colour",
    "claim": "id,policy,lost,kind,approved,paid,status",
}


@pytest.fixture
def holder(database):
    """A customer of Ann's who may have policies of the product Old auto."""
    ann = make.user(Role.AGENT, name="Ann Agent")
    make.product(Category.AUTO, name="Old auto")
    return make.customer(agent=ann, customer_code="C-HOLDER")


@pytest.fixture
def bring(holder, tmp_path):
    """Import lines by a mapping; returns the result."""

    def brought(mapping, *lines):
        header = HEADERS[mapping["entity"]]
        path = tmp_path / "file.csv"
        path.write_text("\n".join((header, *lines)) + "\n", encoding="utf-8")
        return execute(prepare(path, read_mapping(mapping), actor=SystemActor()))

    return brought


def reasons(result) -> list[tuple[int, str | None, str]]:
    return [(one.line, one.column, one.reason) for one in result.failures]


def test_a_policy_keeps_its_number_its_history_and_what_else_its_row_tells(database, bring):
    assert bring(POLICIES, "ab-7,2020-03-01,100.50,Active,red").counts == Counts(read=1, created=1)
    assert rows(
        database,
        "select p.policy_number, p.status::text, p.annual_premium, k.facts ->> 'colour' from policies p"
        " join import_keys k on k.entity_id = p.id and k.entity = 'policy'",
    ) == [("AB-7", "active", Decimal("1206.00"), "red")]
    assert rows(
        database, "select from_status, to_status from status_history where entity = 'policy' order by id"
    ) == [(None, "applied"), ("applied", "issued"), ("issued", "active")]


def test_a_policy_whose_term_is_over_comes_as_the_clock_would_leave_it(database, bring):
    yearly = {**POLICIES, "fields": {**POLICIES["fields"], "expiry_date": {"constant": "2021-03-01"}}}
    line = "AB-7,2020-03-01,100,Active,red"
    bring(yearly, line)
    found = "select status::text, end_reason::text, end_date, version from policies"
    came = [("cancelled", "expired", date(2021, 3, 1), 1)]
    assert rows(database, found) == came
    assert policies.end_due() == 0
    assert rows(
        database,
        "select to_status, at::date from status_history where entity = 'policy' order by id offset 2",
    ) == [("active", date(2020, 3, 1)), ("cancelled", date(2021, 3, 1))]
    assert bring(yearly, line.replace("100", "120")).counts == Counts(read=1, updated=1)
    assert rows(database, found) == [(*came[0][:3], 2)]


FOUND = "select status::text, end_reason::text, end_date, expiry_date, premium_amount from policies"
LINE = "AB-7,2020-03-01,{},Active,red"
LATER = "2120-03-01"


def until(day: str) -> dict[str, Any]:
    """The mapping of a file whose policies expire on a day."""
    return {**POLICIES, "fields": {**POLICIES["fields"], "expiry_date": {"constant": day}}}


def take_back(run_id: int) -> None:
    with unit_of_work() as session:
        run = store.run(session, run_id, None)
    revert_run(run, actor=SystemActor())


def expire(database, day: str) -> None:
    """Let the clock end the policy on a day."""
    with database.begin() as connection:
        connection.execute(text("update policies set expiry_date = :day"), {"day": day})
    assert policies.end_due() == 1


def test_the_end_of_an_expired_policy_moves_with_its_term(database, bring):
    bring(until(LATER), LINE.format(100))
    expire(database, "2021-03-01")
    second = bring(until("2022-03-01"), LINE.format(120))
    assert second.counts == Counts(read=1, updated=1)
    moved = date(2022, 3, 1)
    assert rows(database, FOUND) == [("cancelled", "expired", moved, moved, 120)]
    assert policies.end_due() == 0
    take_back(second.run_id)
    was = date(2021, 3, 1)
    assert rows(database, FOUND) == [("cancelled", "expired", was, was, 100)]
    assert policies.end_due() == 0


@pytest.mark.parametrize("status", ["Active", ""])
def test_a_renewal_of_an_expired_policy_is_refused_in_the_words_that_people_see(database, bring, status):
    bring(until("2021-03-01"), LINE.format(100))
    result = bring(until(LATER), LINE.format(120).replace("Active", status))
    assert [one.reason for one in result.failures] == [
        "It expired here on Mar 1, 2021; enter the renewal as a new policy."
    ]
    was = date(2021, 3, 1)
    assert rows(database, FOUND) == [("cancelled", "expired", was, was, 100)]
    assert policies.end_due() == 0


@pytest.mark.parametrize(
    ("reason", "label"), [("customer", "Cancelled"), ("fraud", "Cancelled"), ("renewed", "Renewed")]
)
def test_a_file_does_not_revise_what_was_cancelled_here(database, bring, reason, label):
    bring(until(LATER), LINE.format(100))
    ended = "update policies set status = 'cancelled', end_date = '2020-09-01', end_reason = :reason"
    with database.begin() as connection:
        connection.execute(text(ended), {"reason": reason})
    result = bring(until("2021-03-01"), LINE.format(120))
    assert [one.reason for one in result.failures] == [
        f"It is {label} here; a policy's status is changed here, not by a file."
    ]
    assert rows(database, FOUND) == [("cancelled", reason, date(2020, 9, 1), date(2120, 3, 1), 100)]
    assert policies.end_due() == 0


@pytest.mark.parametrize("status", ["Active", ""])
def test_a_file_by_which_a_term_is_over_ends_the_policy_and_can_be_taken_back(database, bring, status):
    bring(until(LATER), LINE.format(100))
    second = bring(until("2021-03-01"), LINE.format(120).replace("Active", status))
    over = date(2021, 3, 1)
    assert rows(database, FOUND) == [("cancelled", "expired", over, over, 120)]
    assert rows(
        database, "select from_status, to_status from status_history where entity = 'policy' order by id"
    )[-1] == ("active", "cancelled")
    assert policies.end_due() == 0
    take_back(second.run_id)
    assert rows(database, FOUND) == [("active", None, None, date(2120, 3, 1), 100)]
    assert policies.end_due() == 0


def test_a_policy_with_riders_is_left_to_the_clock_which_ends_them_with_it(database, bring):
    bring(until(LATER), LINE.format(100))
    with database.begin() as connection:
        connection.execute(text("update policies set riders_count = 1"))
    bring(until("2021-03-01"), LINE.format(120))
    over = date(2021, 3, 1)
    assert rows(database, FOUND) == [("active", None, None, over, 120)]
    assert policies.end_due() == 1
    assert rows(database, FOUND) == [("cancelled", "expired", over, over, 120)]


def test_a_policy_needs_what_its_status_can_not_be_without(bring):
    told = reasons(
        bring(
            POLICIES,
            "P-00000001,2020-03-01,1,Active,",
            "AB-2,2020-03-01,1,Cancelled,",
            "AB-3,2920-03-01,1,Active,",
            "AB-4,,1,Active,",
        )
    )
    assert (2, "number", "Policy number: Numbers like P-00000001 are given here, not by files.") in told
    assert [reason for line, _column, reason in told if line == 3] == [
        "Cover ended on: A policy that is Cancelled needs the day on which cover ends.",
        "Why it ended: A policy that is Cancelled needs the reason why it ends.",
    ]
    assert [reason for line, _column, reason in told if line == 4][-1] == (
        "Cover begins: It is active before cover begins."
    )
    assert {line for line, _column, _reason in told} == {2, 3, 4, 5}


def test_a_file_does_not_move_a_policy_that_is_here(database, bring):
    bring(POLICIES, "AB-7,2020-03-01,100,Issued,red")
    result = bring(POLICIES, "AB-7,2020-03-01,120,Active,red")
    assert [one.reason for one in result.failures] == [
        "It is Issued here; a policy's status is changed here, not by a file."
    ]
    assert rows(database, "select status::text, premium_amount from policies") == [("issued", 100)]


def test_reverting_a_changing_run_brings_back_terms_and_facts(database, bring):
    bring(POLICIES, "AB-7,2020-03-01,100,Active,red")
    second = bring(POLICIES, "AB-7,2020-03-01,120,Active,blue")
    found = (
        "select p.annual_premium, k.facts ->> 'colour' from policies p"
        " join import_keys k on k.entity_id = p.id"
    )
    assert rows(database, found) == [(1440, "blue")]
    take_back(second.run_id)
    assert rows(database, found) == [(1200, "red")]


def test_a_loss_outside_its_cover_is_taken_in_with_every_rule_that_fires(database, bring, holder):
    bring(POLICIES, "AB-7,2020-03-01,100,Active,red")
    assert bring(CLAIMS, "1,AB-7,2019-12-31,Theft,50,50,Settled").counts.created == 1
    assert rows(
        database,
        "select c.customer_id, c.reported_date, c.status::text, array_agg(f.code order by f.code)"
        " from claims c join claim_flags f on f.claim_id = c.id group by c.id",
    ) == [(holder.id, date(2019, 12, 31), "settled", ["BEFORE_COVER"])]


def test_a_death_on_a_car_policy_fails_its_row(bring):
    bring(POLICIES, "AB-7,2020-03-01,100,Active,red")
    result = bring(CLAIMS, "1,AB-7,2021-01-01,Death,50,50,Settled", "2,AB-7,2021-01-01,Theft,,,Submitted")
    assert [(line, column) for line, column, _ in reasons(result)] == [(2, "kind")]
    assert "Death is not insured by this policy; it covers: collision," in result.failures[0].reason
    assert result.counts.created == 1


def test_a_withdrawn_claim_holds_no_reserve(bring):
    mapping = {**CLAIMS, "fields": {**CLAIMS["fields"], "reserve_amount": {"column": "paid"}}}
    del mapping["fields"]["paid_amount"]
    bring(POLICIES, "AB-7,2020-03-01,100,Active,red")
    result = bring(mapping, "1,AB-7,2021-01-01,Theft,,40,Withdrawn")
    assert reasons(result) == [(2, "paid", "Reserve: A withdrawn one has no reserve.")]


def test_amounts_of_a_claim_agree_with_its_status(bring):
    bring(POLICIES, "AB-7,2020-03-01,100,Active,red")
    result = bring(
        CLAIMS,
        "1,AB-7,2021-01-01,Theft,50,60,Settled",
        "2,AB-7,2021-01-01,Theft,50,40,Settled",
        "3,AB-7,2021-01-01,Theft,,10,Submitted",
        "4,AB-7,2021-01-01,Theft,,,Rejected",
        "5,AB-9,2021-01-01,Theft,,,Submitted",
        "6,AB-7,2021-01-01,Theft,,,Submitted",
    )
    assert reasons(result) == [
        (2, "paid", "Paid amount: More was paid than was approved."),
        (3, "paid", "Paid amount: It is Settled, but not all of the approved amount was paid."),
        (
            4,
            "approved",
            "Approved amount: Something was paid, so it needs the amount that was approved.",
        ),
        (5, None, "Why it was rejected: A rejected one needs the reason of the rejection."),
        (6, "policy", "There is no policy “AB-9”."),
    ]
    assert result.counts == Counts(read=6, created=1, failed=5)


def test_nobody_imports_claims_on_policies_that_they_may_not_see(bring, start, tmp_path):
    bring(POLICIES, "AB-7,2020-03-01,100,Active,red")
    company = make.company()
    path = tmp_path / "claims.csv"
    path.write_text("id,policy,lost,kind,approved,paid,status\n1,AB-7,2021-01-01,Theft,,,Submitted\n")
    (failure,) = start(path, CLAIMS, by=company.wade).failures
    assert failure.reason == "There is no policy “AB-7”."
