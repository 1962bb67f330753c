"""The part of the import page in which a person says what each column is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import streamlit as st

from core import imports
from core.access import Viewer
from core.imports import Entity, Field, Inspected
from pages._ui import format as fmt
from pages._ui import page
from pages.admin._parts import import_field

MAX_SOURCE = 80


def ask(file: Inspected, name: str, viewer: Viewer) -> dict[str, Any]:
    """Questions about a file, and the mapping that the answers make; its key is empty until told."""
    kinds = {entity.name: entity for entity in imports.importable(by=viewer)}
    stem = Path(name).stem[:MAX_SOURCE]
    left, middle, right = st.columns(3)
    with left:
        chosen = st.selectbox(
            "What are its rows?", list(kinds), format_func=lambda name: kinds[name].plural.capitalize()
        )
    with middle:
        source = _source(stem)
    with right:
        key = _key(chosen, file, stem, viewer)
    fields = _fields(kinds[chosen], file, viewer)
    used = {*key, *(told.get("column") for told in fields.values())}
    if unused := [column for column in file.header if column not in used]:
        st.caption(f"Columns that nothing uses: {fmt.plain(', '.join(unused))}.")
    return {"entity": chosen, "source": source.strip() or stem, "key": key, "fields": fields}


def _source(stem: str) -> str:
    return st.text_input(
        "Where is it from?",
        stem,
        key=f"map.source.{stem}",
        max_chars=MAX_SOURCE,
        help="The name of the other system. Files of one source find their rows again.",
    )


def _key(entity: str, file: Inspected, stem: str, viewer: Viewer) -> list[str]:
    return st.multiselect(
        "Which columns identify a row?",
        file.header,
        imports.suggested_key(entity, file.header, by=viewer),
        key=f"map.key.{entity}.{stem}",
        help="A second import of the same file recognises its rows by them.",
    )


def stand_in(mapping: dict[str, Any], file: Inspected, viewer: Viewer) -> list[str]:
    """Columns that tell the rows of a preview apart until somebody says which identify a row."""
    needed = {one.name for one in _entity(mapping["entity"], viewer).fields if one.required}
    told = [one.get("column") for name, one in mapping["fields"].items() if name in needed]
    return list(dict.fromkeys(column for column in told if column)) or [file.header[0]]


def _entity(name: str, viewer: Viewer) -> Entity:
    return next(one for one in imports.importable(by=viewer) if one.name == name)


def _fields(entity: Entity, file: Inspected, viewer: Viewer) -> dict[str, Any]:
    """What fills each field: those that are needed or recognised first, all others folded away."""
    page.section("Columns", help="Suggested by their names alone. Check each of them.")
    suggested = imports.suggested(entity.name, file.header, by=viewer)
    first = [one for one in entity.fields if one.required or one.name in suggested]
    more = [one for one in entity.fields if one not in first]
    # What is needed and not recognised is what there is to do.
    first.sort(key=lambda one: not one.required)
    found = _grid(entity, first, suggested, file, viewer)
    if more:
        with st.expander(f"More fields ({len(more)})"):
            found |= _grid(entity, more, suggested, file, viewer)
    return found


def _grid(
    entity: Entity, fields: Sequence[Field], suggested: Mapping[str, str], file: Inspected, viewer: Viewer
) -> dict[str, Any]:
    found: dict[str, Any] = {}
    grid = st.grid(2, min_column_width=340, gap="small")
    for field in fields:
        with grid.cell():
            told = import_field.ask(
                entity, field, suggested.get(field.name, import_field.NOTHING), file, viewer
            )
        if told is not None:
            found[field.name] = told
    return found
