"""Documents of entries and policies: what is asked for, what there is, and what is uploaded for them.

A document is the customer's and is opened and verified as such (core/customers/papers.py); what was
uploaded in an entry belongs to its policy from the submission on.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, update
from sqlalchemy.orm import Session

from core.access import Permission, Viewer, action, read
from core.catalog.rules import LIFE_CATEGORIES
from core.catalog.tables import Product
from core.customers import changing
from core.customers import papers as customer_papers
from core.customers import store as customer_store
from core.customers.tables import Customer
from core.db import unit_of_work
from core.documents import AskedDocument, DocumentRow, DocumentType, Upload
from core.documents.tables import CustomerDocument
from core.kit.dates import age_last_birthday, utc_now
from core.kit.errors import Invalid, NotFound
from core.kit.ids import RequestId
from core.policies import rules, store
from core.policies.records import Application, PolicyDocuments, application_of
from core.policies.tables import Policy, PolicyDraft


@read(Permission.POLICIES_ENTER)
def draft_documents(draft_id: int, *, by: Viewer, today: date) -> PolicyDocuments:
    """What an entry of the viewer's asks for, what was uploaded in it, and what the customer has else.

    Raises NotFound for an entry that is not the viewer's.
    """
    with unit_of_work() as session:
        row = store.own_draft(session, draft_id, by.user_id, lock=False)
        if row.customer_id is None:
            return PolicyDocuments((), (), ())
        own = CustomerDocument.draft_id == row.id
        asked = _asked_of(session, row.customer_id, application_of(row), today)
        return _documents(session, row.customer_id, own, asked, today, by=by)


@read(Permission.DOCUMENTS_VIEW)
def documents(policy_id: int, *, by: Viewer, today: date) -> PolicyDocuments:
    """What a policy asks for, what was uploaded for it, and what the customer has else.

    Raises NotFound for a policy outside the scope.
    """
    with unit_of_work() as session:
        row = store.one(session, policy_id, by=by)
        if row is None:
            raise NotFound("policy", policy_id)
        own = CustomerDocument.policy_id == row.id
        return _documents(session, row.customer_id, own, _asked_of_policy(session, row), today, by=by)


@action(Permission.POLICIES_ENTER)
def add_draft_document(
    draft_id: int,
    *,
    kind: str,
    name: str,
    content: bytes,
    request_id: RequestId,
    by: Viewer,
    expires_on: date | None = None,
    now: datetime | None = None,
) -> int:
    """Keep a file in an entry of the viewer's, once per request. Raises FileRefused, Invalid, NotFound."""
    with unit_of_work() as session:
        row = store.own_draft(session, draft_id, by.user_id, lock=True)
        if row.customer_id is None:
            raise Invalid({"customer_id": "Choose the customer first."})
        return customer_papers.keep(
            session,
            changing.locked(session, row.customer_id, by=by),
            Upload(kind, name, content),
            request_id=request_id,
            by=by,
            at=now or utc_now(),
            expires_on=expires_on,
            draft_id=row.id,
        )


@action(Permission.DOCUMENTS_UPLOAD)
def add_document(
    policy_id: int,
    *,
    kind: str,
    name: str,
    content: bytes,
    request_id: RequestId,
    by: Viewer,
    expires_on: date | None = None,
    now: datetime | None = None,
) -> int:
    """Keep a file of a policy, once per request; its customer need not be in sight.

    Raises FileRefused, Invalid, NotFound.
    """
    with unit_of_work() as session:
        row = store.one(session, policy_id, by=by)
        if row is None:
            raise NotFound("policy", policy_id)
        return customer_papers.keep(
            session,
            changing.locked_beside(session, row.customer_id),
            Upload(kind, name, content),
            request_id=request_id,
            by=by,
            at=now or utc_now(),
            expires_on=expires_on,
            policy_id=row.id,
        )


@action(Permission.DOCUMENTS_UPLOAD)
def withdraw_document(
    document_id: int, *, reason: str = "", by: Viewer, now: datetime | None = None
) -> None:
    """Withdraw a document of an entry or a policy, as customers.withdraw_document does.

    It is in sight with its policy, with the viewer's own entry, or with its customer. Raises Invalid,
    NotAllowed, Conflict, NotFound.
    """
    with unit_of_work() as session:
        customer_papers.withdraw(
            session,
            document_id,
            reason=reason,
            by=by,
            at=now or utc_now(),
            is_ours=lambda found: _is_ours(session, found, by),
        )


def _is_ours(session: Session, found: CustomerDocument, by: Viewer) -> bool:
    if found.policy_id is not None:
        return store.one(session, found.policy_id, by=by) is not None
    return found.draft_id is not None and store.draft(session, found.draft_id, by.user_id) is not None


def hand_over(session: Session, draft_id: int, policy: Policy) -> None:
    """From the submission on, what was uploaded in the entry is the policy's too."""
    session.execute(
        update(CustomerDocument)
        .where(CustomerDocument.draft_id == draft_id, CustomerDocument.customer_id == policy.customer_id)
        .values(policy_id=policy.id)
    )


def leave_with(session: Session, row: PolicyDraft) -> None:
    """What was uploaded for the customer of before stays with them, not with the entry."""
    session.execute(
        update(CustomerDocument)
        .where(
            CustomerDocument.draft_id == row.id,
            CustomerDocument.customer_id.is_distinct_from(row.customer_id),
        )
        .values(draft_id=None)
    )


def _asked_of(
    session: Session, customer_id: int, application: Application, today: date
) -> dict[DocumentType, str]:
    product = session.get(Product, application.product_id) if application.product_id else None
    person = session.get_one(Customer, customer_id)
    return rules.asked_documents(
        is_life=product is not None and product.category in LIFE_CATEGORIES,
        age=age_last_birthday(person.date_of_birth, application.effective_date or today),
        sum_assured=application.sum_assured,
    )


def _asked_of_policy(session: Session, row: Policy) -> dict[DocumentType, str]:
    person = session.get_one(Customer, row.customer_id)
    product = session.get_one(Product, row.product_id)
    begins = row.effective_date or row.application_date
    return rules.asked_documents(
        is_life=product.category in LIFE_CATEGORIES,
        age=age_last_birthday(person.date_of_birth, begins),
        sum_assured=row.sum_assured,
    )


def _documents(
    session: Session,
    customer_id: int,
    is_own: ColumnElement[bool],
    asked: dict[DocumentType, str],
    today: date,
    *,
    by: Viewer,
) -> PolicyDocuments:
    is_in_sight = customer_store.one(session, customer_id, by=by) is not None
    whose, is_live = CustomerDocument.customer_id == customer_id, customer_papers.LIVE
    own, withdrawn, others = (
        customer_papers.document_rows(
            session, and_(whose, *which), by=by, is_in_sight=is_in_sight, is_ours=is_in_sight or is_ours
        )
        for which, is_ours in (
            ((is_own, is_live), True),
            ((is_own, ~is_live), True),
            ((is_own.is_not(True), is_live), False),
        )
    )
    found = (*own, *others)
    return PolicyDocuments(
        asked=tuple(
            AskedDocument(kind.value, why, _best(own if kind is _MEDICAL else found, kind, today))
            for kind, why in asked.items()
        ),
        own=own,
        others=others,
        withdrawn=withdrawn,
    )


# An examination is about one application; proofs of who somebody is serve for all.
_MEDICAL = DocumentType.MEDICAL_REPORT


def _best(found: tuple[DocumentRow, ...], kind: DocumentType, today: date) -> DocumentRow | None:
    """The newest unexpired document of the kind, one that is verified before others."""
    usable = [one for one in found if one.kind == kind.value and not one.is_expired(today)]
    usable.sort(key=lambda one: one.uploaded_at, reverse=True)
    return next((one for one in usable if one.is_verified), usable[0] if usable else None)
