"""Import: choose a file and a template or map its columns, see how rows land, run, and take back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import streamlit as st

from core import imports
from core.access import Permission, Viewer
from core.imports import Inspected, Step
from pages._ui import errors, guard, page, tables
from pages._ui import format as fmt
from pages.admin import _import_mapping as columns
from pages.admin import _import_runs as past
from pages.admin import _import_watching as watching

ENDINGS = ["csv", "tsv", "txt", "xlsx", "xlsm"]
OWN = "Map the columns myself"


def draw() -> None:
    """The whole page."""
    viewer = guard.viewer(Permission.IMPORT)
    with page.head(
        "Import", "Bring leads, customers, policies, claims and what they refer to in from files."
    ):
        _samples(viewer)
    files = st.file_uploader("CSV or XLSX files", type=ENDINGS, accept_multiple_files=True, key="files")
    if files:
        with errors.told():
            kept = {one.name: _kept(one.file_id, one, one.name, viewer) for one in files}
            _choose(kept, viewer)
    watching.show(viewer)
    past.show(viewer)


def _samples(viewer: Viewer) -> None:
    """A file to start from, for each kind of record."""
    kinds = {entity.name: entity for entity in imports.importable(by=viewer)}
    with st.popover("Sample file", icon=":material/csv:"):
        chosen = st.selectbox(
            "Rows are", list(kinds), format_func=lambda name: kinds[name].plural.capitalize(), key="sample"
        )
        st.caption("The headings that are recognised by themselves, and one invented row.")
        st.download_button(
            "Download",
            data=lambda: imports.sample(chosen, by=viewer).encode("utf-8-sig"),
            file_name=f"sample-{kinds[chosen].plural.replace(' ', '-')}.csv",
            mime="text/csv",
            icon=":material/download:",
            on_click="ignore",
            key="sample.download",
        )


def _kept(file_id: str, content: Any, name: str, viewer: Viewer) -> Path:
    """The uploaded file on disk, stored once."""
    known: dict[str, Path] = st.session_state.setdefault("import.files", {})
    if file_id not in known or not known[file_id].is_file():
        content.seek(0)
        known[file_id] = imports.take_in(content, name, by=viewer)
    return known[file_id]


def _choose(kept: Mapping[str, Path], viewer: Viewer) -> None:
    templates = {one.name: one for one in imports.templates(by=viewer)}
    usable = [
        name
        for name, parts in imports.bundles().items()
        if {part.template for part in parts} <= set(templates)
    ]
    chosen = st.selectbox("Template", [OWN, *usable, *templates], key="template")
    if chosen in usable:
        _bundle(str(chosen), kept, {name: one.mapping for name, one in templates.items()}, viewer)
        return
    if len(kept) > 1:
        st.info("A template takes one file at a time; only a bundle takes several.")
        return
    ((name, path),) = kept.items()
    if chosen == OWN:
        _own(path, name, viewer)
        return
    mapping = templates[str(chosen)].mapping
    if mapping.get("notes"):
        st.caption(fmt.plain(mapping["notes"]))
    _preview(path, name, mapping, viewer)
    _run([Step(path, name, mapping, str(chosen))], viewer)


def _bundle(bundle: str, kept: Mapping[str, Path], mappings: Mapping[str, Any], viewer: Viewer) -> None:
    parts = imports.bundles()[bundle]
    needed = list(dict.fromkeys(part.file for part in parts))
    # A bundle of one file takes it under any name.
    files = {needed[0]: next(iter(kept.values()))} if len(needed) == len(kept) == 1 else kept
    absent = [name for name in needed if name not in files]
    if absent:
        st.info(f"{bundle} also needs {', '.join(absent)}.")
        return
    for part in parts:
        if notes := mappings[part.template].get("notes"):
            st.caption(f"**{fmt.plain(part.template)}** {fmt.plain(notes)}")
    _run(
        [Step(files[part.file], part.file, mappings[part.template], part.template) for part in parts],
        viewer,
    )


def _own(path: Path, name: str, viewer: Viewer) -> None:
    options = _file_options()
    file: Inspected = imports.look(path, name=name, options=options, by=viewer)
    st.caption(f"{fmt.counted(file.records, 'row')}, {fmt.counted(len(file.header), 'column')}.")
    mapping = columns.ask(file, name, viewer)
    look = {"encoding": options.encoding, "delimiter": options.delimiter, "sheet": options.sheet}
    mapping["file"] = {part: told for part, told in look.items() if told}
    key = mapping["key"] or columns.stand_in(mapping, file, viewer)
    _preview(path, name, {**mapping, "key": key}, viewer)
    if not mapping["key"]:
        st.info("To import, choose above which columns identify a row.", icon=":material/key:")
        return
    _run([Step(path, name, mapping)], viewer)
    with st.popover("Save as a template", icon=":material/bookmark_add:"):
        title = st.text_input("Name", key="template.name", max_chars=80)
        if st.button("Save", key="template.save"):
            with errors.told() as outcome:
                imports.save_template(title, mapping, by=viewer)
            if outcome.ok:
                st.success("The template is saved.")


def _file_options() -> imports.FileOptions:
    with st.expander("How the file is written"):
        encoding = st.selectbox("Encoding", imports.ENCODINGS, key="file.encoding")
        delimiter = st.selectbox(
            "Delimiter",
            [None, *imports.DELIMITERS],
            format_func=lambda mark: imports.DELIMITERS[mark] if mark else "found from the header",
            key="delimiter",
        )
        sheet = st.text_input("Sheet of a workbook", key="file.sheet", help="Empty: the first one.")
    return imports.FileOptions(encoding or "utf-8", delimiter, sheet.strip() or None)


def _preview(path: Path, name: str, mapping: Mapping[str, Any], viewer: Viewer) -> None:
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
        tables.show(found.failures, past.FAILURES, key="preview.failures")


def _run(steps: list[Step], viewer: Viewer) -> None:
    help_text = "Otherwise the rows that fail are left out, and all others are imported."
    whole = st.toggle("Take a file whole or not at all", key="whole", help=help_text)
    if not st.button("Import", type="primary", icon=":material/upload:", key="run"):
        return
    if whole:
        steps = [replace(one, mapping={**one.mapping, "on_error": "stop"}) for one in steps]
    with errors.told() as outcome, st.spinner("Looking through the file …"):
        watching.begun(imports.begin(steps, by=viewer))
    if outcome.ok:
        st.rerun()


draw()
