"""Documents of a customer: uploaded, looked at, verified, downloaded."""

from __future__ import annotations

import streamlit as st

from core import customers, documents
from core.access import Permission, Viewer
from core.kit.errors import Invalid
from pages._ui import empty, forms, guard, papers, terms
from pages.customers._parts import state

LOCKED = "Medical reports open for underwriters only."


def show(customer_id: int, viewer: Viewer) -> None:
    """The list, with what the viewer may do to each."""
    if not viewer.can(Permission.DOCUMENTS_VIEW):
        empty.state("Your role does not open documents.", icon=":material/lock:")
        return
    if viewer.can(Permission.DOCUMENTS_UPLOAD) and st.button(
        "Add a document", icon=":material/upload_file:", type="primary"
    ):
        forms.renew(f"upload.{customer_id}")
        upload(customer_id)
    found = customers.documents(customer_id, by=viewer)
    if not found:
        empty.state("No document yet.", hint="KYC needs a proof of identity and one of address.")
    papers.show(found, papers.CUSTOMERS, viewer, locked=LOCKED)
    papers.withdrawn(customers.withdrawn_documents(customer_id, by=viewer), papers.CUSTOMERS)


@st.dialog("Add a document", width="medium")
def upload(customer_id: int) -> None:
    """The form of a new document."""
    viewer = guard.viewer(Permission.DOCUMENTS_UPLOAD)
    form = forms.Form(f"upload.{customer_id}")
    with form.body():
        left, right = st.columns(2)
        with left:
            form.choice(
                "kind",
                "What it is",
                terms.options(documents.DocumentType),
                required="Choose what the document is.",
            )
        with right:
            form.date("expires_on", "Valid until")
        file = papers.upload_field(form)
        form.text("notes", "Note", max_chars=255)
        sent = form.submit("Add", icon=":material/upload_file:", core_asks=True)
    if not sent:
        return
    with form.sending() as outcome:
        if file is None:
            raise Invalid({"file": "Choose a file."})
        customers.upload_document(
            customer_id,
            kind=form.values["kind"] or "",
            name=file.name,
            content=file.content,
            expires_on=form.values["expires_on"],
            notes=form.values["notes"],
            request_id=form.request_id,
            by=viewer,
        )
    state.done("Document added", outcome)
