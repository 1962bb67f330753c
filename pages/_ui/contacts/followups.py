"""The forms of follow-ups: plan one, record a contact, complete, reschedule or cancel what is planned.

Each is drawn under a key of its own, and returns True once it has done its work.
"""

from __future__ import annotations

import streamlit as st

from core import sales
from core.access import Viewer
from pages._ui import forms, terms
from pages._ui.contacts import conversation, moments


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
    form = forms.Form(f"{key}.log", initial=conversation.start())
    with form.body():
        conversation.fields(form, ())
        sent = form.submit("Save contact", icon=":material/check:")
    return sent and form.send(lambda: conversation.record(form, about, (), viewer))


def complete(row: sales.FollowupRow, viewer: Viewer) -> bool:
    """Record what came of a planned follow-up, and plan the next one."""
    form = forms.Form(f"followup.{row.id}.complete", initial=conversation.start())
    with form.body():
        form.text("outcome", "What came of it", required="Say what came of it.", max_chars=255)
        first, second, third = st.columns([2, 2, 2])
        moments.fields(form, "completed_at", "Took place on", first, second)
        with third:
            form.number("duration_minutes", "Minutes")
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
            duration_minutes=form.values["duration_minutes"],
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
        sent = form.submit("Cancel follow-up", icon=":material/event_busy:")
    return sent and form.send(
        lambda: sales.cancel_followup(row.id, version=row.version, by=viewer, reason=form.values["reason"])
    )
