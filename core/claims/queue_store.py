"""Every statement that reads the claims queue: its order, its filters, its pages and totals."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Date,
    Select,
    and_,
    case,
    func,
    literal,
    not_,
    or_,
    select,
    tuple_,
    union_all,
)
from sqlalchemy.orm import Session, aliased

from core.access import Permission, Viewer
from core.access.tables import User
from core.catalog.tables import Product, ProductCategory
from core.claims.records import ClaimFilter
from core.claims.status import CLAIM, CLOSED, HANDLING, OPEN, WAITING
from core.claims.store import passed_to_nobody, visible
from core.claims.tables import Claim, ClaimFlag, ClaimTask
from core.customers.tables import Customer
from core.kit.errors import Invalid
from core.kit.fields import like_anywhere, plain_text
from core.policies.tables import Policy


def tasks_of(viewer: Viewer) -> ColumnElement[bool]:
    """Tasks that wait for the viewer while their claim is not over: theirs, and those that are nobody's.

    Nobody's are those given to nobody on a claim that nobody handles: they wait for whoever sees it.
    """
    task, claim = aliased(ClaimTask), aliased(Claim)
    nobodys = _open(task.id, task, claim).where(_is_nobody(task.assigned_to), _is_nobody(claim.assigned_to))
    return ClaimTask.id.in_(union_all(*_theirs(viewer, task.id, task, claim), nobodys.correlate(None)))


def _theirs(
    viewer: Viewer, column: Any, task: type[ClaimTask], claim: type[Claim]
) -> tuple[Select[Any], Select[Any]]:
    """Open tasks given to the viewer and, of the claims that they handle, those given to nobody.

    Each is looked up by its own index: no index serves an "or" over two tables.
    """
    me, found = viewer.user_id, _open(column, task, claim)
    given = found.where(task.assigned_to == me)
    fallen = found.where(claim.assigned_to == me, _is_nobody(task.assigned_to))
    return given.correlate(None), fallen.correlate(None)


def _open(column: Any, task: type[ClaimTask], claim: type[Claim]) -> Select[Any]:
    """A column of the tasks that are not done, of claims that are not over."""
    return (
        select(column)
        .select_from(task)
        .join(claim, claim.id == task.claim_id)
        .where(task.done_at.is_(None), claim.status.not_in(CLAIM.flagged(CLOSED)))
    )


def _is_nobody(user_id: Any) -> ColumnElement[bool]:
    """Whether a column names nobody, or somebody who has left or handles no claims any more."""
    person = aliased(User)
    works = select(person.id).where(person.id == user_id, person.is_active, person.role.in_(HANDLING))
    return ~works.exists()


def waiting_for(viewer: Viewer) -> ColumnElement[bool]:
    """Claims whose next step is the viewer's: a task of theirs, or open and theirs to handle or decide.

    To decide they have what was passed on to them and, who may approve, the assessed ones that were
    passed on to nobody (or to somebody who has left) and that they took no part in (quality.md D12).
    """
    me = viewer.user_id
    ours = [Claim.assigned_to == me, Claim.approval_passed_to == me]
    if viewer.can(Permission.CLAIMS_APPROVE):
        parts = (Claim.created_by, Claim.assessed_by, Claim.agent_id, Claim.first_approved_by)
        ours.append(
            and_(
                Claim.status == "assessed",
                passed_to_nobody(),
                *(func.coalesce(part, 0) != me for part in parts),
            )
        )
    is_next = and_(Claim.status.in_(CLAIM.flagged(OPEN)), or_(*ours))
    if not viewer.can(Permission.CLAIMS_HANDLE):
        return func.coalesce(is_next, False)
    task, claim = aliased(ClaimTask), aliased(Claim)
    with_task = _theirs(viewer, task.claim_id, task, claim)
    return Claim.id.in_(union_all(select(Claim.id).where(is_next).correlate(None), *with_task))


def matching(wanted: ClaimFilter, *, by: Viewer, today: date) -> list[ColumnElement[bool]]:
    """The conditions of a filter, scope included."""
    open_now, undecided = (Claim.status.in_(CLAIM.flagged(flag)) for flag in (OPEN, WAITING))
    chosen = (
        Claim.status.in_(wanted.statuses) if wanted.statuses else None,
        Claim.policy_id.in_(_in_lines(wanted.lines)) if wanted.lines else None,
        or_(
            Claim.assigned_to.in_(wanted.assigned_to),
            and_(Claim.assigned_to.is_(None), literal(wanted.unassigned)),
        )
        if wanted.assigned_to or wanted.unassigned
        else None,
        Claim.fraud_points > 0 if wanted.flagged else None,
        and_(undecided, Claim.target_on < today) if wanted.late else None,
        waiting_for(by) if wanted.waits_for_me else None,
        open_now if wanted.open_only else None,
        Claim.policy_id == wanted.policy_id if wanted.policy_id else None,
        Claim.customer_id == wanted.customer_id if wanted.customer_id else None,
        Claim.reported_date >= wanted.reported_from if wanted.reported_from else None,
        Claim.reported_date <= wanted.reported_to if wanted.reported_to else None,
    )
    words = (_holds(word, by) for word in plain_text(wanted.text).split()[:6])
    return [visible(by), *(one for one in chosen if one is not None), *words]


def _in_lines(lines: Collection[str]) -> Select[Any]:
    """The ids of the policies of these lines."""
    return (
        select(Policy.id)
        .join(Product, Product.id == Policy.product_id)
        .join(ProductCategory, ProductCategory.category == Product.category)
        .where(ProductCategory.line.in_(lines))
        .correlate(None)
    )


def _holds(word: str, by: Viewer) -> ColumnElement[bool]:
    """A number or, for those who may see it, the customer's name.

    Each is looked up by its own index: no index serves an "or" over three tables.
    """
    made, pattern = aliased(Claim), like_anywhere(word)
    found = [
        select(made.id).where(made.claim_number.ilike(pattern)),
        select(made.id)
        .join(Policy, Policy.id == made.policy_id)
        .where(Policy.policy_number.ilike(pattern)),
    ]
    if by.can(Permission.PII_VIEW):
        person = select(made.id).join(Customer, Customer.id == made.customer_id)
        found.append(person.where(Customer.search_name.like(func.plain_text(pattern))))
    return Claim.id.in_(union_all(*(one.correlate(None) for one in found)))


ASSIGNEE = aliased(User)
# What has no target, or is decided, comes after what has one.
NO_TARGET = date(9999, 12, 31)
# How PostgreSQL writes truth values.
_FLAGS = {"t": True, "f": False}


def _joined(*columns: Any) -> Select[Any]:
    return (
        select(*columns)
        .select_from(Claim)
        .join(Policy, Policy.id == Claim.policy_id)
        .join(Product, Product.id == Policy.product_id)
        .join(ProductCategory, ProductCategory.category == Product.category)
        .join(Customer, Customer.id == Claim.customer_id)
        .outerjoin(ASSIGNEE, ASSIGNEE.id == Claim.assigned_to)
    )


ROW = (
    Claim,
    Policy.policy_number,
    Product.name.label("product"),
    ProductCategory.line,
    Customer.first_name,
    Customer.last_name,
    (ASSIGNEE.first_name + " " + ASSIGNEE.last_name).label("assignee"),
    select(func.array_agg(ClaimFlag.code))
    .where(ClaimFlag.claim_id == Claim.id)
    .correlate(Claim)
    .scalar_subquery()
    .label("codes"),
)


def page(
    session: Session, wanted: ClaimFilter, *, by: Viewer, today: date, after: str | None, limit: int
) -> list[Any]:
    """Matching claims: what waits for the viewer first, then the nearest target, then what is decided.

    The last column is the row's place in that order; `after` is the place of the row before the page.
    """
    order: tuple[Any, ...] = (
        not_(waiting_for(by)),
        Claim.status.not_in(CLAIM.flagged(OPEN)),
        case(
            (Claim.status.in_(CLAIM.flagged(WAITING)), func.coalesce(Claim.target_on, NO_TARGET)),
            else_=NO_TARGET,
        ),
        Claim.id,
    )
    named = [one.label(name) for one, name in zip(order, ("idle", "is_over", "target", "id"), strict=True)]
    keys = select(*named).where(*matching(wanted, by=by, today=today)).order_by(*named).limit(limit)
    if after is not None:
        keys = keys.where(tuple_(*order) > tuple_(*_place(after)))
    # The page is found first, and only its rows are joined with what they point at.
    chosen = keys.subquery("chosen")
    place = func.concat_ws(":", *chosen.c)
    statement = (
        _joined(*ROW, not_(chosen.c.idle).label("waits"), place.label("place"))
        .join(chosen, chosen.c.id == Claim.id)
        .order_by(*chosen.c)
    )
    return list(session.execute(statement))


def _place(after: str) -> tuple[ColumnElement[Any], ...]:
    """The place that a cursor names. Raises Invalid when it is none."""
    waits, is_over, target, claim_id = (*after.split(":"), "", "", "", "")[:4]
    try:
        return (
            literal(_FLAGS[waits]),
            literal(_FLAGS[is_over]),
            literal(date.fromisoformat(target), Date),
            literal(int(claim_id), BigInteger),
        )
    except (KeyError, ValueError):
        raise Invalid({"after": "That page does not exist."}) from None


def totals(session: Session, wanted: ClaimFilter, *, by: Viewer, today: date) -> tuple[int, Decimal]:
    """(count, reserve in US dollars) of all that match."""
    sums = select(func.count(), func.coalesce(func.sum(Claim.reserve_amount), 0)).select_from(Claim)
    found = session.execute(sums.where(*matching(wanted, by=by, today=today))).one()
    return found[0], found[1]


def row(session: Session, claim_id: int, *, by: Viewer) -> Any:
    """One claim as the queue shows it; the caller has checked the scope."""
    columns = (*ROW, waiting_for(by).label("waits"))
    return session.execute(_joined(*columns).where(Claim.id == claim_id)).one()
