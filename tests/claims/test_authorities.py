"""Limits of authority as administrators keep them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import select, text

from core import audit, claims
from core.access import Role
from core.catalog import Line
from core.catalog.tables import Category
from core.claims import Approval, Ruling
from core.claims.rules import Authority, LimitChange, limits_for, waits_for_second
from core.claims.tables import ClaimAuthority, ClaimStatus
from core.db import unit_of_work
from core.kit.errors import Conflict, Invalid, Refusal
from tests import factories as make


@pytest.fixture
def admin(database):
    return make.viewer(make.user(Role.ADMIN))


def limit(role, line, by):
    found = next(one for one in claims.authority_limits(by=by) if (one.role, one.line) == (role, line))
    return found.max_amount, found.version


def test_every_approving_role_has_a_place_for_every_line(admin):
    found = {(one.role, one.line) for one in claims.authority_limits(by=admin)}
    assert found == {(role, line) for role in (Role.MANAGER, Role.ADMIN, Role.SUPPORT) for line in Line}
    assert limit(Role.MANAGER, Line.LIFE, admin) == (Decimal("50000.00"), 1)
    assert limit(Role.SUPPORT, Line.LIFE, admin) == (None, 0)


def test_a_limit_is_given_changed_and_taken_away(admin):
    claims.set_authority(Role.SUPPORT, Line.LIFE, "1,000", version=0, by=admin)
    assert limit(Role.SUPPORT, Line.LIFE, admin) == (Decimal("1000.00"), 1)
    claims.set_authority(Role.SUPPORT, Line.LIFE, Decimal(1500), version=1, by=admin)
    assert limit(Role.SUPPORT, Line.LIFE, admin) == (Decimal("1500.00"), 2)
    claims.set_authority(Role.SUPPORT, Line.LIFE, None, version=2, by=admin)
    assert limit(Role.SUPPORT, Line.LIFE, admin) == (None, 0)


def test_the_second_of_two_administrators_is_told(admin):
    claims.set_authority(Role.MANAGER, Line.LIFE, "60000", version=1, by=admin)
    for version in (1, 0):
        with pytest.raises(Conflict, match="Pat Person changed its max amount"):
            claims.set_authority(Role.MANAGER, Line.LIFE, "70000", version=version, by=admin)
    claims.set_authority(Role.MANAGER, Line.LIFE, None, version=2, by=admin)
    with pytest.raises(Conflict):
        claims.set_authority(Role.MANAGER, Line.LIFE, "70000", version=2, by=admin)


@pytest.mark.parametrize("typed", ["-1", "1.234", "plenty", "10000000000"])
def test_what_is_no_limit_is_refused(admin, typed):
    with pytest.raises(Refusal, match=r"amount|fits|decimals"):
        claims.set_authority(Role.MANAGER, Line.LIFE, typed, version=1, by=admin)


def test_a_role_that_approves_no_claims_gets_no_limit(admin):
    with pytest.raises(Invalid, match="approves no claims"):
        claims.set_authority(Role.AGENT, Line.LIFE, "1", version=0, by=admin)


def own_raise(role, before, after, by):
    return LimitChange(
        role, Line.LIFE, by, *(None if one is None else Decimal(one) for one in (before, after))
    )


@pytest.mark.parametrize(
    ("changes", "counts"),
    [
        ([], 90),
        ([(1, 50, 90)], 50),
        ([(2, 50, 90)], 90),
        ([(1, 50, 70), (1, 70, 90)], 50),
        ([(1, 50, 200), (2, 200, 90)], 90),
        ([(1, 50, 10), (1, 10, 90)], 10),
        ([(1, None, 90)], None),
        ([(1, 50, None), (1, None, 90)], None),
        ([(1, None, 80), (2, 80, 90)], 90),
    ],
)
def test_what_somebody_raised_themselves_does_not_count_for_them(changes, counts):
    limits = [Authority(Role.ADMIN, Line.LIFE, Decimal(90))]
    told = [own_raise(Role.ADMIN, before, after, by) for by, before, after in changes]
    assert [one.max_amount for one in limits_for(1, limits, told)] == ([] if counts is None else [counts])


@pytest.mark.parametrize(
    ("changes", "waits"),
    [
        ([], None),
        ([(1, 50, 90)], 1),
        ([(1, 50, 90), (2, 90, 90)], None),
        ([(1, 50, 90), (2, 90, 90), (1, 90, 90)], None),
        ([(1, 50, 200), (1, 200, 90)], 1),
        ([(1, 50, 70), (2, 70, 90)], 2),
        ([(1, 200, 90)], None),
        ([(1, None, 90)], 1),
        ([(None, 50, 90)], None),
    ],
)
def test_a_raise_waits_for_a_second_person_until_somebody_else_has_set_it(changes, waits):
    told = [own_raise(Role.ADMIN, before, after, by) for by, before, after in changes]
    assert waits_for_second(Authority(Role.ADMIN, Line.LIFE, Decimal(90)), told) == waits


@pytest.fixture
def firm(database):
    return make.company()


def assessed(firm, amount):
    on = make.product(Category.AUTO)
    policy = make.policy(firm.ann_in_east, product_id=on.id, territory_id=firm.east.id)
    return make.claim(policy, status=ClaimStatus.ASSESSED, assessed_amount=Decimal(amount))


def limit_id(line):
    with unit_of_work() as session:
        return session.scalars(
            select(ClaimAuthority.id).where(ClaimAuthority.role == Role.ADMIN, ClaimAuthority.line == line)
        ).one()


def raised_by(by):
    line = Line.PROPERTY_CASUALTY
    claims.set_authority(Role.ADMIN, line, "1,000,000", version=limit(Role.ADMIN, line, by)[1], by=by)


def seen(claim, by):
    return claims.claim(claim.id, by=by, today=date(2026, 11, 21))


def test_who_raised_their_own_limit_does_not_approve_by_it_alone(firm):
    other = make.viewer(make.user(Role.ADMIN, name="Max Admin"))
    raised_by(firm.adam)
    claim = assessed(firm, 300_000)
    told = seen(claim, firm.adam)
    assert told.own_limit == Decimal("250000.00")
    assert told.approval is not None
    assert (told.approval.ruling, told.approval.to) == (Ruling.FIRST_OF_TWO, "Max Admin")
    assert told.approval.raised == (
        "You raised your role's limit in this line to $1,000,000.00 yourself: for you it is $250,000.00."
    )
    decision = claims.approve(claim.id, version=1, by=firm.adam)
    assert (decision.ruling, decision.to) == (Ruling.FIRST_OF_TWO, "Max Admin")
    assert claims.approve(claim.id, version=decision.ref.version, by=other).ruling is Ruling.APPROVED


def test_within_the_limit_of_before_and_for_colleagues_a_raise_changes_nothing_or_counts(firm):
    other = make.viewer(make.user(Role.ADMIN, name="Max Admin"))
    raised_by(firm.adam)
    small, large = assessed(firm, 250_000), assessed(firm, 300_000)
    assert seen(small, firm.adam).approval == Approval(Ruling.APPROVED)
    assert claims.approve(small.id, version=1, by=firm.adam).ruling is Ruling.APPROVED
    assert claims.approve(large.id, version=1, by=other).ruling is Ruling.APPROVED


def test_a_colleague_who_sets_the_same_limit_confirms_it_and_it_counts_for_who_raised_it(firm):
    other = make.viewer(make.user(Role.ADMIN, name="Max Admin"))
    raised_by(firm.adam)
    line, claim = Line.PROPERTY_CASUALTY, assessed(firm, 300_000)
    shown = {one.raised_by: one.line for one in claims.authority_limits(by=other) if one.raised_by}
    assert shown == {"Adam Admin": line}
    with pytest.raises(Invalid, match="You raised it to this yourself"):
        raised_by(firm.adam)
    raised_by(other)
    assert not [one for one in claims.authority_limits(by=other) if one.raised_by]
    with unit_of_work() as session:
        told = [one.details["changed"] for one in audit.entries(session, "claim_authority", limit_id(line))]
    assert {"max_amount": ["1000000.00", "1000000.00"]} in told
    assert seen(claim, firm.adam).approval == Approval(Ruling.APPROVED)


def test_the_same_limit_once_more_is_refused_where_nobody_waits_for_it(firm):
    before = limit(Role.MANAGER, Line.LIFE, firm.adam)
    with pytest.raises(Invalid, match="That is the limit already: nothing was changed"):
        claims.set_authority(Role.MANAGER, Line.LIFE, "50,000", version=before[1], by=firm.adam)
    with pytest.raises(Invalid, match="That is the limit already"):
        claims.set_authority(Role.SUPPORT, Line.LIFE, None, version=0, by=firm.adam)
    # For an administrator the limit of another role doesn't count anyway.
    claims.set_authority(Role.MANAGER, Line.LIFE, "60,000", version=before[1], by=firm.adam)
    assert not [one for one in claims.authority_limits(by=firm.adam) if one.raised_by]


def test_who_raised_their_own_limit_and_has_no_colleague_is_refused_with_the_reason(firm):
    raised_by(firm.adam)
    claim = assessed(firm, 300_000)
    with pytest.raises(Refusal, match=r"You raised your role's limit .* Nobody else who sees the claim"):
        claims.approve(claim.id, version=1, by=firm.adam)
    told = seen(claim, firm.adam)
    assert "approved" not in {one.to for one in told.moves}
    assert told.approval is not None
    assert "You raised your role's limit in this line to $1,000,000.00 yourself" in told.approval.hindered


def test_a_claim_is_not_passed_on_to_who_gave_themselves_the_authority(firm):
    line = Line.PROPERTY_CASUALTY
    with unit_of_work() as session:
        session.execute(text("delete from claim_authorities where role = 'admin'"))
    claims.set_authority(Role.ADMIN, line, "1,000,000", version=0, by=firm.adam)
    other = make.viewer(make.user(Role.ADMIN, name="Max Admin"))
    decision = claims.approve(assessed(firm, 300_000).id, version=1, by=firm.erin)
    assert (decision.ruling, decision.to) == (Ruling.PASSED_ON, "Max Admin")
    assert other.user_id > firm.adam.user_id
