"""Work on claims, applications, rates, entries and renewals."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from core.access import Permission, in_scope
from core.catalog.status import RATE
from core.catalog.tables import Product, ProductRate
from core.claims import CLAIM
from core.claims.queue_store import tasks_of
from core.claims.store import passed_to_nobody, visible
from core.claims.tables import Claim, ClaimDocument, ClaimTask
from core.customers.tables import Customer
from core.documents.papers import MEDICAL
from core.policies import POLICY
from core.policies.rules import DECIDES_UP_TO
from core.policies.tables import Policy, PolicyDraft
from core.sales import WorkItem
from core.sales.records import Link
from core.worklist.asking import NAME, Asked, Asking, Kind

NEAR_TARGET_DAYS = 3


def _claims(asking: Asking, condition: ColumnElement[bool]) -> Asked:
    return (
        select(
            Claim.claim_number,
            Claim.target_on,
            Claim.assessed_amount,
            Claim.reserve_amount,
            Claim.status,
            Claim.approval_passed_to,
            NAME,
        )
        .join(Customer, Customer.id == Claim.customer_id)
        .where(visible(asking.by), condition)
        .order_by(Claim.target_on.asc().nulls_last(), Claim.reserve_amount.desc(), Claim.id)
    )


def _approvals(asking: Asking) -> Asked:
    """Assessed claims that were passed on to the viewer, or that nobody here was asked to decide."""
    me = asking.by.user_id
    independent = and_(
        func.coalesce(Claim.created_by, 0) != me,
        func.coalesce(Claim.assessed_by, 0) != me,
        func.coalesce(Claim.agent_id, 0) != me,
        func.coalesce(Claim.first_approved_by, 0) != me,
    )
    mine = or_(Claim.approval_passed_to == me, passed_to_nobody())
    return _claims(asking, and_(Claim.status == "assessed", independent, mine))


def _near_target(asking: Asking) -> Asked:
    """Undecided claims whose target is past or within three days: the viewer's, or nobody's."""
    near = Claim.target_on <= asking.today + timedelta(days=NEAR_TARGET_DAYS)
    whose = or_(Claim.assigned_to == asking.by.user_id, Claim.assigned_to.is_(None))
    waiting = Claim.status.in_(CLAIM.flagged("waiting"))
    return _claims(asking, and_(waiting, Claim.status != "assessed", near, whose))


def _claim_item(kind: str, reason: Callable[[Asking, Any], str]) -> Callable[[Asking, Any], WorkItem]:
    def present(asking: Asking, row: Any) -> WorkItem:
        due = row.target_on
        return WorkItem(
            kind=kind,
            title=f"{row.claim_number} {asking.shown(row.name)}",
            reason=reason(asking, row),
            due=asking.at(due) if due else None,
            value=row.assessed_amount or row.reserve_amount,
            is_overdue=due is not None and due < asking.today,
            link=Link("claim", (("claim", row.claim_number),)),
        )

    return present


def _approval_reason(asking: Asking, row: Any) -> str:
    return "Passed on to you" if row.approval_passed_to == asking.by.user_id else "Assessed"


def _target_reason(asking: Asking, row: Any) -> str:
    days = (row.target_on - asking.today).days
    when = "today" if days == 0 else f"in {days} days" if days > 0 else f"{-days} days ago"
    return f"{CLAIM.label(row.status.value)}; its target {'was' if days < 0 else 'is'} {when}"


def _documents(asking: Asking) -> Asked:
    """Unverified documents of undecided claims that the viewer may read and has not uploaded.

    Of claims that are the viewer's or nobody's, and of those whose handler uploaded the document.
    """
    me = asking.by.user_id
    whose = or_(
        Claim.assigned_to == me,
        Claim.assigned_to.is_(None),
        Claim.assigned_to == ClaimDocument.uploaded_by,
    )
    may_read = or_(ClaimDocument.document_type != MEDICAL, Claim.assigned_to == me)
    return (
        _claims(asking, and_(Claim.status.in_(CLAIM.flagged("waiting")), whose))
        .add_columns(ClaimDocument.document_type, ClaimDocument.upload_date)
        .join(ClaimDocument, ClaimDocument.claim_id == Claim.id)
        .where(
            ClaimDocument.verified.is_(False),
            ClaimDocument.withdrawn_at.is_(None),
            ClaimDocument.uploaded_by != me,
            *([] if asking.by.can(Permission.MEDICAL_VIEW) else [may_read]),
        )
        .order_by(ClaimDocument.id)
    )


def _document_reason(_asking: Asking, row: Any) -> str:
    return f"{row.document_type.replace('_', ' ').capitalize()} to verify"


def _tasks(asking: Asking) -> Asked:
    """What the viewer has to do on claims that are not over, the nearest date first."""
    return (
        select(ClaimTask.title, ClaimTask.due_on, Claim.claim_number, NAME)
        .join(Claim, Claim.id == ClaimTask.claim_id)
        .join(Customer, Customer.id == Claim.customer_id)
        .where(visible(asking.by), tasks_of(asking.by))
        .order_by(ClaimTask.due_on.asc().nulls_last(), ClaimTask.id)
    )


def _task_item(asking: Asking, row: Any) -> WorkItem:
    due = row.due_on
    return WorkItem(
        kind="claim_task",
        title=f"{row.claim_number} {asking.shown(row.name)}",
        reason=asking.by.free_text(row.title, instead="Task"),
        due=asking.at(due) if due else None,
        value=None,
        is_overdue=due is not None and due < asking.today,
        link=Link("claim", (("claim", row.claim_number),)),
    )


def _policies(on: InstrumentedAttribute[Any], *conditions: ColumnElement[bool]) -> Asked:
    """Policies with their product and customer, the earliest of a date first."""
    return (
        select(
            Policy.policy_number,
            on,
            Policy.sum_assured,
            Policy.premium_amount,
            Product.name.label("product"),
            NAME,
        )
        .join(Customer, Customer.id == Policy.customer_id)
        .join(Product, Product.id == Policy.product_id)
        .where(*conditions)
        .order_by(on, Policy.id)
    )


def _applications(asking: Asking) -> Asked:
    """Applications in underwriting that the viewer may issue, oldest first.

    Those that they neither sold nor entered, up to the sum on which they decide.
    """
    most = DECIDES_UP_TO.get(asking.by.role_name)
    return _policies(
        Policy.application_date,
        Policy.status == "underwriting",
        in_scope(asking.by, Policy.agent_id, Policy.territory_id),
        Policy.agent_id != asking.by.user_id,
        func.coalesce(Policy.created_by, 0) != asking.by.user_id,
        *([] if most is None else [Policy.sum_assured <= most]),
    )


def _application_item(asking: Asking, row: Any) -> WorkItem:
    return WorkItem(
        kind="policy_to_issue",
        title=f"{row.policy_number} {asking.shown(row.name)}",
        reason=f"{row.product}, applied {(asking.today - row.application_date).days} days ago",
        due=None,
        value=row.sum_assured,
        is_overdue=False,
        link=Link("policy", (("policy", row.policy_number),)),
    )


def _rates(asking: Asking) -> Asked:
    """Rate versions that somebody else entered and that wait for approval."""
    return (
        select(
            Product.id.label("product_id"),
            Product.name.label("product"),
            ProductRate.version_number,
            ProductRate.valid_from,
        )
        .join(Product, Product.id == ProductRate.product_id)
        .where(
            ProductRate.status.in_(RATE.flagged("waiting")),
            func.coalesce(ProductRate.entered_by, 0) != asking.by.user_id,
        )
        .order_by(ProductRate.valid_from, ProductRate.id)
    )


def _rate_item(asking: Asking, row: Any) -> WorkItem:
    return WorkItem(
        kind="rates_to_approve",
        title=row.product,
        reason=f"Rate version {row.version_number} waits for approval",
        due=asking.at(row.valid_from),
        value=None,
        is_overdue=row.valid_from < asking.today,
        link=Link("products", (("product", str(row.product_id)),)),
    )


def _drafts(asking: Asking) -> Asked:
    """The viewer's own policy entries that are not submitted."""
    return (
        select(PolicyDraft.id, PolicyDraft.step, PolicyDraft.updated_at, NAME)
        .outerjoin(Customer, Customer.id == PolicyDraft.customer_id)
        .where(
            PolicyDraft.owner_id == asking.by.user_id,
            PolicyDraft.policy_id.is_(None),
            PolicyDraft.discarded_at.is_(None),
        )
        .order_by(PolicyDraft.updated_at.desc())
    )


def _draft_item(_asking: Asking, row: Any) -> WorkItem:
    return WorkItem(
        kind="draft",
        title=row.name or "No customer yet",
        reason=f"Policy entry left at the step {row.step}",
        due=None,
        value=None,
        is_overdue=False,
        link=Link("entry", (("draft", str(row.id)),)),
    )


def _renewals(asking: Asking) -> Asked:
    """Policies in force of the viewer's own book that expire within 30 days."""
    return _policies(
        Policy.expiry_date,
        Policy.status.in_(POLICY.flagged("in_force")),
        Policy.expiry_date >= asking.today,
        Policy.expiry_date <= asking.soon,
        Policy.agent_id == asking.by.user_id,
    )


def _renewal_item(asking: Asking, row: Any) -> WorkItem:
    return WorkItem(
        kind="renewal",
        title=asking.shown(row.name) or row.policy_number,
        reason=f"{row.product} {row.policy_number} expires",
        due=asking.at(row.expiry_date),
        value=row.premium_amount,
        is_overdue=False,
        link=Link("policy", (("policy", row.policy_number),)),
    )


KINDS = (
    Kind(
        "claim_to_approve",
        Permission.CLAIMS_APPROVE,
        _approvals,
        _claim_item("claim_to_approve", _approval_reason),
        Claim.assigned_to,
    ),
    Kind(
        "claim_near_target",
        Permission.CLAIMS_HANDLE,
        _near_target,
        _claim_item("claim_near_target", _target_reason),
        Claim.assigned_to,
    ),
    Kind(
        "claim_document",
        Permission.CLAIMS_HANDLE,
        _documents,
        _claim_item("claim_document", _document_reason),
        Claim.assigned_to,
    ),
    Kind("claim_task", Permission.CLAIMS_HANDLE, _tasks, _task_item),
    Kind("policy_to_issue", Permission.POLICIES_ISSUE, _applications, _application_item, Policy.agent_id),
    Kind("rates_to_approve", Permission.RATES_APPROVE, _rates, _rate_item, ProductRate.entered_by),
    Kind("draft", Permission.POLICIES_ENTER, _drafts, _draft_item),
    Kind("renewal", Permission.POLICIES_ENTER, _renewals, _renewal_item),
)
