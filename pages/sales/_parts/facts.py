"""What is known of a lead or an opportunity, to read."""

from __future__ import annotations

from decimal import Decimal

import streamlit as st

from core import sales
from core.sales import Named
from pages._ui import format as fmt
from pages._ui import menu, page, viewing
from pages._ui.screens import Screen
from pages.sales._parts.kinds import DealKind, Detail

# Left out while there is nothing to tell.
OPTIONAL = frozenset(
    {"Company", "Date of birth", "State", "Expected sum assured", "Won value", "Closed on"}
)  # fmt: skip


def show(kind: DealKind, detail: Detail, screen: Screen) -> None:
    """The facts, with the ways to change them."""
    with st.container(horizontal=True, gap="xsmall"):
        if detail.can_edit:
            st.button(
                "Edit", key=f"{screen.key}.edit", icon=":material/edit:",
                on_click=screen.opener("edit", form=f"{detail.code}.edit"),
            )  # fmt: skip
        if detail.can_assign:
            st.button(
                "Hand over", key=f"{screen.key}.assign", icon=":material/person_pin_circle:",
                on_click=screen.opener("assign", form=f"{detail.code}.assign"),
            )  # fmt: skip
    known = _lead(detail) if isinstance(detail, sales.LeadDetail) else _opportunity(detail)
    told = {**known, **_common(kind, detail)}
    page.facts({label: value for label, value in told.items() if value or label not in OPTIONAL})
    if detail.notes:
        st.caption("Notes")
        st.text(detail.notes)
    _parties(detail)
    if isinstance(detail, sales.LeadDetail):
        for one in detail.opportunities:
            st.page_link(
                menu.page_for("opportunities"), label=fmt.plain(one.name), icon=":material/handshake:",
                query_params={"opportunity": one.name.split(" ")[0]},
            )  # fmt: skip
    elif detail.lead is not None:
        st.page_link(
            menu.page_for("pipeline"), label=f"Lead {detail.lead.name}", icon=":material/view_kanban:",
            query_params={"lead": detail.lead.name},
        )  # fmt: skip


def _parties(detail: Detail) -> None:
    """The pages of the customer and of the account that it is with."""
    if detail.customer is not None:
        st.page_link(
            menu.page_for("customer"), label=fmt.plain(f"Customer {detail.customer.name}"),
            icon=":material/person:", query_params={"customer": detail.customer.name.split(" ")[0]},
        )  # fmt: skip
    if detail.account is not None:
        st.page_link(
            menu.page_for("company"), label=fmt.plain(f"Account {detail.account.name}"),
            icon=":material/domain:", query_params={"account": str(detail.account.id)},
        )  # fmt: skip


def _money(amount: Decimal | None) -> str:
    return fmt.money(amount) if amount is not None else ""


def _name(named: Named | None) -> str:
    return named.name if named else ""


def _lead(lead: sales.LeadDetail) -> dict[str, str]:
    born = fmt.day(lead.date_of_birth) if lead.date_of_birth else str(lead.birth_year or "")
    consent = f"Yes, {fmt.day(lead.contact_consent_at)}" if lead.contact_consent_at else "No"
    return {
        "Expected premium": fmt.money(lead.expected_premium),
        "Product": _name(lead.product),
        "Phone": lead.phone,
        "E-mail": lead.email,
        "Consent to contact": consent if lead.contact_consent else "No",
        "Source": lead.source.name,
        "Company": lead.company_name,
        "Date of birth": born,
        "State": lead.state,
        "Expected sum assured": _money(lead.expected_sum_assured),
    }


def _opportunity(deal: sales.OpportunityDetail) -> dict[str, str]:
    return {
        "Estimated value": fmt.money(deal.estimated_value),
        "Won value": _money(deal.won_value),
        "Product": _name(deal.product),
        "Expected close": fmt.day(deal.expected_close_date),
        "Source": _name(deal.source),
        "Opened on": fmt.day(deal.opened_on),
        "Closed on": fmt.day(deal.closed_on) if deal.closed_on else "",
    }


def _common(kind: DealKind, detail: Detail) -> dict[str, str]:
    found = {
        "Owner": _name(detail.owner) or "Nobody yet",
        "Territory": _name(detail.territory),
        "Entered": fmt.moment(detail.created_at, viewing.zone()),
    }
    if detail.status in kind.lifecycle.flagged("lost"):
        found |= {"Lost because of": _name(detail.lost_reason), "In their words": detail.lost_note}
    if detail.reopen_count:
        found["Reopened"] = fmt.counted(detail.reopen_count, "time")
    return found
