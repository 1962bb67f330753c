"""The head of a customer's page: who this is, and what to do next."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from functools import partial
from typing import TypeVar

import streamlit as st

from core import dossiers
from core.access import Permission, Viewer
from core.customers import CustomerDetail
from core.dossiers import NextStep, Overview
from pages._ui import format as fmt
from pages._ui import menu, page, terms
from pages.customers._parts import (
    contacts_view,
    customer_forms,
    customer_tabs,
    head_actions,
    merging,
    words,
)
from pages.customers._parts.head_actions import Action

# Pixels: of four figures in a line, or two on a telephone; and of half of the head, which holds them.
_FIGURE, _HALF = 112, 500
Number = TypeVar("Number", int, Decimal)


def show(found: Overview, viewer: Viewer) -> None:
    """Name, where they stand, what they are worth, and what comes next."""
    one = found.customer
    born = fmt.day(one.date_of_birth) if one.date_of_birth else str(one.birth_year)
    place = ", ".join(part for part in (one.city, one.state) if part)
    subtitle = " · ".join(
        part
        for part in (one.code, f"{one.age} years old, born {born}", place, one.agent or "nobody yet")
        if part
    )
    with page.head(fmt.plain(one.name), fmt.plain(subtitle)):
        _actions(one, viewer)
    _tags(found)
    _facts(found)
    _step(found.next_step)


def _facts(found: Overview) -> None:
    """How to reach them beside the four figures, or above them: each stays together in a line."""
    grid = st.grid("auto", min_column_width=_HALF, gap=("xsmall", "small"))
    with grid.cell():
        page.facts({"Phone": found.customer.phone_primary, "E-mail": found.customer.email})
    with grid.cell():
        page.facts(
            {
                "Lifetime premium": _seen(found, "policy", found.lifetime_premium, fmt.money),
                "Premium a year": _seen(found, "policy", found.annual_premium, fmt.money),
                "In force": _seen(found, "policy", found.in_force, _policies),
                "Open claims": _seen(found, "claim", found.open_claims, fmt.number),
            },
            width=_FIGURE,
        )


def _policies(count: int) -> str:
    return fmt.counted(count, "policy", "policies")


def _seen(found: Overview, kind: str, value: Number, shown: Callable[[Number], str]) -> str:
    """The figure; a 0 that only comes of what the viewer does not see is none."""
    outside = found.outside.get(kind, 0)
    return (
        f"{fmt.EMPTY} ({fmt.number(outside)} outside your book)" if outside and not value else shown(value)
    )


def _actions(one: CustomerDetail, viewer: Viewer) -> None:
    undoing = [
        Action(merging.title(made), Permission.CUSTOMERS_MERGE, partial(merging.undo, made, one.code))
        for made in merging.undoable(one, viewer)
    ]
    if one.archived_at is not None:
        head_actions.bring_back(
            lambda: dossiers.restore(one.id, version=one.version, by=viewer), "The customer is back", viewer
        )
        head_actions.more_of(undoing, viewer, key="customer.more")
        return
    head_actions.offer(
        lambda: customer_forms.edit(one.id),
        (
            Action("Plan a follow-up", Permission.LEADS_EDIT, partial(_plan, one)),
            Action("New policy", Permission.POLICIES_ENTER, partial(_go, "entry", one)),
            Action("Report a claim", Permission.CLAIMS_REPORT, partial(_go, "notice", one)),
            Action("Hand over", Permission.CUSTOMERS_ASSIGN, lambda: customer_forms.assign(one.id)),
            Action("Merge", Permission.CUSTOMERS_MERGE, lambda: merging.merge(one.id)),
            *undoing,
            Action(
                "Archive", Permission.CUSTOMERS_EDIT, lambda: customer_forms.archive(one.id, one.version)
            ),
        ),
        viewer,
        key="customer.more",
    )


def _plan(one: CustomerDetail) -> None:
    contacts_view.plan(one)
    if customer_tabs.is_elsewhere("Follow-ups"):
        customer_tabs.turn_to("Follow-ups")
        st.rerun()


def _go(slug: str, one: CustomerDetail) -> None:
    menu.go(slug, {"customer": str(one.id)})


def _tags(found: Overview) -> None:
    one = found.customer
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        page.tag(f"KYC {one.kyc_label.lower()}", one.kyc_tone)
        if one.risk_band:
            page.tag(f"{terms.label(one.risk_band)} risk", words.BANDS[one.risk_band])
        if one.archived_at is not None:
            page.tag("Archived", words.BANDS["medium"])
        if one.former_codes:
            st.caption(fmt.plain(f"formerly {', '.join(one.former_codes)}"))
        if found.others:
            st.caption(f":material/lock: {fmt.counted(found.others, 'record')} outside your book")


def _step(step: NextStep) -> None:
    mark = ":orange[:material/priority_high:]" if step.is_urgent else ":material/arrow_forward:"
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        st.markdown(f"{mark} **Next:** {fmt.plain(step.text)}")
        if customer_tabs.is_elsewhere(step.tab):
            st.button(
                "Go there",
                key="next_step",
                type="tertiary",
                on_click=customer_tabs.turn_to,
                args=(step.tab,),
            )
