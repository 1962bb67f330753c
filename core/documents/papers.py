"""What holds for every document, whether of a customer or of a claim (quality.md S, Files).

It is kept with its transaction, verified by somebody else than who uploaded it, and a medical report is
for few.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy.orm import Session

from core.access import Viewer
from core.documents import checks, files
from core.documents.records import OpenedFile, Upload
from core.documents.tables import DocumentType
from core.kit.errors import Invalid, NotAllowed

MEDICAL = DocumentType.MEDICAL_REPORT.value


class Document(Protocol):
    """A row about a kept file."""

    document_name: Any
    file_path: Any
    content_type: Any
    uploaded_by: Any
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
