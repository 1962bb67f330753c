"""Customers: one box for whatever is known, and the search by several fields."""

from __future__ import annotations

import streamlit as st

from core.access import Permission
from pages._ui import filters, guard, menu, page, views
from pages.customers._parts import criteria, hits

SLUG = "customers"


def main() -> None:
    """The whole page."""
    viewer = guard.viewer(Permission.CUSTOMERS_VIEW)
    if st.query_params.get("customer"):
        # Links of other pages name the customer here; the record has a page of its own.
        menu.go("customer", {"customer": st.query_params["customer"]})
    sees_all = viewer.can(Permission.PII_VIEW)
    told = "anybody by name, phone, e-mail, birth date or any code" if sees_all else "a record by its code"
    with page.head("Customers", f"Find {told}"):
        if viewer.can(Permission.CUSTOMERS_EDIT) and st.button(
            "New customer", icon=":material/person_add:", type="primary"
        ):
            menu.go("new-customer")
    known = "müller, (614) 555-0182, 5/17/1985, P-00001234 …" if sees_all else "C-000123, P-00001234 …"
    typed = filters.text("Find", key="q", placeholder=known, hidden=True)
    if typed:
        hits.show(typed, viewer)
        return
    with page.section("All customers"):
        views.menu(SLUG, criteria.KEPT, viewer)
    criteria.show(viewer)


main()
