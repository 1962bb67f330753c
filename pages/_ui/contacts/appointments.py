"""The forms of appointments: book, complete, reschedule and cancel them.

Each returns True once it has done its work. A clash names the other meeting on the viewer's clock.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

import streamlit as st

from core import sales
from core.access import Viewer
from core.kit.errors import Invalid
from pages._ui import format as fmt
from pages._ui import forms, terms, viewing
from pages._ui.contacts import moments
from pages._ui.filters import Option

LENGTHS = tuple(
    Option(str(minutes), fmt.number(minutes) + " minutes") for minutes in (15, 30, 45, 60, 90, 120)
)


def book(key: str, about: sales.About, viewer: Viewer) -> bool:
    """Book an appointment about a lead, an opportunity or a customer."""
    start = {
        "type": "initial_meeting",
        "mode": "in_person",
        "length": "60",
        **moments.next_working_day("starts_at"),
    }
    form = forms.Form(f"{key}.book", initial=start)
    with form.body():
        first, second = st.columns(2)
        with first:
            form.choice("type", "Purpose", terms.options(sales.AppointmentType))
        with second:
            form.choice("mode", "Held", terms.options(sales.AppointmentMode))
        _time_fields(form)
        form.text("location", "Place", max_chars=255)
        sent = form.submit("Book appointment", icon=":material/event_available:")
    return sent and form.send(lambda: _book(form, about, viewer))


def _book(form: forms.Form, about: sales.About, viewer: Viewer) -> None:
    starts, ends = _span(form)
    new = sales.NewAppointment(
        about=about,
        starts_at=starts,
        ends_at=ends,
        type=form.values["type"] or "",
        mode=form.values["mode"] or "",
        location=form.values["location"],
    )
    with on_their_clock():
        sales.book_appointment(new, request_id=form.request_id, by=viewer)


def reschedule(row: sales.AppointmentRow, viewer: Viewer) -> bool:
    """Move a meeting to another time."""
    minutes = str(int((row.ends_at - row.starts_at).total_seconds() // 60))
    start = {"length": minutes, **moments.start("starts_at", row.starts_at)}
    form = forms.Form(f"appointment.{row.id}.move", initial=start)
    with form.body():
        _time_fields(form)
        sent = form.submit("Reschedule", icon=":material/update:")
    return sent and form.send(lambda: _reschedule(form, row, viewer))


def _reschedule(form: forms.Form, row: sales.AppointmentRow, viewer: Viewer) -> None:
    starts, ends = _span(form)
    with on_their_clock():
        sales.reschedule_appointment(row.id, starts_at=starts, ends_at=ends, version=row.version, by=viewer)


def complete(row: sales.AppointmentRow, viewer: Viewer) -> bool:
    """Record what came of a meeting."""
    form = forms.Form(f"appointment.{row.id}.complete")
    with form.body():
        form.text("outcome", "What came of it", required="Say what came of it.", max_chars=255)
        sent = form.submit("Complete", icon=":material/check:")
    return sent and form.send(
        lambda: sales.complete_appointment(
            row.id, outcome=form.values["outcome"], version=row.version, by=viewer
        )
    )


def cancel(row: sales.AppointmentRow, viewer: Viewer) -> bool:
    """Call a meeting off, with a reason if there is one."""
    form = forms.Form(f"appointment.{row.id}.cancel")
    with form.body():
        form.text("reason", "Why (optional)", max_chars=500)
        sent = form.submit("Cancel appointment", icon=":material/event_busy:")
    return sent and form.send(
        lambda: sales.cancel_appointment(
            row.id, version=row.version, by=viewer, reason=form.values["reason"]
        )
    )


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
    moments.fields(form, "starts_at", "On", first, second)
    with third:
        known = [one.value for one in LENGTHS]
        length = str(form.start("length"))
        own = [] if length in known else [Option(length, f"{length} minutes")]
        form.choice("length", "For", [*LENGTHS, *own])
    form.below("starts_at")


def _span(form: forms.Form) -> tuple[datetime, datetime]:
    starts = moments.typed(form, "starts_at")
    if not form.values["length"]:
        raise Invalid({"length": "Choose how long."})
    return starts, starts + timedelta(minutes=int(form.values["length"]))
