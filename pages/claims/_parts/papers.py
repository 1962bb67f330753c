"""Documents of a claim: added, opened and verified where it is worked on."""

from __future__ import annotations

from functools import partial

import streamlit as st

from core import claims, documents
from core.access import Permission, Viewer
from core.claims import DOCUMENT_KINDS, ClaimDetail
from core.claims.records import DocumentRow
from core.kit.errors import Invalid
from core.kit.lifecycle import Tone
from pages._ui import errors, forms, guard, page, terms, viewing
from pages._ui import format as fmt

_ENDINGS = [suffix.removeprefix(".") for suffix in documents.SUFFIXES]


def button(detail: ClaimDetail, viewer: Viewer) -> None:
    """The way to a new document."""
    if viewer.can(Permission.DOCUMENTS_UPLOAD) and st.button(
        "Add a document", icon=":material/upload_file:", type="tertiary"
    ):
        name = f"{detail.row.number}.document"
        forms.renew(name)
        st.dialog(f"Document of {fmt.plain(detail.row.number)}", width="medium")(_dialog)(detail, name)


def show(detail: ClaimDetail, viewer: Viewer) -> None:
    """The documents, with what the viewer may do with each."""
    for one in detail.documents:
        with st.container(border=True, gap="xsmall"):
            with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
                st.markdown(f"**{fmt.plain(one.name)}**", width="content")
                page.tag(
                    "Verified" if one.is_verified else "To verify",
                    Tone.GOOD if one.is_verified else Tone.WARNING,
                )
            at = fmt.moment(one.uploaded_at, viewing.zone())
            st.caption(fmt.plain(f"{terms.label(one.kind)} · {one.uploaded_by}, {at}"))
            _actions(one, viewer)
    if not detail.documents:
        st.caption("No documents")


def _actions(one: DocumentRow, viewer: Viewer) -> None:
    with st.container(horizontal=True, gap="xsmall"):
        if one.may_open:
            st.download_button(
                "Download", data=partial(_content, one.id), file_name=one.name,
                key=f"document.{one.id}", icon=":material/download:", on_click="ignore",
            )  # fmt: skip
        else:
            st.caption(":material/lock: Not for your role")
        if one.may_verify and st.button(
            "Verify", key=f"document.{one.id}.verify", icon=":material/verified:"
        ):
            with errors.told("flash"):
                claims.verify_document(one.id, by=viewer)
            st.rerun()


def _content(document_id: int) -> bytes:
    # Asked anew at the click: opening is authorised and logged then, not when the button was drawn.
    return claims.open_document(document_id, by=guard.viewer(Permission.DOCUMENTS_VIEW)).content


def _dialog(detail: ClaimDetail, name: str) -> None:
    viewer = guard.viewer(Permission.DOCUMENTS_UPLOAD)
    form = forms.Form(name)
    with form.body():
        form.choice("kind", "What it is", terms.options(DOCUMENT_KINDS), required=True)
        file = st.file_uploader("File", type=_ENDINGS, key=f"{name}.{form.request_id}")
        sent = form.submit("Add", icon=":material/upload_file:")
    if not sent:
        return
    with form.sending() as outcome:
        if file is None:
            raise Invalid({"file": "Choose a file."})
        claims.add_document(
            detail.row.id,
            kind=form.values["kind"] or "",
            name=file.name,
            content=file.getvalue(),
            request_id=form.request_id,
            by=viewer,
        )
    if outcome.ok:
        errors.flash("Document added")
        st.rerun()
