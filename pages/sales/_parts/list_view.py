"""The list of a deal page: sorted, paged by cursor, with rows to hand over and to export."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import streamlit as st

from core import sales
from core.access import Permission, Viewer
from core.kit.lifecycle import Tone
from pages._ui import errors, export, filters, guard, reruns, tables, viewing
from pages._ui import format as fmt
from pages._ui.filters import Option
from pages.sales._parts import choices, words
from pages.sales._parts.editing import owner_of
from pages.sales._parts.kinds import DealKind

PAGE = 100
TOO_LONG = "Too long"
EXPORT_PAGE = 1000
EXPORT_LIMIT = 50_000
SORTS = (
    Option("newest", "Newest first"),
    Option("oldest", "Oldest first"),
    Option("value", "Highest value first"),
    Option("next_followup", "Next follow-up first"),
    Option("stage_age", "Longest in stage first"),
)


@dataclass(frozen=True, slots=True)
class Question:
    """What is listed, and how it is sorted."""

    kind: DealKind
    where: sales.DealFilter
    sort: Any


@dataclass(slots=True)
class Paging:
    """Where in the list somebody is: the cursors of the pages up to this one."""

    of: tuple[object, ...] = ()
    cursors: list[str | None] = field(default_factory=lambda: [None])
    generation: int = 0

    def turn_to(self, question: tuple[object, ...]) -> None:
        """Begin at the first page whenever the question is another one."""
        if self.of != question:
            self.of, self.cursors = question, [None]
            self.generation += 1

    def back(self) -> None:
        """Turn one page back."""
        self.cursors.pop()
        self.generation += 1

    def forward(self, after: str | None) -> None:
        """Turn to the page after a cursor."""
        self.cursors.append(after)
        self.generation += 1


@st.fragment
def draw(kind: DealKind, where: sales.DealFilter) -> None:
    """The list of the deals that match."""
    viewer = guard.viewer(Permission.LEADS_VIEW)
    errors.deliver()
    paging: Paging = st.session_state.setdefault(f"{kind.slug}.paging", Paging())
    head = st.container(horizontal=True, vertical_alignment="center", gap="small")
    with head, st.container(width=220):
        sort = filters.choose("Sorted by", SORTS, key="sort", everything=None, hidden=True)
    question = Question(kind, where, _sort(sort))
    paging.turn_to((where, question.sort))
    found = sales.deals(
        kind.kind, where, sort=question.sort, after=paging.cursors[-1], limit=PAGE, by=viewer
    )
    key = f"{kind.slug}.list.{paging.generation}"
    may_assign = viewer.can(Permission.LEADS_ASSIGN)
    with head:
        chosen = tables.selected(key, len(found.rows)) if may_assign else []
        if chosen:
            _hand_over(kind, [found.rows[position] for position in chosen], paging, viewer)
        else:
            _above(question, found, paging, viewer)
    tables.show(
        [_record(card) for card in found.rows], _columns(kind), key=key,
        select="many" if may_assign else "none", zone=viewing.zone(), height=_height(len(found.rows)),
        empty_sentence=f"No {kind.noun} matches these filters.",
    )  # fmt: skip
    opened = tables.opened(key, len(found.rows))
    if opened is not None:
        st.query_params[kind.parameter] = found.rows[opened].code
        st.rerun()
    _pages(kind, found, paging)


def _above(question: Question, found: sales.DealPage, paging: Paging, viewer: Viewer) -> None:
    """How many there are, and all of them as a file."""
    st.caption(_told(question.kind, found, paging), width="content")
    if viewer.can(Permission.EXPORT) and found.rows:
        export.buttons(
            lambda: _all(question, viewer), _columns(question.kind), name=question.kind.slug,
            key=f"{question.kind.slug}.export", zone=viewing.zone(),
        )  # fmt: skip


def _sort(chosen: str | None) -> Any:
    known = {option.value for option in SORTS}
    return chosen if chosen in known else SORTS[0].value


def _height(rows: int) -> int | Literal["content"]:
    # A longer table scrolls inside, so that the page buttons stay in sight.
    return "content" if rows <= 15 else 560  # noqa: PLR2004 - rows that fit on a laptop


def _columns(kind: DealKind) -> tuple[tables.Column, ...]:
    tones = {status.label: status.tone for status in kind.lifecycle.statuses}
    return (
        tables.Column("code", "Code", kind="open", pinned=True, width=105),
        tables.Column("title", "Name", width=190),
        tables.Column("status_label", "Status", kind="tag", tones=tones),
        tables.Column("value", kind.value_label, kind="money"),
        tables.Column("next_followup_at", "Next follow-up", kind="datetime", width=165),
        tables.Column("owner", "Owner"),
        tables.Column("product", "Product"),
        tables.Column("priority", "Priority"),
        tables.Column("days_in_stage", "Days in stage", kind="int"),
        tables.Column("waits", "Waits", kind="tag", tones={TOO_LONG: Tone.WARNING}),
        tables.Column("territory", "Territory"),
        tables.Column("source", "Source"),
        tables.Column("created_at", "Entered", kind="datetime"),
    )


def _record(card: sales.Card) -> dict[str, Any]:
    names = (
        "code", "title", "status_label", "value", "product", "days_in_stage",
        "next_followup_at", "owner", "territory", "source", "created_at",
    )  # fmt: skip
    return {
        **{name: getattr(card, name) for name in names},
        "priority": words.label(card.priority),
        "waits": TOO_LONG if card.is_rotting else "",
    }


def _told(kind: DealKind, found: sales.DealPage, paging: Paging) -> str:
    before = PAGE * (len(paging.cursors) - 1)
    if not found.rows:
        return f"**0** {kind.noun}s"
    first, last = fmt.number(before + 1), fmt.number(before + len(found.rows))
    return f"**{first} to {last}** of {fmt.number(found.total)}"


def _all(question: Question, viewer: Viewer) -> Sequence[dict[str, Any]]:
    """Everything that matches, within the viewer's scope, for the file."""
    records: list[dict[str, Any]] = []
    after: str | None = None
    while len(records) < EXPORT_LIMIT:
        page = sales.deals(
            question.kind.kind, question.where, sort=question.sort, after=after, limit=EXPORT_PAGE,
            by=viewer,
        )  # fmt: skip
        records += [_record(card) for card in page.rows]
        after = page.after
        if after is None:
            break
    return records


def _hand_over(kind: DealKind, cards: Sequence[sales.Card], paging: Paging, viewer: Viewer) -> None:
    """In place of the count while rows are selected: whom they go to."""
    st.markdown(f"**{fmt.counted(len(cards), kind.noun, _plural(kind))} selected**", width="content")
    owners = {option.value: option.label for option in choices.of(viewer).owner_options}
    with st.container(width=260):
        chosen = st.selectbox(
            "Hand over to", list(owners), index=None, format_func=lambda value: owners.get(value, value),
            key=f"{kind.slug}.to.{paging.generation}", placeholder="Hand over to",
            label_visibility="collapsed",
        )  # fmt: skip
    if not st.button(
        "Hand over", key=f"{kind.slug}.assign", icon=":material/person_pin_circle:", type="primary",
        disabled=chosen is None,
    ):  # fmt: skip
        return
    with errors.told("flash") as outcome:
        moved = kind.assign([card.id for card in cards], to=owner_of({"to": chosen}), by=viewer)
    if outcome.ok:
        errors.flash(f"{fmt.counted(moved, kind.noun, _plural(kind))} handed over")
        paging.generation += 1
    reruns.nearest()


def _plural(kind: DealKind) -> str:
    return "leads" if kind.kind == "lead" else "opportunities"


def _pages(kind: DealKind, found: sales.DealPage, paging: Paging) -> None:
    if found.after is None and len(paging.cursors) == 1:
        return
    with st.container(horizontal=True, horizontal_alignment="right", gap="xsmall"):
        st.button(
            "Previous", key=f"{kind.slug}.previous", icon=":material/chevron_left:",
            disabled=len(paging.cursors) == 1, on_click=paging.back,
        )  # fmt: skip
        st.button(
            "Next", key=f"{kind.slug}.next", icon=":material/chevron_right:", icon_position="right",
            disabled=found.after is None, on_click=paging.forward, args=(found.after,),
        )  # fmt: skip
