"""Documents of customers: uploaded, verified by somebody else, opened by who may (quality.md S, Files)."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import documents
from core.access import Permission, Viewer, action
from core.customers import changing
from core.customers.tables import Customer
from core.db import once, unit_of_work
from core.documents import DocumentType
from core.documents.tables import CustomerDocument
from core.kit.dates import utc_now
from core.kit.errors import Invalid, NotAllowed, NotFound
from core.kit.fields import plain_text
from core.kit.ids import RequestId

LONGEST_NOTE = 255


@dataclass(frozen=True, slots=True)
class OpenedFile:
    """A file on its way to somebody who may read it."""

    name: str
    content_type: str
    content: bytes


@action(Permission.DOCUMENTS_UPLOAD)
def upload_document(
    customer_id: int,
    *,
    kind: str,
    name: str,
    content: bytes,
    request_id: RequestId,
    by: Viewer,
    expires_on: date | None = None,
    notes: str = "",
    now: datetime | None = None,
) -> int:
    """Keep a file of a customer, once per request id. Raises FileRefused and Invalid."""
    try:
        chosen = DocumentType(kind)
    except ValueError:
        raise Invalid({"kind": "Choose what the document is."}) from None
    noted = plain_text(notes)
    if len(noted) > LONGEST_NOTE:
        raise Invalid({"notes": f"At most {LONGEST_NOTE} characters fit here."})
    at = now or utc_now()
    with unit_of_work() as session:
        row = changing.locked(session, customer_id, by=by)
        kept: list[str] = []

        def make() -> int:
            file = documents.store(content, name)
            kept.append(file.path)
            made = CustomerDocument(
                customer_id=row.id,
                document_type=chosen,
                document_name=file.name,
                file_path=file.path,
                upload_date=at,
                uploaded_by=by.user_id,
                notes=noted or None,
                content_type=file.content_type,
                size_bytes=file.size_bytes,
                sha256=file.sha256,
                expires_on=expires_on,
            )
            session.add(made)
            session.flush()
            details = {"document": made.id, "kind": chosen.value, "sha256": file.sha256}
            changing.told(session, row.id, by=by, action="customer.upload_document", details=details)
            return made.id

        try:
            return once(
                session,
                request_id,
                action="customers.upload_document",
                content={
                    "customer": customer_id,
                    "kind": kind,
                    "name": name,
                    "sha256": hashlib.sha256(content).hexdigest(),
                    "expires_on": expires_on,
                },
                actor_id=by.user_id,
                make=make,
            )
        except BaseException:
            for path in kept:
                documents.discard(path)
            raise


@action(Permission.KYC_VERIFY)
def verify_document(document_id: int, *, by: Viewer, now: datetime | None = None) -> None:
    """Mark a document as looked at and right. Who uploaded it can't, and an expired one is refused."""
    at = now or utc_now()
    with unit_of_work() as session:
        found = _document(session, document_id)
        row = changing.locked(session, found.customer_id, by=by)
        if found.document_type is DocumentType.MEDICAL_REPORT:
            _may_read(found, by)
        if found.uploaded_by == by.user_id:
            raise NotAllowed(
                "You uploaded this document, so somebody else has to verify it.",
                remedy="Ask a colleague who may verify documents.",
            )
        if found.expires_on is not None and found.expires_on < at.date():
            raise Invalid({"expires_on": "This document has expired: ask for a newer one."})
        if found.verified:
            return
        found.verified, found.verified_by, found.verified_at = True, by.user_id, at
        details = {"document": found.id, "kind": found.document_type.value}
        changing.told(session, row.id, by=by, action="customer.verify_document", details=details)


@action(Permission.DOCUMENTS_VIEW)
def open_document(document_id: int, *, by: Viewer) -> OpenedFile:
    """The file of a document, with a log row for each time that it is opened.

    Medical reports open for those alone who may read them. Raises NotFound outside the scope.
    """
    with unit_of_work() as session:
        found = _document(session, document_id)
        row = changing.in_sight(session, found.customer_id, by=by)
        _may_read(found, by)
        content = documents.fetch(found.file_path)
        details = {"document": found.id, "kind": found.document_type.value}
        changing.told(session, row.id, by=by, action="customer.open_document", details=details)
        return OpenedFile(found.document_name, found.content_type or "application/octet-stream", content)


def _document(session: Session, document_id: int) -> CustomerDocument:
    found = session.get(CustomerDocument, document_id)
    if found is None:
        raise NotFound("document", document_id)
    return found


def _may_read(found: CustomerDocument, by: Viewer) -> None:
    if is_readable(found.document_type, by):
        return
    raise NotAllowed(
        "Medical reports open for underwriters only.", remedy="Ask an underwriter what it says."
    )


def is_readable(kind: DocumentType, by: Viewer) -> bool:
    """Whether the viewer may read documents of the kind."""
    return kind is not DocumentType.MEDICAL_REPORT or by.can(Permission.MEDICAL_VIEW)


def proofs(session: Session, row: Customer, today: date) -> dict[DocumentType, list[CustomerDocument]]:
    """The unexpired proofs of identity and address of a customer, newest first."""
    wanted = (DocumentType.ID_PROOF, DocumentType.ADDRESS_PROOF)
    found = session.scalars(
        select(CustomerDocument)
        .where(CustomerDocument.customer_id == row.id, CustomerDocument.document_type.in_(wanted))
        .order_by(CustomerDocument.id.desc())
    )
    listed: dict[DocumentType, list[CustomerDocument]] = {kind: [] for kind in wanted}
    for one in found:
        if one.expires_on is None or one.expires_on >= today:
            listed[one.document_type].append(one)
    return listed
