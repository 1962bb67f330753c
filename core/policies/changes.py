"""Dated changes of a policy's terms: payment, beneficiaries, riders. Each keeps what was before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from core import audit, catalog
from core.access import Permission, Viewer, action
from core.catalog import RiderChoice
from core.catalog.rules import MODAL_FACTOR
from core.customers.tables import Customer
from core.db import unit_of_work
from core.kit.dates import age_last_birthday, business_date, utc_now
from core.kit.errors import Invalid, NotFound
from core.kit.money import round_cents
from core.kit.settings import settings
from core.policies import rules, store
from core.policies.actions import check_live
from core.policies.records import PolicyRef
from core.policies.rules import Share
from core.policies.status import POLICY
from core.policies.tables import (
    Beneficiary,
    PaymentFrequency,
    PaymentMethod,
    Policy,
    PolicyChange,
    PolicyRider,
)


@action(Permission.POLICIES_ENTER)
def change_payment(
    policy_id: int,
    *,
    frequency: PaymentFrequency,
    method: PaymentMethod,
    effective_date: date,
    version: int,
    by: Viewer,
    now: datetime | None = None,
) -> PolicyRef:
    """Pay at another frequency or by another method from a date on; the instalment follows.

    Raises Invalid beside the date, Conflict, NotFound. Saying what already holds writes nothing.
    """
    with unit_of_work() as session:
        row = _open(session, policy_id, effective_date, version=version, by=by, now=now)
        before = {"frequency": row.payment_frequency.value, "method": row.payment_method.value}
        after = {"frequency": frequency.value, "method": method.value}
        if before == after:
            return store.ref(session, row.id)
        annual = row.annual_premium or row.premium_amount * row.payment_frequency.per_year
        instalment = (
            row.premium_amount
            if frequency is row.payment_frequency
            else round_cents(annual * MODAL_FACTOR[frequency.per_year])
        )
        row.annual_premium = annual
        row.payment_frequency, row.payment_method = frequency, method
        _write(
            session,
            row,
            "payment",
            effective_date,
            before={**before, "instalment": str(row.premium_amount)},
            after={**after, "instalment": str(instalment)},
            by=by,
        )
        row.premium_amount = instalment
        session.flush()
        return store.ref(session, row.id)


@action(Permission.POLICIES_ENTER)
def change_beneficiaries(
    policy_id: int,
    shares: Sequence[Share],
    *,
    effective_date: date,
    version: int,
    by: Viewer,
    now: datetime | None = None,
) -> PolicyRef:
    """Replace all beneficiaries from a date on; the old ones stay in the history (D16)."""
    rules.check_shares(shares)
    with unit_of_work() as session:
        row = _open(session, policy_id, effective_date, version=version, by=by, now=now)
        old = [one for one in store.beneficiaries(session, row.id) if one.valid_to is None]
        for one in old:
            if one.valid_from >= effective_date:
                session.delete(one)
            else:
                one.valid_to = effective_date
        session.add_all(
            Beneficiary(
                policy_id=row.id,
                beneficiary_class=share.beneficiary_class,
                name=share.name.strip(),
                relation=share.relation.strip(),
                date_of_birth=share.date_of_birth,
                share_pct=share.share_pct,
                valid_from=effective_date,
                created_by=by.user_id,
            )
            for share in shares
        )
        row.beneficiary_name, row.beneficiary_relation = rules.summary_of(shares)
        _write(
            session,
            row,
            "beneficiaries",
            effective_date,
            before={"count": len(old)},
            after={"count": len(shares)},
            by=by,
        )
        _touch(session, row)
        return store.ref(session, row.id)


@action(Permission.POLICIES_ENTER)
def add_rider(
    policy_id: int,
    rider: RiderChoice,
    *,
    effective_date: date,
    version: int,
    by: Viewer,
    now: datetime | None = None,
) -> PolicyRef:
    """Add a rider from a date to the end of the policy, priced by the rates in force then."""
    with unit_of_work() as session:
        row = _open(session, policy_id, effective_date, version=version, by=by, now=now)
        active = [one for one in store.riders(session, row.id) if one.is_active]
        if any(one.rider_type == rider.rider_type for one in active):
            raise Invalid({"rider_type": "The policy already has that rider."})
        if row.expiry_date is None or effective_date >= row.expiry_date:
            raise Invalid({"effective_date": "The policy ends before that date."})
        line = _rider_line(session, row, rider, effective_date, by)
        session.add(
            PolicyRider(
                policy_id=row.id,
                rider_name=line.label,
                rider_type=rider.rider_type,
                sum_assured=rider.sum_assured,
                premium_amount=line.annual,
                start_date=effective_date,
                end_date=row.expiry_date,
            )
        )
        _reprice(session, row, line.annual, count=1)
        _write(
            session,
            row,
            "rider_added",
            effective_date,
            before={},
            after={"rider": rider.rider_type.value, "annual": str(line.annual)},
            by=by,
        )
        return store.ref(session, row.id)


@action(Permission.POLICIES_ENTER)
def end_rider(
    policy_id: int,
    rider_id: int,
    *,
    effective_date: date,
    version: int,
    by: Viewer,
    now: datetime | None = None,
) -> PolicyRef:
    """End a rider on a date; its premium is no longer charged from then on."""
    with unit_of_work() as session:
        row = _open(session, policy_id, effective_date, version=version, by=by, now=now)
        found = [one for one in store.riders(session, row.id) if one.id == rider_id and one.is_active]
        if not found:
            raise NotFound("active rider", rider_id)
        rider = found[0]
        if not rider.start_date < effective_date <= rider.end_date:
            raise Invalid({"effective_date": "The rider does not run at that date."})
        rider.end_date, rider.is_active = effective_date, False
        _reprice(session, row, -rider.premium_amount, count=-1)
        _write(
            session,
            row,
            "rider_ended",
            effective_date,
            before={"rider": rider.rider_type.value, "annual": str(rider.premium_amount)},
            after={},
            by=by,
        )
        return store.ref(session, row.id)


def _open(
    session: Session,
    policy_id: int,
    effective_date: date,
    *,
    version: int,
    by: Viewer,
    now: datetime | None,
) -> Policy:
    row = store.one(session, policy_id, by=by, lock=True)
    if row is None:
        raise NotFound("policy", policy_id)
    audit.check_version(session, POLICY.entity, POLICY.noun, row, version)
    check_live(row)
    today = business_date(now or utc_now(), settings().time_zone)
    earliest = min(row.effective_date or today, today)
    if effective_date < earliest:
        raise Invalid({"effective_date": f"The earliest date is {earliest:%d %b %Y}."})
    return row


def _rider_line(
    session: Session, row: Policy, rider: RiderChoice, on: date, by: Viewer
) -> catalog.PremiumLine:
    person = session.get_one(Customer, row.customer_id)
    priced = catalog.premium(
        catalog.rate_table(row.product_id, on, by=by),
        age=age_last_birthday(person.date_of_birth, row.effective_date or on),
        sum_assured=row.sum_assured,
        riders=[rider],
        instalments_a_year=row.payment_frequency.per_year,
    )
    return next(line for line in priced.lines if line.rider_type == rider.rider_type)


def _reprice(session: Session, row: Policy, change: Decimal, *, count: int) -> None:
    annual = row.annual_premium or row.premium_amount * row.payment_frequency.per_year
    row.annual_premium = annual + change
    row.premium_amount = round_cents(row.annual_premium * MODAL_FACTOR[row.payment_frequency.per_year])
    row.riders_count += count
    row.total_rider_premium += change
    session.flush()


def _write(
    session: Session,
    row: Policy,
    kind: str,
    effective_date: date,
    *,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    by: Viewer,
) -> None:
    session.add(
        PolicyChange(
            policy_id=row.id,
            kind=kind,
            effective_date=effective_date,
            before=dict(before),
            after=dict(after),
            created_by=by.user_id,
        )
    )
    audit.record(
        session,
        actor=by,
        action=f"policy.change_{kind}",
        entity=POLICY.entity,
        entity_id=row.id,
        details={"changed": {kind: [dict(before), dict(after)]}, "from": str(effective_date)},
    )


def _touch(session: Session, row: Policy) -> None:
    """Count a change of the policy's parts as a change of the policy."""
    session.flush()
    session.execute(update(Policy).where(Policy.id == row.id).values(version=Policy.version + 1))
    session.refresh(row)
