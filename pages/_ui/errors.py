"""How an expected no and an unexpected error look.

A `Refusal` is shown in its own words with its remedy. Everything else is logged under a
reference, and only that reference is shown.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Literal

import streamlit as st

from core.kit import ids, logs
from core.kit.errors import Conflict, Refusal
from pages._ui import format as fmt
from pages._ui import viewing

_FLASH = "_flash"
Flash = tuple[str, str, str]
_FLASHES: ContextVar[list[Flash]] = ContextVar("flashes of this session")
HEAD = "head"
REFUSED = ":material/block:"


@dataclass(slots=True)
class Outcome:
    """What became of an action: `refusal` is the no that was shown, if there was one."""

    refusal: Refusal | None = None

    @property
    def ok(self) -> bool:
        """Whether nothing was refused."""
        return self.refusal is None


@contextmanager
def told(how: Literal["alert", "toast", "flash"] = "alert", *, place: str = "") -> Iterator[Outcome]:
    """Run an action; a refusal is shown and ends the block, everything else rises.

    "flash" keeps the message for the next run, for handlers that rerun right after; see `flash`.
    """
    outcome = Outcome()
    try:
        yield outcome
    except Refusal as refusal:
        outcome.refusal = refusal
        if how == "alert":
            show(refusal)
        elif how == "toast":
            st.toast(sentence(refusal), icon=":material/block:", duration="long")
        else:
            flash(sentence(refusal), icon=REFUSED, place=place)


def show(refusal: Refusal) -> None:
    """An alert with the message, what changed in between if that is why, and the remedy."""
    lines = [fmt.plain(refusal.remedy)] if refusal.remedy else []
    if isinstance(refusal, Conflict):
        lines = [*_conflict_lines(refusal), *lines]
    st.error(
        "\n\n".join(lines) or " ",
        title=fmt.plain(refusal.message),
        icon=":material/block:",
    )


def offer_again(refusal: Refusal) -> None:
    """The refusal, and a button that runs the page (or the part of it that failed) once more."""
    from pages._ui import forms  # which shows errors itself

    forms.keep_typed()
    show(refusal)
    # Several parts of one page may have failed.
    st.button("Try again", icon=":material/refresh:", key=f"try_again_{ids.new_request_id()}")


def _conflict_lines(conflict: Conflict) -> list[str]:
    lines = []
    if conflict.who:
        when = f", {fmt.moment(conflict.at, viewing.zone())}" if conflict.at else ""
        lines.append(f"Changed by {fmt.plain(conflict.who)}{when}.")
    lines += [f"- {fmt.plain(label)}: **{fmt.plain(value)}**" for label, value in conflict.changes if value]
    return lines


def sentence(refusal: Refusal) -> str:
    """The refusal in one line, safe where Markdown is read."""
    parts = [refusal.message, refusal.remedy]
    if isinstance(refusal, Conflict):
        if refusal.who and refusal.who not in refusal.message:
            parts.insert(1, f"Changed by {refusal.who}.")
        if now := ", ".join(f"{label}: {value}" for label, value in refusal.changes if value):
            parts.insert(-1, f"Now {now}.")
    return fmt.plain(" ".join(part for part in parts if part))


def lines(refusal: Refusal) -> str:
    """The refusal in full as Markdown: message, who changed what since when, remedy."""
    said = [f"**{fmt.plain(refusal.message)}**"]
    if isinstance(refusal, Conflict):
        said += _conflict_lines(refusal)
    if refusal.remedy:
        said.append(fmt.plain(refusal.remedy))
    return "\n\n".join(said)


def listen() -> None:
    """Hold what `flash` writes to, at the start of a run.

    After an action the run may stop at the next access to the session state; what it did is told.
    """
    _FLASHES.set(st.session_state.setdefault(_FLASH, []))


def flash(message: str, *, icon: str = ":material/check_circle:", place: str = "") -> None:
    """Keep a message for the next run, across st.rerun and st.switch_page.

    It passes by at the foot of the window (pages/_ui/side_bar/side_bar.css). One with a place is shown
    there instead, by `deliver_at`, until the next run; HEAD is the place below a page's head.
    """
    if _FLASHES.get(None) is None:
        listen()
    _FLASHES.get().append((message, icon, place))


def deliver() -> None:
    """Show the messages that the last run kept; every page head does."""
    for message, icon in _kept(""):
        # A success is soon read; a refusal has its reason and remedy.
        st.toast(message, icon=icon, duration="long" if icon == REFUSED else "short")


def deliver_at(place: str) -> None:
    """Show the messages that the last run kept for a place, here."""
    for message, icon in _kept(place):
        (st.error if icon == REFUSED else st.success)(message, icon=icon)


def _kept(place: str) -> Iterator[tuple[str, str]]:
    every: list[Flash] = st.session_state.setdefault(_FLASH, [])
    for one in [one for one in every if one[2] == place]:
        yield one[0], one[1]
        every.remove(one)  # not before it was shown


def unexpected(error: Exception) -> bool:
    """Show a refusal that nobody caught; log everything else and show its reference.

    True keeps Streamlit's details off the page.
    """
    if isinstance(error, Refusal):
        offer_again(error) if error.passes else show(error)
        return True
    with logs.bind_reference(logs.reference()) as reference:
        logs.logger(__name__).error("page_failed", exc_info=error)
    st.error(
        f"Nothing was saved by the last step. Try again; if it stays, tell your administrator "
        f"the reference **{reference}**.",
        title="Something went wrong",
        icon=":material/error:",
    )
    return True
