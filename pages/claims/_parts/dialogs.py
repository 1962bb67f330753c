"""The buttons of a claim, and the dialog behind each; who was slower is told what happened (R2)."""

from __future__ import annotations

import streamlit as st

from core import claims
from core.access import Permission, Viewer
from core.claims import CLAIM, ClaimDetail
from core.kit.errors import Conflict
from pages._ui import errors, forms, guard, reruns, versions, viewing
from pages._ui import format as fmt
from pages.claims._parts import acts
from pages.claims._parts.acts.act import Act


def buttons(detail: ClaimDetail, viewer: Viewer) -> None:
    """A button for every move from here, paying, and the rest of what can be done."""
    is_payable = "payable" in CLAIM[detail.row.status].flags
    if is_payable and not detail.payment_held and viewer.can(Permission.CLAIMS_HANDLE):
        _button(detail, "pay", acts.PAY)
    for move in detail.moves:
        act = acts.TAKE_BACK if is_payable and move.to == "assessed" else acts.MOVES.get(move.to)
        if act is not None:
            _button(detail, move.to, act)
    if viewer.can(Permission.CLAIMS_HANDLE):
        chosen = st.menu_button(
            "More", _more(detail), format_func=lambda name: acts.MORE[name].verb, key="more",
            icon=":material/more_horiz:",
        )  # fmt: skip
        if chosen:
            start(detail, chosen, acts.MORE[chosen])


def _more(detail: ClaimDetail) -> list[str]:
    """What can be done beside the moves; a closed claim takes notes alone."""
    is_closed = "closed" in CLAIM[detail.row.status].flags
    return ["note"] if is_closed else list(acts.MORE)


def _button(detail: ClaimDetail, name: str, act: Act) -> None:
    if st.button(
        act.label(detail), key=f"act.{name}", icon=act.icon, type="primary" if act.is_main else "secondary"
    ):
        start(detail, name, act)


def start(detail: ClaimDetail, name: str, act: Act) -> None:
    """Open the dialog of an act, empty."""
    form = f"{detail.row.number}.{name}"
    forms.renew(form)
    title = f"{act.label(detail)} · {fmt.plain(detail.row.number)}"
    st.dialog(title, width="medium", icon=act.icon)(_dialog)(detail, act, form)


def _dialog(detail: ClaimDetail, act: Act, name: str) -> None:
    viewer = guard.viewer(Permission.CLAIMS_VIEW)
    if act.waits(detail):
        if st.button("To the documents", type="primary", icon=":material/inventory_2:"):
            st.rerun()
        return
    form = forms.Form(name, initial=act.starts(detail))
    version = versions.of(form, detail.row.version)
    # Who was told that somebody was faster is shown the claim as it is now.
    shown = detail if version == detail.row.version else _now(detail, viewer)
    act.first(form, shown, viewer)
    with form.body():
        act.draw(form, shown, viewer)
        sent = form.submit(act.label(shown), icon=act.icon, core_asks=act.core_asks)
    if not sent:
        return
    told = ""
    with form.sending() as outcome:
        told = act.do(form, shown, version, viewer)
    versions.follow(form, outcome, lambda: _now(detail, viewer).row.version)
    if outcome.ok:
        errors.flash(told)
        st.rerun()
    if isinstance(outcome.refusal, Conflict):
        reruns.nearest()


def _now(detail: ClaimDetail, viewer: Viewer) -> ClaimDetail:
    return claims.claim(detail.row.id, by=viewer, today=viewing.today())
