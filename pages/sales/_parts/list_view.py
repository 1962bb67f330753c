"""The list of a deal page: sorted, paged by cursor, with rows to hand over and to export."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import streamlit as st

from core import sales
from core.access import Permission, Viewer
from core.kit.lifecycle import Tone
from pages._ui import errors, export, filters, forms, guard, reruns, tables, viewing
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
        sort = (
            filters.choose("Sorted by", SORTS, key="sort", everything=None, hidden=True) or SORTS[0].value
        )
    paging.turn_to((where, sort))
    found = sales.deals(kind.kind, where, sort=_sort(sort), after=paging.cursors[-1], limit=PAGE, by=viewer)
    rows = [_record(card) for card in found.rows]
    columns = _columns(kind)
    key = f"{kind.slug}.list.{paging.generation}"
    with head:
        st.caption(_told(kind, found, paging))
        st.space("stretch")
        if viewer.can(Permission.EXPORT) and rows:
            export.buttons(
                lambda: _all(kind, where, sort, viewer), columns,
                name=kind.slug, key=f"{kind.slug}.export", zone=viewing.zone(),
            )  # fmt: skip
    may_assign = viewer.can(Permission.LEADS_ASSIGN)
    chosen = tables.show(
        rows, columns, key=key, select="many" if may_assign else "none",
        empty_sentence=f"No {kind.noun} matches these filters.",
        zone=viewing.zone(), height=_height(len(rows)),
    )  # fmt: skip
    opened = tables.opened(key, len(rows))
    if opened is not None:
        st.query_params[kind.parameter] = found.rows[opened].code
        st.rerun()
    if chosen:
        _reassign(kind, [found.rows[position] for position in chosen], paging, viewer)
    _pages(kind, found, paging)


def _sort(chosen: str) -> Any:
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
        tables.Column("next_followup_at", "Next follow-up", kind="datetime"),
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


def _all(kind: DealKind, where: sales.DealFilter, sort: str, viewer: Viewer) -> Sequence[dict[str, Any]]:
    """Everything that matches, within the viewer's scope, for the file."""
    records: list[dict[str, Any]] = []
    after: str | None = None
    while len(records) < EXPORT_LIMIT:
        page = sales.deals(kind.kind, where, sort=_sort(sort), after=after, limit=EXPORT_PAGE, by=viewer)
        records += [_record(card) for card in page.rows]
        after = page.after
        if after is None:
            break
    return records


def _reassign(kind: DealKind, cards: Sequence[sales.Card], paging: Paging, viewer: Viewer) -> None:
    form = forms.Form(f"{kind.slug}.reassign")
    with form.body(border=True):
        st.markdown(f"**{fmt.counted(len(cards), kind.noun, _plural(kind))} selected**")
        form.choice("to", "Hand over to", choices.of(viewer).owner_options, required=True)
        sent = form.submit("Hand over", icon=":material/person_pin_circle:")
    if not sent:
        return
    with form.sending() as outcome:
        moved = kind.assign([card.id for card in cards], to=owner_of(form.values), by=viewer)
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
