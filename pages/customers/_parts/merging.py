"""Two records of one person: merging them, and undoing that."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from core import customers, dossiers
from core.access import Permission, Viewer
from core.kit.errors import Invalid, NotFound
from pages._ui import errors, filters, forms, guard, viewing
from pages._ui import format as fmt
from pages.customers._parts import state

_UNDO = "Undo the merge with {}"
_AFTER = "Both codes find the record that stays. This can be undone."


@dataclass(slots=True)
class Made:
    """The merge that was made last in the finder; changed in place, as the run may stop after it."""

    kept_id: int = 0
    merge_id: int = 0


@st.dialog("Merge with another record")
def merge(customer_id: int) -> None:
    """Find the record that is the same person; it goes into this one."""
    viewer = guard.viewer(Permission.CUSTOMERS_MERGE)
    typed = st.text_input("Find the other record", max_chars=100, type="search")
    found = customers.find(typed, by=viewer) if typed else ()
    others = [
        filters.Option(str(one.id), f"{one.name} · {one.code}") for one in found if one.id != customer_id
    ]
    form = forms.Form(f"merge.{customer_id}")
    with form.body():
        form.choice("merged_id", "Goes into this record", others, required="Choose the other record.")
        form.area("reason", "What shows that they are one person", required="Say what shows it.")
        st.caption(_AFTER)
        sent = form.submit("Merge")
    if sent:
        with form.sending() as outcome:
            if not form.values["merged_id"]:
                raise Invalid({"merged_id": "Choose the other record."})
            chosen = int(form.values["merged_id"])
            dossiers.merge(customer_id, chosen, reason=form.values["reason"], by=viewer)
        state.done("Merged; both codes find this record", outcome)


@st.dialog("Merge two records")
def merge_pair(kept: customers.Side, gone: customers.Side, because: str, made: Made) -> None:
    """The same for two records that are known; what was found is told, and the reason is asked for."""
    viewer = guard.viewer(Permission.CUSTOMERS_MERGE)
    goes, stays = (f"**{fmt.plain(f'{one.name} · {one.code}')}**" for one in (gone, kept))
    st.markdown(f"{goes} goes into {stays}, which stays.")
    st.caption(fmt.plain(f"Found: {because}"))
    form = forms.Form(f"merge.{kept.id}.{gone.id}")
    with form.body():
        form.area("reason", "What shows that they are one person", required="Say what shows it.")
        st.caption(_AFTER)
        sent = form.submit("Merge")
    if sent:
        with form.sending() as outcome:
            made.merge_id = dossiers.merge(kept.id, gone.id, reason=form.values["reason"], by=viewer)
            made.kept_id = kept.id
        state.done(f"{gone.code} is merged into {kept.code}", outcome)


def undoable(one: customers.CustomerDetail, viewer: Viewer) -> tuple[dossiers.MergeRow, ...]:
    """The merges into this record that the viewer may undo, the newest first."""
    if not one.former_codes or not viewer.can(Permission.CUSTOMERS_MERGE):
        return ()
    return tuple(found for found in dossiers.merges(one.id, by=viewer) if found.undone_at is None)


def title(made: dossiers.MergeRow) -> str:
    """What undoing it is called."""
    return _UNDO.format(made.merged_code)


def undo(made: dossiers.MergeRow, kept_code: str) -> None:
    """Tell what undoing a merge means, and do it once that is confirmed."""
    st.dialog(_UNDO.format(fmt.plain(made.merged_code)), icon=":material/undo:")(_confirm)(made, kept_code)


def _confirm(made: dossiers.MergeRow, kept_code: str) -> None:
    viewer = guard.viewer(Permission.CUSTOMERS_MERGE)
    when = fmt.moment(made.at, viewing.zone())
    st.markdown(fmt.plain(f"{made.merged_code} was merged into this record by {made.who} on {when}."))
    if made.reason:
        st.caption(fmt.plain(f"Because: {made.reason}"))
    st.caption("What came from that record goes back to it; what was added since stays with this one.")
    if st.button("Undo the merge", type="primary", icon=":material/undo:", key=f"merge.{made.id}"):
        # The address may name the other record, which is found by it again.
        st.query_params["customer"] = kept_code
        _take_apart(made, viewer)
        st.rerun()


def undo_last(made: Made, viewer: Viewer) -> None:
    """The merge that was just made in the finder, to be undone there."""
    if not made.kept_id:
        return
    try:
        kept = customers.customer(made.kept_id, by=viewer)
        merges = dossiers.merges(made.kept_id, by=viewer)
    except NotFound:  # was merged itself since, archived, or handed to somebody else
        return
    for one in merges:
        if one.id == made.merge_id and one.undone_at is None:
            _undo_here(one, f"{kept.name} · {kept.code}", viewer)


def _undo_here(one: dossiers.MergeRow, into: str, viewer: Viewer) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        st.caption(fmt.plain(f"{one.merged_code} was merged into {into} by {one.who}."), width="content")
        if st.button("Undo", key=f"merge.{one.id}", icon=":material/undo:", type="tertiary"):
            _take_apart(one, viewer)
            st.rerun()


def _take_apart(one: dossiers.MergeRow, viewer: Viewer) -> None:
    with errors.told("flash") as outcome:
        dossiers.undo_merge(one.id, by=viewer)
    if outcome.ok:
        errors.flash("The merge is undone")
