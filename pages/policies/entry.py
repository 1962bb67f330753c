"""Policy entry in steps: what is typed is kept as a draft, and limits and premium follow live."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Literal, NoReturn

import streamlit as st

from core import policies
from core.access import Permission, Viewer
from core.kit.dates import utc_now
from core.kit.errors import NotFound
from core.policies import Draft
from pages._ui import empty, errors, guard, page, viewing
from pages._ui import format as fmt
from pages.policies._parts import documents, drafting, review, steps
from pages.policies._parts.drafting import STEPS


def main() -> None:
    """The whole page: the entry that the address names, or one's own drafts."""
    viewer = guard.viewer(Permission.POLICIES_ENTER)
    draft = _named(viewer)
    if draft is None:
        _drafts(viewer)
    else:
        _entry(draft, viewer)


def _named(viewer: Viewer) -> Draft | None:
    number = st.query_params.get("draft", "")
    lead, customer = st.query_params.get("lead"), st.query_params.get("customer", "")
    if lead or customer.isdigit():
        found = drafting.from_lead(lead, viewer) if lead else drafting.of_customer(int(customer), viewer)
        if found is not None:
            drafting.show(found.id, found.step)
        return found
    if not number.isdigit():
        return None
    try:
        return policies.draft(int(number), by=viewer)
    except NotFound as refusal:
        errors.show(refusal)
        return None


def _drafts(viewer: Viewer) -> None:
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
            if st.button(
                "Discard", key=f"draft.{one.id}.discard", icon=":material/delete:", type="tertiary"
            ):
                policies.discard_draft(one.id, by=viewer)
                errors.flash("Draft discarded")
                st.rerun()


def _entry(draft: Draft, viewer: Viewer) -> None:
    step = st.query_params.get("step", draft.step)
    step = step if step in STEPS else "review"
    drafting.seen(draft)
    with page.head("New policy", fmt.plain(draft.customer or "Everything you type is kept")):
        leaves = st.button("My drafts", icon=":material/list:")
    drafting.passed(draft.id, *_before(step))
    ribbon = st.container(horizontal=True, gap="small")
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
            onward = _onward(draft.id, step, drafting.at_step(gaps, step))
    # Drawn last, for what was typed just now counts.
    with ribbon:
        wanted = _ribbon(draft.id, step, gaps) or onward
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


def _before(step: str) -> list[str]:
    order = list(STEPS)
    return order[: order.index(step)]


def _ribbon(draft_id: int, step: str, gaps: Mapping[str, str]) -> str:
    """The steps, each passed one marked as done or faulty, to go to any; the one that was clicked."""
    wanted, passed = "", drafting.passed(draft_id)
    for position, (name, label) in enumerate(STEPS.items(), start=1):
        mark = ":material/check: " if name in passed else ""
        if name in passed and drafting.at_step(gaps, name):
            # Red can't be seen on the ground of the chosen one.
            mark = ":material/error: " if name == step else ":red[:material/error:] "
        kind: Literal["primary", "tertiary"] = "primary" if name == step else "tertiary"
        if st.button(f"{mark}{position}. {label}", key=f"step.{name}", type=kind):
            wanted = name
    return wanted


def _onward(draft_id: int, step: str, gaps: Mapping[str, str]) -> str:
    """The next step when it was asked for; with gaps here they are told first."""
    after = list(STEPS)[list(STEPS).index(step) + 1]
    label = f"Continue to {STEPS[after].lower()}"
    is_asked = st.button(label, type="primary", icon=":material/arrow_forward:")
    if gaps and step in drafting.passed(draft_id):
        told = " ".join(gaps.values()) if step == "customer" else "Mend what is marked here."
        st.error(
            f"{fmt.plain(told)} Or go on by the steps at the top: the entry is kept as it is.",
            icon=":material/error:",
        )
    elif gaps and is_asked:
        drafting.passed(draft_id, step)
        st.rerun()
    return after if is_asked and not gaps else ""


def _leave() -> NoReturn:
    for name in ("draft", "step", "lead"):
        st.query_params.pop(name, None)
    st.rerun()


main()
