"""Documents in a list: who has verified them, a look at each, and the way to the file.

Every look and download asks the core anew, which checks who may and logs it (quality.md S, Files).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import streamlit as st

from core import claims, customers, documents
from core.access import Permission, Viewer
from core.documents import AskedDocument, DocumentRow, OpenedFile
from core.kit.lifecycle import Tone
from pages._ui import errors, forms, guard, page, terms, viewing
from pages._ui import format as fmt

ENDINGS = [suffix.removeprefix(".") for suffix in documents.SUFFIXES]
MOST_MB = documents.MOST_BYTES // 1024**2
IMAGES = frozenset({"image/png", "image/jpeg"})


@dataclass(frozen=True, slots=True)
class Source:
    """Whose documents they are: where files are served, how one is opened and verified."""

    path: str
    open: Callable[[int, Viewer], OpenedFile]
    verify: Callable[[int, Viewer], None]


CUSTOMERS = Source(
    "/files",
    lambda key, by: customers.open_document(key, by=by),
    lambda key, by: customers.verify_document(key, by=by),
)
CLAIMS = Source(
    "/files/claim",
    lambda key, by: claims.open_document(key, by=by),
    lambda key, by: claims.verify_document(key, by=by),
)


def show(rows: Sequence[DocumentRow], source: Source, viewer: Viewer, *, locked: str) -> None:
    """The documents, with what the viewer may do with each; `locked` tells who may open the others."""
    for one in rows:
        with st.container(border=True, gap="xsmall"):
            with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
                st.markdown(f"**{fmt.plain(one.name)}**", width="content")
                if one.name != terms.label(one.kind):
                    st.caption(terms.label(one.kind), width="content")
                page.tag(*_state(one))
            st.caption(fmt.plain(_told(one)))
            if one.may_open:
                _actions(one, source, viewer)
            else:
                st.caption(f":material/lock: {fmt.plain(locked)}")


def _state(one: DocumentRow) -> tuple[str, Tone]:
    if one.is_expired(viewing.today()):
        return "Expired", Tone.BAD
    return ("Verified", Tone.GOOD) if one.is_verified else ("To verify", Tone.WARNING)


def _told(one: DocumentRow) -> str:
    told = [
        f"Uploaded by {one.uploaded_by}, {fmt.moment(one.uploaded_at, viewing.zone())}",
        f"verified by {one.verified_by}" if one.is_verified else "",
        f"valid until {fmt.day(one.expires_on)}" if one.expires_on else "",
        f"{max(one.size_bytes // 1024, 1)} KB" if one.size_bytes else "",
        one.notes,
    ]
    return " · ".join(part for part in told if part)


def _actions(one: DocumentRow, source: Source, viewer: Viewer) -> None:
    key = f"document.{source.path}.{one.id}"
    with st.container(horizontal=True, gap="xsmall"):
        if one.content_type in IMAGES:
            if st.button("Look", key=f"{key}.look", icon=":material/visibility:"):
                look(one.id, one.name, source)
        elif one.content_type == "application/pdf":
            st.link_button("Look", f"{source.path}/{one.id}", icon=":material/visibility:")
        st.link_button("Download", f"{source.path}/{one.id}?download", icon=":material/download:")
        if one.may_verify and st.button("Verify", key=f"{key}.verify", icon=":material/verified:"):
            with errors.told("flash") as outcome:
                source.verify(one.id, viewer)
            if outcome.ok:
                errors.flash(f"{fmt.plain(one.name)} is verified")
            st.rerun()


@st.dialog("Document", width="large")
def look(document_id: int, name: str, source: Source) -> None:
    """An image, in the page."""
    viewer = guard.viewer(Permission.DOCUMENTS_VIEW)
    with errors.told() as outcome:
        found = source.open(document_id, viewer)
    if outcome.ok:
        st.image(found.content, caption=fmt.plain(name))


def asked(rows: Sequence[AskedDocument], *, verifier: Callable[[AskedDocument], str]) -> None:
    """What has to be shown: there and verified, waiting (`verifier` says for whom), or missing."""
    lines = []
    for one in rows:
        if one.found is None:
            mark, told = (
                ":gray[:material/radio_button_unchecked:]",
                ": ".join(filter(None, ("missing", one.why))),
            )
        elif one.is_proven:
            mark, told = ":green[:material/check_circle:]", f"verified by {one.found.verified_by}"
        else:
            mark, told = ":orange[:material/pending:]", f"to be verified by {verifier(one)}"
        lines.append(f"{mark} **{terms.label(one.kind)}** :small[:gray[{fmt.plain(told)}]]")
    st.markdown("  \n".join(lines))


def upload_field(form: forms.Form, label: str = "File") -> documents.Upload | None:
    """One file of a form, its message beside it; None while nothing is chosen. Its kind is open."""
    file = st.file_uploader(label, type=ENDINGS, key=file_key(form), max_upload_size=MOST_MB)
    form.drawn("file", file)
    return documents.Upload("", file.name, file.getvalue()) if file is not None else None


def file_key(form: forms.Form) -> str:
    """Under which key the file of a form is held; another one after each success, so that it is let go."""
    return f"{form.name}.{form.request_id}.file"
