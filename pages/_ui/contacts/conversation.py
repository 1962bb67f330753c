"""A contact that took place: what its form asks, and how it is recorded."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from core import sales
from core.access import Viewer
from core.kit.dates import utc_now
from pages._ui import forms, nearness, terms, viewing
from pages._ui.contacts import moments
from pages._ui.filters import Option

OTHER_CONTACT = "other"
_DIRECTIONS = [Option("outbound", "Us"), Option("inbound", "Them")]


def start() -> dict[str, object]:
    """What a form of a contact starts with: a call, just now."""
    now = moments.start("completed_at", utc_now(), minutes=1)
    return {"type": "call", "direction": "outbound", **now}


def fields(form: forms.Form, planned: Sequence[sales.FollowupRow]) -> None:
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
    form.text("outcome", "What came of it", required="Say what came of it.", max_chars=255)
    first, second, third, fourth = st.columns([2, 2, 2, 2])
    with first:
        form.choice("type", "By", terms.options(sales.FollowupType))
    with second:
        form.choice("direction", "Begun by", _DIRECTIONS)
    moments.fields(form, "completed_at", "On", third, fourth)
    form.below("completed_at")


def record(
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
