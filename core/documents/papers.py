"""What holds for every document, whether of a customer or of a claim (quality.md S, Files).

It is kept with its transaction, verified by somebody else than who uploaded it, and a medical report is
for few. What should not have been uploaded is withdrawn: it counts for nothing and opens for nobody but
who reads the audit log, and its row stays with who, when and why (docs/decisions/0014).
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, aliased

from core.access import Permission, Viewer
from core.access.tables import User
from core.documents import checks, files
from core.documents.records import DocumentRow, OpenedFile, Upload
from core.documents.tables import DocumentType
from core.kit.errors import Conflict, Invalid, NotAllowed, Refusal
from core.kit.fields import plain_text

LONGEST_REASON = 255
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
    withdrawn_at: Any
    withdrawn_by: Any
    withdrawn_reason: Any


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


def listing(model: type[Document]) -> Select[Any, str, str, str]:
    """Documents of a kind of record, each with who uploaded, who verified and who withdrew it."""
    uploader, verifier, withdrawer = aliased(User), aliased(User), aliased(User)
    return (
        select(
            model,
            uploader.first_name + " " + uploader.last_name,
            verifier.first_name + " " + verifier.last_name,
            withdrawer.first_name + " " + withdrawer.last_name,
        )
        .outerjoin(uploader, uploader.id == model.uploaded_by)
        .outerjoin(verifier, verifier.id == model.verified_by)
        .outerjoin(withdrawer, withdrawer.id == model.withdrawn_by)
    )


def row(
    one: Document,
    uploader: str | None,
    verifier: str | None,
    withdrawer: str | None,
    *,
    may_read: bool,
    may_verify: bool,
    is_ours: bool,
    by: Viewer,
) -> DocumentRow:
    """What the viewer sees of a document.

    `may_read` says whether the document would open for them, `may_verify` whether they verify others'
    of its kind, and `is_ours` whether it stands at a record in their sight.
    """
    is_live = one.withdrawn_at is None
    may_decide = may_read and may_verify and is_live
    takes_back = is_live and is_ours and is_new_and_own(one, by)
    return DocumentRow(
        id=one.id,
        kind=str(one.document_type),
        name=one.document_name if may_read else hidden_name(one.document_type),
        content_type=one.content_type or "",
        size_bytes=one.size_bytes,
        uploaded_at=one.upload_date,
        uploaded_by=uploader or "",
        verified_at=one.verified_at,
        verified_by=verifier or "",
        notes=(one.notes or "") if may_read else "",
        may_open=may_read and opens(one, by),
        may_verify=may_decide and not one.verified and one.uploaded_by != by.user_id,
        may_withdraw=by.can(Permission.DOCUMENTS_UPLOAD) and (takes_back or may_decide),
        is_taken_back=takes_back,
        withdrawn_at=one.withdrawn_at,
        withdrawn_by=withdrawer or "",
        withdrawn_reason=(one.withdrawn_reason or "") if may_read else "",
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
    if found.withdrawn_at is not None:
        raise Refusal("This document was withdrawn.", remedy="If it is right after all, upload it again.")
    if found.uploaded_by == by.user_id:
        raise NotAllowed(
            "You uploaded this document, so somebody else has to verify it.",
            remedy="Ask a colleague who may verify documents.",
        )
    if found.verified:
        return False
    found.verified, found.verified_by, found.verified_at = True, by.user_id, at
    return True


def withdraw(
    session: Session, found: Document, *, reason: str, may_verify: bool, by: Viewer, at: datetime
) -> bool:
    """Withdraw a document; False when the viewer has done so before.

    Whoever uploaded it takes it back while nobody has verified it; else it takes somebody who may verify
    it, and a reason. Raises Invalid, NotAllowed, and Conflict when somebody else was faster.
    """
    if found.withdrawn_at is not None:
        if found.withdrawn_by == by.user_id:
            return False
        who = session.get_one(User, found.withdrawn_by)
        name = f"{who.first_name} {who.last_name}"
        raise Conflict(f"{name} has withdrawn this document.", who=name, at=found.withdrawn_at, remedy="")
    why = plain_text(reason)
    if len(why) > LONGEST_REASON:
        raise Invalid({"reason": f"At most {LONGEST_REASON} characters fit here."})
    if not is_new_and_own(found, by):
        if not may_verify:
            raise NotAllowed(
                "The document is verified." if found.verified else "Somebody else uploaded this document.",
                remedy="Ask a colleague who may verify documents to withdraw it.",
            )
        if not why:
            raise Invalid({"reason": "Say why."})
    found.withdrawn_at, found.withdrawn_by, found.withdrawn_reason = at, by.user_id, why or None
    return True


def is_new_and_own(found: Document, by: Viewer) -> bool:
    """Whether the viewer uploaded a document that nobody has verified yet."""
    return bool(found.uploaded_by == by.user_id and not found.verified)


def opens(found: Document, by: Viewer) -> bool:
    """Whether a document that the viewer may read opens: withdrawn, to readers of the audit log alone."""
    return found.withdrawn_at is None or by.can(Permission.AUDIT_VIEW)


def opened(found: Document, *, by: Viewer) -> OpenedFile:
    """The file of a row. Raises NotAllowed for a withdrawn one, and FileMissing."""
    if not opens(found, by):
        raise NotAllowed(
            "This document was withdrawn.", remedy="It opens for those who may read the audit log."
        )
    content = files.fetch(found.file_path)
    return OpenedFile(found.document_name, found.content_type or "application/octet-stream", content)


def check_kind(kind: str, kinds: Sequence[str]) -> None:
    """Raises Invalid beside the field for a kind that is none of them."""
    if kind not in kinds:
        raise Invalid({"kind": "Choose what the document is."})
