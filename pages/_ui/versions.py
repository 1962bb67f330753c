"""The version that a form works on: who is told of somebody else's change may then mean it."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from core.kit.errors import Conflict
from pages._ui import errors, forms


def of(form: forms.Form, opened: int) -> int:
    """The version that was on the screen when the form was opened, or that its person was told of."""
    found: int = st.session_state.get(_key(form), opened)
    return found


def follow(form: forms.Form, outcome: errors.Outcome, current: Callable[[], int]) -> None:
    """After sending: a told conflict makes the next sending count, success forgets about it."""
    if isinstance(outcome.refusal, Conflict):
        st.session_state[_key(form)] = current()
    elif outcome.ok:
        forget(form.name)


def forget(name: str) -> None:
    """Forget what the person of a form was told, when it is opened anew."""
    st.session_state.pop(f"form.{name}.version", None)


def _key(form: forms.Form) -> str:
    return f"form.{form.name}.version"
