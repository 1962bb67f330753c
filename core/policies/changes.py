"""Dated changes of a policy's terms: payment, beneficiaries, riders. Each keeps what was before."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy.orm import Session

from core import catalog
from core.access import Permission, Viewer, action
from core.catalog import RiderChoice
from core.customers.tables import Customer
from core.db import unit_of_work
from core.kit.dates import age_last_birthday, utc_now
from core.kit.errors import Invalid, NotFound
from core.policies import dated, rules, store
from core.policies.records import PolicyRef
from core.policies.rules import Share
from core.policies.tables import Beneficiary, PaymentFrequency, PaymentMethod, Policy, PolicyRider


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
    """Pay at another frequency or by another method from a date on; the instalment follows then.

    It takes the place of what was planned from that date on. A letter about it may have lain for
    MOST_DAYS_BACK. Raises Invalid beside the date, Conflict, NotFound. Saying what holds at that date
    anyway writes nothing.
    """
    at = now or utc_now()
    today = dated.day_of(at)
    with unit_of_work() as session:
        row = dated.opened(
            session,
            policy_id,
            effective_date,
            version=version,
            by=by,
            today=today,
            days_back=rules.MOST_DAYS_BACK,
        )
        dated.check_covered(session, row, effective_date)
        waiting = dated.planned(session, row.id, "payment")
        earlier = [one for one in waiting if one.effective_date < effective_date]
        before = {"frequency": row.payment_frequency.value, "method": row.payment_method.value}
        if earlier:
            before = {name: earlier[-1].after[name] for name in before}
        after = {"frequency": frequency.value, "method": method.value}
        later = [one for one in waiting if one not in earlier]
        if before == after and not later:
            return store.ref(session, row.id)
        for one in later:
            dated.replace(one, at)
        dated.write(session, row, "payment", effective_date, before=before, after=after, by=by, at=at)
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
    """Replace all beneficiaries from a date on; of cover that runs, at the earliest from today on.

    Who was a beneficiary on a day that is past stays in the history (D16). Who was to follow from that
    date or a later one goes, so that the shares of every day add up. Saying what holds from that date on
    anyway writes nothing. Raises Invalid beside the date or the shares, Conflict, NotFound.
    """
    at = now or utc_now()
    today = dated.day_of(at)
    rules.check_shares(shares, today=today)
    shares = rules.cleaned(shares)
    with unit_of_work() as session:
        row = dated.opened(session, policy_id, effective_date, version=version, by=by, today=today)
        dated.check_covered(session, row, effective_date)
        if _holds(store.beneficiaries(session, row.id), shares, effective_date):
            return store.ref(session, row.id)
        for change in dated.planned(session, row.id, "beneficiaries"):
            if change.effective_date >= effective_date:
                dated.replace(change, at)
        ended = _end_beneficiaries(session, row.id, effective_date)
        session.add_all(
            Beneficiary(
                policy_id=row.id,
                beneficiary_class=share.beneficiary_class,
                name=share.name,
                relation=share.relation,
                date_of_birth=share.date_of_birth,
                share_pct=share.share_pct,
                valid_from=effective_date,
                created_by=by.user_id,
            )
            for share in shares
        )
        session.flush()
        dated.write(
            session,
            row,
            "beneficiaries",
            effective_date,
            before={"count": ended},
            after={"count": len(shares)},
            by=by,
            at=at,
        )
        return store.ref(session, row.id)


def _holds(there: Sequence[Beneficiary], shares: Sequence[Share], on: date) -> bool:
    """Whether the beneficiaries from a date on are these anyway, for good."""
    if any(one.valid_from > on or (one.valid_to is not None and one.valid_to > on) for one in there):
        return False
    held = [
        Share(one.beneficiary_class, one.name, one.relation, one.share_pct, one.date_of_birth)
        for one in there
        if one.valid_to is None
    ]
    return Counter(held) == Counter(shares)


def _end_beneficiaries(session: Session, policy_id: int, on: date) -> int:
    """End everybody's span at a date; how many were beneficiaries then."""
    ended = 0
    for one in store.beneficiaries(session, policy_id):
        if one.valid_from >= on:
            session.delete(one)
        elif one.valid_to is None or one.valid_to > on:
            one.valid_to = on
            ended += 1
    return ended


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
    """Add a rider from a date to the end of the policy, priced by the rates in force then.

    What has happened can't be insured any more: cover that runs grows from today on, cover that is to
    come from its first day on. Raises Invalid beside the rider's sum, the rider or the date; Conflict,
    NotFound.
    """
    at = now or utc_now()
    today = dated.day_of(at)
    with unit_of_work() as session:
        row = dated.opened(session, policy_id, effective_date, version=version, by=by, today=today)
        there = [one for one in store.riders(session, row.id) if one.end_date > effective_date]
        if any(one.rider_type == rider.rider_type for one in there):
            raise Invalid({"rider_type": "The policy already has that rider."})
        if row.expiry_date is None or effective_date >= row.expiry_date:
            raise Invalid({"effective_date": "The policy ends before that date."})
        line = _rider_line(session, row, rider, effective_date, by)
        added = PolicyRider(
            policy_id=row.id,
            rider_name=line.label,
            rider_type=rider.rider_type,
            sum_assured=line.sum_assured,
            premium_amount=line.annual,
            start_date=effective_date,
            end_date=row.expiry_date,
            is_active=False,
        )
        session.add(added)
        session.flush()
        after = {"rider": rider.rider_type.value, "annual": str(line.annual), "rider_id": added.id}
        dated.write(session, row, "rider_added", effective_date, before={}, after=after, by=by, at=at)
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
    """End a rider on a date, at most MOST_DAYS_BACK back; its premium is no longer charged from then on."""
    at = now or utc_now()
    today = dated.day_of(at)
    with unit_of_work() as session:
        row = dated.opened(
            session,
            policy_id,
            effective_date,
            version=version,
            by=by,
            today=today,
            days_back=rules.MOST_DAYS_BACK,
        )
        rider = next((one for one in store.riders(session, row.id) if one.id == rider_id), None)
        if rider is None or not (rider.is_active or rider.start_date > today):
            raise NotFound("active rider", rider_id)
        if not rider.start_date < effective_date <= (row.expiry_date or rider.end_date):
            raise Invalid({"effective_date": "The rider does not run at that date."})
        for change in dated.planned(session, row.id, "rider_ended"):
            if change.before["rider_id"] == rider.id:
                dated.replace(change, at)
        rider.end_date = effective_date
        before = {
            "rider": rider.rider_type.value,
            "annual": str(rider.premium_amount),
            "rider_id": rider.id,
        }
        dated.write(session, row, "rider_ended", effective_date, before=before, after={}, by=by, at=at)
        return store.ref(session, row.id)


def _rider_line(
    session: Session, row: Policy, rider: RiderChoice, on: date, by: Viewer
) -> catalog.PremiumLine:
    person = session.get_one(Customer, row.customer_id)
    table = catalog.rate_table(row.product_id, on, by=by)
    try:
        catalog.check_riders(table, [rider], sum_assured=row.sum_assured)
    except Invalid as invalid:
        is_offered = any(one.rider_type is rider.rider_type for one in table.riders)
        raise Invalid({"sum_assured" if is_offered else "rider_type": invalid.message}) from None
    priced = catalog.premium(
        table,
        age=age_last_birthday(person.date_of_birth, row.effective_date or on),
        sum_assured=row.sum_assured,
        riders=[rider],
        instalments_a_year=row.payment_frequency.per_year,
    )
    return next(line for line in priced.lines if line.rider_type == rider.rider_type)
