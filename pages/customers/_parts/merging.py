"""Two records of one person: merging them, and undoing that."""

from __future__ import annotations

import streamlit as st

from core import customers, dossiers
from core.access import Permission, Viewer
from core.kit.errors import Invalid
from pages._ui import errors, filters, forms, guard, menu
from pages._ui import format as fmt
from pages.customers._parts import state


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
        form.choice("merged_id", "Goes into this record", others, required=True)
        form.area("reason", "What shows that they are one person", required=True)
        sent = form.submit("Merge")
    if sent:
        with form.sending() as outcome:
            if not form.values["merged_id"]:
                raise Invalid({"merged_id": "Choose the other record."})
            chosen = int(form.values["merged_id"])
            dossiers.merge(customer_id, chosen, reason=form.values["reason"], by=viewer)
        state.done("Merged; both codes find this record", outcome)


def undo(customer_id: int, viewer: Viewer) -> None:
    """What was merged into this record, each to be undone."""
    for one in dossiers.merges(customer_id, by=viewer):
        if one.undone_at is not None:
            continue
        with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
            st.caption(fmt.plain(f"{one.merged_code} was merged into this record by {one.who}."))
            if viewer.can(Permission.CUSTOMERS_MERGE) and st.button(
                "Undo", key=f"merge.{one.id}", icon=":material/undo:", type="tertiary"
            ):
                with errors.told("flash") as outcome:
                    dossiers.undo_merge(one.id, by=viewer)
                if outcome.ok:
                    errors.flash("The merge is undone")
                menu.go("customer", {"customer": st.query_params.get("customer", "")})
