"""Dated changes of a policy: each holds from its date on, and not a day before."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from sqlalchemy import select

from core import policies
from core.access import Viewer
from core.catalog import Category, RiderChoice, RiderType
from core.db import unit_of_work
from core.kit.errors import Conflict, Invalid, NotFound
from core.policies import (
    Application,
    EndReason,
    PaymentFrequency,
    PaymentMethod,
    PolicyDetail,
    PolicyRef,
)
from core.policies.tables import Beneficiary, Policy, PolicyRider
from tests import factories
from tests.factories import Company
from tests.policies.applying import NOW, SPOUSE, TODAY, issued, submitted

LAST_YEAR, YESTERDAY = date(2025, 11, 21), date(2026, 11, 20)
DECEMBER, JANUARY = date(2026, 12, 1), date(2027, 1, 1)
WAIVER = RiderChoice(RiderType.WAIVER_OF_PREMIUM, Decimal(0))


def on(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 15, tzinfo=UTC)


def pay(ref: PolicyRef, by: Viewer, frequency: PaymentFrequency, day: date) -> PolicyRef:
    return policies.change_payment(
        ref.id, frequency=frequency, method=PaymentMethod.CHECK, effective_date=day, version=ref.version,
        by=by, now=NOW,
    )  # fmt: skip


def seen(ref: PolicyRef, by: Viewer) -> PolicyDetail:
    return policies.policy(ref.id, by=by)


def paid(ref: PolicyRef, by: Viewer) -> tuple[str, Decimal]:
    found = seen(ref, by)
    return found.row.frequency, found.premium_amount


def test_the_second_of_two_tabs_sees_who_changed_what(
    firm: Company, application: Application, underwriter: Viewer
) -> None:
    ref = issued(application, firm.ann, underwriter)
    change = {
        "frequency": PaymentFrequency.ANNUAL,
        "method": PaymentMethod.CHECK,
        "effective_date": TODAY,
        "version": ref.version,
        "now": NOW,
    }
    policies.change_payment(ref.id, **change, by=firm.erin)  # type: ignore[arg-type]
    with pytest.raises(Conflict, match="Erin East changed its payment") as told:
        policies.change_payment(ref.id, **change, by=firm.ann)  # type: ignore[arg-type]
    assert told.value.changes == (("payment", "method check, frequency annual, instalment 788.00"),)


def test_the_instalment_follows_the_frequency(
    firm: Company, application: Application, underwriter: Viewer
) -> None:
    ref = issued(application, firm.ann, underwriter)
    policies.change_payment(
        ref.id,
        frequency=PaymentFrequency.ANNUAL,
        method=PaymentMethod.CHECK,
        effective_date=TODAY,
        version=ref.version,
        by=firm.ann,
        now=NOW,
    )
    found = policies.policy(ref.id, by=firm.ann)
    assert (found.premium_amount, found.row.annual_premium) == (Decimal("788.00"), Decimal("788.00"))
    assert found.changes[0].before["instalment"] == "68.95"


def test_new_beneficiaries_begin_where_the_old_ones_end(
    firm: Company, application: Application, underwriter: Viewer
) -> None:
    ref = issued(application, firm.ann, underwriter)
    begins = date(2027, 1, 1)
    halves = [replace(SPOUSE, name=name, share_pct=Decimal(50)) for name in ("Kim", "Lee")]
    with pytest.raises(Invalid, match=r"50.00 missing"):
        policies.change_beneficiaries(
            ref.id, halves[:1], effective_date=begins, version=ref.version, by=firm.ann, now=NOW
        )
    after = policies.change_beneficiaries(
        ref.id, halves, effective_date=begins, version=ref.version, by=firm.ann, now=NOW
    )
    assert after.version > ref.version
    spans = {
        one.name: (one.valid_from, one.valid_to)
        for one in policies.policy(ref.id, by=firm.ann).beneficiaries
    }
    assert spans == {"Sam Spouse": (TODAY, begins), "Kim": (begins, None), "Lee": (begins, None)}


def test_a_change_of_payment_waits_for_its_date(
    firm: Company, application: Application, underwriter: Viewer
) -> None:
    ref = issued(application, firm.ann, underwriter)
    after = pay(ref, firm.ann, PaymentFrequency.ANNUAL, DECEMBER)
    assert after.version > ref.version
    assert paid(ref, firm.ann) == ("monthly", Decimal("68.95"))
    assert [one.is_planned for one in seen(ref, firm.ann).changes] == [True]
    assert policies.bring_in_due(now=on(date(2026, 11, 30))) == 0
    assert policies.bring_in_due(now=on(DECEMBER)) == 1
    assert policies.bring_in_due(now=on(DECEMBER)) == 0
    assert paid(ref, firm.ann) == ("annual", Decimal("788.00"))
    (change,) = seen(ref, firm.ann).changes
    assert (change.is_planned, change.after["instalment"], change.who) == (False, "788.00", "Ann Agent")


def test_an_earlier_change_takes_the_place_of_what_was_planned_after_it(
    firm: Company, application: Application, underwriter: Viewer
) -> None:
    ref = issued(application, firm.ann, underwriter)
    ref = pay(ref, firm.ann, PaymentFrequency.ANNUAL, JANUARY)
    pay(ref, firm.ann, PaymentFrequency.QUARTERLY, DECEMBER)
    assert policies.bring_in_due(now=on(JANUARY)) == 1
    assert seen(ref, firm.ann).row.frequency == "quarterly"
    assert [one.is_replaced for one in seen(ref, firm.ann).changes] == [False, True]


def test_what_is_planned_for_a_policy_that_ended_never_comes(
    firm: Company, application: Application, underwriter: Viewer
) -> None:
    ref = issued(application, firm.ann, underwriter)
    ref = pay(ref, firm.ann, PaymentFrequency.ANNUAL, DECEMBER)
    policies.cancel(
        ref.id, version=ref.version, end_reason=EndReason.CUSTOMER, end_date=TODAY, reason="Moved",
        by=firm.ann, now=NOW,
    )  # fmt: skip
    policies.bring_in_due(now=on(DECEMBER))
    assert paid(ref, firm.ann) == ("monthly", Decimal("68.95"))
    assert [one.is_replaced for one in seen(ref, firm.ann).changes] == [True]


def test_a_rider_is_charged_until_the_day_on_which_it_ends(
    firm: Company, application: Application, underwriter: Viewer
) -> None:
    ref = issued(application, firm.ann, underwriter)
    (rider,) = seen(ref, firm.ann).riders
    ref = policies.end_rider(
        ref.id, rider.id, effective_date=DECEMBER, version=ref.version, by=firm.ann, now=NOW
    )
    found = seen(ref, firm.ann)
    assert (found.row.annual_premium, found.riders[0].is_active) == (Decimal("788.00"), True)
    assert found.riders[0].end_date == DECEMBER
    assert policies.bring_in_due(now=on(DECEMBER)) == 1
    found = seen(ref, firm.ann)
    assert (found.row.annual_premium, found.riders[0].is_active) == (Decimal("760.00"), False)


def test_a_rider_comes_back_from_the_day_on_which_it_ended(
    firm: Company, application: Application, underwriter: Viewer
) -> None:
    ref = issued(application, firm.ann, underwriter)
    (rider,) = seen(ref, firm.ann).riders
    ref = policies.end_rider(
        ref.id, rider.id, effective_date=DECEMBER, version=ref.version, by=firm.ann, now=NOW
    )
    given = {"version": ref.version, "by": firm.ann, "now": NOW}
    with pytest.raises(Invalid, match="already has that rider"):
        policies.add_rider(ref.id, WAIVER, effective_date=TODAY, **given)  # type: ignore[arg-type]
    policies.add_rider(ref.id, WAIVER, effective_date=DECEMBER, **given)  # type: ignore[arg-type]
    assert policies.bring_in_due(now=on(DECEMBER)) == 2
    found = seen(ref, firm.ann)
    assert (found.row.annual_premium, [one.is_active for one in found.riders]) == (
        Decimal("788.00"),
        [True, False],
    )


def test_a_rider_that_has_ended_does_not_end_again(
    firm: Company, application: Application, underwriter: Viewer
) -> None:
    ref = issued(application, firm.ann, underwriter)
    (rider,) = seen(ref, firm.ann).riders
    ref = policies.end_rider(
        ref.id, rider.id, effective_date=DECEMBER, version=ref.version, by=firm.ann, now=NOW
    )
    policies.bring_in_due(now=on(DECEMBER))
    with pytest.raises(NotFound):
        policies.end_rider(
            ref.id, rider.id, effective_date=JANUARY, version=seen(ref, firm.ann).row.version,
            by=firm.ann, now=on(DECEMBER),
        )  # fmt: skip


def test_the_shares_of_every_day_add_up_whatever_was_planned(
    firm: Company, application: Application, underwriter: Viewer
) -> None:
    ref = issued(application, firm.ann, underwriter)
    for name, day in (("Kim", JANUARY), ("Lee", DECEMBER)):
        ref = policies.change_beneficiaries(
            ref.id, [replace(SPOUSE, name=name)], effective_date=day, version=ref.version, by=firm.ann,
            now=NOW,
        )  # fmt: skip
    spans = {one.name: (one.valid_from, one.valid_to) for one in seen(ref, firm.ann).beneficiaries}
    assert spans == {"Sam Spouse": (TODAY, DECEMBER), "Lee": (DECEMBER, None)}


def test_an_application_whose_beneficiaries_were_changed_is_issued_later_all_the_same(
    firm: Company, application: Application, underwriter: Viewer
) -> None:
    ref = submitted(application, firm.ann)
    ref = policies.change_beneficiaries(
        ref.id, [replace(SPOUSE, name="Lee")], effective_date=date(2026, 11, 25), version=ref.version,
        by=firm.ann, now=NOW,
    )  # fmt: skip
    ref = policies.send_to_underwriting(ref.id, version=ref.version, by=firm.ann, now=NOW)
    ref = policies.issue(ref.id, version=ref.version, effective_date=DECEMBER, by=underwriter, now=NOW)
    spans = {one.name: (one.valid_from, one.valid_to) for one in seen(ref, firm.ann).beneficiaries}
    assert spans == {"Lee": (DECEMBER, None)}


def running_since(ref: PolicyRef, day: date) -> None:
    """The cover of an issued policy began on a day that is past."""
    with unit_of_work() as session:
        row = session.get_one(Policy, ref.id)
        row.application_date = row.issue_date = row.effective_date = day
        for one in session.scalars(select(Beneficiary).where(Beneficiary.policy_id == ref.id)):
            one.valid_from = day
        for rider in session.scalars(select(PolicyRider).where(PolicyRider.policy_id == ref.id)):
            rider.start_date = day


def test_a_change_from_the_end_of_cover_on_is_refused_as_it_would_never_come(
    firm: Company, application: Application, underwriter: Viewer
) -> None:
    ref = issued(application, firm.ann, underwriter)
    given = {"version": ref.version, "by": firm.ann, "now": NOW}
    expires = date(2046, 11, 21)
    with pytest.raises(Invalid, match="Cover ends on Nov 21, 2046") as refused:
        pay(ref, firm.ann, PaymentFrequency.ANNUAL, expires)
    assert list(refused.value.fields) == ["effective_date"]
    lee = replace(SPOUSE, name="Lee")
    with pytest.raises(Invalid, match="Cover ends on Nov 21, 2046"):
        policies.change_beneficiaries(ref.id, [lee], effective_date=expires, **given)  # type: ignore[arg-type]
    assert seen(ref, firm.ann).changes == ()
    pay(ref, firm.ann, PaymentFrequency.ANNUAL, date(2046, 11, 20))
    assert len(seen(ref, firm.ann).changes) == 1


def test_cover_for_life_changes_also_after_the_age_up_to_which_it_is_reckoned(firm: Company) -> None:
    life = factories.policy(
        firm.ann_in_east, product_id=factories.product(Category.WHOLE_LIFE).id, expiry_date=YESTERDAY
    )
    ref = PolicyRef(life.id, life.policy_number, life.version)
    pay(ref, firm.ann, PaymentFrequency.ANNUAL, TODAY)
    assert seen(ref, firm.ann).row.frequency == "annual"


def test_cover_that_is_to_come_changes_from_its_first_day_on(
    firm: Company, application: Application, underwriter: Viewer
) -> None:
    ref = issued(replace(application, effective_date=DECEMBER), firm.ann, underwriter)
    given = {"version": ref.version, "by": firm.ann, "now": NOW}
    ill = RiderChoice(RiderType.CRITICAL_ILLNESS, Decimal(1000))
    lee = replace(SPOUSE, name="Lee")
    for act, what in ((policies.add_rider, ill), (policies.change_beneficiaries, [lee])):
        with pytest.raises(Invalid, match=r"earliest date is Dec 1, 2026"):
            act(ref.id, what, effective_date=date(2026, 11, 30), **given)  # type: ignore[operator]
    with pytest.raises(Invalid, match=r"earliest date is Dec 1, 2026"):
        pay(ref, firm.ann, PaymentFrequency.ANNUAL, TODAY)
    policies.add_rider(ref.id, ill, effective_date=DECEMBER, **given)  # type: ignore[arg-type]
    begun = {one.rider_type: one.start_date for one in seen(ref, firm.ann).riders}
    assert begun[RiderType.CRITICAL_ILLNESS.value] == DECEMBER


@pytest.mark.parametrize("day", [LAST_YEAR, date(2026, 3, 1), YESTERDAY])
def test_cover_that_has_run_takes_no_rider_and_no_beneficiary_any_more(
    firm: Company, application: Application, underwriter: Viewer, day: date
) -> None:
    ref = issued(application, firm.ann, underwriter)
    running_since(ref, LAST_YEAR)
    given = {"effective_date": day, "version": seen(ref, firm.ann).row.version, "by": firm.ann, "now": NOW}
    ill = RiderChoice(RiderType.CRITICAL_ILLNESS, Decimal(1000))
    with pytest.raises(Invalid, match=r"earliest date is Nov 21, 2026") as refused:
        policies.add_rider(ref.id, ill, **given)  # type: ignore[arg-type]
    assert list(refused.value.fields) == ["effective_date"]
    with pytest.raises(Invalid, match=r"earliest date is Nov 21, 2026"):
        policies.change_beneficiaries(ref.id, [SPOUSE], **given)  # type: ignore[arg-type]
    assert len(seen(ref, firm.ann).riders) == 1


def test_who_was_a_beneficiary_on_a_past_day_stays_in_the_history(
    firm: Company, application: Application, underwriter: Viewer
) -> None:
    ref = issued(application, firm.ann, underwriter)
    running_since(ref, LAST_YEAR)
    version = seen(ref, firm.ann).row.version
    for name in ("Kim", "Lee"):
        share = replace(SPOUSE, name=name)
        version = policies.change_beneficiaries(
            ref.id, [share], effective_date=TODAY, version=version, by=firm.ann, now=NOW
        ).version
    spans = {one.name: (one.valid_from, one.valid_to) for one in seen(ref, firm.ann).beneficiaries}
    assert spans == {"Sam Spouse": (LAST_YEAR, TODAY), "Lee": (TODAY, None)}


def test_naming_the_same_beneficiaries_again_changes_nothing(
    firm: Company, application: Application, underwriter: Viewer
) -> None:
    ref = issued(application, firm.ann, underwriter)

    def named(name: str, day: date, version: int) -> int:
        return policies.change_beneficiaries(
            ref.id, [replace(SPOUSE, name=name)], effective_date=day, version=version, by=firm.ann, now=NOW
        ).version

    assert named(SPOUSE.name, TODAY, ref.version) == ref.version
    assert seen(ref, firm.ann).changes == ()
    planned = named("Kim", DECEMBER, ref.version)
    assert named("Kim", JANUARY, planned) == planned
    named(SPOUSE.name, TODAY, planned)  # takes back what was planned
    assert [one.name for one in seen(ref, firm.ann).beneficiaries if one.valid_to is None] == [SPOUSE.name]


def test_a_letter_about_payment_or_a_rider_s_end_may_have_lain_for_a_month(
    firm: Company, application: Application, underwriter: Viewer
) -> None:
    ref = issued(application, firm.ann, underwriter)
    running_since(ref, LAST_YEAR)
    (rider,) = seen(ref, firm.ann).riders
    version = seen(ref, firm.ann).row.version
    early, earliest = date(2026, 10, 20), date(2026, 10, 21)
    given = {"by": firm.ann, "now": NOW}
    with pytest.raises(Invalid, match=r"earliest date is Oct 21, 2026"):
        policies.end_rider(ref.id, rider.id, effective_date=early, version=version, **given)  # type: ignore[arg-type]
    ref = policies.end_rider(ref.id, rider.id, effective_date=earliest, version=version, **given)  # type: ignore[arg-type]
    with pytest.raises(Invalid, match=r"earliest date is Oct 21, 2026"):
        pay(ref, firm.ann, PaymentFrequency.ANNUAL, early)
    pay(ref, firm.ann, PaymentFrequency.ANNUAL, earliest)
    assert paid(ref, firm.ann) == ("annual", Decimal("760.00"))
