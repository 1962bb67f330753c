"""Pages of a long list: the cursors up to the one that is looked at, and the buttons that turn."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

import streamlit as st

from core.kit.wording import range_told
from pages._ui import format as fmt

Cursor = TypeVar("Cursor")
EXPORT_LIMIT = 50_000


@dataclass(slots=True)
class Paging(Generic[Cursor]):
    """Where in a list somebody is; `generation` counts up whenever other rows are shown."""

    of: tuple[object, ...] = ()
    cursors: list[Cursor | None] = field(default_factory=lambda: [None])
    generation: int = 0

    @property
    def cursor(self) -> Cursor | None:
        """Where the page that is looked at begins; None is the top."""
        return self.cursors[-1]

    def turn_to(self, question: tuple[object, ...]) -> None:
        """Begin at the first page whenever the question is another one."""
        if self.of != question:
            self.of, self.cursors = question, [None]
            self.generation += 1

    def back(self) -> None:
        """Turn one page back."""
        self.cursors.pop()
        self.generation += 1

    def forward(self, after: Cursor | None) -> None:
        """Turn to the page after a cursor."""
        self.cursors.append(after)
        self.generation += 1


def of(name: str) -> Paging[Any]:
    """Where somebody is in the list of that name."""
    found: Paging[Any] = st.session_state.setdefault(f"{name}.paging", Paging())
    return found


def span(paging: Paging[Any], shown: int, total: int, *, size: int) -> str:
    """Which rows are in sight: "**1 to 50** of 1,204" or "**1** of 1"."""
    if not shown:
        return "**0** found"
    before = size * (len(paging.cursors) - 1)
    rows = range_told(fmt.number(before + 1), fmt.number(before + shown))
    return f"**{rows}** of {fmt.number(total)}"


def turner(paging: Paging[Any], after: object, *, key: str) -> None:
    """The buttons to the page before and after; nothing when there is one page."""
    if after is None and len(paging.cursors) == 1:
        return
    with st.container(horizontal=True, horizontal_alignment="right", gap="xsmall"):
        st.button(
            "Previous", key=f"{key}.previous", icon=":material/chevron_left:",
            disabled=len(paging.cursors) == 1, on_click=paging.back,
        )  # fmt: skip
        st.button(
            "Next", key=f"{key}.next", icon=":material/chevron_right:", icon_position="right",
            disabled=after is None, on_click=paging.forward, args=(after,),
        )  # fmt: skip


def everything(
    fetch: Callable[[Any], tuple[Sequence[Mapping[str, Any]], Any]],
) -> list[Mapping[str, Any]]:
    """All rows of a list, page after page, up to EXPORT_LIMIT; for the file."""
    rows: list[Mapping[str, Any]] = []
    after: Any = None
    while len(rows) < EXPORT_LIMIT:
        found, after = fetch(after)
        rows += found
        if after is None:
            break
    return rows
