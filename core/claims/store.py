"""Every statement that reads or writes claims and their parts."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    func,
    or_,
    select,
    text,
)
from sqlalchemy.orm import Session

from core.access import SEES_ALL_ROWS, Role, Viewer, in_scope
from core.access.tables import User
from core.audit.tables import StatusChange
from core.catalog.tables import Category, Line, Product, ProductCategory
from core.claims.authorities import APPROVING_ROLES
from core.claims.records import ClaimRef
from core.claims.rules import Authority, Cover, Flag, insured_losses
from core.claims.status import HANDLING
from core.claims.tables import (
    Claim,
    ClaimAuthority,
    ClaimEvent,
    ClaimFlag,
    ClaimPayment,
    ClaimTask,
    LossType,
)
from core.kit.dates import business_date
from core.kit.fields import plain_text
from core.kit.money import ZERO
from core.kit.settings import settings
from core.policies import POLICY
from core.policies.tables import Policy, PolicyChange, PolicyRider
from core.sales.tables import Lead  # noqa: F401  # policies point at leads

DUPLICATE_DAYS = 3


def visible(viewer: Viewer) -> ColumnElement[bool]:
    """Claims in the viewer's scope, and those that were given or passed on to them."""
    return or_(
        in_scope(viewer, Claim.agent_id, Claim.territory_id),
        Claim.assigned_to == viewer.user_id,
        Claim.approval_passed_to == viewer.user_id,
    )


def passed_to_nobody() -> ColumnElement[bool]:
    """Claims that were passed on to nobody, or to somebody who can't approve claims any more."""
    holds = select(User.id).where(
        User.id == Claim.approval_passed_to, User.is_active, User.role.in_(APPROVING_ROLES)
    )
    return ~holds.correlate(Claim).exists()


def one(session: Session, claim_id: int, *, by: Viewer, lock: bool = False) -> Claim | None:
    """A claim by id when in scope."""
    statement = select(Claim).where(Claim.id == claim_id, visible(by))
    return session.scalars(statement.with_for_update() if lock else statement).one_or_none()


def by_number(session: Session, number: str, *, by: Viewer) -> Claim | None:
    """A claim by number when in scope."""
    return session.scalars(
        select(Claim).where(Claim.claim_number == plain_text(number).upper(), visible(by))
    ).one_or_none()


def ref(session: Session, row: Claim) -> ClaimRef:
    """The id, number and version of a claim as they are now."""
    session.flush()
    return ClaimRef(row.id, row.claim_number, row.version)


def line_of(session: Session, policy_id: int) -> Line:
    """The line of business of a policy."""
    return session.execute(
        select(ProductCategory.line)
        .join(Product, Product.category == ProductCategory.category)
        .join(Policy, Policy.product_id == Product.id)
        .where(Policy.id == policy_id)
    ).scalar_one()


def category_of(session: Session, policy: Policy) -> Category:
    """The category of a policy's product."""
    return session.get_one(Product, policy.product_id).category


def insured(session: Session, policy: Policy) -> tuple[LossType, ...]:
    """The kinds of loss that a policy covers, or covered while it had the rider."""
    riders = session.scalars(select(PolicyRider.rider_type).where(PolicyRider.policy_id == policy.id))
    return insured_losses(category_of(session, policy), set(riders))


def cover(session: Session, policy: Policy, loss_date: date) -> Cover:
    """What the rules look at of a policy and its past, for a loss on a date."""
    lapses = session.execute(
        text(
            "select to_status, (at at time zone :zone)::date as day from status_history"
            " where entity = 'policy' and entity_id = :id"
            " and (to_status = 'lapsed' or from_status = 'lapsed') order by id"
        ),
        {"id": policy.id, "zone": settings().time_zone},
    ).all()
    spans: list[tuple[date, date | None]] = []
    reinstatements: list[date] = []
    for change in lapses:
        if change.to_status == "lapsed":
            spans.append((change.day, None))
        elif spans:
            spans[-1] = (spans[-1][0], change.day)
            if change.to_status in POLICY.flagged("in_force"):
                reinstatements.append(change.day)
    riders = session.execute(
        select(PolicyRider.rider_type, PolicyRider.sum_assured).where(
            PolicyRider.policy_id == policy.id,
            PolicyRider.start_date <= loss_date,
            PolicyRider.end_date > loss_date,
        )
    ).all()
    return Cover(
        line=line_of(session, policy.id),
        insured=insured_losses(category_of(session, policy), {one.rider_type for one in riders}),
        effective=policy.effective_date,
        expiry=policy.expiry_date,
        ended=policy.end_date,
        is_issued=policy.issue_date is not None and policy.status.value not in POLICY.flagged("pending"),
        sum_assured=policy.sum_assured,
        reinstatements=tuple(reinstatements),
        lapsed_spans=tuple(spans),
        last_beneficiary_change=_last_beneficiary_change(session, policy, loss_date),
        riders_sum=sum((one.sum_assured for one in riders), ZERO),
    )


def _last_beneficiary_change(session: Session, policy: Policy, loss_date: date) -> date | None:
    """When the beneficiaries at the loss were changed last: entered or in force, whichever came later.

    From when they hold is what somebody typed. A change that was entered after the loss and dated before
    it counts as made on the day of the loss; one of the application is none.
    """
    changes = session.execute(
        select(PolicyChange.effective_date, PolicyChange.created_at).where(
            PolicyChange.policy_id == policy.id,
            PolicyChange.kind == "beneficiaries",
            PolicyChange.effective_date <= loss_date,
            PolicyChange.replaced_at.is_(None),
        )
    ).all()
    begins, issued = policy.effective_date or loss_date, policy.issue_date or loss_date
    zone = settings().time_zone
    dated = [(held, business_date(at, zone)) for held, at in changes]
    days = [max(held, entered) for held, entered in dated if held > begins or entered > issued]
    return min(max(days), loss_date) if days else None


def claims_in_24_months(session: Session, customer_id: int, until: date) -> int:
    """How many claims of a customer had their loss in the 24 months up to a date."""
    return (
        session.scalar(
            select(func.count()).where(
                Claim.customer_id == customer_id,
                Claim.loss_date > until - timedelta(days=730),
                Claim.loss_date <= until,
                Claim.status.not_in(["withdrawn"]),
            )
        )
        or 0
    )


def duplicates(
    session: Session, policy_id: int, loss_type: LossType, loss_date: date, *, but: int | None = None
) -> list[Claim]:
    """Claims on the policy with the same kind of loss within three days."""
    span = timedelta(days=DUPLICATE_DAYS)
    return list(
        session.scalars(
            select(Claim)
            .where(
                Claim.policy_id == policy_id,
                Claim.loss_type == loss_type,
                Claim.loss_date.between(loss_date - span, loss_date + span),
                Claim.id != (but or 0),
            )
            .order_by(Claim.id)
            .limit(10)
        )
    )


def authorities(session: Session) -> list[Authority]:
    """Every limit of authority."""
    return [
        Authority(row.role, row.line, row.max_amount) for row in session.scalars(select(ClaimAuthority))
    ]


def roles_of(session: Session, user_ids: Collection[int]) -> list[tuple[int, Role]]:
    """(user id, role) of some people, as they are now."""
    rows = session.execute(select(User.id, User.role).where(User.id.in_(user_ids)))
    return [(one.id, one.role) for one in rows]


# Who sees the claim: everybody of a role without bounds, who manages its territory or one above, and
# whom its agent reports to, directly or over others.
_SEEN_BY = """
with recursive upward as (
    select id, parent_territory_id, manager_id, 0 as depth from territories where id = :territory
    union
    select t.id, t.parent_territory_id, t.manager_id, u.depth + 1
    from territories t
    inner join upward u on u.parent_territory_id = t.id
    where u.depth < 50
),
line as (
    select reporting_manager_id from agents where user_id = :agent
    union
    select a.reporting_manager_id from agents a inner join line l on l.reporting_manager_id = a.user_id
)
"""
_NEXT_APPROVER = text(f"""{_SEEN_BY}
select u.id, u.first_name || ' ' || u.last_name as name
from users u
left join upward w on w.manager_id = u.id
left join line l on l.reporting_manager_id = u.id
where u.is_active
  and u.role::text = any(:roles)
  and not u.id = any(:involved)
  and (
      u.role::text = any(:unbounded)
      or w.manager_id is not null
      or l.reporting_manager_id is not null
      or u.id = :assigned
  )
order by array_position(cast(:roles as text[]), u.role::text), w.depth nulls last, u.id
limit 1
""")  # noqa: S608 - joins two constants


def next_approver(
    session: Session,
    *,
    roles: tuple[Role, ...],
    involved: list[int],
    territory_id: int | None,
    agent_id: int | None = None,
    assigned_to: int | None = None,
) -> tuple[int, str] | None:
    """(user id, name) of the nearest person of the roles who sees the claim and is not involved."""
    found = session.execute(
        _NEXT_APPROVER,
        {
            "territory": territory_id,
            "agent": agent_id,
            "assigned": assigned_to,
            "roles": [role.value for role in roles],
            "unbounded": [role.value for role in SEES_ALL_ROWS],
            "involved": involved,
        },
    ).one_or_none()
    return (found.id, found.name) if found else None


def passed_to(session: Session, row: Claim) -> str:
    """The name of whom a claim was passed on to; "" when it waits for everybody with authority."""
    name = select(User.first_name + " " + User.last_name).join(Claim, Claim.approval_passed_to == User.id)
    return session.scalar(name.where(Claim.id == row.id, ~passed_to_nobody())) or ""


# A claim is also seen by those to whom it was given or passed on.
_TASK_TAKERS = text(f"""{_SEEN_BY}
select u.id, u.first_name || ' ' || u.last_name as name, u.role::text as role
from users u
where u.is_active
  and u.role::text = any(:roles)
  and (
      u.role::text = any(:unbounded)
      or u.id in (select manager_id from upward)
      or u.id in (select reporting_manager_id from line)
      or u.id = any(:given)
  )
order by u.first_name, u.last_name, u.id
""")  # noqa: S608 - joins two constants


def task_takers(session: Session, row: Claim) -> list[tuple[int, str, str]]:
    """(user id, name, role) of everybody who can be given claims and sees this one, by name."""
    found = session.execute(
        _TASK_TAKERS,
        {
            "territory": row.territory_id,
            "agent": row.agent_id,
            "given": [one for one in (row.assigned_to, row.approval_passed_to) if one is not None],
            "roles": sorted(HANDLING),
            "unbounded": [role.value for role in SEES_ALL_ROWS],
        },
    )
    return [(one.id, one.name, Role(one.role).label) for one in found]


def handlers(session: Session) -> list[tuple[int, str, str]]:
    """(user id, name, role) of everybody who can be given claims, by name."""
    rows = session.scalars(
        select(User)
        .where(User.is_active, User.role.in_([Role(role) for role in HANDLING]))
        .order_by(User.first_name, User.last_name, User.id)
    )
    return [(one.id, f"{one.first_name} {one.last_name}", one.role.label) for one in rows]


def add_flags(session: Session, claim_id: int, flags: Sequence[Flag]) -> list[Flag]:
    """Put the flags of a claim; those it has already stay. The new ones."""
    known = set(session.scalars(select(ClaimFlag.code).where(ClaimFlag.claim_id == claim_id)))
    new = [flag for flag in flags if flag.code not in known]
    session.add_all(
        ClaimFlag(
            claim_id=claim_id,
            kind=flag.kind.value,
            code=flag.code,
            points=flag.points,
            explanation=flag.explanation,
        )
        for flag in new
    )
    return new


def was_investigated(session: Session, claim_id: int) -> bool:
    """Whether a claim has ever been in investigation."""
    there = select(StatusChange.id).where(
        StatusChange.entity == "claim",
        StatusChange.entity_id == claim_id,
        StatusChange.to_status == "investigation",
    )
    return bool(session.scalar(select(there.exists())))


def flagged_since_approval(session: Session, claim_id: int) -> bool:
    """Whether a document anomaly was marked on a claim after it was last approved."""
    approved = select(func.coalesce(func.max(ClaimEvent.id), 0)).where(
        ClaimEvent.claim_id == claim_id, ClaimEvent.event_type == "approved"
    )
    marked = select(ClaimEvent.id).where(
        ClaimEvent.claim_id == claim_id,
        ClaimEvent.event_type == "flag",
        ClaimEvent.id > approved.scalar_subquery(),
    )
    return session.scalar(marked.limit(1)) is not None


def open_tasks(session: Session, claim_id: int) -> int:
    """How many tasks of a claim are not done."""
    return (
        session.scalar(
            select(func.count()).where(ClaimTask.claim_id == claim_id, ClaimTask.done_at.is_(None))
        )
        or 0
    )


def last_payment(session: Session, claim_id: int) -> ClaimPayment | None:
    """The newest payment on a claim."""
    return session.scalars(
        select(ClaimPayment)
        .where(ClaimPayment.claim_id == claim_id)
        .order_by(ClaimPayment.id.desc())
        .limit(1)
    ).one_or_none()


def payment_by_reference(session: Session, reference: str) -> ClaimPayment | None:
    """The payment that has the reference, on whichever claim."""
    return session.scalars(
        select(ClaimPayment).where(ClaimPayment.payment_reference == reference)
    ).one_or_none()


def parts(session: Session, claim_id: int) -> tuple[list[Any], list[Any], list[Any], list[Any]]:
    """(flags, events with names, payments with names, tasks with names) of a claim."""
    flags = list(
        session.scalars(
            select(ClaimFlag)
            .where(ClaimFlag.claim_id == claim_id)
            .order_by(ClaimFlag.kind, ClaimFlag.points.desc(), ClaimFlag.id)
        )
    )
    name = User.first_name + " " + User.last_name
    events = session.execute(
        select(ClaimEvent, name)
        .outerjoin(User, User.id == ClaimEvent.actor_id)
        .where(ClaimEvent.claim_id == claim_id)
        .order_by(ClaimEvent.id.desc())
        .limit(500)
    ).all()
    payments = session.execute(
        select(ClaimPayment, name)
        .join(User, User.id == ClaimPayment.paid_by)
        .where(ClaimPayment.claim_id == claim_id)
        .order_by(ClaimPayment.id)
    ).all()
    tasks = session.execute(
        select(ClaimTask, name)
        .outerjoin(User, User.id == ClaimTask.assigned_to)
        .where(ClaimTask.claim_id == claim_id)
        .order_by(ClaimTask.done_at.is_not(None), ClaimTask.due_on, ClaimTask.id)
    ).all()
    return flags, list(events), list(payments), list(tasks)
