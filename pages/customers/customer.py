"""One customer on one screen: who this is, and what to do next."""

from __future__ import annotations

import streamlit as st

from core import dossiers
from core.access import Permission, Viewer
from core.customers import CustomerDetail
from core.dossiers import Overview
from core.kit.errors import NotFound
from pages._ui import empty, errors, filters, guard, menu, page
from pages._ui import format as fmt
from pages.customers._parts import (
    contacts_view,
    customer_forms,
    documents_view,
    items_view,
    merging,
    notes_view,
    people_view,
    timeline_view,
    trust_view,
    words,
)

TABS = (
    "Timeline", "Policies", "Leads & opportunities", "Claims", "Notes", "Follow-ups", "Documents",
    "Contacts & relations", "Consent & KYC",
)  # fmt: skip
# Shorter on the page than in the address, so that they stand in two rows on a phone.
_SHORT = {"Leads & opportunities": "Deals", "Contacts & relations": "Contacts", "Consent & KYC": "Consent"}

PLAN, APPLY, CLAIM = "Plan a follow-up", "New policy", "Report a claim"


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
        empty.state("No customer is chosen.", hint="Find one by name, phone, e-mail or code.")
        st.page_link(menu.page_for("customers"), label="Find a customer", icon=":material/search:")
        return
    _head(found, viewer)
    _tab(found, viewer)


def _head(found: Overview, viewer: Viewer) -> None:
    one = found.customer
    born = fmt.day(one.date_of_birth) if one.date_of_birth else str(one.birth_year)
    place = ", ".join(part for part in (one.city, one.state) if part)
    subtitle = " · ".join(
        part
        for part in (one.code, f"{one.age} years old, born {born}", place, one.agent or "nobody yet")
        if part
    )
    with page.head(fmt.plain(one.name), fmt.plain(subtitle)):
        _actions(found, viewer)
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        page.tag(f"KYC {one.kyc_label.lower()}", one.kyc_tone)
        if one.risk_band:
            page.tag(f"{words.label(one.risk_band)} risk", words.BANDS[one.risk_band])
        if one.archived_at is not None:
            page.tag("Archived", words.BANDS["medium"])
        if one.former_codes:
            st.caption(fmt.plain(f"formerly {', '.join(one.former_codes)}"))
        if found.others:
            st.caption(f":material/lock: {fmt.counted(found.others, 'record')} outside your book")
    page.facts(
        {
            "Phone": one.phone_primary,
            "E-mail": one.email,
            "Lifetime premium": fmt.money(found.lifetime_premium),
            "Premium a year": fmt.money(found.annual_premium),
            "In force": fmt.counted(found.in_force, "policy", "policies"),
            "Open claims": fmt.number(found.open_claims),
        }
    )
    step = found.next_step
    mark = ":orange[:material/priority_high:]" if step.is_urgent else ":material/arrow_forward:"
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        st.markdown(f"{mark} **Next:** {fmt.plain(step.text)}")
        if step.tab in TABS and st.query_params.get("tab", TABS[0]) != step.tab:
            st.button("Go there", key="next_step", type="tertiary", on_click=_open, args=(step.tab,))


def _open(tab: str) -> None:
    st.query_params["tab"] = tab


def _actions(found: Overview, viewer: Viewer) -> None:
    one = found.customer
    may_edit = viewer.can(Permission.CUSTOMERS_EDIT)
    if one.archived_at is not None:
        if may_edit and st.button("Bring back", icon=":material/unarchive:"):
            with errors.told("flash") as outcome:
                dossiers.restore(one.id, version=one.version, by=viewer)
            if outcome.ok:
                errors.flash("The customer is back")
            st.rerun()
        return
    if may_edit and st.button("Edit", icon=":material/edit:", type="primary"):
        customer_forms.edit(one.id)
    more = [
        label
        for label, permission in (
            (PLAN, Permission.LEADS_EDIT),
            (APPLY, Permission.POLICIES_ENTER),
            (CLAIM, Permission.CLAIMS_REPORT),
            ("Hand over", Permission.CUSTOMERS_ASSIGN),
            ("Merge", Permission.CUSTOMERS_MERGE),
            ("Archive", Permission.CUSTOMERS_EDIT),
        )
        if viewer.can(permission)
    ]
    chosen = st.menu_button("More", more, key="customer.more") if more else None
    if chosen is not None:
        _do(chosen, one)


def _do(chosen: str, one: CustomerDetail) -> None:
    """What was chosen of the menu."""
    if chosen == PLAN:
        _open("Follow-ups")
        st.rerun()
    elif chosen == APPLY:
        menu.go("entry", {"customer": str(one.id)})
    elif chosen == CLAIM:
        menu.go("notice", {"customer": str(one.id)})
    elif chosen == "Hand over":
        customer_forms.assign(one.id)
    elif chosen == "Merge":
        merging.merge(one.id)
    elif chosen == "Archive":
        customer_forms.archive(one.id, one.version)


def _tab(found: Overview, viewer: Viewer) -> None:
    one = found.customer
    tab = filters.switch("Part", [filters.Option(name, _SHORT.get(name, name)) for name in TABS], key="tab")
    if tab == "Policies":
        items_view.policies(found, viewer)
    elif tab == "Leads & opportunities":
        items_view.deals(found, viewer)
    elif tab == "Claims":
        items_view.claims(found, viewer)
    elif tab == "Follow-ups":
        contacts_view.show(one, viewer)
    elif tab == "Documents":
        documents_view.show(one.id, viewer)
    elif tab == "Contacts & relations":
        people_view.show(one, viewer)
    elif tab == "Consent & KYC":
        trust_view.show(one, viewer)
    elif tab == "Notes":
        notes_view.show(one, viewer)
    else:
        timeline_view.show(one.id)
        if one.former_codes:
            merging.undo(one.id, viewer)


main()
