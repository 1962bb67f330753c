"""Which form is open in a record's drawer, since a dialog can't open another one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial

import streamlit as st

from pages._ui import format as fmt
from pages._ui import forms

# Where the drawer shows what came of an action.
PLACE = "record"
TITLES = {
    "edit": "Edit",
    "assign": "Hand over",
    "plan": "Plan a follow-up",
    "log": "Record a contact",
    "book": "Book an appointment",
    "followup.complete": "Complete the follow-up",
    "followup.move": "Reschedule the follow-up",
    "followup.cancel": "Cancel the follow-up",
    "appointment.complete": "Complete the appointment",
    "appointment.move": "Reschedule the appointment",
    "appointment.cancel": "Cancel the appointment",
}


@dataclass(slots=True)
class _Open:
    """Changed in place: after what a form did the run may stop at the next access to the state."""

    name: str = ""
    subject: str = ""


class Screen:
    """The open form of a record: its name, and what it is about."""

    def __init__(self, key: str) -> None:
        self.key = key
        self._open: _Open = st.session_state.setdefault(f"{key}.screen", _Open())

    @property
    def name(self) -> str:
        """Which form is open; "" for none."""
        return self._open.name

    @property
    def subject(self) -> str:
        """What it is about, where it may be about several."""
        return self._open.subject

    @property
    def is_open(self) -> bool:
        """Whether a form is open."""
        return bool(self.name)

    @property
    def title(self) -> str:
        """What the open form is called."""
        return TITLES.get(self.name, "")

    def open(self, name: str, subject: str = "") -> None:
        """Open a form from the next run on."""
        self._open.name, self._open.subject = name, subject

    def opener(self, name: str, subject: str = "", *, form: str) -> Callable[[], None]:
        """For a button's callback: opens a form with nothing typed into it yet."""
        return partial(self._open_anew, name, subject, form)

    def _open_anew(self, name: str, subject: str, form: str) -> None:
        forms.renew(form)
        self.open(name, subject)

    def close(self) -> None:
        """Close the form."""
        self.open("")

    @contextmanager
    def framed(self, title: str = "") -> Iterator[None]:
        """A frame for the open form, with its title and the way to drop it."""
        with st.container(border=True):
            with st.container(horizontal=True, vertical_alignment="center"):
                st.markdown(f"**{fmt.plain(title or self.title)}**")
                st.space("stretch")
                st.button(
                    "Cancel", key=f"{self.key}.close", icon=":material/close:", type="tertiary",
                    on_click=self.close,
                )  # fmt: skip
            yield
