"""Entering and changing the entries of lists."""

from __future__ import annotations

import streamlit as st

from core import sales
from core.access import Permission, Viewer
from pages._ui import forms, guard, terms
from pages.admin._parts import records

NOUNS = {sales.ListKind.SOURCES: "lead source", sales.ListKind.REASONS: "lost reason"}


TYPES = terms.options(sales.SourceType)
CATEGORIES = terms.options(sales.LostCategory)


def _fields(kind: sales.ListKind, form: forms.Form) -> None:
    form.text("name", "Name", required=True, max_chars=100)
    if kind is sales.ListKind.SOURCES:
        form.choice("type", "Type", TYPES, required=True)
        form.money("cost_per_lead", "Cost per lead")
    else:
        form.choice("category", "Category", CATEGORIES, required=True, help="“Other” asks for a note.")
    form.area("description", "Description", max_chars=500)


def new_item(kind: sales.ListKind) -> None:
    """The form of a new entry."""
    st.dialog(f"New {NOUNS[kind]}")(_new_item)(kind)


def _new_item(kind: sales.ListKind) -> None:
    viewer = guard.viewer(Permission.REFERENCE_ADMIN)
    form = forms.Form(f"new_{kind.value}")
    with form.body():
        _fields(kind, form)
        sent = form.submit(f"Create {NOUNS[kind]}")
    if sent:
        records.save(
            form,
            lambda: sales.create_item(kind, dict(form.values), request_id=form.request_id, by=viewer),
            f"{form.values['name']} is entered",
        )


def edit(kind: sales.ListKind, one: sales.ListItem, viewer: Viewer) -> None:
    """The form of an entry's fields."""
    start = {
        "name": one.name,
        "type": one.kind,
        "category": one.kind,
        "cost_per_lead": one.cost_per_lead,
        "description": one.description or "",
        "version": one.version,
    }
    form = forms.Form(f"{kind.value}_{one.id}", initial=start)
    with form.body():
        _fields(kind, form)
        sent = form.submit("Save", icon=":material/save:")
    if sent:
        records.save(
            form,
            lambda: sales.edit_item(
                kind, one.id, dict(form.values), version=form.start("version"), by=viewer
            ),
            f"{form.values['name']} is saved",
        )
    records.offer_current(form)


def ask_to_retire(kind: sales.ListKind, one: sales.ListItem) -> None:
    """Ask before an entry is offered no more."""
    records.ask(
        records.Question(
            title=f"Retire {one.name}?",
            happens=f"This {NOUNS[kind]} is offered no more. Records that have it keep it. "
            "You can use it again later.",
            button=f"Retire {NOUNS[kind]}",
            icon=":material/archive:",
        ),
        lambda: sales.retire_item(
            kind, one.id, version=one.version, by=guard.viewer(Permission.REFERENCE_ADMIN)
        ),
        f"{one.name} is offered no more",
    )


def ask_to_delete(kind: sales.ListKind, one: sales.ListItem) -> None:
    """Ask before an entry is gone for good."""
    records.ask(
        records.Question(
            title=f"Delete {one.name}?",
            happens=f"This {NOUNS[kind]} is gone for good. One that a record has can't be deleted.",
            button=f"Delete {NOUNS[kind]}",
            icon=":material/delete:",
        ),
        lambda: sales.delete_item(
            kind, one.id, version=one.version, by=guard.viewer(Permission.REFERENCE_ADMIN)
        ),
        f"{one.name} is deleted",
    )
