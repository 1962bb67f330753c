"""The forms of a new territory and of a territory's own fields."""

from __future__ import annotations

import streamlit as st

from core import people
from core.access import Permission, Viewer
from pages._ui import filters, forms, guard
from pages.admin._parts import records
from pages.admin._parts.territory_places import TOP, parent, places


def _bosses(viewer: Viewer) -> list[filters.Option]:
    return [filters.Option(str(one.user_id), one.name) for one in people.managers(by=viewer)]


def _fields(form: forms.Form, viewer: Viewer) -> None:
    form.text("name", "Name", required=True, max_chars=100)
    form.text("code", "Code", required=True, max_chars=20)
    form.choice("manager_id", "Manager", _bosses(viewer), help="Sees everything in it and below it.")
    form.area("description", "Description", max_chars=500)


def _typed(form: forms.Form) -> dict[str, object]:
    manager = form.values["manager_id"]
    given = {name: form.values[name] for name in ("name", "code", "description")}
    return {**given, "manager_id": int(manager) if manager else None}


@st.dialog("New territory")
def new_territory() -> None:
    """The form of a new territory."""
    viewer = guard.viewer(Permission.REFERENCE_ADMIN)
    form = forms.Form("new_territory", initial={"parent_id": TOP})
    with form.body():
        form.choice(
            "parent_id",
            "Belongs to",
            places(people.territory_tree(by=viewer)),
            required="Choose what it belongs to.",
        )
        _fields(form, viewer)
        sent = form.submit("Create territory")
    if sent:
        records.save(form, lambda: _create(form, viewer), "The territory is made")


def _create(form: forms.Form, viewer: Viewer) -> None:
    values = {**_typed(form), "parent_id": parent(form.values["parent_id"])}
    people.create_territory(values, request_id=form.request_id, by=viewer)


def edit(one: people.TerritoryNode, viewer: Viewer) -> None:
    """The form of a territory's own fields."""
    start = {
        "name": one.name,
        "code": one.code,
        "description": one.description or "",
        "manager_id": str(one.manager_id or ""),
        "version": one.version,
    }
    form = forms.Form(f"territory_{one.id}", initial=start)
    with form.body():
        _fields(form, viewer)
        sent = form.submit("Save", icon=":material/save:")
    if sent:
        records.save(
            form,
            lambda: people.edit_territory(one.id, _typed(form), version=form.start("version"), by=viewer),
            f"{form.values['name']} is saved",
        )
    records.offer_current(form)
