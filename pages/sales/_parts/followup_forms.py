"""The forms of follow-ups: plan one, record a contact, complete, reschedule or cancel what is planned.

Each is drawn under a key of its own, and returns True once it has done its work.
"""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from core import sales
from core.access import Viewer
from core.kit.dates import utc_now
from pages._ui import forms, nearness, terms, viewing
from pages._ui.filters import Option
from pages.sales._parts import moments

OTHER_CONTACT = "other"
_DIRECTIONS = [Option("outbound", "Us"), Option("inbound", "Them")]


def plan(key: str, about: sales.About, viewer: Viewer) -> bool:
    """Plan a follow-up about a lead, an opportunity or a customer."""
    start = {"type": "call", **moments.next_working_day("scheduled_at")}
    form = forms.Form(f"{key}.plan", initial=start)
    with form.body():
        first, second, third = st.columns([2, 2, 2])
        with first:
            form.choice("type", "By", terms.options(sales.FollowupType))
        moments.fields(form, "scheduled_at", "On", second, third)
        form.below("scheduled_at")
        form.text("notes", "What about", max_chars=1000)
        sent = form.submit("Plan follow-up", icon=":material/event:")
    return sent and form.send(
        lambda: sales.plan_followup(
            sales.NewFollowup(
                about=about,
                scheduled_at=moments.typed(form, "scheduled_at"),
                type=form.values["type"] or "",
                notes=form.values["notes"],
            ),
            request_id=form.request_id,
            by=viewer,
        )
    )


def log(key: str, about: sales.About, viewer: Viewer) -> bool:
    """Record a contact that nobody had planned."""
    form = forms.Form(f"{key}.log", initial=contact_start())
    with form.body():
        contact_fields(form, ())
        sent = form.submit("Save contact", icon=":material/check:")
    return sent and form.send(lambda: record_contact(form, about, (), viewer))


def complete(row: sales.FollowupRow, viewer: Viewer) -> bool:
    """Record what came of a planned follow-up, and plan the next one."""
    form = forms.Form(f"followup.{row.id}.complete", initial=contact_start())
    with form.body():
        form.text("outcome", "What came of it", required=True, max_chars=255)
        first, second, third = st.columns([2, 2, 2])
        moments.fields(form, "completed_at", "Took place on", first, second)
        with third:
            form.number("minutes", "Minutes", least=0, most=1440)
        form.below("completed_at")
        first, second, _ = st.columns([2, 2, 2])
        moments.fields(form, "next_at", "Next follow-up (if any)", first, second)
        form.below("next_at")
        sent = form.submit("Complete", icon=":material/check:")
    return sent and form.send(
        lambda: sales.complete_followup(
            row.id,
            outcome=form.values["outcome"],
            completed_at=moments.typed(form, "completed_at"),
            duration_minutes=form.values["minutes"],
            next_at=moments.typed(form, "next_at") if form.values["next_at"] else None,
            version=row.version,
            by=viewer,
        )
    )


def reschedule(row: sales.FollowupRow, viewer: Viewer) -> bool:
    """Plan a follow-up for another time."""
    start = moments.start("scheduled_at", row.scheduled_at)
    form = forms.Form(f"followup.{row.id}.move", initial=start)
    with form.body():
        first, second = st.columns(2)
        moments.fields(form, "scheduled_at", "On", first, second)
        form.below("scheduled_at")
        sent = form.submit("Reschedule", icon=":material/update:")
    return sent and form.send(
        lambda: sales.reschedule_followup(
            row.id, scheduled_at=moments.typed(form, "scheduled_at"), version=row.version, by=viewer
        )
    )


def cancel(row: sales.FollowupRow, viewer: Viewer) -> bool:
    """Call a follow-up off, with a reason if there is one."""
    form = forms.Form(f"followup.{row.id}.cancel")
    with form.body():
        form.text("reason", "Why (optional)", max_chars=500)
        sent = form.submit("Cancel it", icon=":material/event_busy:")
    return sent and form.send(
        lambda: sales.cancel_followup(row.id, version=row.version, by=viewer, reason=form.values["reason"])
    )


def contact_start() -> dict[str, object]:
    """What a form of a contact starts with: a call, just now."""
    now = moments.start("completed_at", utc_now(), minutes=1)
    return {"type": "call", "direction": "outbound", **now}


def contact_fields(form: forms.Form, planned: Sequence[sales.FollowupRow]) -> None:
    """What is asked about a contact; one of those that were planned may be meant."""
    if planned:
        now, zone = utc_now(), viewing.zone()
        meant = [
            Option(
                str(one.id), f"{terms.label(one.type)} planned {nearness.when(one.scheduled_at, now, zone)}"
            )
            for one in planned
        ]
        form.choice("followup", "Which contact", [*meant, Option(OTHER_CONTACT, "Another one")])
    form.text("outcome", "What came of it", required=True, max_chars=255)
    first, second, third, fourth = st.columns([2, 2, 2, 2])
    with first:
        form.choice("type", "By", terms.options(sales.FollowupType))
    with second:
        form.choice("direction", "Begun by", _DIRECTIONS)
    moments.fields(form, "completed_at", "On", third, fourth)
    form.below("completed_at")


def record_contact(
    form: forms.Form, about: sales.About, planned: Sequence[sales.FollowupRow], viewer: Viewer
) -> None:
    """Complete the planned follow-up that was meant, or record one that was not planned."""
    chosen, at = form.values.get("followup"), moments.typed(form, "completed_at")
    meant = next((one for one in planned if str(one.id) == chosen), None)
    if meant is not None:
        sales.complete_followup(
            meant.id, outcome=form.values["outcome"], completed_at=at, version=meant.version, by=viewer
        )
        return
    sales.log_followup(
        about,
        outcome=form.values["outcome"],
        completed_at=at,
        request_id=form.request_id,
        by=viewer,
        type=form.values["type"] or "",
        direction=form.values["direction"] or "",
    )
