"""The timeline of a customer: everything that happened, by day, to filter and to page through."""

from __future__ import annotations

import streamlit as st

from core import dossiers
from core.access import Permission
from core.dossiers import EVENT_KINDS, Event
from pages._ui import empty, filters, guard, viewing
from pages._ui import format as fmt

_ICONS = {
    "customer": "badge",
    "kyc": "verified_user",
    "policy": "description",
    "sales": "view_kanban",
    "claim": "assignment",
    "contact": "call",
    "document": "attach_file",
    "consent": "how_to_reg",
    "note": "sticky_note_2",
}
_OPENS = {
    "policy": "/policy?policy=",
    "claim": "/claim?claim=",
    "lead": "/pipeline?lead=",
    "opportunity": "/opportunities?opportunity=",
}
_PAGE = 40


@st.fragment
def show(customer_id: int) -> None:
    """The chosen kinds of events, and more on demand; runs by itself."""
    viewer = guard.viewer(Permission.CUSTOMERS_VIEW)
    options = [filters.Option(kind, name) for kind, name in EVENT_KINDS.items()]
    kinds = filters.choose_many("Show", options, key="events")
    key = f"timeline.{customer_id}.{'.'.join(kinds)}"
    pages: int = st.session_state.setdefault(key, 1)
    events: list[Event] = []
    after: str | None = None
    while left := pages * _PAGE - len(events):
        found = dossiers.timeline(customer_id, by=viewer, kinds=kinds, after=after, limit=left)
        events += found.events
        after = found.after
        if after is None:
            break
    if not events:
        empty.state("Nothing of this kind happened.", icon=":material/history:")
        return
    st.markdown(_told(events))
    if after is not None:
        st.button(
            "Show more", key="timeline.more", icon=":material/expand_more:", on_click=_more, args=(key,)
        )


def _more(key: str) -> None:
    st.session_state[key] += 1


def _told(events: list[Event]) -> str:
    """A paragraph a day; one element for all, as a browser's work grows with their number."""
    zone = viewing.zone()
    days: dict[str, list[str]] = {}
    for event in events:
        date = fmt.day(viewing.local(event.at, zone).date())
        days.setdefault(date, []).append(_line(event, zone))
    return "\n\n".join("  \n".join((f"**{fmt.plain(date)}**", *lines)) for date, lines in days.items())


def _line(event: Event, zone: str) -> str:
    clock = fmt.plain(fmt.clock(event.at, zone))
    who = "" if event.what == "The customer was entered" else f"**{fmt.plain(event.who)}** "
    amount = f" {fmt.plain(fmt.money(event.amount))}" if event.amount is not None else ""
    note = f"  \n:small[:gray[“{fmt.plain(' '.join(event.note.split()))}”]]" if event.note else ""
    what = fmt.plain(event.what)
    if event.code and event.record_kind in _OPENS:
        code = fmt.plain(event.code)
        what = what.replace(code, f"[{code}]({_OPENS[event.record_kind]}{event.code})")
    return f":gray[:material/{_ICONS[event.kind]}:] :small[:gray[{clock}]] {who}{what}{amount}{note}"
