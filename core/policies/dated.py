"""The mechanism of dated changes: each is written at once and in force from its date on.

What it does to the policy is read from its row, whether its date is today or was waited for.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from core import audit
from core.access import Viewer
from core.audit import SystemActor
from core.catalog.rules import MODAL_FACTOR
from core.catalog.tables import Product
from core.db import unit_of_work
from core.kit.dates import business_date, utc_now
from core.kit.errors import Invalid, NotFound
from core.kit.money import round_cents
from core.kit.settings import settings
from core.kit.wording import day_told
from core.policies import rules, store
from core.policies.status import POLICY, told
from core.policies.tables import (
    BeneficiaryClass,
    PaymentFrequency,
    PaymentMethod,
    Policy,
    PolicyChange,
    PolicyRider,
)

DUE_AT_ONCE = 500


def opened(
    session: Session,
    policy_id: int,
    effective_date: date,
    *,
    version: int,
    by: Viewer,
    today: date,
    days_back: int = 0,
) -> Policy:
    """The policy, locked to be changed from a date on, which may lie `days_back` in the past.

    Raises Invalid beside the date or the policy, Conflict, NotFound.
    """
    row = store.one(session, policy_id, by=by, lock=True)
    if row is None:
        raise NotFound("policy", policy_id)
    audit.check_version(session, POLICY.entity, POLICY.noun, row, version)
    if _is_over(row):
        label, _ = told(row.status.value, row.end_reason.value if row.end_reason else None)
        raise Invalid({"policy": f"The policy is {label.lower()}; it can't be changed."})
    begins = row.effective_date or today
    if row.status.value in POLICY.flagged("pending"):
        earliest = min(begins, today)  # nothing is covered yet
    else:
        earliest = rules.earliest_change(begins, today, days_back=days_back)
    if effective_date < earliest:
        raise Invalid({"effective_date": f"The earliest date is {day_told(earliest)}."})
    return row


def check_covered(session: Session, row: Policy, on: date) -> None:
    """A change from the end of cover on would never come in force; cover for life has none.

    Raises Invalid beside the date.
    """
    is_for_life = session.get_one(Product, row.product_id).category in rules.FOR_LIFE
    if row.expiry_date is not None and on >= row.expiry_date and not is_for_life:
        told = f"Cover ends on {day_told(row.expiry_date)}: enter a day before."
        raise Invalid({"effective_date": told})


def day_of(now: datetime | None) -> date:
    """The business day of a moment, or today."""
    return business_date(now or utc_now(), settings().time_zone)


def write(
    session: Session,
    row: Policy,
    kind: str,
    effective_date: date,
    *,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    by: Viewer,
    at: datetime,
) -> None:
    """Write a change, entered at a moment, and bring it into force when its date has come."""
    change = PolicyChange(
        policy_id=row.id,
        kind=kind,
        effective_date=effective_date,
        before=dict(before),
        after=dict(after),
        is_planned=effective_date > day_of(at),
        created_by=by.user_id,
        created_at=at,
    )
    session.add(change)
    if not change.is_planned:
        _IN_FORCE[kind](session, row, change)
    session.flush()
    audit.record(
        session,
        actor=by,
        action=f"policy.change_{kind}",
        entity=POLICY.entity,
        entity_id=row.id,
        details={"changed": {kind: [change.before, change.after]}, "from": str(effective_date)},
    )
    # A change of the policy's parts counts as a change of the policy.
    session.execute(update(Policy).where(Policy.id == row.id).values(version=Policy.version + 1))
    session.refresh(row)


def planned(session: Session, policy_id: int, kind: str) -> list[PolicyChange]:
    """The changes of a kind that wait for their date, the next one first."""
    return list(
        session.scalars(
            select(PolicyChange)
            .where(PolicyChange.policy_id == policy_id, PolicyChange.kind == kind, PolicyChange.is_planned)
            .order_by(PolicyChange.effective_date, PolicyChange.id)
        )
    )


def replace(change: PolicyChange, at: datetime) -> None:
    """Put a planned change away: another one was entered, or the policy is over."""
    change.is_planned, change.replaced_at = False, at


def bring_in_due(*, now: datetime | None = None) -> int:
    """Bring changes whose date has come into force; how many. Run by the clock, any number of times."""
    at = now or utc_now()
    today, done = day_of(at), 0
    with unit_of_work() as session:
        due = session.execute(
            select(PolicyChange.id, PolicyChange.policy_id)
            .where(PolicyChange.is_planned, PolicyChange.effective_date <= today)
            .order_by(PolicyChange.effective_date, PolicyChange.id)
            .limit(DUE_AT_ONCE)
        ).all()
        for change_id, policy_id in due:
            # The policy first, as whoever changes it does.
            row = session.scalars(
                select(Policy).where(Policy.id == policy_id).with_for_update(skip_locked=True)
            ).one_or_none()
            change = session.get(PolicyChange, change_id, with_for_update=True, populate_existing=True)
            if row is not None and change is not None and change.is_planned:
                _bring_in(session, row, change, at)
                done += 1
    return done


def _bring_in(session: Session, row: Policy, change: PolicyChange, at: datetime) -> None:
    if _is_over(row):
        replace(change, at)
        return
    _IN_FORCE[change.kind](session, row, change)
    change.is_planned = False
    session.flush()
    audit.record(
        session,
        actor=SystemActor(),
        action="policy.change_in_force",
        entity=POLICY.entity,
        entity_id=row.id,
        details={"changed": {change.kind: [change.before, change.after]}},
    )


def _is_over(row: Policy) -> bool:
    return "ended" in POLICY[row.status.value].flags


def _pay(_: Session, row: Policy, change: PolicyChange) -> None:
    frequency = PaymentFrequency(change.after["frequency"])
    annual = row.annual_premium or row.premium_amount * row.payment_frequency.per_year
    before = row.premium_amount
    if frequency is not row.payment_frequency:
        row.premium_amount = round_cents(annual * MODAL_FACTOR[frequency.per_year])
    row.annual_premium = annual
    row.payment_frequency = frequency
    row.payment_method = PaymentMethod(change.after["method"])
    change.before = {**change.before, "instalment": str(before)}
    change.after = {**change.after, "instalment": str(row.premium_amount)}


def _name_beneficiary(session: Session, row: Policy, change: PolicyChange) -> None:
    row.beneficiary_name = row.beneficiary_relation = None
    for one in store.beneficiaries(session, row.id):
        is_valid = one.valid_from <= change.effective_date and (
            one.valid_to is None or one.valid_to > change.effective_date
        )
        if is_valid and one.beneficiary_class is BeneficiaryClass.PRIMARY:
            row.beneficiary_name, row.beneficiary_relation = one.name, one.relation
            return


def _begin_rider(session: Session, row: Policy, change: PolicyChange) -> None:
    rider = session.get_one(PolicyRider, change.after["rider_id"])
    rider.is_active = True
    _reprice(row, rider.premium_amount, count=1)


def _end_rider(session: Session, row: Policy, change: PolicyChange) -> None:
    rider = session.get_one(PolicyRider, change.before["rider_id"])
    rider.is_active = False
    _reprice(row, -rider.premium_amount, count=-1)


def _reprice(row: Policy, change: Decimal, *, count: int) -> None:
    annual = row.annual_premium or row.premium_amount * row.payment_frequency.per_year
    row.annual_premium = annual + change
    row.premium_amount = round_cents(row.annual_premium * MODAL_FACTOR[row.payment_frequency.per_year])
    row.riders_count += count
    row.total_rider_premium += change


_IN_FORCE: Mapping[str, Callable[[Session, Policy, PolicyChange], None]] = MappingProxyType(
    {
        "payment": _pay,
        "beneficiaries": _name_beneficiary,
        "rider_added": _begin_rider,
        "rider_ended": _end_rider,
    }
)
