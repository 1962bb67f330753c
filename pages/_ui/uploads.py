"""Adding a document to a record: what it is, until when it counts, and its file."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import streamlit as st

from core.access import Permission, Viewer
from core.documents import DocumentType, Upload
from core.kit.errors import Invalid
from pages._ui import errors, forms, guard, papers, terms
from pages._ui import format as fmt

ICON = ":material/upload_file:"
LABEL = "Add a document"
ADDED = "Document added"
_ASKS = {"kind": "Choose what the document is.", "file": "Choose a file."}


@dataclass(frozen=True, slots=True)
class Adding:
    """The dialog that adds a document to a record: its form, what it asks for, and who keeps the file.

    `kind` is chosen at first. `keep` reads what else was asked for from the form.
    """

    form: str
    title: str
    keep: Callable[[Upload, forms.Form, Viewer], object]
    kinds: Sequence[str] = tuple(DocumentType)
    kind: str | None = None
    has_expiry: bool = True
    has_notes: bool = False


def button(adding: Adding, viewer: Viewer, *, look: Literal["primary", "tertiary"] = "tertiary") -> None:
    """The way to a new document, for those who may upload."""
    if viewer.can(Permission.DOCUMENTS_UPLOAD) and st.button(LABEL, icon=ICON, type=look):
        forms.renew(adding.form)
        st.dialog(fmt.plain(adding.title), width="medium")(_dialog)(adding)


def _dialog(adding: Adding) -> None:
    viewer = guard.viewer(Permission.DOCUMENTS_UPLOAD)
    form = forms.Form(adding.form, initial={"kind": adding.kind})
    with form.body():
        upload = fields(form, adding.kinds, has_expiry=adding.has_expiry)
        if adding.has_notes:
            form.text("notes", "Note", max_chars=255)
        sent = form.submit("Add", icon=ICON, core_asks=True)
    if not sent:
        return
    with form.sending() as outcome:
        adding.keep(checked(form, upload), form, viewer)
    if outcome.ok:
        errors.flash(ADDED)
        st.rerun()


def fields(
    form: forms.Form, kinds: Sequence[str] = tuple(DocumentType), *, has_expiry: bool = True
) -> Upload | None:
    """What the document is, until when it counts, and its file; None while no file is chosen."""
    columns = st.columns(2) if has_expiry else [st.container()]
    with columns[0]:
        form.choice("kind", "What it is", terms.options(kinds), required=_ASKS["kind"])
    if has_expiry:
        with columns[1]:
            form.date("expires_on", "Valid until")
    return papers.upload_field(form)


def checked(form: forms.Form, upload: Upload | None) -> Upload:
    """The file with what it is. Raises Invalid with all that is missing."""
    missing = {name: ask for name, ask in _ASKS.items() if not form.values[name]}
    if missing or upload is None:
        raise Invalid(missing)
    return replace(upload, kind=form.values["kind"])
