"""One customer on one screen: who this is, and what to do next."""

from __future__ import annotations

import streamlit as st

from core import dossiers
from core.access import Permission
from core.kit.errors import NotFound
from pages._ui import empty, errors, guard, menu, page
from pages.customers._parts import customer_head, customer_tabs


def main() -> None:
    """The whole page."""
    viewer = guard.viewer(Permission.CUSTOMERS_VIEW)
    code = st.query_params.get("customer") or st.query_params.get("code") or ""
    try:
        found = dossiers.overview(code, by=viewer) if code else None
    except NotFound as refusal:
        page.head("Customer")
        errors.show(refusal)
        st.page_link(menu.page_for("customers"), label="Find a customer", icon=":material/search:")
        return
    if found is None:
        page.head("Customer")
        known = "name, phone, e-mail or code" if viewer.can(Permission.PII_VIEW) else "code"
        empty.state("No customer is chosen.", hint=f"Find one by {known}.")
        st.page_link(menu.page_for("customers"), label="Find a customer", icon=":material/search:")
        return
    customer_head.show(found, viewer)
    customer_tabs.show(found, viewer)


main()
