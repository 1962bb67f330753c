"""Follow-ups and appointments of a record: what is planned first, then what took place."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

import streamlit as st

from core import sales
from core.access import Viewer
from core.kit.dates import utc_now
from core.sales import APPOINTMENT, FOLLOWUP
from pages._ui import errors, page, reruns, viewing
from pages._ui import format as fmt
from pages.sales._parts import contact_forms, words
from pages.sales._parts.kinds import DealKind, Detail
from pages.sales._parts.screens import Screen

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


def show(kind: DealKind, detail: Detail, screen: Screen, viewer: Viewer) -> None:
    """The buttons for new ones, and every contact with what may be done about it."""
    if detail.can_edit:
        _new(detail, screen, is_lost=detail.status in kind.lifecycle.flagged("lost"))
    rows: list[Row] = [*detail.followups, *detail.appointments]
    if not rows:
        st.caption("Nobody has been in touch yet. Plan the first follow-up, or record a contact.")
        return
    planned = sorted((row for row in rows if _is_planned(row)), key=_at)
    past = sorted((row for row in rows if not _is_planned(row)), key=_at, reverse=True)
    for row in (*planned, *past):
        _row(row, detail, screen, viewer)


def _new(detail: Detail, screen: Screen, *, is_lost: bool) -> None:
    wanted = (
        ("plan", "Plan follow-up", ":material/event:", is_lost),
        ("book", "Book appointment", ":material/event_available:", is_lost),
        ("log", "Record contact", ":material/call:", False),
    )
    with st.container(horizontal=True, gap="xsmall"):
        for name, label, icon, is_off in wanted:
            if not is_off:
                st.button(
                    label, key=f"{screen.key}.{name}", icon=icon,
                    on_click=screen.opener(name, form=f"{detail.code}.{name}"),
                )  # fmt: skip


def _is_planned(row: Row) -> bool:
    return row.status in {"planned", "scheduled"}


def _at(row: Row) -> datetime:
    if isinstance(row, sales.AppointmentRow):
        return row.starts_at
    return row.completed_at or row.scheduled_at or utc_now()


def _noun(row: Row) -> str:
    return "followup" if isinstance(row, sales.FollowupRow) else "appointment"


def _row(row: Row, detail: Detail, screen: Screen, viewer: Viewer) -> None:
    zone, now = viewing.zone(), utc_now()
    medium = row.type if isinstance(row, sales.FollowupRow) else row.mode
    late = isinstance(row, sales.FollowupRow) and row.is_overdue
    with st.container(border=True, gap="xxsmall"):
        with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
            st.markdown(f"{ICONS.get(medium, ICONS['other'])} **{words.label(row.type)}**")
            page.tag(row.status_label, row.tone)
            told = fmt.plain(_time(row, now, zone))
            st.caption(f":red[overdue: {told}]" if late else told)
        for line in _texts(row):
            st.markdown(line)
        st.caption(fmt.plain(row.agent) + _length(row))
        if detail.can_edit:
            _buttons(row, screen, viewer)


def _time(row: Row, now: datetime, zone: str) -> str:
    if isinstance(row, sales.AppointmentRow):
        return f"{words.when(row.starts_at, now, zone)} to {fmt.clock(row.ends_at, zone)}"
    if row.completed_at is not None:
        return fmt.moment(row.completed_at, zone)
    return words.when(row.scheduled_at, now, zone)


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
                with errors.told("flash") as outcome:
                    sales.mark_no_show(row.id, version=row.version, by=viewer)
                if outcome.ok:
                    errors.flash("Marked as a no show")
                reruns.nearest()
        if row.status == "planned":
            st.button(
                "Reschedule", key=f"{screen.key}.{name}.move", type="tertiary", icon=VERBS["rescheduled"],
                on_click=screen.opener(f"{noun}.move", str(row.id), form=f"{name}.move"),
            )  # fmt: skip


def form(kind: DealKind, detail: Detail, screen: Screen, viewer: Viewer) -> bool:
    """The open form about a contact; True once it has done its work, which is told."""
    done, said = _form(kind, detail, screen, viewer)
    if done:
        errors.flash(said)
    return done


def _form(kind: DealKind, detail: Detail, screen: Screen, viewer: Viewer) -> tuple[bool, str]:
    new: dict[str, tuple[Callable[[DealKind, Detail, Viewer], bool], str]] = {
        "plan": (contact_forms.plan, "Follow-up planned"),
        "log": (contact_forms.log, "Contact recorded"),
        "book": (contact_forms.book, "Appointment booked"),
    }
    if screen.name in new:
        draw, said = new[screen.name]
        return draw(kind, detail, viewer), said
    noun, _, what = screen.name.partition(".")
    if noun == "followup":
        return _followup_form(detail, screen.subject, what, viewer)
    return _appointment_form(detail, screen.subject, what, viewer)


def _followup_form(detail: Detail, subject: str, what: str, viewer: Viewer) -> tuple[bool, str]:
    row = next((one for one in detail.followups if str(one.id) == subject), None)
    if row is None:
        return True, "This follow-up is gone"
    if what == "complete":
        return contact_forms.complete(row, viewer), "Follow-up completed"
    if what == "cancel":
        return contact_forms.cancel(row, viewer), "Follow-up cancelled"
    return contact_forms.reschedule_followup(row, viewer), "Follow-up rescheduled"


def _appointment_form(detail: Detail, subject: str, what: str, viewer: Viewer) -> tuple[bool, str]:
    row = next((one for one in detail.appointments if str(one.id) == subject), None)
    if row is None:
        return True, "This appointment is gone"
    if what == "complete":
        return contact_forms.hold(row, viewer), "Appointment completed"
    if what == "cancel":
        return contact_forms.cancel(row, viewer), "Appointment cancelled"
    return contact_forms.reschedule_appointment(row, viewer), "Appointment rescheduled"
