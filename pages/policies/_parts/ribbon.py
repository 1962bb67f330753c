"""The way through the steps of an entry: the ribbon above them, and the button to the next one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import streamlit as st

from pages._ui import format as fmt
from pages.policies._parts import drafting
from pages.policies._parts.drafting import STEPS


def before(step: str) -> list[str]:
    """The steps that come before one."""
    order = list(STEPS)
    return order[: order.index(step)]


def show(draft_id: int, step: str, gaps: Mapping[str, str]) -> str:
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


def onward(draft_id: int, step: str, gaps: Mapping[str, str]) -> str:
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
