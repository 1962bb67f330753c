"""The list of a deal page: sorted, paged by cursor, with rows to hand over and to export."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st

from core import sales
from core.access import Permission, Viewer
from core.kit.lifecycle import Tone
from pages._ui import errors, export, filters, guard, paging, reruns, tables, terms, viewing
from pages._ui import format as fmt
from pages._ui.filters import Option
from pages.sales._parts import choices, narrowing
from pages.sales._parts.editing import owner_of
from pages.sales._parts.kinds import DealKind

PAGE = 100
_OWNER = 118
TOO_LONG = "Too long"
EXPORT_PAGE = 1000
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


@st.fragment
def draw(kind: DealKind, where: sales.DealFilter) -> None:
    """The list of the deals that match."""
    viewer = guard.viewer(Permission.LEADS_VIEW)
    errors.deliver()
    pages = paging.of(kind.slug)
    head = st.container(horizontal=True, vertical_alignment="center", gap="small")
    with head, st.container(width=220):
        sort = filters.choose("Sorted by", SORTS, key="sort", everything=None, hidden=True)
    question = Question(kind, where, _sort(sort))
    pages.turn_to((where, question.sort))
    found = sales.deals(kind.kind, where, sort=question.sort, after=pages.cursor, limit=PAGE, by=viewer)
    key = f"{kind.slug}.list.{pages.generation}"
    may_assign = viewer.can(Permission.LEADS_ASSIGN)
    with head:
        chosen = tables.selected(key, len(found.rows)) if may_assign else []
        if chosen:
            _hand_over(kind, [found.rows[position] for position in chosen], pages, viewer)
        else:
            _above(question, found, pages, viewer)
    if not found.rows:
        narrowing.nothing(kind, where)
        return
    tables.show(
        [_record(card) for card in found.rows], _columns(kind, viewer), key=key,
        select="many" if may_assign else "none", zone=viewing.zone(),
    )  # fmt: skip
    opened = tables.opened(key, len(found.rows))
    if opened is not None:
        st.query_params[kind.parameter] = found.rows[opened].code
        st.rerun()
    paging.turner(pages, found.after, key=kind.slug)


def _above(question: Question, found: sales.DealPage, pages: paging.Paging[str], viewer: Viewer) -> None:
    """How many there are, and all of them as a file."""
    st.caption(paging.span(pages, len(found.rows), found.total, size=PAGE), width="content")
    if viewer.can(Permission.EXPORT) and found.rows:
        export.buttons(
            lambda: _all(question, viewer), _columns(question.kind, viewer), name=question.kind.slug,
            key=f"{question.kind.slug}.export", zone=viewing.zone(),
        )  # fmt: skip


def _sort(chosen: str | None) -> Any:
    known = {option.value for option in SORTS}
    return chosen if chosen in known else SORTS[0].value


def _columns(kind: DealKind, viewer: Viewer) -> tuple[tables.Column, ...]:
    tones = {status.label: status.tone for status in kind.lifecycle.statuses}
    name = kind.name_width if viewer.sees_others else kind.name_width + _OWNER
    columns = (
        tables.Column("code", "Code", kind="open", pinned=True, width=90),
        tables.Column("title", "Name", width=name),
        tables.Column("status_label", "Status", kind="tag", tones=tones, width=106),
        tables.Column("days_in_stage", "Days in stage", kind="int", width=105),
        tables.Column("waits", "Waits", kind="tag", tones={TOO_LONG: Tone.WARNING}, width=84),
        tables.Column("value", kind.value_label, kind="money", width=kind.value_width),
        tables.Column("next_followup_at", "Next follow-up", kind="datetime", width=162),
        tables.Column("owner", "Owner", width=_OWNER),
        tables.Column("priority", "Priority", width=72),
        tables.Column("product", "Product", width=120),
        tables.Column("territory", "Territory"),
        tables.Column("source", "Source"),
        tables.Column("created_at", "Entered", kind="datetime", width=165),
    )
    return tables.without_owner(columns, viewer, owner="owner")


def _record(card: sales.Card) -> dict[str, Any]:
    names = (
        "code", "title", "status_label", "value", "product", "days_in_stage",
        "next_followup_at", "owner", "territory", "source", "created_at",
    )  # fmt: skip
    return {
        **{name: getattr(card, name) for name in names},
        "priority": terms.label(card.priority),
        "waits": TOO_LONG if card.is_rotting else "",
    }


def _all(question: Question, viewer: Viewer) -> Sequence[Mapping[str, Any]]:
    """Everything that matches, within the viewer's scope, for the file."""

    def fetch(after: str | None) -> tuple[list[dict[str, Any]], str | None]:
        found = sales.deals(
            question.kind.kind, question.where, sort=question.sort, after=after, limit=EXPORT_PAGE,
            by=viewer,
        )  # fmt: skip
        return [_record(card) for card in found.rows], found.after

    return paging.everything(fetch)


def _hand_over(
    kind: DealKind, cards: Sequence[sales.Card], pages: paging.Paging[str], viewer: Viewer
) -> None:
    """In place of the count while rows are selected: whom they go to."""
    st.markdown(f"**{fmt.counted(len(cards), kind.noun, _plural(kind))} selected**", width="content")
    owners = filters.distinct(choices.of(viewer).owner_options)
    with st.container(width=260):
        chosen = st.selectbox(
            "Hand over to", list(owners), index=None, format_func=lambda value: owners.get(value, value),
            key=f"{kind.slug}.to.{pages.generation}", placeholder="Hand over to",
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
        pages.generation += 1
    reruns.nearest()


def _plural(kind: DealKind) -> str:
    return "leads" if kind.kind == "lead" else "opportunities"
