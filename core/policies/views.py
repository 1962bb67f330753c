"""Reads policies for lists and for the detail, in scope and masked by role."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from core.access import Permission, Viewer, read
from core.access.tables import User
from core.catalog.tables import Product
from core.customers.tables import Customer
from core.db import unit_of_work
from core.kit.errors import NotFound
from core.kit.lifecycle import MoveOption
from core.kit.masking import initial
from core.policies import actions, dated, rules, store
from core.policies.records import (
    BeneficiaryRow,
    ChangeRow,
    PolicyDetail,
    PolicyEvent,
    PolicyFilter,
    PolicyPage,
    PolicyRow,
    RiderRow,
)
from core.policies.status import ISSUING, POLICY, told
from core.policies.tables import Beneficiary, Policy, PolicyChange, PolicyStatus
from core.sales.tables import Lead

MANY = 500
_EVENTS = text("""
select
    h.at,
    coalesce(u.first_name || ' ' || u.last_name, 'The system') as who,
    h.to_status as what,
    coalesce(h.reason, '') as reason
from status_history h
left join users u on u.id = h.actor_id
where h.entity = 'policy' and h.entity_id = :id
order by h.id desc
limit 200
""")


@read(Permission.POLICIES_VIEW)
def policies(wanted: PolicyFilter, *, by: Viewer, after: str | None = None, limit: int = 50) -> PolicyPage:
    """A page of matching policies in scope, newest first, with totals over all that match."""
    size = min(limit, MANY)
    with unit_of_work() as session:
        rows = store.page(session, wanted, after=after, limit=size + 1, by=by)
        count, annual = store.totals(session, wanted, by=by)
    shown = tuple(_masked(row, by) for row in rows[:size])
    last = shown[-1] if len(rows) > size else None
    return PolicyPage(shown, count, annual, f"{last.application_date}:{last.id}" if last else None)


@read(Permission.POLICIES_VIEW)
def policy(policy_id: int | str, *, by: Viewer, now: datetime | None = None) -> PolicyDetail:
    """Everything about one policy, by id or number. Raises NotFound outside the scope."""
    with unit_of_work() as session:
        found = (
            store.one(session, policy_id, by=by)
            if isinstance(policy_id, int)
            else store.by_number(session, policy_id, by=by)
        )
        if found is None:
            raise NotFound("policy", policy_id)
        return _detail(session, found, by, dated.day_of(now))


def _detail(session: Session, row: Policy, by: Viewer, today: date) -> PolicyDetail:
    lead_code = session.scalar(select(Lead.lead_code).where(Lead.id == row.lead_id))
    issues = by.can(Permission.POLICIES_ISSUE) and by.role_name in ISSUING
    is_to_issue = row.status is PolicyStatus.UNDERWRITING and issues
    customer = session.get_one(Customer, row.customer_id)
    category = session.get_one(Product, row.product_id).category
    lapsed_on = row.end_date if row.status is PolicyStatus.LAPSED else None
    expires = None if category in rules.FOR_LIFE else row.expiry_date
    return PolicyDetail(
        row=_masked(store.row(session, row.id), by),
        premium_amount=row.premium_amount,
        instalments_a_year=row.payment_frequency.per_year,
        payment_method=row.payment_method.value,
        term_years=row.term_years,
        end_date=row.end_date,
        end_reason=row.end_reason.value if row.end_reason else "",
        lead_id=row.lead_id,
        lead_code=lead_code or "",
        agent_id=row.agent_id,
        product_id=row.product_id,
        customer_code=customer.customer_code,
        can_decline=is_to_issue,
        can_change=by.can(Permission.POLICIES_ENTER) and "ended" not in POLICY[row.status.value].flags,
        premium_lines=tuple(row.premium_lines or ()),
        riders=tuple(
            RiderRow(
                one.id,
                one.rider_type.value,
                one.rider_name,
                one.sum_assured,
                one.premium_amount,
                one.start_date,
                one.end_date,
                one.is_active,
            )
            for one in store.riders(session, row.id)
        ),
        beneficiaries=tuple(_beneficiary(one, by) for one in store.beneficiaries(session, row.id)),
        notes=by.free_text(row.notes),
        moves=_moves(row, by, matures=category in rules.MATURING and _is_over(row, today)),
        history=_events(session, row, by=by),
        changes=_changes(session, row.id),
        reinstatable_until=rules.reinstatable_until(lapsed_on, expires) if lapsed_on and issues else None,
        identity=customer.kyc_status.value if is_to_issue else "",
    )


def _is_over(row: Policy, today: date) -> bool:
    return row.expiry_date is not None and row.expiry_date <= today


def _changes(session: Session, policy_id: int) -> tuple[ChangeRow, ...]:
    found = session.execute(
        select(PolicyChange, User.first_name + " " + User.last_name)
        .outerjoin(User, User.id == PolicyChange.created_by)
        .where(PolicyChange.policy_id == policy_id)
        .order_by(PolicyChange.id.desc())
        .limit(MANY)
    )
    return tuple(
        ChangeRow(
            kind=one.kind,
            effective_date=one.effective_date,
            before=one.before,
            after=one.after,
            at=one.created_at,
            who=who or "The system",
            is_planned=one.is_planned,
            is_replaced=one.replaced_at is not None,
        )
        for one, who in found
    )


def _moves(row: Policy, by: Viewer, *, matures: bool) -> tuple[MoveOption, ...]:
    """Moves that the core would take from the viewer, and the issue with what keeps them from it."""
    needed = {
        "underwriting": Permission.POLICIES_ENTER,
        "cancelled": Permission.POLICIES_ENTER,
        "issued": Permission.POLICIES_ISSUE,
        "matured": Permission.POLICIES_ISSUE,
    }
    of_issuer = actions.may_issue(row, by)
    return tuple(
        replace(move, missing=tuple(need for need in move.needs if not of_issuer.get(need.name, True)))
        for move in POLICY.options(row.status.value, by.role_name)
        if move.to in needed and by.can(needed[move.to]) and (matures or move.to != "matured")
    )


def _beneficiary(one: Beneficiary, by: Viewer) -> BeneficiaryRow:
    may = by.can(Permission.PII_VIEW)
    return BeneficiaryRow(
        one.id,
        one.beneficiary_class.value,
        one.name if may else initial(one.name),
        one.relation,
        one.share_pct,
        one.date_of_birth if may else None,
        one.valid_from,
        one.valid_to,
    )


def _events(session: Session, row: Policy, *, by: Viewer) -> tuple[PolicyEvent, ...]:
    end_reason = row.end_reason.value if row.end_reason else None
    return tuple(
        PolicyEvent(found.at, found.who, told(found.what, end_reason)[0], by.free_text(found.reason))
        for found in session.execute(_EVENTS, {"id": row.id})
    )


def _masked(row: PolicyRow, by: Viewer) -> PolicyRow:
    if by.can(Permission.PII_VIEW):
        return row
    first, _, last = row.customer.partition(" ")
    return replace(row, customer=f"{initial(first)} {initial(last)}".strip())
