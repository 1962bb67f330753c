"""The documents of a notice of loss: several files, each with its kind, sent with the notice."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import streamlit as st

from core import documents
from core.claims import DOCUMENT_KINDS, MOST_DOCUMENTS, REQUIRED, LossType
from core.documents import FileRefused, Upload
from pages._ui import format as fmt
from pages._ui import forms, papers, terms

# Words of file names that say nothing about what the document is.
_EMPTY_WORDS = frozenset({"form", "report", "other"})


def fields(form: forms.Form, loss_type: str | None) -> tuple[Upload, ...]:
    """The files that are chosen so far, each with what it is; those of a page that was left are named."""
    key = f"{form.request_id}.files"
    form.let_go(key)
    chosen = st.file_uploader(
        "Documents", type=papers.ENDINGS, accept_multiple_files=True, max_upload_size=papers.MOST_MB,
        key=key,
    )  # fmt: skip
    if again := form.chosen_files([file.name for file in chosen]):
        told = f"Choose again: {', '.join(again)}. Files are not kept while another page is open."
        st.markdown(f":small[:orange[:material/attach_file: {fmt.plain(told)}]]")
    hint = st.empty()
    form.drawn("documents", len(chosen), label="Documents")
    uploads = tuple(
        Upload(_kind(form, position, file.name, file.file_id), file.name, file.getvalue())
        for position, file in enumerate(chosen[: MOST_DOCUMENTS + 1])
    )
    hint.caption(_asked(loss_type, {one.kind for one in uploads}))
    return uploads


def _asked(loss_type: str | None, there: Collection[str]) -> str:
    """What the kind of loss that is chosen is proven by, as far as it is not there yet."""
    if not loss_type:
        return "The kind of loss tells what it takes. What is not at hand can follow later."
    wanted = REQUIRED[LossType(loss_type)]
    missing = [terms.label(kind).lower() for kind in wanted if kind not in there]
    loss = terms.label(loss_type).lower()
    if not missing:
        return f"For {loss} it takes nothing more."
    takes = "still takes" if len(missing) < len(wanted) else "takes"
    return f"For {loss} it {takes}: {', '.join(missing)}. What is not at hand can follow later."


def problems(uploads: Sequence[Upload]) -> dict[str, str]:
    """Which files can't be taken, and why, each at its place."""
    found = {}
    for position, upload in enumerate(uploads):
        try:
            documents.content_type(upload.name, upload.content)
        except FileRefused as refused:
            found[f"documents.{position}.file"] = str(refused)
    return found


def gaps(uploads: Sequence[Upload]) -> dict[str, str]:
    """Which files nobody has said of what they are."""
    asks = "Choose what the document is."
    return {f"documents.{place}.kind": asks for place, one in enumerate(uploads) if not one.kind}


def _kind(form: forms.Form, position: int, name: str, file_id: str) -> str:
    """What a file is; where its name tells, that is chosen already."""
    guess = next((place for place, kind in enumerate(DOCUMENT_KINDS) if _names(name, kind)), None)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(f":material/attach_file: {fmt.plain(name)}", width="stretch")
        kind = st.selectbox(
            f"What {name} is", list(DOCUMENT_KINDS), index=guess, format_func=terms.label,
            placeholder="What is it?", label_visibility="collapsed", width=200,
            key=f"{form.request_id}.{file_id}.kind",
        )  # fmt: skip
    form.drawn(f"documents.{position}.kind", kind or "", label="What it is")
    form.drawn(f"documents.{position}.file", name, label=name)
    return kind or ""


def _names(name: str, kind: str) -> bool:
    return any(word in name.lower() for word in kind.split("_") if word not in _EMPTY_WORDS)
