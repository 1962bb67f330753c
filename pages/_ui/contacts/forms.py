"""The forms about contacts by their names, with what is said once they worked."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from core import sales
from core.access import Viewer
from pages._ui import errors
from pages._ui.contacts import appointments, followups
from pages._ui.contacts.about import Row, With
from pages._ui.screens import PLACE, Screen

NEW: Mapping[str, tuple[Callable[[str, sales.About, Viewer], bool], str]] = MappingProxyType(
    {
        "plan": (followups.plan, "Follow-up planned"),
        "log": (followups.log, "Contact recorded"),
        "book": (appointments.book, "Appointment booked"),
    }
)
KNOWN: Mapping[tuple[str, str], tuple[Callable[[Any, Viewer], bool], str]] = MappingProxyType(
    {
        ("followup", "complete"): (followups.complete, "Follow-up completed"),
        ("followup", "move"): (followups.reschedule, "Follow-up rescheduled"),
        ("followup", "cancel"): (followups.cancel, "Follow-up cancelled"),
        ("appointment", "complete"): (appointments.complete, "Appointment completed"),
        ("appointment", "move"): (appointments.reschedule, "Appointment rescheduled"),
        ("appointment", "cancel"): (appointments.cancel, "Appointment cancelled"),
    }
)


def show(them: With, screen: Screen, viewer: Viewer) -> bool:
    """The open form about a contact; True once it has done its work, which is told."""
    done, said = _drawn(them, screen, viewer)
    if done:
        errors.flash(said, place=PLACE)
    return done


def _drawn(them: With, screen: Screen, viewer: Viewer) -> tuple[bool, str]:
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
