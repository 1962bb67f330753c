"""What waits for the viewer across sales, policies, claims and customers, with why and by when.

Sales' own part comes from `core.sales.my_day`; the rest is asked here, one bounded statement per
kind, each with the count of all that match.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session

from core import sales
from core.access import Permission, Viewer, in_scope, read
from core.catalog.status import RATE
from core.catalog.tables import Product, ProductRate
from core.claims import CLAIM
from core.claims.tables import Claim
from core.customers.tables import Customer, KycStatus
from core.db import unit_of_work
from core.documents.tables import CustomerDocument
from core.kit.dates import business_date, start_of_day, utc_now
from core.kit.settings import settings
from core.policies import POLICY
from core.policies.tables import Policy, PolicyDraft
from core.sales import MyDay, WorkItem
from core.sales.records import Link

SOON_DAYS = 30
NEAR_TARGET_DAYS = 3


@dataclass(frozen=True, slots=True)
class _Asking:
    """Who asks, when, and on which business day."""

    by: Viewer
    now: datetime
    today: date

    @property
    def soon(self) -> date:
        """The end of the days ahead that are looked at."""
        return self.today + timedelta(days=SOON_DAYS)

    def at(self, day: date) -> datetime:
        """The beginning of a business day."""
        return start_of_day(day, settings().time_zone)


# The rows of a statement, whatever their columns.
Asked = Select[*tuple[Any, ...]]

Kind = tuple[str, Permission, Callable[[_Asking], Asked], Callable[[_Asking, Any], WorkItem]]


@read(Permission.HOME_VIEW)
def worklist(*, by: Viewer, now: datetime | None = None, limit: int = 30) -> MyDay:
    """The most urgent things of every kind, at most `limit` each, and how many there are of each."""
    at = now or utc_now()
    asking = _Asking(by, at, business_date(at, settings().time_zone))
    day = sales.my_day(by=by, now=at, limit=limit)
    items, counts = list(day.items), dict(day.counts)
    with unit_of_work() as session:
        for kind, permission, statement, present in KINDS:
            if by.can(permission):
                rows = _asked(session, statement(asking), limit)
                counts[kind] = rows[0].of_all if rows else 0
                items += [present(asking, row) for row in rows]
    return MyDay(tuple(items), counts)


def _asked(session: Session, statement: Asked, limit: int) -> list[Any]:
    counted = statement.add_columns(func.count().over().label("of_all"))
    return list(session.execute(counted.limit(limit)))


_NAME = (Customer.first_name + " " + Customer.last_name).label("name")


def _claims(asking: _Asking, condition: ColumnElement[bool]) -> Asked:
    scope = or_(
        in_scope(asking.by, Claim.agent_id, Claim.territory_id),
        Claim.assigned_to == asking.by.user_id,
    )
    return (
        select(
            Claim.claim_number,
            Claim.target_on,
            Claim.assessed_amount,
            Claim.reserve_amount,
            Claim.status,
            _NAME,
        )
        .join(Customer, Customer.id == Claim.customer_id)
        .where(scope, condition)
        .order_by(Claim.target_on.asc().nulls_last(), Claim.reserve_amount.desc(), Claim.id)
    )


def _approvals(asking: _Asking) -> Asked:
    """Assessed claims that were passed on to the viewer, or that nobody was asked to decide yet."""
    me = asking.by.user_id
    independent = and_(
        func.coalesce(Claim.created_by, 0) != me,
        func.coalesce(Claim.assessed_by, 0) != me,
        func.coalesce(Claim.agent_id, 0) != me,
        func.coalesce(Claim.first_approved_by, 0) != me,
    )
    mine = or_(Claim.approval_passed_to == me, Claim.approval_passed_to.is_(None))
    return _claims(asking, and_(Claim.status == "assessed", independent, mine))


def _near_target(asking: _Asking) -> Asked:
    """Undecided claims whose target is past or within three days: the viewer's, or nobody's."""
    near = Claim.target_on <= asking.today + timedelta(days=NEAR_TARGET_DAYS)
    whose = or_(Claim.assigned_to == asking.by.user_id, Claim.assigned_to.is_(None))
    waiting = Claim.status.in_(CLAIM.flagged("waiting"))
    return _claims(asking, and_(waiting, Claim.status != "assessed", near, whose))


def _claim_item(kind: str, reason: Callable[[_Asking, Any], str]) -> Callable[[_Asking, Any], WorkItem]:
    def present(asking: _Asking, row: Any) -> WorkItem:
        due = row.target_on
        return WorkItem(
            kind=kind,
            title=f"{row.claim_number} {_shown(asking, row.name)}",
            reason=reason(asking, row),
            due=asking.at(due) if due else None,
            value=row.assessed_amount or row.reserve_amount,
            is_overdue=due is not None and due < asking.today,
            link=Link("claim", (("claim", row.claim_number),)),
        )

    return present


def _shown(asking: _Asking, name: str) -> str:
    return name if asking.by.can(Permission.PII_VIEW) else ""


def _target_reason(asking: _Asking, row: Any) -> str:
    days = (row.target_on - asking.today).days
    when = "today" if days == 0 else f"in {days} days" if days > 0 else f"{-days} days ago"
    return f"{CLAIM.label(row.status.value)}; its target {'was' if days < 0 else 'is'} {when}"


def _applications(asking: _Asking) -> Asked:
    """Applications in underwriting that the viewer neither sold nor entered, oldest first."""
    return (
        select(
            Policy.policy_number,
            Policy.application_date,
            Policy.sum_assured,
            Policy.premium_amount,
            Product.name.label("product"),
            _NAME,
        )
        .join(Customer, Customer.id == Policy.customer_id)
        .join(Product, Product.id == Policy.product_id)
        .where(
            Policy.status == "underwriting",
            in_scope(asking.by, Policy.agent_id, Policy.territory_id),
            Policy.agent_id != asking.by.user_id,
            func.coalesce(Policy.created_by, 0) != asking.by.user_id,
        )
        .order_by(Policy.application_date, Policy.id)
    )


def _application_item(asking: _Asking, row: Any) -> WorkItem:
    return WorkItem(
        kind="policy_to_issue",
        title=f"{row.policy_number} {_shown(asking, row.name)}",
        reason=f"{row.product}, applied {(asking.today - row.application_date).days} days ago",
        due=None,
        value=row.sum_assured,
        is_overdue=False,
        link=Link("policy", (("policy", row.policy_number),)),
    )


def _rates(asking: _Asking) -> Asked:
    """Rate versions that somebody else entered and that wait for approval."""
    return (
        select(Product.name.label("product"), ProductRate.version_number, ProductRate.valid_from)
        .join(Product, Product.id == ProductRate.product_id)
        .where(
            ProductRate.status.in_(RATE.flagged("waiting")),
            func.coalesce(ProductRate.entered_by, 0) != asking.by.user_id,
        )
        .order_by(ProductRate.valid_from, ProductRate.id)
    )


def _rate_item(asking: _Asking, row: Any) -> WorkItem:
    return WorkItem(
        kind="rates_to_approve",
        title=row.product,
        reason=f"Rate version {row.version_number} waits for approval",
        due=asking.at(row.valid_from),
        value=None,
        is_overdue=row.valid_from < asking.today,
        link=Link("products", (("product", row.product),)),
    )


def _drafts(asking: _Asking) -> Asked:
    """The viewer's own policy entries that are not submitted."""
    return (
        select(PolicyDraft.id, PolicyDraft.step, PolicyDraft.updated_at, _NAME)
        .outerjoin(Customer, Customer.id == PolicyDraft.customer_id)
        .where(
            PolicyDraft.owner_id == asking.by.user_id,
            PolicyDraft.policy_id.is_(None),
            PolicyDraft.discarded_at.is_(None),
        )
        .order_by(PolicyDraft.updated_at.desc())
    )


def _draft_item(_asking: _Asking, row: Any) -> WorkItem:
    return WorkItem(
        kind="draft",
        title=row.name or "No customer yet",
        reason=f"Policy entry left at the step {row.step}",
        due=None,
        value=None,
        is_overdue=False,
        link=Link("entry", (("draft", str(row.id)),)),
    )


def _documents(asking: _Asking) -> Asked:
    """Proofs that somebody else uploaded and nobody has verified."""
    return (
        select(
            Customer.customer_code,
            CustomerDocument.document_type,
            CustomerDocument.upload_date,
            _NAME,
        )
        .join(Customer, Customer.id == CustomerDocument.customer_id)
        .where(
            CustomerDocument.verified.is_(False),
            CustomerDocument.document_type.in_(["id_proof", "address_proof"]),
            CustomerDocument.uploaded_by != asking.by.user_id,
            Customer.kyc_status == KycStatus.PENDING,
            _live_customers(asking),
        )
        .order_by(CustomerDocument.upload_date, CustomerDocument.id)
    )


def _document_item(asking: _Asking, row: Any) -> WorkItem:
    kind = row.document_type.value.replace("_", " ")
    return WorkItem(
        kind="document_to_verify",
        title=_shown(asking, row.name) or row.customer_code,
        reason=kind.capitalize().replace("Id ", "ID "),
        due=row.upload_date,
        value=None,
        is_overdue=False,
        link=Link("customer", (("customer", row.customer_code),)),
    )


def _live_customers(asking: _Asking) -> ColumnElement[bool]:
    return and_(
        in_scope(asking.by, Customer.agent_id, Customer.territory_id),
        Customer.archived_at.is_(None),
        Customer.merged_into_id.is_(None),
    )


def _kyc_reviews(asking: _Asking) -> Asked:
    """Verified customers whose review is due within 30 days; an agent's own, a leader's of the line."""
    return (
        select(Customer.customer_code, Customer.kyc_review_on, _NAME)
        .where(
            Customer.kyc_status == KycStatus.VERIFIED,
            Customer.kyc_review_on <= asking.soon,
            _live_customers(asking),
        )
        .order_by(Customer.kyc_review_on, Customer.id)
    )


def _kyc_item(asking: _Asking, row: Any) -> WorkItem:
    return WorkItem(
        kind="kyc_review",
        title=_shown(asking, row.name) or row.customer_code,
        reason="Review due",
        due=asking.at(row.kyc_review_on),
        value=None,
        is_overdue=row.kyc_review_on < asking.today,
        link=Link("customer", (("customer", row.customer_code),)),
    )


def _renewals(asking: _Asking) -> Asked:
    """Policies in force of the viewer's own book that expire within 30 days."""
    return (
        select(
            Policy.policy_number,
            Policy.expiry_date,
            Policy.premium_amount,
            Product.name.label("product"),
            _NAME,
        )
        .join(Customer, Customer.id == Policy.customer_id)
        .join(Product, Product.id == Policy.product_id)
        .where(
            Policy.status.in_(POLICY.flagged("in_force")),
            Policy.expiry_date >= asking.today,
            Policy.expiry_date <= asking.soon,
            Policy.agent_id == asking.by.user_id,
        )
        .order_by(Policy.expiry_date, Policy.id)
    )


def _renewal_item(asking: _Asking, row: Any) -> WorkItem:
    return WorkItem(
        kind="renewal",
        title=_shown(asking, row.name) or row.policy_number,
        reason=f"{row.product} {row.policy_number} expires",
        due=asking.at(row.expiry_date),
        value=row.premium_amount,
        is_overdue=False,
        link=Link("policy", (("policy", row.policy_number),)),
    )


def _birthdays(asking: _Asking) -> Asked:
    """Customers of the viewer's own book whose birthday falls within 30 days."""
    days = [asking.today + timedelta(days=n) for n in range(SOON_DAYS + 1)]
    if any((day.month, day.day) == (3, 1) for day in days):
        days.append(date(2024, 2, 29))
    born = Customer.date_of_birth
    key = func.extract("month", born) * 100 + func.extract("day", born)
    first = asking.today.month * 100 + asking.today.day
    return (
        select(Customer.customer_code, born, _NAME)
        .where(
            Customer.agent_id == asking.by.user_id,
            key.in_([day.month * 100 + day.day for day in days]),
            _live_customers(asking),
        )
        .order_by((key < first), key, Customer.id)
    )


def _birthday_item(asking: _Asking, row: Any) -> WorkItem:
    day = _next_birthday(row.date_of_birth, asking.today)
    return WorkItem(
        kind="birthday",
        title=_shown(asking, row.name) or row.customer_code,
        reason=f"Turns {day.year - row.date_of_birth.year}",
        due=asking.at(day),
        value=None,
        is_overdue=False,
        link=Link("customer", (("customer", row.customer_code),)),
    )


def _next_birthday(born: date, today: date) -> date:
    """The next birthday from today on; of 29 February on 1 March in common years."""
    for year in (today.year, today.year + 1):
        try:
            day = born.replace(year=year)
        except ValueError:
            day = date(year, 3, 1)
        if day >= today:
            return day
    return date(today.year + 1, 3, 1)


_P = Permission
KINDS: tuple[Kind, ...] = (
    (
        "claim_to_approve",
        _P.CLAIMS_APPROVE,
        _approvals,
        _claim_item("claim_to_approve", lambda *_: "Assessed"),
    ),
    ("claim_near_target", _P.CLAIMS_HANDLE, _near_target, _claim_item("claim_near_target", _target_reason)),
    ("policy_to_issue", _P.POLICIES_ISSUE, _applications, _application_item),
    ("rates_to_approve", _P.RATES_APPROVE, _rates, _rate_item),
    ("draft", _P.POLICIES_ENTER, _drafts, _draft_item),
    ("document_to_verify", _P.KYC_VERIFY, _documents, _document_item),
    ("kyc_review", _P.CUSTOMERS_EDIT, _kyc_reviews, _kyc_item),
    ("renewal", _P.POLICIES_ENTER, _renewals, _renewal_item),
    ("birthday", _P.LEADS_EDIT, _birthdays, _birthday_item),
)
