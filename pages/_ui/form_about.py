"""What a page's form is about: it goes on where it was begun, and shows nothing of something else."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from pages._ui.form_state import State


@dataclass(slots=True)
class _Last:
    """What a page's form was about when it was drawn last; changed in place."""

    subject: str = ""


def named(name: str, subject: str) -> str:
    """The name of a page's form that is about something."""
    return f"{name}.{subject}" if subject else name


def subject(name: str, given: str) -> str:
    """What a page's form is about: what the address gives, or else what it was begun with last.

    Forms about different things are different forms, so that none shows what was typed for another.
    """
    last: _Last = st.session_state.setdefault(f"{name}.last", _Last())
    if given:
        last.subject = given
    elif last.subject:
        state: State | None = st.session_state.get(f"form.{named(name, last.subject)}")
        if state is None or not state.is_typed:
            last.subject = ""
        else:
            state.is_resumed = True
    return last.subject


def choose(name: str, subject: str) -> None:
    """Begin a page's form about something; for a click on the page, which is kept as what is typed."""
    last: _Last = st.session_state.setdefault(f"{name}.last", _Last())
    state: State = st.session_state.setdefault(f"form.{named(name, subject)}", State())
    last.subject, state.is_chosen = subject, True


def exchange(name: str, subject: str, other: str) -> None:
    """Have a page's form be about something else, with what was typed; for a click on the page."""
    state: State | None = st.session_state.get(f"form.{named(name, subject)}")
    if state is not None and subject != other:
        st.session_state[f"form.{named(name, other)}"] = state
        del st.session_state[f"form.{named(name, subject)}"]
    choose(name, other)
