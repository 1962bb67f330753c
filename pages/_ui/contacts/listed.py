"""Follow-ups and appointments of a record or a customer: what is planned first, then what took place."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import streamlit as st

from core import sales
from core.access import Viewer
from core.kit.dates import utc_now
from pages._ui import format as fmt
from pages._ui import nearness, page, terms, viewing
from pages._ui.contacts import buttons
from pages._ui.contacts.about import Row, With
from pages._ui.screens import Screen

ICONS = {
    "call": ":material/call:",
    "email": ":material/mail:",
    "meeting": ":material/groups:",
    "message": ":material/sms:",
    "other": ":material/forum:",
    "in_person": ":material/location_on:",
    "phone": ":material/call:",
    "video": ":material/videocam:",
    "online": ":material/language:",
}


def show(them: With, screen: Screen, viewer: Viewer) -> None:
    """The buttons for new ones, and every contact with what may be done about it."""
    if them.can_edit:
        _new(them, screen)
    rows: list[Row] = [*them.followups, *them.appointments]
    if not rows:
        st.caption("Nobody has been in touch yet. Plan the first follow-up, or record a contact.")
        return
    planned = sorted((row for row in rows if _is_planned(row)), key=_at)
    past = sorted((row for row in rows if not _is_planned(row)), key=_at, reverse=True)
    for row in (*planned, *past):
        _row(row, screen, viewer, can_edit=them.can_edit)


def _new(them: With, screen: Screen) -> None:
    wanted = (
        ("plan", "Plan follow-up", ":material/event:", them.is_lost),
        ("book", "Book appointment", ":material/event_available:", them.is_lost),
        ("log", "Record contact", ":material/call:", False),
    )
    with st.container(horizontal=True, gap="xsmall"):
        for name, label, icon, is_off in wanted:
            # The form that is open has a button of the same name.
            if not is_off and name != screen.name:
                st.button(
                    label, key=f"{screen.key}.{name}", icon=icon,
                    on_click=screen.opener(name, form=f"{them.key}.{name}"),
                )  # fmt: skip


def _is_planned(row: Row) -> bool:
    return row.status in {"planned", "scheduled"}


def _at(row: Row) -> datetime:
    if isinstance(row, sales.AppointmentRow):
        return row.starts_at
    return row.completed_at or row.scheduled_at or utc_now()


def _row(row: Row, screen: Screen, viewer: Viewer, *, can_edit: bool) -> None:
    zone, now = viewing.zone(), utc_now()
    medium = row.type if isinstance(row, sales.FollowupRow) else row.mode
    late = isinstance(row, sales.FollowupRow) and row.is_overdue
    with st.container(border=True, gap="xxsmall"):
        with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
            st.markdown(f"{ICONS.get(medium, ICONS['other'])} **{terms.label(row.type)}**")
            page.tag(row.status_label, row.tone)
            told = fmt.plain(_time(row, now, zone))
            st.caption(f":red[overdue: {told}]" if late else told)
        for line in _texts(row):
            st.markdown(line)
        st.caption(fmt.plain(row.agent) + _length(row))
        if can_edit:
            buttons.offer(row, screen, viewer)


def _time(row: Row, now: datetime, zone: str) -> str:
    if isinstance(row, sales.AppointmentRow):
        return f"{nearness.exactly(row.starts_at, now, zone)} to {fmt.clock(row.ends_at, zone)}"
    return nearness.exactly(row.completed_at or row.scheduled_at, now, zone)


def _length(row: Row) -> str:
    minutes = row.duration_minutes if isinstance(row, sales.FollowupRow) else None
    return f" · {minutes} min" if minutes else ""


def _texts(row: Row) -> Sequence[str]:
    place = row.location if isinstance(row, sales.AppointmentRow) else ""
    return [fmt.plain(text) for text in (row.outcome, row.notes, place) if text]
