"""The history of a record: moves, changes and contacts in one line of time, newest first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import streamlit as st

from pages._ui import format as fmt
from pages._ui import terms, viewing
from pages.sales._parts.kinds import Detail

_DID = {
    "call": "had a call",
    "email": "wrote an e-mail",
    "meeting": "had a meeting",
    "message": "sent a message",
}


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened: when, who, what, and in whose words."""

    at: datetime
    who: str
    what: str
    note: str
    icon: str


def events(detail: Detail) -> list[Event]:
    """Everything that happened to the record, newest first."""
    found = [
        Event(one.at, one.who, one.what, one.reason, "edit" if "changed" in one.what else "trending_flat")
        for one in detail.history
    ]
    found += [
        Event(one.completed_at, one.agent, _DID.get(one.type, "was in touch"), one.outcome, "call")
        for one in detail.followups
        if one.completed_at is not None
    ]
    found += [
        Event(
            one.actual_at,
            one.agent,
            f"held an appointment ({terms.label(one.type).lower()})",
            one.outcome,
            "event_available",
        )
        for one in detail.appointments
        if one.actual_at is not None
    ]
    return sorted(found, key=lambda event: event.at, reverse=True)


def show(detail: Detail) -> None:
    """Draw the history under its days."""
    zone, day = viewing.zone(), ""
    lines: list[str] = []
    for event in events(detail):
        date = fmt.day(viewing.local(event.at, zone).date())
        if date != day:
            lines.append(f"\n**{fmt.plain(date)}**\n")
            day = date
        note = f"  \n:small[:gray[“{fmt.plain(event.note)}”]]" if event.note else ""
        lines.append(
            f"\n:gray[:material/{event.icon}:] :small[:gray[{fmt.plain(fmt.clock(event.at, zone))}]] "
            f"**{fmt.plain(event.who)}** {fmt.plain(event.what)}{note}"
        )
    st.markdown("\n".join(lines))
