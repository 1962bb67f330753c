"""Documents of claims: uploaded, verified by somebody else, opened by who may (quality.md S, Files)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import ARRAY, String, any_, cast, select
from sqlalchemy.orm import Session

from core.access import Permission, Viewer, action
from core.claims import proofs, store
from core.claims.actions import event, locked, log
from core.claims.proofs import DOCUMENT_KINDS
from core.claims.status import CLAIM, WAITING
from core.claims.tables import Claim, ClaimDocument
from core.db import once, unit_of_work
from core.documents import DocumentRow, OpenedFile, Upload, papers
from core.kit.dates import business_date, utc_now
from core.kit.errors import NotAllowed, NotFound
from core.kit.ids import RequestId
from core.kit.settings import settings

LIVE = ClaimDocument.withdrawn_at.is_(None)


@action(Permission.DOCUMENTS_UPLOAD)
def add_document(
    claim_id: int,
    *,
    kind: str,
    name: str,
    content: bytes,
    request_id: RequestId,
    by: Viewer,
    now: datetime | None = None,
) -> int:
    """Keep a file of a claim, once per request. Raises FileRefused, Invalid, NotFound."""
    papers.check_kind(kind, DOCUMENT_KINDS)
    upload, at = Upload(kind, name, content), now or utc_now()
    with unit_of_work() as session:
        row = locked(session, claim_id, by)
        return once(
            session,
            request_id,
            action="claims.add_document",
            content={**papers.mark(upload), "claim": claim_id},
            actor_id=by.user_id,
            make=lambda: keep(session, row, upload, by=by, at=at),
        )


def keep(session: Session, row: Claim, upload: Upload, *, by: Viewer, at: datetime) -> int:
    """Keep a file of a claim in the caller's transaction; its id."""
    made = ClaimDocument(
        claim_id=row.id, document_type=upload.kind, **papers.kept(session, upload, by=by, at=at)
    )
    session.add(made)
    session.flush()
    event(session, row, "document", by=by, at=at, note=f"Added {_told(made)}")
    log(session, row, "claim.add_document", by=by, document=made.id, kind=upload.kind)
    return made.id


@action(Permission.CLAIMS_HANDLE)
def verify_document(document_id: int, *, by: Viewer, now: datetime | None = None) -> None:
    """Mark a document as looked at and right; who uploaded it can't. Doing it again changes nothing.

    With the last of the required ones the documents are complete, from that day on.
    """
    at = now or utc_now()
    with unit_of_work() as session:
        found = _document(session, document_id)
        row = _of(session, found, by, lock=True)
        session.refresh(found)
        _may_read(found, row, by)
        if not papers.verify(found, by=by, at=at):
            return
        event(session, row, "document", by=by, at=at, note=f"Verified {_told(found)}")
        session.flush()
        before = row.documents_complete_on
        if before is None and not missing(session, row):
            row.documents_complete_on = business_date(at, settings().time_zone)
        _log(session, row, found, "claim.verify_document", by=by, before=before)


@action(Permission.DOCUMENTS_UPLOAD)
def withdraw_document(
    document_id: int, *, reason: str = "", by: Viewer, now: datetime | None = None
) -> None:
    """Withdraw a document that should not have been uploaded; its row stays.

    Whoever uploaded it takes it back while it is not verified; otherwise it takes somebody who may verify
    it, and a reason. Doing it again changes nothing. Raises Invalid, NotAllowed, Conflict, NotFound.
    """
    at = now or utc_now()
    with unit_of_work() as session:
        found = _document(session, document_id)
        row = _of(session, found, by, lock=True)
        session.refresh(found)
        if not papers.is_new_and_own(found, by) and found.withdrawn_at is None:
            _may_read(found, row, by)
        may_verify = by.can(Permission.CLAIMS_HANDLE)
        if not papers.withdraw(session, found, reason=reason, may_verify=may_verify, by=by, at=at):
            return
        event(session, row, "document", by=by, at=at, note=f"Withdrew {_told(found)}{_why(found)}")
        session.flush()
        before = row.documents_complete_on
        if WAITING in CLAIM[row.status.value].flags and found.document_type in lost(session, row):
            row.documents_complete_on = None
        _log(session, row, found, "claim.withdraw_document", by=by, before=before)


def _log(
    session: Session, row: Claim, found: ClaimDocument, done: str, *, by: Viewer, before: date | None
) -> None:
    """Log what was done with a document, and whether the claim's are complete since, or no more."""
    days = [day.isoformat() if day else None for day in (before, row.documents_complete_on)]
    changed = {"changed": {"documents_complete_on": days}} if days[0] != days[1] else {}
    log(session, row, done, by=by, document=found.id, kind=found.document_type, **changed)


@action(Permission.DOCUMENTS_VIEW)
def open_document(document_id: int, *, by: Viewer) -> OpenedFile:
    """The file of a document, with a log row for each time that it is opened.

    Medical reports open for underwriters and for whoever the claim is assigned to.
    """
    with unit_of_work() as session:
        found = _document(session, document_id)
        row = _of(session, found, by)
        _may_read(found, row, by)
        file = papers.opened(found, by=by)
        log(session, row, "claim.open_document", by=by, document=found.id, kind=found.document_type)
        return file


def missing(session: Session, row: Claim) -> tuple[str, ...]:
    """The required kinds of a claim of which no document has been verified."""
    verified = session.scalars(
        select(ClaimDocument.document_type)
        .where(ClaimDocument.claim_id == row.id, ClaimDocument.verified, LIVE)
        .distinct()
    )
    return proofs.missing(row.loss_type, set(verified))


def lost(session: Session, row: Claim) -> tuple[str, ...]:
    """The required kinds that were proven until a document was withdrawn, and are not now."""
    withdrawn = session.scalars(
        select(ClaimDocument.document_type)
        .where(ClaimDocument.claim_id == row.id, ClaimDocument.verified, ~LIVE)
        .distinct()
    ).all()
    return tuple(kind for kind in missing(session, row) if kind in withdrawn)


def named_files(paths: Sequence[str]) -> set[str]:
    """Which of the kept files belong to documents of claims, withdrawn ones too."""
    with unit_of_work() as session:
        named = ClaimDocument.file_path == any_(cast(paths, ARRAY(String)))
        return set(session.scalars(select(ClaimDocument.file_path).where(named).distinct()))


def listed(session: Session, row: Claim, *, by: Viewer) -> tuple[DocumentRow, ...]:
    """The documents of a claim, newest first, withdrawn ones too, with what the viewer may do to each."""
    rows = session.execute(
        papers.listing(ClaimDocument)
        .where(ClaimDocument.claim_id == row.id)
        .order_by(ClaimDocument.id.desc())
        .limit(500)
    )
    return tuple(_row(row, *found, by=by) for found in rows)


def _row(row: Claim, one: ClaimDocument, *names: str | None, by: Viewer) -> DocumentRow:
    may_read = by.can(Permission.DOCUMENTS_VIEW) and is_readable(one.document_type, row, by)
    may_verify = by.can(Permission.CLAIMS_HANDLE)
    return papers.row(one, *names, may_read=may_read, may_verify=may_verify, is_ours=True, by=by)


def is_readable(kind: str, row: Claim, by: Viewer) -> bool:
    """Whether the viewer may read documents of the kind on the claim."""
    return kind != papers.MEDICAL or by.can(Permission.MEDICAL_VIEW) or row.assigned_to == by.user_id


def _may_read(found: ClaimDocument, row: Claim, by: Viewer) -> None:
    if not is_readable(found.document_type, row, by):
        raise NotAllowed(
            "Medical reports open for underwriters and the claim's handler only.",
            remedy="Ask whoever the claim is assigned to.",
        )


def _told(found: ClaimDocument) -> str:
    """The document in the claim's file, which more people read than may read a medical report."""
    is_secret = found.document_type == papers.MEDICAL
    return papers.hidden_name(papers.MEDICAL).lower() if is_secret else str(found.document_name)


def _why(found: ClaimDocument) -> str:
    is_told = found.withdrawn_reason and found.document_type != papers.MEDICAL
    return f": {found.withdrawn_reason}" if is_told else ""


def _document(session: Session, document_id: int) -> ClaimDocument:
    found = session.get(ClaimDocument, document_id)
    if found is None:
        raise NotFound("document", document_id)
    return found


def _of(session: Session, found: ClaimDocument, by: Viewer, *, lock: bool = False) -> Claim:
    row = store.one(session, found.claim_id, by=by, lock=lock)
    if row is None:
        raise NotFound("document", found.id)
    return row
