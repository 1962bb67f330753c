"""Who belongs to a customer, and as what."""

from __future__ import annotations

import streamlit as st

from core import customers
from core.access import Permission, Viewer
from pages._ui import errors, filters, forms, guard, page, terms
from pages.customers._parts import state, words


def show(customer_id: int, viewer: Viewer) -> None:
    """Every relation, and the way to one more."""
    with page.section("Relations"):
        if viewer.can(Permission.CUSTOMERS_EDIT) and st.button(
            "Add a relation", icon=":material/group_add:"
        ):
            add(customer_id)
    found = customers.relations(customer_id, by=viewer)
    if not found:
        st.caption("No relations.")
    for one in found:
        with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
            st.markdown(f":gray[{terms.label(one.kind)}]")
            if one.is_visible:
                words.link("customer", one.customer_code, f"{one.name} · {one.customer_code}", viewer)
            else:
                st.caption(":material/lock: outside your book")
            if viewer.can(Permission.CUSTOMERS_EDIT) and st.button(
                "", key=f"relation.{one.id}", icon=":material/link_off:", type="tertiary",
                help="Remove this relation",
            ):  # fmt: skip
                with errors.told("flash") as outcome:
                    customers.unrelate(one.id, by=viewer)
                state.done("Relation removed", outcome)


@st.dialog("New relation")
def add(customer_id: int) -> None:
    """Who belongs to the customer: found by name or code, then joined."""
    viewer = guard.viewer(Permission.CUSTOMERS_EDIT)
    typed = st.text_input("Find the other customer", max_chars=100, type="search")
    found = customers.find(typed, by=viewer) if typed else ()
    others = {str(one.id): one for one in found if one.id != customer_id}
    if typed and not others:
        st.caption("Nobody else is found by that.")
    form = forms.Form(f"relation.{customer_id}")
    with form.body():
        form.choice(
            "other_id",
            "Customer",
            [filters.Option(key, f"{one.name} · {one.code}") for key, one in others.items()],
            required="Find and choose the other customer.",
        )
        form.choice(
            "kind",
            "What they are to this customer",
            terms.options(customers.RelationKind),
            required="Choose how they belong together.",
        )
        sent = form.submit("Add relation")
    if sent:
        with form.sending() as outcome:
            other = int(form.values["other_id"] or customer_id)
            customers.relate(customer_id, other, kind=form.values["kind"] or "", by=viewer)
        state.done("Relation added", outcome)
