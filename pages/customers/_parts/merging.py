"""Two records of one person: merging them, and undoing that."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from core import customers, dossiers
from core.access import Permission, Viewer
from core.kit.errors import Invalid, NotFound
from pages._ui import errors, filters, forms, guard, menu
from pages._ui import format as fmt
from pages.customers._parts import state

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


def undo(customer_id: int, viewer: Viewer) -> None:
    """What was merged into this record, each to be undone."""
    for one in dossiers.merges(customer_id, by=viewer):
        if one.undone_at is None and _undone(one, "this record", viewer):
            menu.go("customer", {"customer": st.query_params.get("customer", "")})


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
        is_it = one.id == made.merge_id and one.undone_at is None
        if is_it and _undone(one, f"{kept.name} · {kept.code}", viewer):
            st.rerun()


def _undone(one: dossiers.MergeRow, into: str, viewer: Viewer) -> bool:
    """A merge with its button; whether that was pressed, and what came of it is told."""
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        st.caption(fmt.plain(f"{one.merged_code} was merged into {into} by {one.who}."), width="content")
        if not viewer.can(Permission.CUSTOMERS_MERGE) or not st.button(
            "Undo", key=f"merge.{one.id}", icon=":material/undo:", type="tertiary"
        ):
            return False
    with errors.told("flash") as outcome:
        dossiers.undo_merge(one.id, by=viewer)
    if outcome.ok:
        errors.flash("The merge is undone")
    return True
