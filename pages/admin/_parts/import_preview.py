"""The last look before an import: how the first rows land, and the button that begins it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import streamlit as st

from core import imports
from core.access import Viewer
from core.imports import Step
from pages._ui import errors, page, tables
from pages._ui import format as fmt
from pages.admin._parts import import_runs, import_watching


def show(path: Path, name: str, mapping: Mapping[str, Any], viewer: Viewer) -> None:
    """The first rows of a file as a mapping reads them, and those that can't be taken."""
    page.section("Preview", help="The first rows as they would be stored. Nothing is written yet.")
    found = imports.preview(path, mapping, name=name, by=viewer)
    shown = [tables.Column("line", "Line", kind="int"), *(tables.Column(one, one) for one in found.labels)]
    rows = [
        {
            "line": line,
            **{label: fmt.text(value) for label, value in zip(found.labels, values, strict=True)},
        }
        for line, values in found.rows
    ]
    tables.show(rows, shown, key="preview", empty_sentence="None of the first rows can be taken.")
    if found.failures:
        tables.show(found.failures, import_runs.FAILURES, key="preview.failures")


def begin(steps: list[Step], viewer: Viewer) -> None:
    """The button, and whether rows that fail stop the whole file."""
    help_text = "Otherwise the rows that fail are left out, and all others are imported."
    whole = st.toggle("Take a file whole or not at all", key="whole", help=help_text)
    begun = import_watching.mine()
    # By what was begun last: a second click on the button begins nothing more.
    key = f"run.after.{max(begun, default=0)}"
    if not st.button("Import", type="primary", icon=":material/upload:", key=key):
        return
    if whole:
        steps = [replace(one, mapping={**one.mapping, "on_error": "stop"}) for one in steps]
    with errors.told() as outcome, st.spinner("Looking through the file …"):
        begun[:] = imports.begin(steps, by=viewer)
    if outcome.ok:
        st.rerun()
