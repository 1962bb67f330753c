"""What the pages of reference data share: a list, the record that is open, and saving it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.kit.errors import Conflict
from pages._ui import errors, forms, guard, tables
from pages._ui import format as fmt


class HasId(Protocol):
    """A record of a list."""

    @property
    def id(self) -> int: ...


Record = TypeVar("Record", bound=HasId)


def opened(parameter: str, rows: Iterable[Record]) -> Record | None:
    """The record whose id the address names, when it is among the rows."""
    named = st.query_params.get(parameter)
    return next((one for one in rows if str(one.id) == named), None)


def follow(key: str, rows: Sequence[HasId], parameter: str) -> None:
    """After a table: the record whose "open" cell was clicked goes into the address."""
    position = tables.opened(key, len(rows))
    if position is not None:
        st.query_params[parameter] = str(rows[position].id)
        st.rerun()


def back(label: str, parameter: str) -> None:
    """The way back from a record to its list."""
    st.button(
        label, icon=":material/arrow_back:", type="tertiary", on_click=_close, args=(parameter,), key="back"
    )


def _close(parameter: str) -> None:
    st.query_params.pop(parameter, None)


def save(form: forms.Form, work: Callable[[], Any], done: str) -> None:
    """Run the action of a form that was sent; then the page is drawn anew with what is kept now."""
    with form.sending() as outcome:
        work()
    if isinstance(outcome.refusal, Conflict):
        st.session_state[_conflict(form)] = True
    if outcome.ok:
        st.session_state.pop(_conflict(form), None)
        errors.flash(fmt.plain(done))
        st.rerun()


def offer_current(form: forms.Form) -> None:
    """After a conflict: a button that drops what was typed and shows what is kept now."""
    if st.session_state.get(_conflict(form)):
        st.button(
            "Show the current state",
            icon=":material/undo:",
            type="tertiary",
            on_click=_renew,
            args=(form,),
            key=f"{form.name}.current",
        )


def _renew(form: forms.Form) -> None:
    st.session_state.pop(_conflict(form), None)
    forms.renew(form.name)


def _conflict(form: forms.Form) -> str:
    return f"{form.name}.conflict"


def press(
    label: str,
    icon: str,
    work: Callable[[], Any],
    done: str,
    *,
    told: DeltaGenerator,
    key: str | None = None,
    is_primary: bool = False,
) -> None:
    """A button that does something at once; a refusal stands at `told`, where it has room."""
    if st.button(label, icon=icon, key=key, type="primary" if is_primary else "secondary"):
        with told, errors.told() as outcome:
            work()
        if outcome.ok:
            errors.flash(fmt.plain(done))
            st.rerun()


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked before something is done: a title, what will happen, and the button that does it."""

    title: str
    happens: str
    button: str
    icon: str


def ask(question: Question, work: Callable[[], Any], done: str) -> None:
    """A dialog that does something only after a second click; a refusal stands in it.

    The dialog runs without its page, so `work` asks anew for the permission that it needs.
    """
    st.dialog(fmt.plain(question.title), icon=question.icon)(_asking)(question, work, done)


def _asking(question: Question, work: Callable[[], Any], done: str) -> None:
    guard.viewer()
    st.markdown(fmt.plain(question.happens))
    told = st.container()
    with st.container(horizontal=True, horizontal_alignment="right"):
        if st.button("Cancel", key="ask.no"):
            st.rerun()
        press(question.button, question.icon, work, done, told=told, key="ask.yes", is_primary=True)
