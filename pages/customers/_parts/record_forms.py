"""What the forms of customers and accounts have alike: handing over, archiving, and Cancel."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from core import people
from core.access import Viewer
from core.kit.errors import Invalid
from pages._ui import filters, forms
from pages.customers._parts import state


def agents(viewer: Viewer) -> list[filters.Option]:
    """The agents that the viewer may give a record to."""
    return [filters.Option(str(one.user_id), one.name) for one in people.agents(by=viewer)]


def hand_over(name: str, stays: str, act: Callable[[int], object], viewer: Viewer) -> None:
    """Choose the agent that a record goes to; `stays` tells what does not go with it."""
    form = forms.Form(name)
    with form.body():
        form.choice("to", "Agent", agents(viewer), required="Choose an agent.")
        st.caption(stays)
        sent = form.submit("Hand over")
    if sent:
        with form.sending() as outcome:
            if not form.values["to"]:
                raise Invalid({"to": "Choose an agent."})
            act(int(form.values["to"]))
        state.done("Handed over", outcome)


def archive(name: str, told: str, act: Callable[[str], object]) -> None:
    """Ask for the reason; nothing is deleted."""
    form = forms.Form(name)
    with form.body():
        form.area("reason", "Reason", required="Say why.")
        st.caption(told)
        sent = form.submit("Archive")
    if sent:
        with form.sending() as outcome:
            act(form.values["reason"])
        state.done("Archived", outcome)


def cancel(form: forms.Form) -> None:
    """The one way to drop what was typed into a large form."""
    if st.button("Cancel", key=f"{form.name}.cancel", type="tertiary"):
        forms.renew(form.name)
        st.rerun()
