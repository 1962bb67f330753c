"""Closing days: when the office does not work, besides weekends; deadlines pass over them."""

from __future__ import annotations

import streamlit as st

from core import people
from core.access import Permission, Viewer
from core.kit.lifecycle import Tone
from pages._ui import errors, filters, forms, guard, page, tables, viewing
from pages._ui import format as fmt
from pages.admin._parts import records

FEDERAL, OWN = "Federal holiday", "Own day"
COLUMNS = (
    tables.Column("day", "Day", kind="date", pinned=True, width=140),
    tables.Column("weekday", "Weekday", width=110),
    tables.Column("name", "Name"),
    tables.Column("kind", "Kind", kind="tag", tones={FEDERAL: Tone.INFO, OWN: Tone.GOOD}),
)


@st.dialog("New closing day")
def new_day() -> None:
    """The form of one more closing day."""
    viewer = guard.viewer(Permission.REFERENCE_ADMIN)
    form = forms.Form("new_closing_day")
    with form.body():
        form.date("day", "Day", required="Choose a day.")
        form.text("name", "What day it is", required="Say what day it is.", max_chars=100)
        sent = form.submit("Add closing day")
    if sent:
        given = form.values
        records.save(
            form,
            lambda: people.add_closed_day(
                given["day"], given["name"], request_id=form.request_id, by=viewer
            ),
            "The office is closed on that day",
        )


def list_days(days: tuple[people.ClosedDay, ...]) -> list[people.ClosedDay]:
    """The table of a year; the days of one's own that are selected."""
    rows = [
        {
            "day": one.day,
            "weekday": f"{one.day:%A}",
            "name": one.name,
            "kind": FEDERAL if one.is_federal else OWN,
        }
        for one in days
    ]
    chosen = tables.show(rows, COLUMNS, key=f"closed_days_{len(days)}", select="many", height="content")
    return [days[position] for position in chosen if not days[position].is_federal]


def remove(days: list[people.ClosedDay], viewer: Viewer) -> None:
    """The button that opens the office again on the selected days."""
    if not days:
        st.caption("Select a day of the office's own to work on it after all.")
        return
    if st.button(f"Work on {fmt.counted(len(days), 'day')}", icon=":material/work:"):
        with errors.told() as outcome:
            for one in days:
                people.remove_closed_day(one.day, by=viewer)
        if outcome.ok:
            errors.flash("The office works on these days")
            st.rerun()


viewer = guard.viewer(Permission.REFERENCE_ADMIN)
with page.head("Closing days", "When the office does not work; deadlines pass over these days"):
    if st.button("New closing day", icon=":material/add:", type="primary"):
        forms.renew("new_closing_day")
        new_day()
this_year = viewing.today().year
years = [filters.Option(str(year), str(year)) for year in range(this_year - 1, this_year + 3)]
year = int(filters.switch("Year", years, key="year", default=str(this_year)))
remove(list_days(people.closed_days(year, by=viewer)), viewer)
