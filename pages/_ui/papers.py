"""Documents in a list: who has verified them, a look at each, the way to the file, and withdrawing.

Every look and download asks the core anew, which checks who may and logs it (quality.md S, Files).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import streamlit as st

from core import claims, customers, documents, policies
from core.access import Permission, Viewer
from core.documents import AskedDocument, DocumentRow, DocumentType, OpenedFile
from core.kit.lifecycle import Tone
from pages._ui import errors, forms, guard, page, terms, viewing
from pages._ui import format as fmt

ENDINGS = [suffix.removeprefix(".") for suffix in documents.SUFFIXES]
MOST_MB = documents.MOST_BYTES // 1024**2
MEDICAL_LOCKED = "Medical reports open for underwriters only."
IMAGES = frozenset({"image/png", "image/jpeg"})


@dataclass(frozen=True, slots=True)
class Source:
    """Whose documents they are: where files are served, how one is opened, verified and withdrawn."""

    path: str
    open: Callable[[int, Viewer], OpenedFile]
    verify: Callable[[int, Viewer], None]
    withdraw: Callable[[int, str, Viewer], None]


CUSTOMERS = Source(
    "/files",
    lambda key, by: customers.open_document(key, by=by),
    lambda key, by: customers.verify_document(key, by=by),
    lambda key, why, by: customers.withdraw_document(key, reason=why, by=by),
)
# Documents of an entry or a policy are the customer's, and in sight with the policy too.
POLICIES = replace(
    CUSTOMERS, withdraw=lambda key, why, by: policies.withdraw_document(key, reason=why, by=by)
)
CLAIMS = Source(
    "/files/claim",
    lambda key, by: claims.open_document(key, by=by),
    lambda key, by: claims.verify_document(key, by=by),
    lambda key, why, by: claims.withdraw_document(key, reason=why, by=by),
)


def show(rows: Sequence[DocumentRow], source: Source, viewer: Viewer, *, locked: str) -> None:
    """The documents, with what the viewer may do with each; `locked` tells who opens medical reports."""
    for one in rows:
        with st.container(border=True, gap="xsmall"):
            _head(one)
            st.caption(fmt.plain(_told(one)))
            if not one.may_open:
                st.caption(f":material/lock: {fmt.plain(_why_locked(one, viewer, locked))}")
            if one.may_open or one.may_withdraw:
                _actions(one, source)


def withdrawn(rows: Sequence[DocumentRow], source: Source) -> None:
    """What was withdrawn, by whom, when and why; the file for those who may still open it."""
    if not rows:
        return
    with st.expander(fmt.counted(len(rows), "withdrawn document"), icon=":material/remove_circle:"):
        for one in rows:
            with st.container(border=True, gap="xsmall"):
                _head(one)
                when = fmt.moment(one.withdrawn_at, viewing.zone())
                told = (f"Withdrawn by {one.withdrawn_by}, {when}", one.withdrawn_reason, _told(one))
                st.caption(fmt.plain(" · ".join(part for part in told if part)))
                if one.may_open:
                    with st.container(horizontal=True, gap="xsmall"):
                        _opening(one, source)


def _head(one: DocumentRow) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        st.markdown(f"**{fmt.plain(one.name)}**", width="content")
        if one.name != terms.label(one.kind):
            st.caption(terms.label(one.kind), width="content")
        page.tag(*_state(one))


def _why_locked(one: DocumentRow, viewer: Viewer, locked: str) -> str:
    if not viewer.can(Permission.DOCUMENTS_VIEW):
        return "Your role does not open documents."
    if one.kind == DocumentType.MEDICAL_REPORT:
        return locked
    return "It opens for those who may see the customer."


def _state(one: DocumentRow) -> tuple[str, Tone]:
    if one.withdrawn_at is not None:
        return "Withdrawn", Tone.NEUTRAL
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


def _opening(one: DocumentRow, source: Source) -> None:
    if one.content_type in IMAGES:
        if st.button("Look", key=f"{_key(one, source)}.look", icon=":material/visibility:"):
            look(one.id, one.name, source)
    elif one.content_type == "application/pdf":
        st.link_button("Look", f"{source.path}/{one.id}", icon=":material/visibility:")
    st.link_button("Download", f"{source.path}/{one.id}?download", icon=":material/download:")


def _actions(one: DocumentRow, source: Source) -> None:
    key = _key(one, source)
    with st.container(horizontal=True, gap="xsmall"):
        if one.may_open:
            _opening(one, source)
        if one.may_verify and st.button("Verify…", key=f"{key}.verify", icon=":material/verified:"):
            forms.renew(f"{key}.withdraw")
            title = f"Verify {fmt.plain(one.name)}"
            st.dialog(title, width="large", icon=":material/verified:")(_verifying)(one, source)
        if one.may_withdraw and st.button("Withdraw…", key=f"{key}.withdraw", icon=":material/undo:"):
            forms.renew(f"{key}.withdraw")
            title = f"Withdraw {fmt.plain(one.name)}"
            st.dialog(title, icon=":material/undo:")(_withdrawing)(one, source)


def _key(one: DocumentRow, source: Source) -> str:
    return f"document.{source.path}.{one.id}"


def _verifying(one: DocumentRow, source: Source) -> None:
    """A look at the document before it counts; what is not right can be withdrawn from here."""
    viewer = guard.viewer(Permission.DOCUMENTS_VIEW)
    preview = st.container()
    st.caption(fmt.plain(_told(one)))
    st.markdown(f"Verify it only if it is a right and legible **{fmt.plain(terms.label(one.kind))}**.")
    if st.button("It is right: verify", type="primary", key=f"{_key(one, source)}.verified"):
        with errors.told() as outcome:
            source.verify(one.id, viewer)
        if outcome.ok:
            errors.flash(f"{fmt.plain(one.name)} is verified")
            st.rerun()
    if one.may_withdraw:
        with st.expander("It is not right: withdraw it", icon=":material/undo:"):
            _withdrawing(one, source)
    with preview:  # each opening is on record: none for what ended the dialog above
        _preview(one, source, viewer)


def _preview(one: DocumentRow, source: Source, viewer: Viewer) -> None:
    if not one.may_open:
        return
    if one.content_type in IMAGES:
        with errors.told() as outcome:
            found = source.open(one.id, viewer)
        if outcome.ok:
            st.image(found.content, width=480)
        return
    st.link_button("Look at it", f"{source.path}/{one.id}", icon=":material/visibility:")


def _withdrawing(one: DocumentRow, source: Source) -> None:
    """What withdrawing means, and why it is done; of what somebody else relies on the reason is asked."""
    viewer = guard.viewer(Permission.DOCUMENTS_UPLOAD)
    st.markdown(
        "It counts for nothing any more, and opens for those alone who may read the audit log. That it was"
        " there, and who withdrew it, when and why, stays on record."
    )
    form = forms.Form(f"{_key(one, source)}.withdraw")
    with form.body():
        label = "Why? (optional)" if one.is_taken_back else "Why?"
        form.area("reason", label, required="" if one.is_taken_back else "Say why.", max_chars=255)
        sent = form.submit("Withdraw", icon=":material/undo:")
    if not sent:
        return
    with form.sending() as outcome:
        source.withdraw(one.id, form.values["reason"], viewer)
    if outcome.ok:
        errors.flash(f"{fmt.plain(one.name)} is withdrawn")
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
    form.drawn("file", file, label=label)
    return documents.Upload("", file.name, file.getvalue()) if file is not None else None


def file_key(form: forms.Form) -> str:
    """Under which key the file of a form is held; another one after each success, so that it is let go."""
    return f"{form.name}.{form.request_id}.file"
