"""Moves policies through their lifecycle, with the required data, history and audit."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import audit
from core.access import Permission, Viewer, action
from core.audit import Actor, SystemActor
from core.catalog.rules import LIFE_CATEGORIES
from core.catalog.tables import Product
from core.db import unit_of_work
from core.kit.dates import business_date, utc_now
from core.kit.errors import Invalid, NotFound, Refusal
from core.kit.settings import settings
from core.kit.wording import day_told
from core.policies import quotes, rules, store
from core.policies.ending import end_riders
from core.policies.records import PolicyRef, Quote
from core.policies.status import OTHER_ISSUER, POLICY, WITHIN_LIMIT
from core.policies.tables import EndReason, Policy, PolicyStatus


@action(Permission.POLICIES_ENTER)
def send_to_underwriting(
    policy_id: int, *, version: int, by: Viewer, now: datetime | None = None
) -> PolicyRef:
    """Hand a complete application to the underwriters. Raises what `audit.move` raises."""
    with unit_of_work() as session:
        row = _locked(session, policy_id, by)
        _move(session, row, "underwriting", by=by, now=now, version=version)
        return store.ref(session, row.id)


@action(Permission.POLICIES_ISSUE)
def issue(
    policy_id: int,
    *,
    version: int,
    effective_date: date | None = None,
    by: Viewer,
    now: datetime | None = None,
) -> PolicyRef:
    """Issue an application: cover begins on the effective date, at the earliest today.

    On that day it must be within the product's limits, at the premium that was applied for. Neither
    the seller nor who entered it may issue (domain.md section 1: creator is not approver), and an
    underwriter up to a limit. Raises Invalid, Conflict, IllegalMove, NotFound.
    """
    at = now or utc_now()
    today = business_date(at, settings().time_zone)
    with unit_of_work() as session:
        row = _locked(session, policy_id, by)
        begins = effective_date or max(row.effective_date or today, today)
        wrong = rules.wrong_begin(begins, today)
        if wrong:
            raise Invalid({"effective_date": wrong})
        product = session.get_one(Product, row.product_id)
        years = row.term_years or rules.term_of(product.category, None, age=0)
        expires = rules.expiry_date(begins, years)
        moved = _move(
            session,
            row,
            "issued",
            by=by,
            now=at,
            version=version,
            given={
                **may_issue(row, by),
                "issue_date": today,
                "effective_date": begins,
                "expiry_date": expires,
            },
        )
        if moved:
            _check_terms(row, quotes.of_policy(session, row, begins, by=by), begins)
            _shift_riders(session, row, begins, expires)
            row.issue_date, row.effective_date, row.expiry_date = today, begins, expires
            session.flush()
            if begins <= today:
                _activate(session, row, actor=SystemActor(), at=at)
        return store.ref(session, row.id)


def may_issue(row: Policy, by: Viewer) -> dict[str, bool]:
    """What of an issue depends on who issues, by the name of the need."""
    return {
        OTHER_ISSUER.name: by.user_id not in (row.agent_id, row.created_by),
        WITHIN_LIMIT.name: rules.may_decide(by.role_name, row.sum_assured),
    }


@action(Permission.POLICIES_ENTER)
def cancel(
    policy_id: int,
    *,
    version: int,
    end_reason: EndReason | None,
    end_date: date | None,
    reason: str,
    by: Viewer,
    now: datetime | None = None,
) -> PolicyRef:
    """End a policy or an application, with a coded reason, a date within its limits and a sentence.

    Raises Invalid with everything that is blank or wrong, and what `audit.move` raises.
    """
    at = now or utc_now()
    with unit_of_work() as session:
        row = _locked(session, policy_id, by)
        wrong = rules.wrong_end(
            end_reason, end_date, _term(row), today=business_date(at, settings().time_zone)
        )
        given = {"end_reason": end_reason and end_reason.value, "end_date": end_date}
        try:
            moved = _move(
                session, row, "cancelled", by=by, now=at, version=version, given=given, reason=reason
            )
        except Invalid as blank:
            raise Invalid({**wrong, **blank.fields}) from None
        if moved and wrong:
            raise Invalid(wrong)
        if moved and end_date is not None:
            row.end_reason, row.end_date = end_reason, end_date
            end_riders(session, [row.id], at=at)
        return store.ref(session, row.id)


def _term(row: Policy) -> rules.Term:
    if row.status.value in POLICY.flagged("pending"):
        return rules.Term(row.application_date, is_application=True)
    begins = row.effective_date or row.issue_date or row.application_date
    return rules.Term(begins, row.expiry_date, row.end_date, row.issue_date)


@action(Permission.POLICIES_ISSUE)
def decline(
    policy_id: int, *, version: int, reason: str, by: Viewer, now: datetime | None = None
) -> PolicyRef:
    """Refuse an application in underwriting, with a sentence; the end of those who issue, not who sell."""
    at = now or utc_now()
    today = business_date(at, settings().time_zone)
    with unit_of_work() as session:
        row = _locked(session, policy_id, by)
        if row.status is not PolicyStatus.UNDERWRITING:
            audit.check_version(session, POLICY.entity, POLICY.noun, row, version)
            raise Refusal("Only an application in underwriting can be declined.")
        given = {"end_reason": EndReason.DECLINED.value, "end_date": today}
        if _move(session, row, "cancelled", by=by, now=at, version=version, given=given, reason=reason):
            row.end_reason, row.end_date = EndReason.DECLINED, today
            end_riders(session, [row.id], at=at)
        return store.ref(session, row.id)


@action(Permission.POLICIES_ISSUE)
def mature(policy_id: int, *, version: int, by: Viewer, now: datetime | None = None) -> PolicyRef:
    """End an endowment or unit-linked policy at the end of its term."""
    at = now or utc_now()
    with unit_of_work() as session:
        row = _locked(session, policy_id, by)
        category = session.get_one(Product, row.product_id).category
        today = business_date(at, settings().time_zone)
        if row.expiry_date is not None and row.expiry_date > today:
            raise Refusal(f"The term ends on {day_told(row.expiry_date)}; it can't mature before.")
        moved = _move(
            session,
            row,
            "matured",
            by=by,
            now=at,
            version=version,
            given={"has_maturity": category in rules.MATURING, "end_date": row.expiry_date},
        )
        if moved:
            row.end_reason, row.end_date = EndReason.MATURITY, row.expiry_date
            end_riders(session, [row.id], at=at)
        return store.ref(session, row.id)


def claimed_by_death(session: Session, policy_id: int, *, died_on: date, at: datetime) -> None:
    """End a life policy whose death claim was settled; called by claims in its own transaction.

    Also one that lapsed or was cancelled after the death. Where cover was over by then, or no life is
    insured, the policy stays as it is.
    """
    row = session.get(Policy, policy_id, with_for_update=True)
    if row is None:
        raise NotFound("policy", policy_id)
    category = session.get_one(Product, row.product_id).category
    is_life = category in LIFE_CATEGORIES
    term_ends = None if category in rules.FOR_LIFE else row.expiry_date
    was_covered = all(died_on < day for day in (row.end_date, term_ends) if day is not None)
    clock = SystemActor()
    if not (is_life and was_covered and _can_be_claimed(row, clock)):
        return
    given = {"is_life": is_life, "died_in_cover": was_covered, "end_date": died_on}
    moved = audit.move(session, POLICY, row, to="claimed", actor=clock, at=at, given=given)
    if moved:
        row.end_reason, row.end_date = EndReason.DEATH, died_on
        # They cover the day of the death, for whatever else is claimed for it.
        end_riders(session, [row.id], at=at, ends=died_on + timedelta(days=1))


def _can_be_claimed(row: Policy, by: Actor) -> bool:
    return any(move.to == "claimed" for move in POLICY.moves(row.status.value, by.role_name))


def activate_due(*, now: datetime | None = None) -> int:
    """Activate issued policies whose cover has begun; how many. Run by the clock, any number of times."""
    at = now or utc_now()
    today = business_date(at, settings().time_zone)
    with unit_of_work() as session:
        due = session.scalars(
            select(Policy)
            .where(Policy.status == PolicyStatus.ISSUED, Policy.effective_date <= today)
            .with_for_update(skip_locked=True)
        ).all()
        for row in due:
            _activate(session, row, actor=SystemActor(), at=at)
        return len(due)


def _activate(session: Session, row: Policy, *, actor: Actor, at: datetime) -> None:
    audit.move(session, POLICY, row, to="active", actor=actor, at=at, given={"is_effective": True})


def _locked(session: Session, policy_id: int, by: Viewer) -> Policy:
    row = store.one(session, policy_id, by=by, lock=True)
    if row is None:
        raise NotFound("policy", policy_id)
    return row


def _move(
    session: Session,
    row: Policy,
    to: str,
    *,
    by: Viewer,
    now: datetime | None,
    version: int,
    given: Mapping[str, object] | None = None,
    reason: str = "",
) -> bool:
    complete = bool(row.sum_assured and row.premium_amount is not None)
    return audit.move(
        session,
        POLICY,
        row,
        to=to,
        actor=by,
        at=now or utc_now(),
        given={"terms_complete": complete, **(given or {})},
        reason=reason,
        expected_version=version,
    )


def _check_terms(row: Policy, quoted: Quote, begins: date) -> None:
    """What was applied for holds on the day on which cover begins. Raises Invalid beside the day."""
    told = [failure.message for failure in quoted.failures]
    if row.rate_id is not None:  # priced elsewhere otherwise: by an import, which brings its premium
        told += quoted.wrong.values()
        if not told and quoted.premium is not None and quoted.premium.annual != row.annual_premium:
            told.append(
                f"If cover begins on {day_told(begins)} the premium is ${quoted.premium.annual:,.2f} a"
                f" year, not the ${row.annual_premium:,.2f} that was applied for."
            )
    if told:
        ways = "Choose another day, or decline it to have it entered anew."
        raise Invalid({"effective_date": " ".join([*told, ways])})


def _shift_riders(session: Session, row: Policy, begins: date, expires: date) -> None:
    if (begins, expires) == (row.effective_date, row.expiry_date):
        return
    for rider in store.riders(session, row.id):
        if rider.is_active:
            rider.start_date, rider.end_date = begins, expires
        elif rider.end_date == row.expiry_date:  # planned to the end, and not ended before
            rider.start_date, rider.end_date = max(rider.start_date, begins), expires
    for one in store.beneficiaries(session, row.id):
        if one.valid_to is not None and one.valid_to <= begins:
            session.delete(one)  # was replaced before cover began
        elif one.valid_from == row.effective_date or one.valid_from < begins:
            one.valid_from = begins
