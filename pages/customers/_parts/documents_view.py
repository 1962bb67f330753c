"""Documents of a customer: uploaded, looked at, verified, downloaded."""

from __future__ import annotations

import streamlit as st

from core import customers, documents
from core.access import Permission, Viewer
from core.kit.errors import Invalid
from core.kit.lifecycle import Tone
from pages._ui import empty, errors, filters, forms, guard, page, viewing
from pages._ui import format as fmt
from pages.customers._parts import state, words

_KINDS = [filters.Option(kind.value, words.label(kind.value)) for kind in documents.DocumentType]
_ENDINGS = [suffix.removeprefix(".") for suffix in documents.SUFFIXES]


def show(customer_id: int, viewer: Viewer) -> None:
    """The list, with what the viewer may do to each."""
    if not viewer.can(Permission.DOCUMENTS_VIEW):
        empty.state("Your role does not open documents.", icon=":material/lock:")
        return
    if viewer.can(Permission.DOCUMENTS_UPLOAD) and st.button(
        "Upload a document", icon=":material/upload_file:", type="primary"
    ):
        upload(customer_id)
    found = customers.documents(customer_id, by=viewer)
    if not found:
        empty.state("No document yet.", hint="KYC needs a proof of identity and one of address.")
    for one in found:
        _document(one, viewer)


def _document(one: customers.DocumentRow, viewer: Viewer) -> None:
    zone = viewing.zone()
    with st.container(border=True, gap="xsmall"):
        with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
            st.markdown(f"**{fmt.plain(one.name)}**")
            st.caption(words.label(one.kind))
            if one.verified_at:
                page.tag("Verified", Tone.GOOD)
            elif one.expires_on and one.expires_on < viewing.today():
                page.tag("Expired", Tone.BAD)
            else:
                page.tag("To verify", Tone.WARNING)
        told = [
            f"uploaded by {one.uploaded_by}, {fmt.moment(one.uploaded_at, zone)}",
            f"verified by {one.verified_by}" if one.verified_at else "",
            f"valid until {fmt.day(one.expires_on)}" if one.expires_on else "",
            f"{one.size_bytes / 1024:.0f} KB" if one.size_bytes else "",
            one.notes,
        ]
        st.caption(fmt.plain(" · ".join(part for part in told if part)))
        if not one.may_open:
            st.caption(":material/lock: Medical reports open for underwriters only.")
            return
        _actions(one, viewer)


def _actions(one: customers.DocumentRow, viewer: Viewer) -> None:
    with st.container(horizontal=True, gap="xsmall"):
        if one.content_type in {"image/png", "image/jpeg"}:
            if st.button("Look", key=f"document.{one.id}.look", icon=":material/visibility:"):
                look(one.id, one.name)
        elif one.content_type == "application/pdf":
            st.link_button("Look", f"/files/{one.id}", icon=":material/visibility:")
        st.link_button("Download", f"/files/{one.id}?download", icon=":material/download:")
        if one.may_verify and st.button(
            "Verify", key=f"document.{one.id}.verify", icon=":material/verified:"
        ):
            with errors.told("flash") as outcome:
                customers.verify_document(one.id, by=viewer)
            state.done(f"{fmt.plain(one.name)} is verified", outcome)
            st.rerun()


@st.dialog("Document", width="large")
def look(document_id: int, name: str) -> None:
    """An image, in the page."""
    viewer = guard.viewer(Permission.DOCUMENTS_VIEW)
    with errors.told() as outcome:
        found = customers.open_document(document_id, by=viewer)
    if outcome.ok:
        st.image(found.content, caption=fmt.plain(name))


@st.dialog("Upload a document")
def upload(customer_id: int) -> None:
    """The form of a new document."""
    viewer = guard.viewer(Permission.DOCUMENTS_UPLOAD)
    form = forms.Form(f"upload.{customer_id}")
    with form.body():
        form.choice("kind", "What it is", _KINDS, required=True)
        file = st.file_uploader(
            "File", type=_ENDINGS, key=f"upload.{customer_id}.{form.request_id}",
            help=f"PDF, PNG, JPEG or Word, at most {documents.MOST_BYTES // 1024**2} MB.",
        )  # fmt: skip
        form.date("expires_on", "Valid until")
        form.text("notes", "Note", max_chars=255)
        sent = form.submit("Upload")
    if not sent:
        return
    with form.sending() as outcome:
        if file is None:
            raise Invalid({"file": "Choose a file."})
        customers.upload_document(
            customer_id,
            kind=form.values["kind"] or "",
            name=file.name,
            content=file.getvalue(),
            expires_on=form.values["expires_on"],
            notes=form.values["notes"],
            request_id=form.request_id,
            by=viewer,
        )
    state.done("Document uploaded", outcome)
