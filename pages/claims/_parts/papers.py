"""Documents of a claim: what the loss asks for, what is there, and one more."""

from __future__ import annotations

import streamlit as st

from core import claims
from core.access import Viewer
from core.claims import CLAIM, DOCUMENT_KINDS, ClaimDetail
from core.documents import AskedDocument, Upload
from pages._ui import forms, uploads
from pages._ui import papers as shared

LOCKED = "Medical reports open for underwriters and whoever the claim is assigned to."
MEDICAL = "medical_report"


def button(detail: ClaimDetail, viewer: Viewer) -> None:
    """The way to a new document."""
    number, claim_id = detail.row.number, detail.row.id

    def keep(upload: Upload, form: forms.Form, by: Viewer) -> None:
        claims.add_document(
            claim_id, kind=upload.kind, name=upload.name, content=upload.content,
            request_id=form.request_id, by=by,
        )  # fmt: skip

    needed = next((one.kind for one in detail.proofs if one.found is None), None)
    adding = uploads.Adding(
        f"{number}.document", f"Document of {number}", keep, DOCUMENT_KINDS, needed, has_expiry=False
    )
    uploads.button(adding, viewer)


def show(detail: ClaimDetail, viewer: Viewer) -> None:
    """What an undecided claim still asks for, then the documents."""
    if "waiting" in CLAIM[detail.row.status].flags:
        asked(detail)
    shared.show(detail.documents, shared.CLAIMS, viewer, locked=LOCKED)
    if not detail.documents:
        st.caption("No documents")
    shared.withdrawn(detail.withdrawn, shared.CLAIMS)


def asked(detail: ClaimDetail) -> None:
    """What the loss is proven by, and who has to verify what is there."""

    def verifier(one: AskedDocument) -> str:
        if one.kind == MEDICAL:
            return detail.row.assignee or "whoever the claim will be assigned to"
        uploader = one.found.uploaded_by if one.found else "who uploaded it"
        return f"somebody in claims other than {uploader}"

    shared.asked(detail.proofs, verifier=verifier)
