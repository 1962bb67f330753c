"""Work on people: proofs to verify, identity reviews, birthdays."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, func, select

from core.access import Permission, in_scope
from core.customers.tables import Customer, KycStatus
from core.documents.tables import CustomerDocument
from core.sales import WorkItem
from core.sales.records import Link
from core.worklist.asking import NAME, SOON_DAYS, Asked, Asking, Kind


def _documents(asking: Asking) -> Asked:
    """Proofs that somebody else uploaded and nobody has verified."""
    return (
        select(
            Customer.customer_code,
            CustomerDocument.document_type,
            CustomerDocument.upload_date,
            NAME,
        )
        .join(Customer, Customer.id == CustomerDocument.customer_id)
        .where(
            CustomerDocument.verified.is_(False),
            CustomerDocument.withdrawn_at.is_(None),
            CustomerDocument.document_type.in_(["id_proof", "address_proof"]),
            CustomerDocument.uploaded_by != asking.by.user_id,
            Customer.kyc_status == KycStatus.PENDING,
            _live_customers(asking),
        )
        .order_by(CustomerDocument.upload_date, CustomerDocument.id)
    )


def _document_item(asking: Asking, row: Any) -> WorkItem:
    kind = row.document_type.value.replace("_", " ")
    return WorkItem(
        kind="document_to_verify",
        title=asking.shown(row.name) or row.customer_code,
        reason=kind.capitalize().replace("Id ", "ID "),
        due=row.upload_date,
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
    """Verified customers whose review is due within 30 days; an agent's own, a leader's of the line."""
    return (
        select(Customer.customer_code, Customer.kyc_review_on, NAME)
        .where(
            Customer.kyc_status == KycStatus.VERIFIED,
            Customer.kyc_review_on <= asking.soon,
            _live_customers(asking),
        )
        .order_by(Customer.kyc_review_on, Customer.id)
    )


def _kyc_item(asking: Asking, row: Any) -> WorkItem:
    return WorkItem(
        kind="kyc_review",
        title=asking.shown(row.name) or row.customer_code,
        reason="Review due",
        due=asking.at(row.kyc_review_on),
        value=None,
        is_overdue=row.kyc_review_on < asking.today,
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
    Kind("document_to_verify", Permission.KYC_VERIFY, _documents, _document_item, Customer.agent_id),
    Kind("kyc_review", Permission.CUSTOMERS_EDIT, _kyc_reviews, _kyc_item, Customer.agent_id),
    Kind("birthday", Permission.LEADS_EDIT, _birthdays, _birthday_item),
)
