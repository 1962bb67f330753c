"""The menu: every page once, with who may open it. A page file without a row here has no address."""

from __future__ import annotations

from collections.abc import Mapping
from copy import copy
from dataclasses import dataclass
from functools import cache

import streamlit as st
from streamlit.navigation.page import Page
from streamlit.runtime.scriptrunner import get_script_run_ctx

from core.access import Permission, Viewer
from core.kit.settings import ROOT


@dataclass(frozen=True, slots=True)
class MenuPage:
    """One page: its address, its place in the menu, its file, and the permission that opens it.

    A hidden page has an address and no place in the menu: other pages lead to it.
    """

    slug: str
    title: str
    icon: str
    section: str
    file: str
    permission: Permission
    description: str
    is_hidden: bool = False
    # What it is for those who see no names, phones and addresses, where that differs.
    by_codes: str = ""

    def told(self, viewer: Viewer) -> str:
        """What the page is for, as far as the viewer can use it."""
        return self.description if viewer.can(Permission.PII_VIEW) else self.by_codes or self.description


PAGES: tuple[MenuPage, ...] = (
    MenuPage(
        slug="today",
        title="Today",
        icon=":material/today:",
        section="Home",
        file="pages/home/today.py",
        permission=Permission.HOME_VIEW,
        description="What needs you today: follow-ups, appointments and leads that wait.",
    ),
    MenuPage(
        slug="account",
        title="My account",
        icon=":material/account_circle:",
        section="Home",
        file="pages/home/account.py",
        permission=Permission.HOME_VIEW,
        description="Your password, and where you are signed in.",
    ),
    MenuPage(
        slug="missing",
        title="No such page",
        icon=":material/wrong_location:",
        section="Home",
        file="pages/home/missing.py",
        permission=Permission.HOME_VIEW,
        description="Where an address leads that there is not.",
        is_hidden=True,
    ),
    MenuPage(
        slug="pipeline",
        title="Pipeline",
        icon=":material/view_kanban:",
        section="Sales",
        file="pages/sales/board.py",
        permission=Permission.LEADS_VIEW,
        description="Leads by status, as a board or a list.",
    ),
    MenuPage(
        slug="opportunities",
        title="Opportunities",
        icon=":material/handshake:",
        section="Sales",
        file="pages/sales/opportunities.py",
        permission=Permission.LEADS_VIEW,
        description="Opportunities by stage, as a board or a list.",
    ),
    MenuPage(
        slug="customers",
        title="Customers",
        icon=":material/person_search:",
        section="Customers",
        file="pages/customers/lookup.py",
        permission=Permission.CUSTOMERS_VIEW,
        description="Find anybody by name, phone, e-mail or any code.",
        by_codes="Find a customer, policy, claim or lead by its code.",
    ),
    MenuPage(
        slug="customer",
        title="Customer",
        icon=":material/person:",
        section="Customers",
        file="pages/customers/customer.py",
        permission=Permission.CUSTOMERS_VIEW,
        description="One customer: who this is, and what to do next.",
        is_hidden=True,
    ),
    MenuPage(
        slug="accounts",
        title="Accounts",
        icon=":material/domain:",
        section="Customers",
        file="pages/customers/accounts.py",
        permission=Permission.CUSTOMERS_VIEW,
        description="Companies, with their people and what is negotiated with them.",
    ),
    MenuPage(
        slug="company",
        title="Account",
        icon=":material/corporate_fare:",
        section="Customers",
        file="pages/customers/company.py",
        permission=Permission.CUSTOMERS_VIEW,
        description="One account: the company, its people, deals and history.",
        is_hidden=True,
    ),
    MenuPage(
        slug="new-customer",
        title="New customer",
        icon=":material/person_add:",
        section="Customers",
        file="pages/customers/new.py",
        permission=Permission.CUSTOMERS_EDIT,
        description="Enter a customer; likely duplicates are shown first.",
    ),
    MenuPage(
        slug="duplicates",
        title="Duplicates",
        icon=":material/join_inner:",
        section="Customers",
        file="pages/customers/duplicates.py",
        permission=Permission.CUSTOMERS_MERGE,
        description="Records that are probably one person, to merge or to leave.",
    ),
    MenuPage(
        slug="policies",
        title="Policies",
        icon=":material/policy:",
        section="Policies",
        file="pages/policies/policies.py",
        permission=Permission.POLICIES_VIEW,
        description="Policies and applications, to filter, open and export.",
    ),
    MenuPage(
        slug="entry",
        title="New policy",
        icon=":material/add_notes:",
        section="Policies",
        file="pages/policies/entry.py",
        permission=Permission.POLICIES_ENTER,
        description="Enter an application step by step; what you typed is kept.",
    ),
    MenuPage(
        slug="policy",
        title="Policy",
        icon=":material/description:",
        section="Policies",
        file="pages/policies/policy.py",
        permission=Permission.POLICIES_VIEW,
        description="One policy: terms, cover, people, claims and history.",
        is_hidden=True,
    ),
    MenuPage(
        slug="claims",
        title="Claims",
        icon=":material/assignment_late:",
        section="Claims",
        file="pages/claims/queue.py",
        permission=Permission.CLAIMS_VIEW,
        description="The claims queue: what waits for you first, then the nearest target.",
    ),
    MenuPage(
        slug="notice",
        title="Report a claim",
        icon=":material/add_alert:",
        section="Claims",
        file="pages/claims/notice.py",
        permission=Permission.CLAIMS_REPORT,
        description="Take a loss in; what speaks against cover is shown before it is sent.",
    ),
    MenuPage(
        slug="claim",
        title="Claim",
        icon=":material/assignment:",
        section="Claims",
        file="pages/claims/claim.py",
        permission=Permission.CLAIMS_VIEW,
        description="One claim: facts, flags, reserve, decision and payments.",
        is_hidden=True,
    ),
    MenuPage(
        slug="kpis",
        title="KPIs",
        icon=":material/monitoring:",
        section="Analytics",
        file="pages/analytics/kpis.py",
        permission=Permission.KPIS_VIEW,
        description="The numbers of sales, with the rows behind each.",
    ),
    MenuPage(
        slug="users",
        title="Users",
        icon=":material/group:",
        section="Admin",
        file="pages/admin/users.py",
        permission=Permission.USERS_ADMIN,
        description="Who may sign in, and as what.",
    ),
    MenuPage(
        slug="agents",
        title="Agents",
        icon=":material/badge:",
        section="Admin",
        file="pages/admin/agents.py",
        permission=Permission.USERS_ADMIN,
        description="Who sells, under which licence, where and for whom.",
    ),
    MenuPage(
        slug="territories",
        title="Territories",
        icon=":material/account_tree:",
        section="Admin",
        file="pages/admin/territories.py",
        permission=Permission.REFERENCE_ADMIN,
        description="The tree by which rows are seen and figures add up.",
    ),
    MenuPage(
        slug="products",
        title="Products",
        icon=":material/inventory_2:",
        section="Admin",
        file="pages/admin/products.py",
        permission=Permission.RATES_APPROVE,
        description="What may be sold, within which limits and at which rates.",
    ),
    MenuPage(
        slug="lists",
        title="Lists",
        icon=":material/list_alt:",
        section="Admin",
        file="pages/admin/lists.py",
        permission=Permission.REFERENCE_ADMIN,
        description="Lead sources and lost reasons.",
    ),
    MenuPage(
        slug="authorities",
        title="Approval limits",
        icon=":material/verified_user:",
        section="Admin",
        file="pages/admin/authorities.py",
        permission=Permission.REFERENCE_ADMIN,
        description="Up to which total a role may approve a claim alone.",
    ),
    MenuPage(
        slug="holidays",
        title="Closing days",
        icon=":material/event_busy:",
        section="Admin",
        file="pages/admin/holidays.py",
        permission=Permission.REFERENCE_ADMIN,
        description="When the office does not work; deadlines pass over these days.",
    ),
    MenuPage(
        slug="audit",
        title="Audit log",
        icon=":material/history_edu:",
        section="Admin",
        file="pages/admin/audit.py",
        permission=Permission.AUDIT_VIEW,
        description="Who did what, when, and whether the log is whole.",
    ),
    MenuPage(
        slug="refresh",
        title="Refresh data",
        icon=":material/sync:",
        section="Admin",
        file="pages/admin/refresh.py",
        permission=Permission.DATA_REFRESH,
        description="Bring the analytic copy up to date, and how the last runs went.",
    ),
    MenuPage(
        slug="imports",
        title="Import",
        icon=":material/upload_file:",
        section="Admin",
        file="pages/admin/imports.py",
        permission=Permission.IMPORT,
        description="Bring leads and opportunities in from files.",
    ),
)
HOME = PAGES[0].slug
_ROWS = {row.slug: row for row in PAGES}


def allowed(viewer: Viewer) -> tuple[MenuPage, ...]:
    """The pages that the viewer may open, in menu order."""
    return _allowed(viewer.permissions)


@cache
def _allowed(permissions: frozenset[Permission]) -> tuple[MenuPage, ...]:
    return tuple(page for page in PAGES if page.permission in permissions and (ROOT / page.file).exists())


def menu_for(viewer: Viewer) -> dict[str, list[Page]]:
    """The viewer's menu by section, as st.navigation takes it."""
    sections: dict[str, list[Page]] = {}
    for row in allowed(viewer):
        # st.navigation writes into the page that it chooses.
        sections.setdefault(row.section, []).append(copy(page_for(row.slug)))
    # An address that the role may not open says so; otherwise Streamlit would tell that it is not there.
    home = sections[row_of(HOME).section]
    home += [copy(_closed(row)) for row in PAGES if not viewer.can(row.permission)]
    return sections


def page_for(slug: str) -> Page:
    """The page at an address, for st.switch_page and st.page_link; KeyError when there is none."""
    row = row_of(slug)
    # Outside a script's run Streamlit makes but half a page, which is not kept.
    return _page(row) if get_script_run_ctx(suppress_warning=True) else _page.__wrapped__(row)


def row_of(slug: str) -> MenuPage:
    """The menu's row at an address; KeyError when there is none."""
    return _ROWS[slug]


def go(slug: str, query: Mapping[str, str] | None = None) -> None:
    """Open a page, with what it should show in its address."""
    st.switch_page(page_for(slug), query_params=dict(query or {}))


# Kept, because to make the whole menu anew costs more than to draw a page of ten elements.
@cache
def _page(row: MenuPage) -> Page:
    return st.Page(
        ROOT / row.file, title=row.title, icon=row.icon, url_path=row.slug, default=row.slug == HOME,
        visibility="hidden" if row.is_hidden else "visible",
    )  # fmt: skip


@cache
def _closed(row: MenuPage) -> Page:
    """The page in the menu of those who may not open it: hidden, and a sentence under its address."""

    def refuse() -> None:
        # The server asks for the addresses alone, before the business is loaded.
        from pages._ui import guard, page

        page.head(row.title)
        guard.viewer(row.permission)

    return st.Page(refuse, title=row.title, icon=row.icon, url_path=row.slug, visibility="hidden")
