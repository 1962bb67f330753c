"""How an expected no and an unexpected error look.

A `Refusal` is shown in its own words with its remedy. Everything else is logged under a
reference, and only that reference is shown.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Literal

import streamlit as st

from core.kit import logs
from core.kit.errors import Conflict, Refusal
from pages._ui import format as fmt
from pages._ui import viewing

_FLASH = "_flash"


@dataclass(slots=True)
class Outcome:
    """What became of an action: `refusal` is the no that was shown, if there was one."""

    refusal: Refusal | None = None

    @property
    def ok(self) -> bool:
        """Whether nothing was refused."""
        return self.refusal is None


@contextmanager
def told(how: Literal["alert", "toast", "flash"] = "alert") -> Iterator[Outcome]:
    """Run an action; a refusal is shown and ends the block, everything else rises.

    "flash" keeps the message for the next run, for handlers that rerun right after.
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
            flash(sentence(refusal), icon=":material/block:")


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


def _conflict_lines(conflict: Conflict) -> list[str]:
    lines = []
    if conflict.who:
        when = f", {fmt.moment(conflict.at, viewing.zone())}" if conflict.at else ""
        lines.append(f"Changed by {fmt.plain(conflict.who)}{when}.")
    lines += [f"- {fmt.plain(label)}: **{fmt.plain(value)}**" for label, value in conflict.changes]
    return lines


def sentence(refusal: Refusal) -> str:
    """The refusal in one line, safe where Markdown is read."""
    parts = [refusal.message, refusal.remedy]
    if isinstance(refusal, Conflict):
        if refusal.who and refusal.who not in refusal.message:
            parts.insert(1, f"Changed by {refusal.who}.")
        if refusal.changes:
            now = ", ".join(f"{label}: {value}" for label, value in refusal.changes)
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


def flash(message: str, *, icon: str = ":material/check_circle:") -> None:
    """Keep a message for the next run, across st.rerun and st.switch_page."""
    st.session_state.setdefault(_FLASH, []).append((message, icon))


def deliver() -> None:
    """Show the messages that the last run kept; every page head does."""
    for message, icon in st.session_state.pop(_FLASH, []):
        st.toast(message, icon=icon, duration="long")


def unexpected(error: Exception) -> bool:
    """Log what was not expected and show its reference; True keeps details off the page."""
    if isinstance(error, Refusal):
        show(error)
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
