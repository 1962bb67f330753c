"""One account: the company, its people, what is negotiated with it, and what was done."""

from __future__ import annotations

import streamlit as st

from core import customers, dossiers
from core.access import Permission, Viewer
from core.dossiers import AccountOverview
from core.kit.errors import NotFound
from core.kit.ids import record_id
from pages._ui import empty, errors, filters, guard, menu, page, viewing
from pages._ui import format as fmt
from pages.customers._parts import account_forms, account_people, head_actions, items_view, words
from pages.customers._parts.head_actions import Action

TABS = ("People", "Leads & opportunities", "Policies", "History")


def main() -> None:
    """The whole page."""
    viewer = guard.viewer(Permission.CUSTOMERS_VIEW)
    asked = st.query_params.get("account", "")
    number = record_id(asked)
    try:
        found = dossiers.account_overview(asked if number is None else number, by=viewer) if asked else None
    except NotFound as refusal:
        page.head("Account")
        errors.show(refusal)
        _link_to_list()
        return
    if found is None:
        page.head("Account")
        empty.state("No account is chosen.", icon=":material/domain:")
        _link_to_list()
        return
    _head(found, viewer)
    _tab(found, viewer)


def _link_to_list() -> None:
    st.page_link(menu.page_for("accounts"), label="All accounts", icon=":material/domain:")


def _head(found: AccountOverview, viewer: Viewer) -> None:
    one = found.account
    told = [one.code, one.industry, one.agent or "nobody's yet", one.territory]
    with page.head(fmt.plain(one.name), fmt.plain(" · ".join(part for part in told if part))):
        _actions(one, viewer)
    if one.archived_at is not None:
        page.tag("Archived", words.BANDS["medium"])
    page.facts(
        {
            "Phone": one.phone,
            "E-mail": one.email,
            "Address": one.address.replace("\n", ", "),
            "Country": one.country,
            "Open deals": f"{fmt.number(found.open_deals)} · {fmt.money_short(found.pipeline)}",
            "Premium a year": f"{fmt.money_short(found.annual_premium)} · "
            + fmt.counted(found.in_force, "policy", "policies"),
            "Employees": fmt.number(one.employee_count) if one.employee_count is not None else "",
            "Revenue a year": fmt.money_short(one.annual_revenue) if one.annual_revenue else "",
            "Established": str(one.year_established or ""),
        }
    )
    if one.notes:
        st.markdown(f":small[:gray[Notes]]  \n{fmt.plain(one.notes)}".replace("\n", "  \n"))


def _actions(one: customers.AccountDetail, viewer: Viewer) -> None:
    if one.archived_at is not None:
        head_actions.bring_back(
            lambda: dossiers.restore_account(one.id, version=one.version, by=viewer),
            "The account is back",
            viewer,
        )
        return
    head_actions.offer(
        lambda: account_forms.edit(one.id),
        (
            Action(
                "Hand over", Permission.CUSTOMERS_ASSIGN, lambda: account_forms.assign(one.id, one.version)
            ),
            Action(
                "Archive", Permission.CUSTOMERS_EDIT, lambda: account_forms.archive(one.id, one.version)
            ),
        ),
        viewer,
        key="account.more",
    )


def _tab(found: AccountOverview, viewer: Viewer) -> None:
    tab = filters.switch("Part", [filters.Option(name, name) for name in TABS], key="tab")
    if tab == "Leads & opportunities":
        deals = [one for one in found.items if one.kind in {"lead", "opportunity"}]
        items_view.listed(deals, "Nothing was negotiated with this account.", viewer)
    elif tab == "Policies":
        held = [one for one in found.items if one.kind == "policy"]
        items_view.listed(held, "Nobody here holds a policy.", viewer)
    elif tab == "History":
        _history(found.account.id, viewer)
    else:
        account_people.show(found.account, viewer)


def _history(account_id: int, viewer: Viewer) -> None:
    events = dossiers.account_history(account_id, by=viewer)
    if not events:
        empty.state("Nothing was changed yet.", icon=":material/history:")
    for event in events:
        when = fmt.plain(fmt.moment(event.at, viewing.zone()))
        st.markdown(f":small[:gray[{when}]]  **{fmt.plain(event.who)}** {fmt.plain(event.what)}")


main()
