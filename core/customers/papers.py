"""Documents of customers: uploaded, verified by somebody else, opened by who may (quality.md S, Files)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime

from sqlalchemy import ARRAY, ColumnElement, String, and_, any_, cast, select
from sqlalchemy.orm import Session

from core.access import Permission, Viewer, action, read
from core.customers import changing
from core.customers.tables import Customer, KycStatus
from core.db import once, unit_of_work
from core.documents import DocumentRow, DocumentType, OpenedFile, Upload, papers
from core.documents.tables import CustomerDocument
from core.kit.dates import business_date, utc_now
from core.kit.errors import Invalid, NotAllowed, NotFound
from core.kit.fields import plain_text
from core.kit.ids import RequestId
from core.kit.settings import settings

LONGEST_NOTE = 255
MOST = 200
KINDS = tuple(kind.value for kind in DocumentType)
PROOFS = (DocumentType.ID_PROOF, DocumentType.ADDRESS_PROOF)
LIVE = CustomerDocument.withdrawn_at.is_(None)


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
    with unit_of_work() as session:
        return keep(
            session,
            changing.locked(session, customer_id, by=by),
            Upload(kind, name, content),
            request_id=request_id,
            by=by,
            at=now or utc_now(),
            expires_on=expires_on,
            notes=notes,
        )


def keep(
    session: Session,
    row: Customer,
    upload: Upload,
    *,
    request_id: RequestId,
    by: Viewer,
    at: datetime,
    expires_on: date | None = None,
    notes: str = "",
    policy_id: int | None = None,
    draft_id: int | None = None,
) -> int:
    """The same in the caller's transaction, also as a document of a policy or of an entry."""
    papers.check_kind(upload.kind, KINDS)
    noted = plain_text(notes)
    if len(noted) > LONGEST_NOTE:
        raise Invalid({"notes": f"At most {LONGEST_NOTE} characters fit here."})

    def make() -> int:
        made = CustomerDocument(
            customer_id=row.id,
            policy_id=policy_id,
            draft_id=draft_id,
            document_type=DocumentType(upload.kind),
            notes=noted or None,
            expires_on=expires_on,
            **papers.kept(session, upload, by=by, at=at),
        )
        session.add(made)
        session.flush()
        details = {"document": made.id, "kind": upload.kind, "sha256": made.sha256}
        changing.told(session, row.id, by=by, action="customer.upload_document", details=details)
        return made.id

    return once(
        session,
        request_id,
        action="customers.upload_document",
        content={
            **papers.mark(upload),
            "customer": row.id,
            "policy": policy_id,
            "draft": draft_id,
            "expires_on": expires_on,
            "notes": noted,
        },
        actor_id=by.user_id,
        make=make,
    )


@action(Permission.KYC_VERIFY)
def verify_document(document_id: int, *, by: Viewer, now: datetime | None = None) -> None:
    """Mark a document as looked at and right. Who uploaded it can't, and an expired one is refused."""
    at = now or utc_now()
    with unit_of_work() as session:
        found = _document(session, document_id)
        row = changing.locked(session, found.customer_id, by=by)
        _read_again(session, found, row)
        _may_read(found, by)
        if found.expires_on is not None and found.expires_on < _day(at):
            raise Invalid({"expires_on": "This document has expired: ask for a newer one."})
        if papers.verify(found, by=by, at=at):
            details = {"document": found.id, "kind": found.document_type.value}
            changing.told(session, row.id, by=by, action="customer.verify_document", details=details)


@action(Permission.DOCUMENTS_UPLOAD)
def withdraw_document(
    document_id: int, *, reason: str = "", by: Viewer, now: datetime | None = None
) -> None:
    """Withdraw a document that should not have been uploaded; its row stays.

    Whoever uploaded it takes it back while it is not verified; otherwise it takes somebody who may verify
    it, and a reason. Doing it again changes nothing. Raises Invalid, NotAllowed, Conflict, NotFound.
    """
    with unit_of_work() as session:
        withdraw(session, document_id, reason=reason, by=by, at=now or utc_now())


def withdraw(
    session: Session,
    document_id: int,
    *,
    reason: str,
    by: Viewer,
    at: datetime,
    is_ours: Callable[[CustomerDocument], bool] = lambda _: False,
) -> None:
    """The same in the caller's transaction; `is_ours` says whether it stands at another record in sight."""
    found = _document(session, document_id)
    if is_ours(found):
        row = changing.locked_beside(session, found.customer_id)
        may_read = changing.is_in_sight(session, row.id, by=by)
    else:
        row = changing.locked(session, found.customer_id, by=by, with_archived=True)
        may_read = True
    _read_again(session, found, row)
    if not papers.is_new_and_own(found, by) and found.withdrawn_at is None:
        _may_read(found, by)
    may_verify = may_read and by.can(Permission.KYC_VERIFY)
    was_verified = found.verified
    if not papers.withdraw(session, found, reason=reason, may_verify=may_verify, by=by, at=at):
        return
    session.flush()
    details: dict[str, object] = {"document": found.id, "kind": found.document_type.value}
    if was_verified:
        details |= _review_again(session, row, found.document_type, _day(at))
    changing.told(session, row.id, by=by, action="customer.withdraw_document", details=details)


def _day(at: datetime) -> date:
    """The business day of a moment, by which documents expire and reviews fall due."""
    return business_date(at, settings().time_zone)


def _review_again(session: Session, row: Customer, kind: DocumentType, today: date) -> dict[str, object]:
    """An identity without a proof of the kind is due to be looked at again; what changed by that."""
    if row.kyc_status is not KycStatus.VERIFIED or kind not in PROOFS:
        return {}
    if any(one.verified for one in proofs(session, row, today)[kind]):
        return {}
    before, row.kyc_review_on = row.kyc_review_on, min(row.kyc_review_on or today, today)
    if before == row.kyc_review_on:
        return {}
    changed = {"kyc_review_on": [str(before), str(row.kyc_review_on)]}
    return {"changed": changed, "from_version": row.version}


def _read_again(session: Session, found: CustomerDocument, row: Customer) -> None:
    """A document as it is now that its customer is locked. Raises NotFound when it is another's by now."""
    session.refresh(found)
    if found.customer_id != row.id:
        raise NotFound("document", found.id)


@action(Permission.DOCUMENTS_VIEW)
def open_document(document_id: int, *, by: Viewer) -> OpenedFile:
    """The file of a document, with a log row for each time that it is opened.

    Medical reports open for those alone who may read them. Raises NotFound outside the scope.
    """
    with unit_of_work() as session:
        found = _document(session, document_id)
        row = changing.in_sight(session, found.customer_id, by=by)
        _may_read(found, by)
        file = papers.opened(found, by=by)
        details = {"document": found.id, "kind": found.document_type.value}
        changing.told(session, row.id, by=by, action="customer.open_document", details=details)
        return file


@read(Permission.DOCUMENTS_VIEW)
def documents(customer_id: int, *, by: Viewer) -> tuple[DocumentRow, ...]:
    """The documents of a customer, newest first; of medical reports only that they exist."""
    with unit_of_work() as session:
        changing.in_sight(session, customer_id, by=by)
        return document_rows(session, and_(CustomerDocument.customer_id == customer_id, LIVE), by=by)


@read(Permission.DOCUMENTS_VIEW)
def withdrawn_documents(customer_id: int, *, by: Viewer) -> tuple[DocumentRow, ...]:
    """What was withdrawn of a customer's documents, by whom, when and why."""
    with unit_of_work() as session:
        changing.in_sight(session, customer_id, by=by)
        return document_rows(session, and_(CustomerDocument.customer_id == customer_id, ~LIVE), by=by)


def named_files(paths: Sequence[str]) -> set[str]:
    """Which of the kept files belong to documents of customers, withdrawn ones too."""
    with unit_of_work() as session:
        named = CustomerDocument.file_path == any_(cast(paths, ARRAY(String)))
        return set(session.scalars(select(CustomerDocument.file_path).where(named).distinct()))


def document_rows(
    session: Session,
    which: ColumnElement[bool],
    *,
    by: Viewer,
    is_in_sight: bool = True,
    is_ours: bool = True,
) -> tuple[DocumentRow, ...]:
    """Documents of customers in or out of the viewer's sight, newest first; the caller has checked that.

    `is_ours` says whether the record that the list is of is in sight, its customer or another one.
    """
    rows = session.execute(
        papers.listing(CustomerDocument)
        .where(which)
        .order_by(CustomerDocument.upload_date.desc(), CustomerDocument.id.desc())
        .limit(MOST)
    ).all()
    return tuple(_row(*row, by=by, is_in_sight=is_in_sight, is_ours=is_ours) for row in rows)


def _row(
    one: CustomerDocument, *names: str | None, by: Viewer, is_in_sight: bool, is_ours: bool
) -> DocumentRow:
    may_read = is_in_sight and by.can(Permission.DOCUMENTS_VIEW) and is_readable(one.document_type, by)
    may_verify = by.can(Permission.KYC_VERIFY)
    return replace(
        papers.row(one, *names, may_read=may_read, may_verify=may_verify, is_ours=is_ours, by=by),
        expires_on=one.expires_on,
        policy_id=one.policy_id,
        draft_id=one.draft_id,
    )


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
    found = session.scalars(
        select(CustomerDocument)
        .where(CustomerDocument.customer_id == row.id, CustomerDocument.document_type.in_(PROOFS), LIVE)
        .order_by(CustomerDocument.id.desc())
    )
    listed: dict[DocumentType, list[CustomerDocument]] = {kind: [] for kind in PROOFS}
    for one in found:
        if one.expires_on is None or one.expires_on >= today:
            listed[one.document_type].append(one)
    return listed
