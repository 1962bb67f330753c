"""Issuing: what was applied for has to hold on the day on which cover begins."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from core import policies
from core.access import GRANTS, Permission, Viewer
from core.catalog import Category, RateBand
from core.catalog.tables import Product
from core.db import unit_of_work
from core.kit.errors import Invalid
from core.policies import Application, PolicyRef
from core.policies.rules import MOST_DAYS_AHEAD
from core.policies.status import ISSUING
from tests import factories
from tests.factories import Company
from tests.policies.applying import NOW, TODAY, priced, submitted

DECEMBER, JANUARY = date(2026, 12, 1), date(2027, 1, 1)
LATEST = TODAY + timedelta(days=MOST_DAYS_AHEAD)


def handed_over(application: Application, by: Viewer) -> PolicyRef:
    ref = submitted(application, by)
    return policies.send_to_underwriting(ref.id, version=ref.version, by=by, now=NOW)


def issue(ref: PolicyRef, begins: date, by: Viewer) -> PolicyRef:
    return policies.issue(ref.id, version=ref.version, effective_date=begins, by=by, now=NOW)


def refused(ref: PolicyRef, begins: date, by: Viewer) -> str:
    with pytest.raises(Invalid) as refusal:
        issue(ref, begins, by)
    assert list(refusal.value.fields) == ["effective_date"]
    found = policies.policy(ref.id, by=by)
    assert (found.row.status, found.row.version, len(found.history)) == ("underwriting", ref.version, 2)
    return refusal.value.fields["effective_date"]


def born(firm: Company, day: date) -> int:
    return factories.customer(agent=firm.ann_in_east, date_of_birth=day).id


def test_an_application_is_not_issued_from_a_day_on_which_the_insured_is_too_old(
    firm: Company, application: Application, underwriter: Viewer
) -> None:
    turns_66 = replace(application, customer_id=born(firm, date(1960, 12, 1)), term_years=5)
    ref = handed_over(turns_66, firm.ann)
    told = refused(ref, DECEMBER, underwriter)
    assert "The insured is 66; the oldest age for Term 20 is 65." in told
    assert "There is no rate for age 66." in told
    issue(ref, DECEMBER - timedelta(days=1), underwriter)
    assert policies.policy(ref.id, by=firm.ann).row.status == "issued"


def test_an_application_is_not_issued_at_another_premium_than_it_was_made_for(
    firm: Company, application: Application, underwriter: Viewer
) -> None:
    bands = (RateBand(18, 36, Decimal("1.40")), RateBand(37, 65, Decimal("1.60")))
    wanted = replace(
        application,
        product_id=priced(firm, underwriter, bands=bands),
        customer_id=born(firm, JANUARY.replace(year=1990)),
    )
    ref = handed_over(wanted, firm.ann)
    told = refused(ref, JANUARY, underwriter)
    assert "on Jan 1, 2027 the premium is $892.00 a year, not the $788.00 that was applied for" in told
    issue(ref, date(2026, 12, 31), underwriter)
    assert policies.policy(ref.id, by=firm.ann).row.annual_premium == Decimal("788.00")


def test_a_product_that_was_retired_in_between_is_not_issued(
    firm: Company, application: Application, underwriter: Viewer
) -> None:
    ref = handed_over(application, firm.ann)
    with unit_of_work() as session:
        session.get_one(Product, application.product_id).is_active = False
    assert "Term 20 is no longer sold." in refused(ref, TODAY, underwriter)


@pytest.mark.parametrize("begins", [LATEST + timedelta(days=1), date(2050, 1, 1)])
def test_cover_does_not_begin_beyond_half_a_year(
    firm: Company, application: Application, underwriter: Viewer, begins: date
) -> None:
    far = replace(application, effective_date=begins)
    told = policies.gaps(far, policies.quote(far, by=firm.ann, today=TODAY), today=TODAY)
    assert told["effective_date"] == "Cover can begin on May 20, 2027 at the latest, 180 days ahead."
    with pytest.raises(Invalid, match="180 days ahead"):
        submitted(far, firm.ann)
    ref = handed_over(application, firm.ann)
    assert "180 days ahead" in refused(ref, begins, underwriter)


def test_cover_may_begin_on_the_last_day_of_that_half_year(
    firm: Company, application: Application, underwriter: Viewer
) -> None:
    ref = handed_over(replace(application, effective_date=LATEST), firm.ann)
    issue(ref, LATEST, underwriter)
    assert policies.policy(ref.id, by=firm.ann).row.effective_date == LATEST


def test_an_application_that_came_without_term_and_rates_keeps_to_the_other_limits(
    firm: Company, underwriter: Viewer
) -> None:
    old = born(firm, date(1950, 1, 1))
    waiting = {"status": "underwriting", "issue_date": None, "effective_date": None, "expiry_date": None}
    came = [
        factories.policy(firm.ann_in_east, **waiting, customer_id=one)  # type: ignore[arg-type]
        for one in (old, born(firm, date(1990, 1, 1)))
    ]
    refs = [PolicyRef(one.id, one.policy_number, one.version) for one in came]
    with pytest.raises(Invalid, match="the oldest age for Term 20 is 65") as refusal:
        issue(refs[0], TODAY, underwriter)
    assert "term" not in str(refusal.value)
    issue(refs[1], TODAY, underwriter)
    assert policies.policy(refs[1].id, by=firm.ann).row.status == "active"


def test_who_is_told_that_they_issue_may_issue_and_nobody_else() -> None:
    told = {role.value for role, granted in GRANTS.items() if Permission.POLICIES_ISSUE in granted}
    assert told == ISSUING


@pytest.fixture
def large(firm: Company, underwriter: Viewer, application: Application) -> Application:
    """An application above what an underwriter decides."""
    product = priced(firm, underwriter, max_sum_assured=Decimal(5_000_000))
    return replace(application, product_id=product, sum_assured=Decimal("1000000.01"), riders=())


def kept_from(ref: PolicyRef, by: Viewer) -> list[str]:
    moves = {move.to: move for move in policies.policy(ref.id, by=by).moves}
    return [need.name for need in moves["issued"].missing]


def test_above_their_limit_an_underwriter_does_not_issue_and_a_manager_does(
    firm: Company, large: Application, underwriter: Viewer
) -> None:
    ref = handed_over(large, firm.ann)
    assert kept_from(ref, underwriter) == ["sum_within_limit"]
    with pytest.raises(Invalid, match=r"up to a sum assured of \$1,000,000; above it a manager"):
        issue(ref, DECEMBER, underwriter)
    assert policies.policy(ref.id, by=underwriter).row.status == "underwriting"
    assert kept_from(ref, firm.erin) == []
    issue(ref, DECEMBER, firm.erin)


def test_at_their_limit_an_underwriter_issues(
    firm: Company, large: Application, underwriter: Viewer
) -> None:
    ref = handed_over(replace(large, sum_assured=Decimal(1_000_000)), firm.ann)
    assert kept_from(ref, underwriter) == []
    issue(ref, DECEMBER, underwriter)


def test_who_sold_or_entered_it_sees_that_the_issue_is_not_for_them(
    firm: Company, application: Application, underwriter: Viewer
) -> None:
    ref = handed_over(replace(application, customer_id=born(firm, date(1990, 5, 1))), firm.erin)
    assert kept_from(ref, firm.erin) == ["issuer_is_not_seller"]
    assert kept_from(ref, underwriter) == []


def test_who_issues_is_told_of_the_identity_check_and_nobody_else(
    firm: Company, application: Application, underwriter: Viewer
) -> None:
    ref = handed_over(application, firm.ann)
    told = [policies.policy(ref.id, by=by).identity for by in (underwriter, firm.erin, firm.ann)]
    assert told == ["not_started", "not_started", ""]
    issue(ref, DECEMBER, underwriter)
    assert policies.policy(ref.id, by=underwriter).identity == ""


@pytest.mark.parametrize(("on", "is_offered"), [(TODAY, True), (DECEMBER, False)])
def test_maturing_is_offered_once_the_term_is_over(
    firm: Company, underwriter: Viewer, on: date, is_offered: bool
) -> None:
    product = factories.product(Category.ENDOWMENT)
    row = factories.policy(firm.ann_in_east, product_id=product.id, expiry_date=on)
    moves = policies.policy(row.id, by=underwriter, now=NOW).moves
    assert ("matured" in {move.to for move in moves}) == is_offered
