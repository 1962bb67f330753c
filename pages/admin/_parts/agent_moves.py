"""Where an agent belonged, belongs and will belong, and the form of a move."""

from __future__ import annotations

import streamlit as st

from core import organisation, people
from core.access import Permission, Viewer
from core.kit.errors import Invalid
from core.kit.lifecycle import Tone
from pages._ui import filters, forms, guard, page, tables, viewing
from pages._ui import format as fmt
from pages.admin._parts import records

PLANNED, NOW, PAST = "Planned", "Now", "Before"
SPANS = (
    tables.Column("territory", "Territory", pinned=True),
    tables.Column("manager", "Manager"),
    tables.Column(
        "state", "When", kind="tag", tones={PLANNED: Tone.INFO, NOW: Tone.GOOD, PAST: Tone.NEUTRAL}
    ),
    tables.Column("valid_from", "From", kind="date"),
    tables.Column("valid_to", "Until", kind="date", help="The first day that no longer counts."),
)


def show(one: people.AgentProfile, viewer: Viewer) -> None:
    """The spans in territories, with what is planned, and the buttons for both."""
    actions, told = page.section("Territory and manager"), st.container()
    with actions:
        if one.planned_on:
            records.press(
                "Take back the planned move",
                ":material/undo:",
                lambda: organisation.keep_agent(one.id, version=one.version, by=viewer),
                f"{one.name} stays in {one.territory}",
                told=told,
            )
        if st.button("Move", icon=":material/moving:", type="primary"):
            forms.renew(f"move_agent_{one.id}")
            move(one.id)
    if one.planned_on:
        to = " under ".join(
            fmt.plain(part) for part in (one.planned_territory, one.planned_manager) if part
        )
        st.info(
            f"On {fmt.day(one.planned_on)} to {to}.", title="A move is planned", icon=":material/event:"
        )
    spans = people.assignments(one.id, by=viewer)
    rows = [
        {
            "territory": span.territory,
            "manager": span.manager,
            "state": PLANNED if span.is_planned else _state(span),
            "valid_from": span.valid_from,
            "valid_to": span.valid_to,
        }
        for span in spans
    ]
    tables.show(
        rows, SPANS, key=f"spans_{one.id}", empty_sentence="No territory was noted.", height="content"
    )


def _state(span: people.Span) -> str:
    return NOW if span.valid_to is None or span.valid_to > viewing.today() else PAST


@st.dialog("Move an agent")
def move(user_id: int) -> None:
    """Territory and manager from a day on, and what of the book goes along."""
    viewer = guard.viewer(Permission.USERS_ADMIN)
    one, book = people.agent_profile(user_id, by=viewer), organisation.book_of(user_id, by=viewer)
    areas = [
        filters.Option(str(area.id), area.path) for area in people.territories(by=viewer) if area.is_active
    ]
    bosses = [filters.Option(str(boss.user_id), boss.name) for boss in people.managers(by=viewer)]
    form = forms.Form(
        f"move_agent_{user_id}",
        initial={
            "territory_id": str(one.territory_id),
            "manager_id": str(one.manager_id or ""),
            "valid_from": viewing.today(),
            "version": one.version,
        },
    )
    with form.body():
        form.choice("territory_id", "Territory", areas, required=True)
        form.choice("manager_id", "Manager", bosses)
        form.date("valid_from", "From", required="Enter from when on.")
        st.caption("What is done already keeps its territory. Going along, on that day:")
        deals = fmt.counted(book.open_leads, "open lead") + " and "
        deals += fmt.counted(book.open_opportunities, "open opportunity", "open opportunities")
        form.check("takes_leads", deals)
        form.check("takes_customers", fmt.counted(book.customers, "customer"))
        sent = form.submit("Move")
    if sent:
        records.save(form, lambda: _move(user_id, form, viewer), f"The move of {one.name} is noted")


def _move(user_id: int, form: forms.Form, viewer: Viewer) -> None:
    given = form.values
    missing = {name: "Choose one." for name in ("territory_id", "valid_from") if not given[name]}
    if missing:
        raise Invalid(missing)
    place = people.Place(
        territory_id=int(given["territory_id"]),
        manager_id=int(given["manager_id"]) if given["manager_id"] else None,
        valid_from=given["valid_from"],
        takes_leads=given["takes_leads"],
        takes_customers=given["takes_customers"],
    )
    organisation.move_agent(user_id, place, version=form.start("version"), by=viewer)
