"""The applications that the viewer has not submitted yet: to go on with, or to discard."""

from __future__ import annotations

from functools import partial

import streamlit as st

from core import policies
from core.access import Viewer
from core.kit.dates import utc_now
from core.policies import Draft
from pages._ui import empty, errors, page
from pages._ui import format as fmt
from pages.policies._parts import drafting
from pages.policies._parts.drafting import STEPS


def show(viewer: Viewer) -> None:
    """Every draft, and the way to a new one."""
    with page.head("New policy", "Applications that you have not submitted yet"):
        st.button("New application", icon=":material/add:", type="primary", on_click=drafting.new)
    found = policies.drafts(by=viewer)
    if not found:
        empty.state(
            "No application waits to be finished.",
            hint="Begin one here, or from a lead that you have won.",
            icon=":material/add_notes:",
        )
    for one in found:
        _draft(one, viewer)


def _draft(one: Draft, viewer: Viewer) -> None:
    with (
        st.container(border=True),
        st.container(horizontal=True, vertical_alignment="center", gap="small"),
    ):
        told = " · ".join(part for part in (one.customer or "No customer yet", one.product) if part)
        st.markdown(
            f"**{fmt.plain(told)}**  \n:small[:gray[{fmt.plain(STEPS.get(one.step, 'Review'))}, "
            f"{fmt.plain(fmt.ago(one.updated_at, utc_now()))}]]",
            width="stretch",
        )
        st.button(
            "Go on", key=f"draft.{one.id}", icon=":material/edit:",
            on_click=partial(drafting.show, one.id, one.step),
        )  # fmt: skip
        if st.button("Discard", key=f"draft.{one.id}.discard", icon=":material/delete:", type="tertiary"):
            policies.discard_draft(one.id, by=viewer)
            errors.flash("Draft discarded")
            st.rerun()
