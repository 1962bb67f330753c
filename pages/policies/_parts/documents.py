"""Documents of an entry and of a policy: what is asked for, what there is, and one more."""

from __future__ import annotations

from functools import partial

import streamlit as st

from core import policies
from core.access import Permission, Viewer
from core.documents import AskedDocument, DocumentType, Upload
from core.policies import POLICY, Application, Draft, PolicyDetail, PolicyDocuments
from pages._ui import errors, forms, papers, terms, uploads, viewing
from pages._ui import format as fmt
from pages.policies._parts import drafting


def of_draft(draft: Draft, viewer: Viewer) -> Application:
    """The step of the entry: what is asked for, a file to add, and what there is."""
    if draft.application.customer_id is None:
        st.info("Choose the customer first.", icon=":material/info:")
        return draft.application
    found = policies.draft_documents(draft.id, by=viewer, today=viewing.today())
    papers.asked(found.asked, verifier=_verifier)
    form = forms.Form(_adding(draft), initial={"kind": _next_missing(found)})
    with st.container(border=True):
        upload = uploads.fields(form)
        label = f"Add {fmt.plain(upload.name)}" if upload else uploads.LABEL
        if form.button(label, icon=":material/note_add:"):
            _add_to_draft(draft, form, upload, viewer)
    papers.show(found.own, papers.POLICIES, viewer, locked=papers.MEDICAL_LOCKED)
    if found.others:
        with st.expander(f"{fmt.counted(len(found.others), 'document')} of the customer's from before"):
            papers.show(found.others, papers.POLICIES, viewer, locked=papers.MEDICAL_LOCKED)
    papers.withdrawn(found.withdrawn, papers.POLICIES)
    return draft.application


def _add_to_draft(draft: Draft, form: forms.Form, upload: Upload | None, viewer: Viewer) -> None:
    with form.sending() as outcome:
        given = uploads.checked(form, upload)
        policies.add_draft_document(
            draft.id, kind=given.kind, name=given.name, content=given.content,
            expires_on=form.values["expires_on"], request_id=form.request_id, by=viewer,
        )  # fmt: skip
    if outcome.ok:
        errors.flash(uploads.ADDED)
        st.rerun()


def waiting(draft: Draft) -> str:
    """The name of a file that was chosen and not added yet; leaving the step would lose it."""
    form = forms.Form(_adding(draft))
    file = st.session_state.get(papers.file_key(form))
    return str(file.name) if file is not None else ""


def _adding(draft: Draft) -> str:
    return f"{drafting.form_name(draft.id, 'documents')}.add"


def still_missing(draft: Draft, viewer: Viewer) -> None:
    """For the review: what the underwriters will ask for; it does not keep the entry from being sent."""
    if draft.application.customer_id is None:
        return
    found = policies.draft_documents(draft.id, by=viewer, today=viewing.today())
    missing = [terms.label(one.kind) for one in found.asked if one.found is None]
    told = fmt.counted(len(found.own), "document") if found.own else "No documents"
    st.markdown(f":material/attach_file: {told} with this application")
    if missing:
        with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
            told = f"Still asked for: {', '.join(missing)}. It can follow after the application."
            st.markdown(f":gray[:material/info:] {fmt.plain(told)}", width="content")
            st.button(
                "Go to documents", key="gap.documents", type="tertiary",
                on_click=partial(drafting.show, draft.id, "documents"),
            )  # fmt: skip


def button(detail: PolicyDetail, viewer: Viewer) -> None:
    """The way to a new document of the policy."""
    number, policy_id = detail.row.number, detail.row.id

    def keep(upload: Upload, form: forms.Form, by: Viewer) -> None:
        policies.add_document(
            policy_id, kind=upload.kind, name=upload.name, content=upload.content,
            expires_on=form.values["expires_on"], request_id=form.request_id, by=by,
        )  # fmt: skip

    uploads.button(uploads.Adding(f"{number}.document", f"Document of {number}", keep), viewer)


def of_policy(detail: PolicyDetail, viewer: Viewer) -> None:
    """The documents of the policy and the proofs it rests on; of an application also what is asked for."""
    found = policies.documents(detail.row.id, by=viewer, today=viewing.today())
    shown = list(found.own)
    if "pending" in POLICY[detail.row.status].flags:
        papers.asked(found.asked, verifier=_verifier)
    shown += [one.found for one in found.asked if one.found is not None and one.found not in shown]
    papers.show(shown, papers.POLICIES, viewer, locked=papers.MEDICAL_LOCKED)
    if not shown:
        st.caption("No documents")
    papers.withdrawn(found.withdrawn, papers.POLICIES)


def before_issue(detail: PolicyDetail, viewer: Viewer) -> None:
    """For whoever issues: what is asked for and not verified; the decision is theirs."""
    if not viewer.can(Permission.DOCUMENTS_VIEW):
        return
    found = policies.documents(detail.row.id, by=viewer, today=viewing.today())
    open_ones = [one for one in found.asked if not one.is_proven]
    if open_ones:
        st.warning("Not everything that is asked for is verified.", icon=":material/inventory_2:")
        papers.asked(open_ones, verifier=_verifier)
    # One that is asked for is named above.
    named = {one.found.id for one in open_ones if one.found is not None}
    unseen = [one.name for one in found.own if not one.is_verified and one.id not in named]
    if unseen:
        told = f"Still to be verified: {', '.join(unseen)}"
        st.warning(fmt.plain(told), icon=":material/pending:")


def _next_missing(found: PolicyDocuments) -> str | None:
    return next((one.kind for one in found.asked if one.found is None), None)


def _verifier(one: AskedDocument) -> str:
    if one.kind == DocumentType.MEDICAL_REPORT.value:
        return "an underwriter"
    uploader = one.found.uploaded_by if one.found else "who uploaded it"
    return f"somebody other than {uploader}"
