"""What the lifecycles let the viewer do with a contact from where it is."""

from __future__ import annotations

import streamlit as st

from core import sales
from core.access import Viewer
from core.sales import APPOINTMENT, FOLLOWUP
from pages._ui import errors, reruns
from pages._ui.contacts.about import Row
from pages._ui.screens import PLACE, Screen

# The forms by what the lifecycles call the moves that they make.
FORMS = {"completed": "complete", "cancelled": "cancel", "rescheduled": "move"}
VERBS = {
    "completed": ":material/check:",
    "cancelled": ":material/close:",
    "rescheduled": ":material/update:",
    "no_show": ":material/person_off:",
}


def offer(row: Row, screen: Screen, viewer: Viewer) -> None:
    """A button for every move; most open a form of their own."""
    noun = "followup" if isinstance(row, sales.FollowupRow) else "appointment"
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
