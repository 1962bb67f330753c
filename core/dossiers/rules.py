"""What a customer has paid, and what to do next. No database; today is passed in."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal

from core.customers import CustomerDetail
from core.dossiers.records import Item, NextStep
from core.kit.dates import add_months

SOON_DAYS = 30


def premium_due(
    instalment: Decimal, per_year: int, begins: date | None, ends: date | None, today: date
) -> Decimal:
    """The instalments that fell due from the beginning of cover until today or its end (exclusive).

    Due dates are counted from the anchor (domain.md section 3).
    """
    if begins is None or begins > today:
        return Decimal(0)
    step = 12 // per_year
    count = 0
    while True:
        due = add_months(begins, count * step)
        if due > today or (ends is not None and due >= ends):
            return instalment * count
        count += 1


def next_step(
    customer: CustomerDetail, items: Sequence[Item], now: datetime, today: date, *, outside: int = 0
) -> NextStep:
    """The most pressing thing to do about a customer; `outside` counts what the viewer does not see."""
    if customer.archived_at is not None:
        return NextStep("Archived: nothing to do.", "", is_urgent=False)
    planned = sorted(
        (one for one in items if one.kind in {"followup", "appointment"} and one.is_open and one.at),
        key=lambda one: one.at or now,
    )
    if planned and planned[0].at is not None and planned[0].at < now:
        return NextStep(f"{planned[0].title} is overdue.", "Follow-ups", is_urgent=True)
    kyc = _kyc(customer, today)
    if kyc is not None and kyc.is_urgent:
        return kyc
    claim = next((one for one in items if one.kind == "claim" and one.is_open), None)
    if claim is not None:
        return NextStep(
            f"Claim {claim.code} is open ({claim.status_label.lower()}).", "Claims", is_urgent=False
        )
    ending = next(
        (
            one
            for one in items
            if one.kind == "policy"
            and one.is_open
            and one.on
            and today < one.on <= today + timedelta(days=SOON_DAYS)
        ),
        None,
    )
    if ending is not None:
        return NextStep(f"Cover of {ending.code} ends soon.", "Policies", is_urgent=True)
    deal = next((one for one in items if one.kind in {"lead", "opportunity"} and one.is_open), None)
    if planned:
        return NextStep(f"{planned[0].title} is planned.", "Follow-ups", is_urgent=False)
    if deal is not None:
        return NextStep(
            f"{deal.code} is open without a planned follow-up.", "Leads & opportunities", is_urgent=False
        )
    nothing = "Nothing is open in your book; what lies outside it is not known here."
    return kyc or NextStep(nothing if outside else "Nothing is open.", "", is_urgent=False)


def _kyc(customer: CustomerDetail, today: date) -> NextStep | None:
    tab = "Consent & KYC"
    if customer.kyc_status == "expired":
        return NextStep("The KYC review is overdue: ask for new proofs.", tab, is_urgent=True)
    if customer.kyc_status == "rejected":
        return NextStep("KYC was rejected: ask for new proofs.", tab, is_urgent=True)
    if customer.kyc_status == "pending":
        return NextStep("KYC waits to be verified.", tab, is_urgent=True)
    review = customer.kyc_review_on
    if customer.kyc_status == "verified" and review and review <= today + timedelta(days=SOON_DAYS):
        return NextStep("The KYC review is due soon.", tab, is_urgent=False)
    if customer.kyc_status == "not_started":
        return NextStep(
            "KYC has not started: start the check with proofs of identity and address.",
            tab,
            is_urgent=False,
        )
    return None
