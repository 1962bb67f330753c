"""The buttons of a claim, and the dialog behind each; who was slower is told what happened (R2)."""

from __future__ import annotations

import streamlit as st

from core import claims
from core.access import Permission, Viewer
from core.claims import CLAIM, ClaimDetail
from core.kit.errors import Conflict, Invalid, NotAllowed, NotFound
from pages._ui import errors, forms, guard, reruns, versions, viewing
from pages._ui import format as fmt
from pages.claims._parts import acts
from pages.claims._parts.acts.act import Act


def buttons(detail: ClaimDetail, viewer: Viewer) -> None:
    """A button for every move from here, paying, and the rest of what can be done."""
    for name, act in _main(detail, viewer).items():
        _button(detail, name, act)
    if more := _more(detail, viewer):
        chosen = st.menu_button(
            "More", list(more), format_func=lambda name: acts.MORE[name].verb, key="more",
            icon=":material/more_horiz:",
        )  # fmt: skip
        if chosen:
            start(detail, chosen, acts.MORE[chosen])


def _main(detail: ClaimDetail, viewer: Viewer) -> dict[str, Act]:
    """Paying and the moves, by name."""
    found = {}
    is_payable = "payable" in CLAIM[detail.row.status].flags
    if is_payable and not detail.payment_held and viewer.can(Permission.CLAIMS_HANDLE):
        found["pay"] = acts.PAY
    for move in detail.moves:
        act = acts.TAKE_BACK if is_payable and move.to == "assessed" else acts.MOVES.get(move.to)
        if act is not None:
            found[move.to] = act
    return found


def _more(detail: ClaimDetail, viewer: Viewer) -> dict[str, Act]:
    """What can be done beside the moves; a closed claim takes notes alone."""
    if not viewer.can(Permission.CLAIMS_HANDLE):
        return {}
    is_closed = "closed" in CLAIM[detail.row.status].flags
    return {"note": acts.MORE["note"]} if is_closed else dict(acts.MORE)


def handing_on(detail: ClaimDetail, viewer: Viewer) -> dict[str, Act]:
    """To hand on each task that is not done, by name; those of a closed claim stay where they are."""
    if "closed" in CLAIM[detail.row.status].flags or not viewer.can(Permission.CLAIMS_HANDLE):
        return {}
    return {f"task.{task.id}": acts.hand_on(task) for task in detail.tasks if not task.is_done}


def _is_offered(name: str, act: Act, detail: ClaimDetail, viewer: Viewer) -> bool:
    """Whether a claim takes an act from the viewer as it is; one name may stand for two acts."""
    offered = _main(detail, viewer) | _more(detail, viewer) | handing_on(detail, viewer)
    found = offered.get(name)
    return found is not None and found.verb == act.verb


def _button(detail: ClaimDetail, name: str, act: Act) -> None:
    if st.button(
        act.label(detail), key=f"act.{name}", icon=act.icon, type="primary" if act.is_main else "secondary"
    ):
        start(detail, name, act)


def start(detail: ClaimDetail, name: str, act: Act) -> None:
    """Open the dialog of an act, empty."""
    forms.renew(_form(detail, name))
    show(detail, name, act)


def show(detail: ClaimDetail, name: str, act: Act) -> None:
    """The dialog of an act, with what was typed and told in it."""
    title = f"{act.label(detail)} · {fmt.plain(detail.row.number)}"
    st.dialog(title, width="medium", icon=act.icon)(_dialog)(detail, name, act)


def _form(detail: ClaimDetail, name: str) -> str:
    return f"{detail.row.number}.{name}"


def _dialog(detail: ClaimDetail, name: str, act: Act) -> None:
    viewer = guard.viewer(Permission.CLAIMS_VIEW)
    if act.waits(detail):
        if st.button("To the documents", type="primary", icon=":material/inventory_2:"):
            st.rerun()
        return
    form = forms.Form(_form(detail, name), initial=act.starts(detail))
    version = versions.of(form, detail.row.version)
    # Who was told that somebody was faster is shown the claim as it is now.
    shown = detail if form.told is None else _now(detail, viewer)
    if shown is None or (form.told is not None and not _is_offered(name, act, shown, viewer)):
        _too_late(form, act)
        return
    act.first(form, shown, viewer)
    with form.body():
        act.draw(form, shown, viewer)
        sent = form.submit(act.label(shown), icon=act.icon, core_asks=act.core_asks)
    if not sent:
        return
    told = ""
    with form.sending() as outcome:
        try:
            told = act.do(form, shown, version, viewer)
        except Conflict as conflict:
            now = _now(detail, viewer)
            if now is None or not _is_offered(name, act, now, viewer):
                conflict.remedy = ""  # to try again
            raise
    refusal = outcome.refusal
    if refusal is None:
        errors.flash(told)
        st.rerun()
    if not (isinstance(refusal, Invalid) or refusal.passes):
        now = _now(detail, viewer)
        form.told = now.row.version if now else version
        reruns.nearest()


def _too_late(form: forms.Form, act: Act) -> None:
    """What happened in between, and the way to the claim as it is: there is nothing to send any more."""
    form.tell()
    st.markdown(f"“{act.verb}” is not possible any more.")
    if st.button("Show the claim as it is now", type="primary", icon=":material/refresh:"):
        st.rerun()


def _now(detail: ClaimDetail, viewer: Viewer) -> ClaimDetail | None:
    """The claim as it is now, None for who has no part in it any more."""
    try:
        return claims.claim(detail.row.id, by=viewer, today=viewing.today())
    except (NotAllowed, NotFound):
        return None
