"""Documents of a claim: what the loss asks for, what is there, and one more."""

from __future__ import annotations

import streamlit as st

from core import claims
from core.access import Permission, Viewer
from core.claims import CLAIM, DOCUMENT_KINDS, ClaimDetail
from core.documents import AskedDocument
from core.kit.errors import Invalid
from pages._ui import errors, forms, guard, terms
from pages._ui import format as fmt
from pages._ui import papers as shared

LOCKED = "Medical reports open for underwriters and whoever the claim is assigned to."
MEDICAL = "medical_report"


def button(detail: ClaimDetail, viewer: Viewer) -> None:
    """The way to a new document."""
    if viewer.can(Permission.DOCUMENTS_UPLOAD) and st.button(
        "Add a document", icon=":material/upload_file:", type="tertiary"
    ):
        name = f"{detail.row.number}.document"
        forms.renew(name)
        st.dialog(f"Document of {fmt.plain(detail.row.number)}", width="medium")(_dialog)(detail, name)


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


def _dialog(detail: ClaimDetail, name: str) -> None:
    viewer = guard.viewer(Permission.DOCUMENTS_UPLOAD)
    needed = next((one.kind for one in detail.proofs if one.found is None), None)
    form = forms.Form(name, initial={"kind": needed})
    with form.body():
        form.choice(
            "kind", "What it is", terms.options(DOCUMENT_KINDS), required="Choose what the document is."
        )
        file = shared.upload_field(form)
        sent = form.submit("Add", icon=":material/upload_file:", core_asks=True)
    if not sent:
        return
    with form.sending() as outcome:
        if file is None:
            raise Invalid({"file": "Choose a file."})
        claims.add_document(
            detail.row.id,
            kind=form.values["kind"] or "",
            name=file.name,
            content=file.content,
            request_id=form.request_id,
            by=viewer,
        )
    if outcome.ok:
        errors.flash("Document added")
        st.rerun()
