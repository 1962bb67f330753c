"""Documents of claims: uploaded, verified by somebody else, opened by who may (quality.md S, Files)."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from core import audit, documents
from core.access import Permission, Viewer, action
from core.access.tables import User
from core.claims import store
from core.claims.actions import event, locked
from core.claims.records import DocumentRow
from core.claims.status import CLAIM
from core.claims.tables import Claim, ClaimDocument
from core.db import once, unit_of_work
from core.kit.dates import utc_now
from core.kit.errors import Invalid, NotAllowed, NotFound
from core.kit.ids import RequestId

MEDICAL = "medical_report"
DOCUMENT_KINDS = (
    "claim_form", "police_report", "invoice", "receipt", "photo", "expert_report", "death_certificate",
    MEDICAL, "other",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class ClaimFile:
    """A file on its way to somebody who may read it."""

    name: str
    content_type: str
    content: bytes


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
    if kind not in DOCUMENT_KINDS:
        raise Invalid({"kind": "Choose what the document is."})
    at = now or utc_now()
    with unit_of_work() as session:
        row = locked(session, claim_id, by)
        kept: list[str] = []

        def make() -> int:
            file = documents.store(content, name)
            kept.append(file.path)
            made = ClaimDocument(
                claim_id=row.id,
                document_type=kind,
                document_name=file.name,
                file_path=file.path,
                upload_date=at,
                uploaded_by=by.user_id,
                content_type=file.content_type,
                size_bytes=file.size_bytes,
                sha256=file.sha256,
            )
            session.add(made)
            session.flush()
            event(session, row, "document", by=by, at=at, note=f"Added {file.name}")
            return made.id

        content_of = {"claim": claim_id, "kind": kind, "sha256": hashlib.sha256(content).hexdigest()}
        try:
            return once(
                session,
                request_id,
                action="claims.add_document",
                content=content_of,
                actor_id=by.user_id,
                make=make,
            )
        except BaseException:
            for path in kept:
                documents.discard(path)
            raise


@action(Permission.CLAIMS_HANDLE)
def verify_document(document_id: int, *, by: Viewer, now: datetime | None = None) -> None:
    """Mark a document as looked at and right; who uploaded it can't. Doing it again changes nothing."""
    at = now or utc_now()
    with unit_of_work() as session:
        found = _document(session, document_id)
        row = _of(session, found, by)
        _may_read(found, row, by)
        if found.uploaded_by == by.user_id:
            raise NotAllowed(
                "You uploaded this document, so somebody else has to verify it.",
                remedy="Ask a colleague who works on claims.",
            )
        if not found.verified:
            found.verified, found.verified_by, found.verified_at = True, by.user_id, at
            event(session, row, "document", by=by, at=at, note=f"Verified {found.document_name}")


@action(Permission.DOCUMENTS_VIEW)
def open_document(document_id: int, *, by: Viewer) -> ClaimFile:
    """The file of a document, with a log row for each time that it is opened.

    Medical reports open for underwriters and for whoever the claim is assigned to.
    """
    with unit_of_work() as session:
        found = _document(session, document_id)
        row = _of(session, found, by)
        _may_read(found, row, by)
        content = documents.fetch(found.file_path)
        audit.record(
            session,
            actor=by,
            action="claim.open_document",
            entity=CLAIM.entity,
            entity_id=row.id,
            details={"document": found.id, "kind": found.document_type},
        )
        return ClaimFile(found.document_name, found.content_type or "application/octet-stream", content)


def listed(session: Session, row: Claim, *, by: Viewer) -> tuple[DocumentRow, ...]:
    """The documents of a claim, newest first, with what the viewer may do to each."""
    uploader, verifier = aliased(User), aliased(User)
    rows = session.execute(
        select(
            ClaimDocument,
            uploader.first_name + " " + uploader.last_name,
            verifier.first_name + " " + verifier.last_name,
        )
        .join(uploader, uploader.id == ClaimDocument.uploaded_by)
        .outerjoin(verifier, verifier.id == ClaimDocument.verified_by)
        .where(ClaimDocument.claim_id == row.id)
        .order_by(ClaimDocument.id.desc())
    )
    return tuple(
        DocumentRow(
            id=one.id,
            kind=one.document_type,
            name=one.document_name,
            uploaded_at=one.upload_date,
            uploaded_by=uploaded_by,
            verified_by=verified_by or "",
            is_verified=one.verified,
            may_open=by.can(Permission.DOCUMENTS_VIEW) and is_readable(one.document_type, row, by),
            may_verify=not one.verified
            and by.can(Permission.CLAIMS_HANDLE)
            and one.uploaded_by != by.user_id
            and is_readable(one.document_type, row, by),
        )
        for one, uploaded_by, verified_by in rows
    )


def is_readable(kind: str, row: Claim, by: Viewer) -> bool:
    """Whether the viewer may read documents of the kind on the claim."""
    return kind != MEDICAL or by.can(Permission.MEDICAL_VIEW) or row.assigned_to == by.user_id


def _may_read(found: ClaimDocument, row: Claim, by: Viewer) -> None:
    if not is_readable(found.document_type, row, by):
        raise NotAllowed(
            "Medical reports open for underwriters and the claim's handler only.",
            remedy="Ask whoever the claim is assigned to.",
        )


def _document(session: Session, document_id: int) -> ClaimDocument:
    found = session.get(ClaimDocument, document_id)
    if found is None:
        raise NotFound("document", document_id)
    return found


def _of(session: Session, found: ClaimDocument, by: Viewer) -> Claim:
    row = store.one(session, found.claim_id, by=by, lock=True)
    if row is None:
        raise NotFound("document", found.id)
    return row
