"""The part of the import page in which a person says what each column is."""

from __future__ import annotations

from typing import Any

import streamlit as st

from core import imports
from core.access import Viewer
from core.imports import Entity, Field, Inspected, Kind
from pages._ui import format as fmt
from pages._ui import page

NOTHING, CONSTANT = "–", "The same for every row"
SEPARATORS = {
    "1234.50": (".", ""),
    "1,234.50": (".", ","),
    "1234,50": (",", ""),
    "1.234,50": (",", "."),
    "1 234,50": (",", " "),
}


def ask(file: Inspected, viewer: Viewer) -> dict[str, Any] | None:
    """Questions about a file, and the mapping that the answers make; None while some are open."""
    kinds = {entity.name: entity for entity in imports.importable(by=viewer)}
    left, middle, right = st.columns(3)
    with left:
        chosen = st.selectbox(
            "What are its rows?", list(kinds), format_func=lambda name: kinds[name].plural.capitalize()
        )
    with middle:
        source = st.text_input(
            "Where is it from?",
            key="map.source",
            max_chars=80,
            help="The name of the other system. Files of one source find their rows again.",
        )
    with right:
        key = st.multiselect(
            "Which columns identify a row?",
            file.header,
            key="map.key",
            help="A second import of the same file recognises its rows by them.",
        )
    fields = _fields(kinds[chosen], file, viewer)
    used = {*key, *(told.get("column") for told in fields.values())}
    if unused := [fmt.plain(column) for column in file.header if column not in used]:
        st.caption(f"Columns that nothing uses: {', '.join(unused)}.")
    if not source.strip() or not key:
        st.caption("Name the source and the columns that identify a row to go on.")
        return None
    return {"entity": chosen, "source": source.strip(), "key": key, "fields": fields}


def _fields(entity: Entity, file: Inspected, viewer: Viewer) -> dict[str, Any]:
    page.section("Columns", help="Suggested by their names alone. Check each of them.")
    suggested = imports.suggested(entity.name, file.header, by=viewer)
    found: dict[str, Any] = {}
    for field in entity.fields:
        name, slots = f"map.{entity.name}.{field.name}", st.columns([2, 2, 3], vertical_alignment="top")
        options = [NOTHING, *file.header, CONSTANT]
        with slots[0]:
            column = st.selectbox(
                f"{field.label} *" if field.required else field.label,
                options,
                index=options.index(suggested.get(field.name, NOTHING)),
                key=name,
            )
        if column == NOTHING:
            continue
        with slots[1]:
            told = _constant(field, name) if column == CONSTANT else _details(field, name)
        if column != CONSTANT:
            told["column"] = column
            with slots[2]:
                told |= _values(field, name, file, column, viewer)
        if field.only and entity.status is not None:
            told["when"] = {entity.status.field: list(field.only)}
        if told.get("constant") != "":
            found[field.name] = told
    return found


def _constant(field: Field, name: str) -> dict[str, Any]:
    if field.kind is Kind.CHOICE:
        chosen = st.selectbox(
            "Value", list(field.choices), format_func=lambda one: field.choices[one], key=f"{name}.constant"
        )
        return {"constant": chosen}
    help_text = "As 2017-03-31." if field.is_date else None
    return {"constant": st.text_input("Value", key=f"{name}.constant", help=help_text).strip()} | _create(
        field, name
    )


def _details(field: Field, name: str) -> dict[str, Any]:
    """How the texts are to be read; a date's form has to be chosen, there is no default."""
    if field.is_date:
        chosen = st.selectbox(
            "Its dates look like",
            list(imports.DATE_FORMATS),
            index=None,
            format_func=lambda one: imports.DATE_FORMATS.get(one, one),
            accept_new_options=True,
            placeholder="Choose, or type such as %d-%m-%Y",
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
    return _create(field, name)


def _create(field: Field, name: str) -> dict[str, Any]:
    stub = imports.stub_of(field)
    if stub is None:
        return {}
    is_wanted = st.checkbox("Create what is missing", key=f"{name}.create")
    return {"create": dict(stub)} if is_wanted else {}


def _values(field: Field, name: str, file: Inspected, column: str, viewer: Viewer) -> dict[str, Any]:
    """What texts of a column stand for: each of a choice's, and those of others that are to be replaced."""
    if field.kind in {Kind.TEXT, Kind.RECORD}:
        return _replacements(name)
    if field.kind is not Kind.CHOICE:
        return {}
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
