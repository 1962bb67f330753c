"""Follow-ups and appointments of a record or a customer: what is planned first, then what took place."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any

import streamlit as st

from core import sales
from core.access import Viewer
from core.kit.dates import utc_now
from core.sales import APPOINTMENT, FOLLOWUP
from pages._ui import errors, nearness, page, reruns, terms, viewing
from pages._ui import format as fmt
from pages.sales._parts import appointment_forms, followup_forms
from pages.sales._parts.kinds import DealKind, Detail
from pages.sales._parts.screens import PLACE, Screen

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
# The forms by what the lifecycles call the moves that they make.
FORMS = {"completed": "complete", "cancelled": "cancel", "rescheduled": "move"}
VERBS = {
    "completed": ":material/check:",
    "cancelled": ":material/close:",
    "rescheduled": ":material/update:",
    "no_show": ":material/person_off:",
}
Row = sales.FollowupRow | sales.AppointmentRow
# The forms of new contacts and of those that are there, with what is said once they worked.
NEW: Mapping[str, tuple[Callable[[str, sales.About, Viewer], bool], str]] = MappingProxyType(
    {
        "plan": (followup_forms.plan, "Follow-up planned"),
        "log": (followup_forms.log, "Contact recorded"),
        "book": (appointment_forms.book, "Appointment booked"),
    }
)
KNOWN: Mapping[tuple[str, str], tuple[Callable[[Any, Viewer], bool], str]] = MappingProxyType(
    {
        ("followup", "complete"): (followup_forms.complete, "Follow-up completed"),
        ("followup", "move"): (followup_forms.reschedule, "Follow-up rescheduled"),
        ("followup", "cancel"): (followup_forms.cancel, "Follow-up cancelled"),
        ("appointment", "complete"): (appointment_forms.complete, "Appointment completed"),
        ("appointment", "move"): (appointment_forms.reschedule, "Appointment rescheduled"),
        ("appointment", "cancel"): (appointment_forms.cancel, "Appointment cancelled"),
    }
)


@dataclass(frozen=True, slots=True)
class With:
    """Whom contacts are with, the key of their forms, and what is there."""

    key: str
    about: sales.About
    followups: Sequence[sales.FollowupRow]
    appointments: Sequence[sales.AppointmentRow]
    can_edit: bool
    is_lost: bool = False


def with_deal(kind: DealKind, detail: Detail) -> With:
    """The contacts of a lead or an opportunity."""
    is_lost = detail.status in kind.lifecycle.flagged("lost")
    about = kind.about(detail.id)
    return With(detail.code, about, detail.followups, detail.appointments, detail.can_edit, is_lost)


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
            if not is_off:
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


def _noun(row: Row) -> str:
    return "followup" if isinstance(row, sales.FollowupRow) else "appointment"


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
            _buttons(row, screen, viewer)


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


def _buttons(row: Row, screen: Screen, viewer: Viewer) -> None:
    """What the lifecycle lets the viewer do with a contact from where it is."""
    noun = _noun(row)
    lifecycle = FOLLOWUP if noun == "followup" else APPOINTMENT
    moves = lifecycle.moves(row.status, viewer.role_name)
    if not moves:
        return
    name = f"{noun}.{row.id}"
    with st.container(horizontal=True, gap="small"):
        for move in moves:
            key = f"{screen.key}.{name}.{move.to}"
            if move.to in FORMS:
                form_of = FORMS[move.to]
                st.button(
                    move.verb, key=key, type="tertiary", icon=VERBS.get(move.to),
                    on_click=screen.opener(f"{noun}.{form_of}", str(row.id), form=f"{name}.{form_of}"),
                )  # fmt: skip
            elif move.to == "no_show" and st.button(
                move.verb, key=key, type="tertiary", icon=VERBS[move.to]
            ):
                with errors.told("flash", place=PLACE) as outcome:
                    sales.mark_no_show(row.id, version=row.version, by=viewer)
                if outcome.ok:
                    errors.flash("Marked as a no show", place=PLACE)
                reruns.nearest()
        if row.status == "planned":
            st.button(
                "Reschedule", key=f"{screen.key}.{name}.move", type="tertiary", icon=VERBS["rescheduled"],
                on_click=screen.opener(f"{noun}.move", str(row.id), form=f"{name}.move"),
            )  # fmt: skip


def form(them: With, screen: Screen, viewer: Viewer) -> bool:
    """The open form about a contact; True once it has done its work, which is told."""
    done, said = _form(them, screen, viewer)
    if done:
        errors.flash(said, place=PLACE)
    return done


def _form(them: With, screen: Screen, viewer: Viewer) -> tuple[bool, str]:
    if screen.name in NEW:
        draw, said = NEW[screen.name]
        return draw(them.key, them.about, viewer), said
    noun, _, what = screen.name.partition(".")
    rows: dict[str, Sequence[Row]] = {"followup": them.followups, "appointment": them.appointments}
    row = next((one for one in rows[noun] if str(one.id) == screen.subject), None)
    if row is None:
        return True, "It is gone by now"
    form_of, said = KNOWN[noun, what]
    return form_of(row, viewer), said
