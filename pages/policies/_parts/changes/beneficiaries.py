"""Who is paid from a day on."""

from __future__ import annotations

import streamlit as st

from core import policies
from core.access import Permission
from core.kit.errors import Invalid
from core.policies import BeneficiaryClass, PolicyDetail, Share
from pages._ui import errors, forms, guard, viewing
from pages.policies._parts import shares
from pages.policies._parts.changes.sending import Subject, send


def change(detail: PolicyDetail, name: str, _: Subject) -> None:
    """The shares as they are now, to be changed as a whole."""
    viewer = guard.viewer(Permission.POLICIES_ENTER)
    form = forms.Form(name, initial={"effective_date": viewing.today()})
    problems: dict[str, str] = st.session_state.get(f"{name}.problems", {})
    found = shares.editor(name, _now(detail), lambda _: problems)
    form.date("effective_date", "From", required="Enter from when on.")
    if not st.button("Change", type="primary", icon=":material/save:", key=f"{name}.send"):
        return
    outcome = send(
        form, detail, viewer, told="beneficiaries changed",
        act=lambda version: policies.change_beneficiaries(
            detail.row.id, found, effective_date=form.values["effective_date"], version=version,
            by=viewer,
        ),
    )  # fmt: skip
    if isinstance(outcome.refusal, Invalid):
        st.session_state[f"{name}.problems"] = outcome.refusal.fields
        st.rerun(scope="fragment")
    if outcome.refusal is not None:
        errors.show(outcome.refusal)


def _now(detail: PolicyDetail) -> tuple[Share, ...]:
    return tuple(
        Share(
            BeneficiaryClass(one.beneficiary_class),
            one.name,
            one.relation,
            one.share_pct,
            one.date_of_birth,
        )
        for one in detail.beneficiaries
        if one.valid_to is None
    )
