"""What holds for every document, whether of a customer or of a claim (quality.md S, Files).

It is kept with its transaction, verified by somebody else than who uploaded it, and a medical report is
for few.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, aliased

from core.access import Viewer
from core.access.tables import User
from core.documents import checks, files
from core.documents.records import DocumentRow, OpenedFile, Upload
from core.documents.tables import DocumentType
from core.kit.errors import Invalid, NotAllowed

MEDICAL = DocumentType.MEDICAL_REPORT.value


class Document(Protocol):
    """A row about a kept file."""

    id: Any
    document_type: Any
    document_name: Any
    file_path: Any
    content_type: Any
    size_bytes: Any
    upload_date: Any
    uploaded_by: Any
    notes: Any
    verified: Any
    verified_by: Any
    verified_at: Any


def kept(session: Session, upload: Upload, *, by: Viewer, at: datetime) -> dict[str, Any]:
    """Keep a file with the transaction; what the row about it says. Raises FileRefused, StorageFull."""
    file = files.keep(session, upload.content, upload.name)
    return {
        "document_name": file.name,
        "file_path": file.path,
        "upload_date": at,
        "uploaded_by": by.user_id,
        "content_type": file.content_type,
        "size_bytes": file.size_bytes,
        "sha256": file.sha256,
    }


def mark(upload: Upload) -> dict[str, str]:
    """What tells one upload from another, for the once-only mechanism."""
    return {
        "kind": upload.kind,
        "name": upload.name,
        "sha256": hashlib.sha256(upload.content).hexdigest(),
    }


def hidden_name(kind: str) -> str:
    """What a document is called for those who may not open it: names of files tell secrets."""
    return kind.replace("_", " ").capitalize()


def listing(model: type[Document]) -> Select[Any, str, str]:
    """Documents of a kind of record, each with the names of who uploaded and who verified it."""
    uploader, verifier = aliased(User), aliased(User)
    return (
        select(
            model,
            uploader.first_name + " " + uploader.last_name,
            verifier.first_name + " " + verifier.last_name,
        )
        .outerjoin(uploader, uploader.id == model.uploaded_by)
        .outerjoin(verifier, verifier.id == model.verified_by)
    )


def row(
    one: Document,
    uploader: str | None,
    verifier: str | None,
    *,
    may_open: bool,
    may_verify: bool,
    by: Viewer,
) -> DocumentRow:
    """What the viewer sees of a document; `may_verify` says whether they verify others' of its kind."""
    return DocumentRow(
        id=one.id,
        kind=str(one.document_type),
        name=one.document_name if may_open else hidden_name(one.document_type),
        content_type=one.content_type or "",
        size_bytes=one.size_bytes,
        uploaded_at=one.upload_date,
        uploaded_by=uploader or "",
        verified_at=one.verified_at,
        verified_by=verifier or "",
        notes=(one.notes or "") if may_open else "",
        may_open=may_open,
        may_verify=may_open and may_verify and not one.verified and one.uploaded_by != by.user_id,
    )


def check_all(uploads: Sequence[Upload], kinds: Sequence[str]) -> dict[str, str]:
    """What is wrong with files before any is kept: "documents.N.file" and "documents.N.kind"."""
    problems: dict[str, str] = {}
    for position, upload in enumerate(uploads):
        if upload.kind not in kinds:
            problems[f"documents.{position}.kind"] = "Choose what the document is."
        try:
            checks.content_type(upload.name, upload.content)
        except checks.FileRefused as refused:
            problems[f"documents.{position}.file"] = str(refused)
    return problems


def verify(found: Document, *, by: Viewer, at: datetime) -> bool:
    """Mark a document as looked at and right; False when it was before. Not by who uploaded it."""
    if found.uploaded_by == by.user_id:
        raise NotAllowed(
            "You uploaded this document, so somebody else has to verify it.",
            remedy="Ask a colleague who may verify documents.",
        )
    if found.verified:
        return False
    found.verified, found.verified_by, found.verified_at = True, by.user_id, at
    return True


def opened(found: Document) -> OpenedFile:
    """The file of a row. Raises FileMissing."""
    content = files.fetch(found.file_path)
    return OpenedFile(found.document_name, found.content_type or "application/octet-stream", content)


def check_kind(kind: str, kinds: Sequence[str]) -> None:
    """Raises Invalid beside the field for a kind that is none of them."""
    if kind not in kinds:
        raise Invalid({"kind": "Choose what the document is."})
