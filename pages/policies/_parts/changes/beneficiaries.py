"""Who is paid from a day on."""

from __future__ import annotations

import streamlit as st

from core import policies
from core.access import Permission
from core.kit.errors import Invalid
from core.policies import BeneficiaryClass, BeneficiaryRow, PolicyDetail, Share
from pages._ui import format as fmt
from pages._ui import forms, guard
from pages.policies._parts import shares
from pages.policies._parts.changes.sending import Subject, first_day, send


def change(detail: PolicyDetail, name: str, _: Subject) -> None:
    """The shares as they are now, to be changed as a whole; what is planned is told above them."""
    viewer = guard.viewer(Permission.POLICIES_ENTER)
    form = forms.Form(name, initial={"effective_date": first_day(detail)})
    problems: dict[str, str] = st.session_state.get(f"{name}.problems", {})
    _tell_planned(detail)
    found = shares.editor(name, held(detail), lambda _: problems)
    form.date("effective_date", "From", required="Enter from when on.")
    for field in shares.told_at(found):
        form.tells_apart(field)
    if not form.button("Change", icon=":material/save:", is_main=True):
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


def _tell_planned(detail: PolicyDetail) -> None:
    for day in sorted({one.valid_from for one in detail.beneficiaries if _is_to_come(detail, one)}):
        names = [one.name for one in detail.beneficiaries if one.valid_from == day]
        told = f"Planned from {fmt.day(day)}: {', '.join(names)}. A change from then or before drops them."
        st.info(fmt.plain(told), icon=":material/schedule:")


def _is_to_come(detail: PolicyDetail, one: BeneficiaryRow) -> bool:
    return one.valid_from > first_day(detail)


def held(detail: PolicyDetail) -> tuple[Share, ...]:
    """The shares of today, or of the first day of cover that is to come."""
    day = first_day(detail)
    return tuple(
        Share(
            BeneficiaryClass(one.beneficiary_class),
            one.name,
            one.relation,
            one.share_pct,
            one.date_of_birth,
        )
        for one in detail.beneficiaries
        if one.valid_from <= day and (one.valid_to is None or one.valid_to > day)
    )
