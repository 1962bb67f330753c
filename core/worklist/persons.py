"""Work on people: proofs to verify, identities to decide on and to review, birthdays."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Date, String, and_, cast, exists, func, null, select, union_all
from sqlalchemy.orm import InstrumentedAttribute, aliased

from core.access import Permission, in_scope
from core.audit.tables import StatusChange
from core.customers import KYC
from core.customers.reviews import is_due
from core.customers.tables import Customer, KycStatus
from core.documents import DocumentType
from core.documents.tables import CustomerDocument
from core.kit.settings import settings
from core.sales import WorkItem
from core.sales.records import Link
from core.worklist.asking import NAME, SOON_DAYS, Asked, Asking, Kind

PROOFS = (DocumentType.ID_PROOF, DocumentType.ADDRESS_PROOF)


def _identities(asking: Asking) -> Asked:
    """Checks that wait for a decision or for a proof to be verified, which somebody else uploaded."""
    waiting = union_all(_to_decide(asking), _unverified(asking)).subquery("waiting")
    return (
        select(Customer.customer_code, waiting.c.kind, waiting.c.since, NAME)
        .join(Customer, Customer.id == waiting.c.customer_id)
        .where(Customer.kyc_status == KycStatus.PENDING, _live_customers(asking))
        .order_by(waiting.c.kind.is_not(None), waiting.c.since, Customer.id)
    )


def _unverified(asking: Asking) -> Asked:
    return select(
        CustomerDocument.customer_id,
        cast(CustomerDocument.document_type, String).label("kind"),
        CustomerDocument.upload_date.label("since"),
    ).where(
        CustomerDocument.verified.is_(False),
        CustomerDocument.withdrawn_at.is_(None),
        CustomerDocument.document_type.in_(PROOFS),
        CustomerDocument.uploaded_by != asking.by.user_id,
    )


def _to_decide(asking: Asking) -> Asked:
    """Pending customers with a proof of each kind that counts: verified, valid, newer than a decision."""
    pending = aliased(Customer)
    decided_at = (
        select(func.max(StatusChange.at))
        .where(
            StatusChange.entity == KYC.entity,
            StatusChange.entity_id == pending.id,
            StatusChange.to_status.in_([KycStatus.VERIFIED, KycStatus.REJECTED]),
        )
        .correlate(pending)
        .scalar_subquery()
    )
    proven = (
        exists().where(
            CustomerDocument.customer_id == pending.id,
            CustomerDocument.document_type == kind,
            CustomerDocument.verified,
            CustomerDocument.withdrawn_at.is_(None),
            CustomerDocument.uploaded_by != asking.by.user_id,
            func.coalesce(CustomerDocument.expires_on >= asking.today, True),
            func.coalesce(CustomerDocument.upload_date > decided_at, True),
        )
        for kind in PROOFS
    )
    return select(
        pending.id.label("customer_id"),
        cast(null(), String).label("kind"),
        pending.status_changed_at.label("since"),
    ).where(pending.kyc_status == KycStatus.PENDING, *proven)


def _identity_item(asking: Asking, row: Any) -> WorkItem:
    proof = (row.kind or "").replace("_", " ").capitalize().replace("Id ", "ID ")
    return WorkItem(
        kind="document_to_verify",
        title=asking.shown(row.name) or row.customer_code,
        reason=proof or "Both proofs are verified: decide on the identity",
        due=row.since,
        value=None,
        is_overdue=False,
        link=Link("customer", (("customer", row.customer_code),)),
    )


def _live_customers(asking: Asking) -> ColumnElement[bool]:
    return and_(
        in_scope(asking.by, Customer.agent_id, Customer.territory_id),
        Customer.archived_at.is_(None),
        Customer.merged_into_id.is_(None),
    )


def _kyc_reviews(asking: Asking) -> Asked:
    """Verified customers whose review is due within 30 days, and those whose verification has expired.

    An agent's own, a leader's of the line.
    """
    due_on = func.coalesce(Customer.kyc_review_on, _day(Customer.status_changed_at))
    return (
        select(Customer.customer_code, Customer.kyc_status, due_on.label("due_on"), NAME)
        .where(is_due(asking.soon), _live_customers(asking))
        .order_by(due_on, Customer.id)
    )


def _day(at: InstrumentedAttribute[datetime]) -> ColumnElement[date]:
    """The business day of a moment."""
    return cast(func.timezone(settings().time_zone, at), Date)


def _kyc_item(asking: Asking, row: Any) -> WorkItem:
    is_expired = row.kyc_status is KycStatus.EXPIRED
    return WorkItem(
        kind="kyc_review",
        title=asking.shown(row.name) or row.customer_code,
        reason="Verification expired: ask for new proofs" if is_expired else "Review due",
        due=asking.at(row.due_on),
        value=None,
        is_overdue=is_expired or row.due_on < asking.today,
        link=Link("customer", (("customer", row.customer_code),)),
    )


def _birthdays(asking: Asking) -> Asked:
    """Customers of the viewer's own book whose birthday falls within 30 days."""
    days = [asking.today + timedelta(days=n) for n in range(SOON_DAYS + 1)]
    if any((day.month, day.day) == (3, 1) for day in days):
        days.append(date(2024, 2, 29))
    born = Customer.date_of_birth
    key = func.extract("month", born) * 100 + func.extract("day", born)
    first = asking.today.month * 100 + asking.today.day
    return (
        select(Customer.customer_code, born, NAME)
        .where(
            Customer.agent_id == asking.by.user_id,
            key.in_([day.month * 100 + day.day for day in days]),
            _live_customers(asking),
        )
        .order_by((key < first), key, Customer.id)
    )


def _birthday_item(asking: Asking, row: Any) -> WorkItem:
    day = _next_birthday(row.date_of_birth, asking.today)
    return WorkItem(
        kind="birthday",
        title=asking.shown(row.name) or row.customer_code,
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


KINDS = (
    Kind("document_to_verify", Permission.KYC_VERIFY, _identities, _identity_item, Customer.agent_id),
    Kind("kyc_review", Permission.CUSTOMERS_EDIT, _kyc_reviews, _kyc_item, Customer.agent_id),
    Kind("birthday", Permission.LEADS_EDIT, _birthdays, _birthday_item),
)
