"""Policy entry in steps: what is typed is kept as a draft, and limits and premium follow live."""

from __future__ import annotations

from typing import NoReturn

import streamlit as st

from core import policies
from core.access import Permission, Viewer
from core.kit.errors import NotFound
from core.kit.ids import record_id
from core.policies import Draft
from pages._ui import errors, guard, menu, page, viewing
from pages._ui import format as fmt
from pages.policies._parts import documents, draft_list, drafting, review, ribbon, steps
from pages.policies._parts.drafting import STEPS


def main() -> None:
    """The whole page: the entry that the address names, or one's own drafts."""
    viewer = guard.viewer(Permission.POLICIES_ENTER)
    draft = _named(viewer)
    if draft is None:
        draft_list.show(viewer)
    else:
        _entry(draft, viewer)


def _named(viewer: Viewer) -> Draft | None:
    number = record_id(st.query_params.get("draft", ""))
    lead, customer = st.query_params.get("lead"), st.query_params.get("customer")
    found = None
    if lead:
        found = drafting.from_lead(lead, viewer)
    elif customer:
        found = drafting.of_customer(customer, viewer)
    if lead or customer:
        if found is not None:
            drafting.show(found.id, found.step)
        return found
    if number is None:
        return None
    if sent := drafting.submitted().get(number):
        menu.go("policy", {"policy": sent})
    try:
        return policies.draft(number, by=viewer)
    except NotFound as refusal:
        errors.show(refusal)
        return None


def _entry(draft: Draft, viewer: Viewer) -> None:
    step = st.query_params.get("step", draft.step)
    step = step if step in STEPS else "review"
    drafting.seen(draft)
    with page.head("New policy", fmt.plain(draft.customer or "Everything you type is kept")):
        leaves = st.button("My drafts", icon=":material/list:")
    drafting.passed(draft.id, *ribbon.before(step))
    above = st.container(horizontal=True, gap="small")
    onward = ""
    left, right = st.columns([3, 2], gap="large")
    with left:
        page.section(STEPS[step])
        if step != "review":
            draft = drafting.keep(draft, steps.DRAWN[step](draft, viewer), step, viewer)
        quote = policies.quote(draft.application, by=viewer, today=viewing.today())
        gaps = policies.gaps(draft.application, quote, today=viewing.today())
        if step == "review":
            review.draw(draft, quote, gaps, viewer)
        else:
            onward = ribbon.onward(draft.id, step, drafting.at_step(gaps, step))
    # Drawn last, for what was typed just now counts.
    with above:
        wanted = ribbon.show(draft.id, step, gaps) or onward
    # Only now: what was typed last has been kept.
    file = documents.waiting(draft) if step == "documents" and (leaves or wanted) else ""
    if file:
        st.toast(
            f"{fmt.plain(file)} is not added yet: add it, or remove it.", icon=":material/attach_file:"
        )
    elif leaves:
        _leave()
    elif wanted:
        drafting.show(draft.id, wanted)
        st.rerun()
    if step != "review":
        with right:
            page.section("So far")
            review.so_far(quote, with_limits=step != "product")


def _leave() -> NoReturn:
    for name in ("draft", "step", "lead"):
        st.query_params.pop(name, None)
    st.rerun()


main()
