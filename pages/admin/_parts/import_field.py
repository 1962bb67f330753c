"""One field of an import: which column or constant fills it, and how its texts are to be read."""

from __future__ import annotations

from typing import Any

import streamlit as st

from core import imports
from core.access import Viewer
from core.imports import Entity, Field, Inspected, Kind
from pages._ui import format as fmt
from pages._ui import forms

NOTHING, CONSTANT = "–", "The same for every row"
# Pixels for how a column is to be read, beside its name; both fit on a phone.
DETAIL_WIDTH = 150
SEPARATORS = {
    "1234.50": (".", ""),
    "1,234.50": (".", ","),
    "1234,50": (",", ""),
    "1.234,50": (",", "."),
    "1 234,50": (",", " "),
}


def ask(
    entity: Entity, field: Field, suggested: str, file: Inspected, viewer: Viewer
) -> dict[str, Any] | None:
    """The column or the constant that fills a field; None when nothing does."""
    name, options = f"map.{entity.name}.{field.name}", [NOTHING, *file.header, CONSTANT]
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        column = st.selectbox(
            field.label,
            options,
            index=options.index(suggested),
            key=f"{forms.REQUIRED}.{name}" if field.required else name,
        )
        if column == NOTHING:
            return None
        with st.container(width=DETAIL_WIDTH):
            told = _constant(field, name) if column == CONSTANT else _details(field, name)
            if column != CONSTANT and field.kind in {Kind.TEXT, Kind.RECORD}:
                told |= _replacements(name)
    told |= _create(field, name)
    if column != CONSTANT:
        told["column"] = column
        if field.kind is Kind.CHOICE:
            told |= _values(field, name, file, column, viewer)
    if field.only and entity.status is not None:
        told["when"] = {entity.status.field: list(field.only)}
    return None if told.get("constant") == "" else told


def _constant(field: Field, name: str) -> dict[str, Any]:
    if field.kind is Kind.CHOICE:
        chosen = st.selectbox(
            "Value", list(field.choices), format_func=lambda one: field.choices[one], key=f"{name}.constant"
        )
        return {"constant": chosen}
    help_text = "As 2026-12-31." if field.is_date else None
    return {"constant": st.text_input("Value", key=f"{name}.constant", help=help_text).strip()}


def _details(field: Field, name: str) -> dict[str, Any]:
    """How the texts are to be read; a date's form has to be chosen, there is no default."""
    if field.is_date:
        chosen = st.selectbox(
            "Its dates look like",
            list(imports.DATE_FORMATS),
            index=None,
            format_func=lambda one: imports.DATE_FORMATS.get(one, one),
            accept_new_options=True,
            placeholder="Choose one",
            help="Another way? Write 31 December 2026 as the file would, such as 31-Dec-26.",
            key=f"{name}.format",
        )
        return {"date_format": chosen} if chosen else {}
    if field.kind in {Kind.MONEY, Kind.NUMBER}:
        # Not to be filtered by typing: one form is found by the text of another.
        shown = st.selectbox(
            "Its numbers look like", list(SEPARATORS), key=f"{name}.separators", filter_mode=None
        )
        decimal, thousands = SEPARATORS[shown or "1234.50"]
        return {"decimal": decimal, "thousands": thousands}
    return {}


def _create(field: Field, name: str) -> dict[str, Any]:
    stub = imports.stub_of(field)
    if stub is None:
        return {}
    is_wanted = st.checkbox("Create what is missing", key=f"{name}.create")
    return {"create": dict(stub)} if is_wanted else {}


def _values(field: Field, name: str, file: Inspected, column: str, viewer: Viewer) -> dict[str, Any]:
    """What each text of a column stands for, where a field takes one of some values."""
    texts = imports.distinct(file, column, by=viewer)
    if texts is None:
        st.caption("This column holds too many different texts to be a choice.")
        return {}
    known = {label.casefold(): value for value, label in field.choices.items()}
    known.update({value.casefold(): value for value in field.choices})
    options = [NOTHING, *field.choices]
    values: dict[str, str] = {}
    places = st.columns(2)
    for number, text in enumerate(texts):
        value = places[number % 2].selectbox(
            f"“{fmt.plain(text)}” is",
            options,
            index=options.index(known.get(text.casefold(), NOTHING)),
            format_func=lambda one: field.choices.get(one, one),
            key=f"{name}.value.{text}",
        )
        if value and value != NOTHING:
            values[text] = value
    return {"values": values}


def _replacements(name: str) -> dict[str, Any]:
    with st.popover("Replace texts", icon=":material/find_replace:", type="tertiary"):
        typed = st.text_area(
            "One a line: as in the file = as it should be",
            key=f"{name}.replace",
            placeholder="GTXPro = GTX Pro",
        )
    pairs = [line.split("=", 1) for line in typed.splitlines() if "=" in line]
    return {"values": {old.strip(): new.strip() for old, new in pairs}} if pairs else {}
