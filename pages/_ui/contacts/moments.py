"""A moment as a date and a time on the viewer's clock: its two fields, its start and what was typed."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from streamlit.delta_generator import DeltaGenerator

from core import people
from core.kit.dates import utc_now
from pages._ui import forms, viewing

OFFICE_OPENS = time(9, 0)


def fields(form: forms.Form, name: str, label: str, day: DeltaGenerator, clock: DeltaGenerator) -> None:
    """A date under the moment's name and a time beside it; messages are told by `form.below(name)`."""
    with day:
        form.date(name, label)
    with clock:
        form.time(f"{name}.time", "At")


def typed(form: forms.Form, name: str) -> datetime:
    """The UTC moment that was typed. Raises Invalid beside the date."""
    return viewing.moment(form.values[name], form.values[f"{name}.time"], viewing.zone(), field=name)


def start(name: str, at: datetime | None, *, minutes: int = 15) -> dict[str, object]:
    """What both fields begin with for a moment, to so many minutes."""
    if at is None:
        return {}
    local = viewing.local(at, viewing.zone())
    clock = local.time().replace(minute=local.minute - local.minute % minutes, second=0, microsecond=0)
    return {name: local.date(), f"{name}.time": clock}


def next_working_day(name: str) -> dict[str, object]:
    """What both fields begin with: the next day on which the office works, when it opens."""
    today = viewing.local(utc_now(), viewing.zone()).date()
    calendar = people.calendar((today.year, today.year + 1))
    return {name: calendar.add_days(today + timedelta(days=1), 0), f"{name}.time": OFFICE_OPENS}
