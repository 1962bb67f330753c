"""The forms of follow-ups and appointments; times are those of the viewer's clock."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, time, timedelta

import streamlit as st

from core import people, sales
from core.access import Viewer
from core.kit.dates import utc_now
from core.kit.errors import Invalid
from pages._ui import format as fmt
from pages._ui import forms, viewing
from pages._ui.filters import Option
from pages.sales._parts import words
from pages.sales._parts.kinds import DealKind, Detail

OFFICE_OPENS = time(9, 0)
LENGTHS = tuple(
    Option(str(minutes), fmt.number(minutes) + " minutes") for minutes in (15, 30, 45, 60, 90, 120)
)
OTHER_CONTACT = "other"


def plan(kind: DealKind, detail: Detail, viewer: Viewer) -> bool:
    """Plan a follow-up; True once it is planned."""
    form = forms.Form(f"{detail.code}.plan", initial={"type": "call", **_next_working_day()})
    with form.body():
        first, second, third = st.columns([2, 2, 2])
        with first:
            form.choice("type", "By", words.options(sales.FollowupType))
        _moment_fields(form, "scheduled_at", "On", second, third)
        form.text("notes", "What about", max_chars=1000)
        sent = form.submit("Plan follow-up", icon=":material/event:")
    if not sent:
        return False
    with form.sending() as outcome:
        new = sales.NewFollowup(
            about=kind.about(detail.id),
            scheduled_at=_moment(form, "scheduled_at"),
            type=form.values["type"] or "",
            notes=form.values["notes"],
        )
        sales.plan_followup(new, request_id=form.request_id, by=viewer)
    return outcome.ok


def log(kind: DealKind, detail: Detail, viewer: Viewer) -> bool:
    """Record a contact that took place, planned or not; True once it is recorded."""
    form = forms.Form(f"{detail.code}.log", initial=contact_start())
    with form.body():
        contact_fields(form, ())
        sent = form.submit("Save contact", icon=":material/check:")
    if not sent:
        return False
    with form.sending() as outcome:
        record_contact(form, kind, detail, viewer)
    return outcome.ok


def complete(followup: sales.FollowupRow, viewer: Viewer) -> bool:
    """Record what came of a planned follow-up, and plan the next one; True once it is recorded."""
    form = forms.Form(f"followup.{followup.id}.complete", initial=contact_start())
    with form.body():
        form.text("outcome", "What came of it", required=True, max_chars=255)
        first, second, third = st.columns([2, 2, 2])
        _moment_fields(form, "completed_at", "Took place on", first, second)
        with third:
            form.number("minutes", "Minutes", least=0, most=1440)
        first, second, _ = st.columns([2, 2, 2])
        _moment_fields(form, "next_at", "Next follow-up (if any)", first, second)
        sent = form.submit("Complete", icon=":material/check:")
    if not sent:
        return False
    with form.sending() as outcome:
        sales.complete_followup(
            followup.id,
            outcome=form.values["outcome"],
            completed_at=_moment(form, "completed_at"),
            duration_minutes=form.values["minutes"],
            next_at=_moment(form, "next_at") if form.values["next_at"] else None,
            version=followup.version,
            by=viewer,
        )
    return outcome.ok


def reschedule_followup(followup: sales.FollowupRow, viewer: Viewer) -> bool:
    """Plan a follow-up for another time; True once it is."""
    form = forms.Form(f"followup.{followup.id}.move", initial=_at("scheduled_at", followup.scheduled_at))
    with form.body():
        first, second = st.columns(2)
        _moment_fields(form, "scheduled_at", "On", first, second)
        sent = form.submit("Reschedule", icon=":material/update:")
    if not sent:
        return False
    with form.sending() as outcome:
        sales.reschedule_followup(
            followup.id, scheduled_at=_moment(form, "scheduled_at"), version=followup.version, by=viewer
        )
    return outcome.ok


def contact_start() -> dict[str, object]:
    """What a form of a contact starts with: a call, just now."""
    return {"type": "call", "direction": "outbound", **_at("completed_at", utc_now(), minutes=1)}


def contact_fields(form: forms.Form, planned: tuple[sales.FollowupRow, ...]) -> None:
    """What is asked about a contact; one of those that were planned may be meant."""
    if planned:
        now, zone = utc_now(), viewing.zone()
        meant = [
            Option(
                str(one.id), f"{words.label(one.type)} planned {words.when(one.scheduled_at, now, zone)}"
            )
            for one in planned
        ]
        form.choice("followup", "Which contact", [*meant, Option(OTHER_CONTACT, "Another one")])
    form.text("outcome", "What came of it", required=True, max_chars=255)
    first, second, third, fourth = st.columns([2, 2, 2, 2])
    with first:
        form.choice("type", "By", words.options(sales.FollowupType))
    with second:
        form.choice("direction", "Begun by", _DIRECTIONS)
    _moment_fields(form, "completed_at", "On", third, fourth)


_DIRECTIONS = [Option("outbound", "Us"), Option("inbound", "Them")]


def record_contact(form: forms.Form, kind: DealKind, detail: Detail, viewer: Viewer) -> None:
    """Complete the planned follow-up that was meant, or record one that was not planned."""
    chosen = form.values.get("followup")
    at = _moment(form, "completed_at")
    planned = next((one for one in detail.followups if str(one.id) == chosen), None)
    if planned is not None:
        sales.complete_followup(
            planned.id, outcome=form.values["outcome"], completed_at=at, version=planned.version, by=viewer
        )
        return
    sales.log_followup(
        kind.about(detail.id),
        outcome=form.values["outcome"],
        completed_at=at,
        request_id=form.request_id,
        by=viewer,
        type=form.values["type"] or "",
        direction=form.values["direction"] or "",
    )


def book(kind: DealKind, detail: Detail, viewer: Viewer) -> bool:
    """Book an appointment; True once it is booked."""
    start = {
        "type": "initial_meeting",
        "mode": "in_person",
        "length": "60",
        **_next_working_day("starts_at"),
    }
    form = forms.Form(f"{detail.code}.book", initial=start)
    with form.body():
        first, second = st.columns(2)
        with first:
            form.choice("type", "Purpose", words.options(sales.AppointmentType))
        with second:
            form.choice("mode", "Held", words.options(sales.AppointmentMode))
        _time_fields(form)
        form.text("location", "Place", max_chars=255)
        sent = form.submit("Book appointment", icon=":material/event_available:")
    if not sent:
        return False
    with form.sending() as outcome:
        starts, ends = _span(form)
        new = sales.NewAppointment(
            about=kind.about(detail.id),
            starts_at=starts,
            ends_at=ends,
            type=form.values["type"] or "",
            mode=form.values["mode"] or "",
            location=form.values["location"],
        )
        with on_their_clock():
            sales.book_appointment(new, request_id=form.request_id, by=viewer)
    return outcome.ok


def reschedule_appointment(meeting: sales.AppointmentRow, viewer: Viewer) -> bool:
    """Move a meeting to another time; True once it is moved."""
    minutes = str(int((meeting.ends_at - meeting.starts_at).total_seconds() // 60))
    start = {"length": minutes, **_at("starts_at", meeting.starts_at)}
    form = forms.Form(f"appointment.{meeting.id}.move", initial=start)
    with form.body():
        _time_fields(form)
        sent = form.submit("Reschedule", icon=":material/update:")
    if not sent:
        return False
    with form.sending() as outcome:
        starts, ends = _span(form)
        with on_their_clock():
            sales.reschedule_appointment(
                meeting.id, starts_at=starts, ends_at=ends, version=meeting.version, by=viewer
            )
    return outcome.ok


def hold(meeting: sales.AppointmentRow, viewer: Viewer) -> bool:
    """Record what came of a meeting; True once it is recorded."""
    form = forms.Form(f"appointment.{meeting.id}.complete")
    with form.body():
        form.text("outcome", "What came of it", required=True, max_chars=255)
        sent = form.submit("Complete", icon=":material/check:")
    if not sent:
        return False
    with form.sending() as outcome:
        sales.complete_appointment(
            meeting.id, outcome=form.values["outcome"], version=meeting.version, by=viewer
        )
    return outcome.ok


def cancel(row: sales.FollowupRow | sales.AppointmentRow, viewer: Viewer) -> bool:
    """Call a follow-up or a meeting off, with a reason if there is one; True once it is."""
    is_followup = isinstance(row, sales.FollowupRow)
    form = forms.Form(f"{'followup' if is_followup else 'appointment'}.{row.id}.cancel")
    with form.body():
        form.text("reason", "Why (optional)", max_chars=500)
        sent = form.submit("Cancel it", icon=":material/event_busy:")
    if not sent:
        return False
    cancel_it = sales.cancel_followup if is_followup else sales.cancel_appointment
    with form.sending() as outcome:
        cancel_it(row.id, version=row.version, by=viewer, reason=form.values["reason"])
    return outcome.ok


@contextmanager
def on_their_clock() -> Iterator[None]:
    """A clash tells the other meeting's time as the form's fields do. Raises AppointmentClash."""
    try:
        yield
    except sales.AppointmentClash as clash:
        zone = viewing.zone()
        when = f"on {fmt.moment(clash.starts_at, zone)} – {fmt.clock(clash.ends_at, zone)}"
        raise clash.told(when) from clash


def _time_fields(form: forms.Form) -> None:
    first, second, third = st.columns([2, 2, 2])
    _moment_fields(form, "starts_at", "On", first, second)
    with third:
        known = [one.value for one in LENGTHS]
        length = str(form.start("length"))
        own = [] if length in known else [Option(length, f"{length} minutes")]
        form.choice("length", "For", [*LENGTHS, *own])


def _span(form: forms.Form) -> tuple[datetime, datetime]:
    starts = _moment(form, "starts_at")
    if not form.values["length"]:
        raise Invalid({"length": "Choose how long."})
    return starts, starts + timedelta(minutes=int(form.values["length"]))


def _moment_fields(form: forms.Form, name: str, label: str, left: object, right: object) -> None:
    """A date under the moment's name, where messages land, and a time beside it."""
    with left:  # type: ignore[attr-defined]  # a column
        form.date(name, label)
    with right:  # type: ignore[attr-defined]
        form.time(f"{name}.time", "At")


def _moment(form: forms.Form, name: str) -> datetime:
    return viewing.moment(form.values[name], form.values[f"{name}.time"], viewing.zone(), field=name)


def _at(name: str, at: datetime | None, *, minutes: int = 15) -> dict[str, object]:
    """Initial date and time of a moment, on the viewer's clock."""
    if at is None:
        return {}
    local = viewing.local(at, viewing.zone())
    clock = local.time().replace(minute=local.minute - local.minute % minutes, second=0, microsecond=0)
    return {name: local.date(), f"{name}.time": clock}


def _next_working_day(name: str = "scheduled_at") -> dict[str, object]:
    """The next day on which the office works, when it opens."""
    today = viewing.local(utc_now(), viewing.zone()).date()
    calendar = people.calendar((today.year, today.year + 1))
    return {name: calendar.add_days(today + timedelta(days=1), 0), f"{name}.time": OFFICE_OPENS}
