"""The end of cover whose term is over, by the clock; and of riders, with their policy however it ends."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, case, delete, func, literal, select, update
from sqlalchemy.orm import Session

from core import audit
from core.audit import SystemActor
from core.catalog.tables import Category, Product
from core.db import unit_of_work
from core.kit.dates import business_date, utc_now
from core.kit.settings import settings
from core.policies.rules import FOR_LIFE, MATURING
from core.policies.status import POLICY
from core.policies.tables import EndReason, Policy, PolicyRider, PolicyStatus

ENDED_AT_ONCE = 1000
MOST_ROUNDS = 50  # of the clock's other jobs, none waits for longer
TERM_OVER = "The term is over."


@dataclass(frozen=True, slots=True)
class Ended:
    """How cover ends when its term is over."""

    status: str
    reason: EndReason


def term_over(category: Category) -> Ended | None:
    """What becomes of a policy of the category whose term is over; None for cover without a term."""
    if category in FOR_LIFE:
        return None
    matures = category in MATURING
    return Ended("matured", EndReason.MATURITY) if matures else Ended("cancelled", EndReason.EXPIRED)


def end_due(*, now: datetime | None = None, at_most: int = ENDED_AT_ONCE, rounds: int = MOST_ROUNDS) -> int:
    """Policies in force whose first day without cover has come end by it; how many did.

    Endowment and unit-linked ones mature, the others expire; cover for life has no term. Run by the
    clock, any number of times: at most so many in one transaction, those first that were over first,
    and so many transactions as it takes, up to `rounds`.
    """
    at, total = now or utc_now(), 0
    for _round in range(rounds):
        done = _end_some(at, at_most)
        total += done
        if done < at_most:
            break
    return total


def _end_some(at: datetime, at_most: int) -> int:
    today = business_date(at, settings().time_zone)
    with unit_of_work() as session:
        due = session.execute(
            select(Policy, Product.category)
            .join(Product, Product.id == Policy.product_id)
            .where(
                Policy.status == PolicyStatus.ACTIVE,
                Policy.expiry_date <= today,
                Product.category.not_in(FOR_LIFE),
            )
            .order_by(Policy.expiry_date, Policy.id)
            .limit(at_most)
            .with_for_update(of=Policy, skip_locked=True)
        ).all()
        for row, category in due:
            _end(session, row, category, at)
        end_riders(session, [row.id for row, _ in due], at=at)
        return len(due)


def _end(session: Session, row: Policy, category: Category, at: datetime) -> None:
    ended = term_over(category)
    assert ended is not None  # noqa: S101  # cover for life is never due
    audit.move(
        session,
        POLICY,
        row,
        to=ended.status,
        actor=SystemActor(),
        at=at,
        given={
            "end_reason": ended.reason.value,
            "end_date": row.expiry_date,
            "has_maturity": category in MATURING,
        },
        reason=TERM_OVER,
    )
    row.end_reason, row.end_date = ended.reason, row.expiry_date


def end_riders(
    session: Session, policy_ids: Sequence[int], *, at: datetime, ends: date | None = None
) -> None:
    """No rider runs longer than its policy: until `ends`, or until the end that the policies have.

    One that was to begin later is removed. For every way in which policies end, after it is set.
    """
    last: ColumnElement[date | None] = literal(ends) if ends else Policy.end_date.expression
    theirs = (PolicyRider.policy_id == Policy.id, PolicyRider.policy_id.in_(policy_ids))
    session.execute(
        delete(PolicyRider)
        .where(
            *theirs,
            PolicyRider.is_active.is_(False),
            PolicyRider.start_date >= func.greatest(last, business_date(at, settings().time_zone)),
        )
        .execution_options(synchronize_session=False)
    )
    cut = case((PolicyRider.start_date < last, func.least(PolicyRider.end_date, last)))
    session.execute(
        update(PolicyRider)
        .where(*theirs, PolicyRider.is_active | (PolicyRider.end_date > last))
        .values(is_active=False, end_date=func.coalesce(cut, PolicyRider.end_date))
        .execution_options(synchronize_session=False)
    )
