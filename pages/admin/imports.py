"""Import: choose a file and a template or map its columns, see how rows land, run, and take back."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import streamlit as st

from core import imports
from core.access import Permission, Viewer
from core.imports import Step
from pages._ui import errors, guard, page
from pages._ui import format as fmt
from pages.admin._parts import import_own, import_preview, import_runs, import_sample, import_watching

ENDINGS = ["csv", "tsv", "txt", "xlsx", "xlsm"]
OWN = "Map the columns myself"


def draw() -> None:
    """The whole page."""
    viewer = guard.viewer(Permission.IMPORT)
    with page.head(
        "Import", "Bring leads, customers, policies, claims and what they refer to in from files."
    ):
        import_sample.offer(viewer)
    files = st.file_uploader("CSV or XLSX files", type=ENDINGS, accept_multiple_files=True, key="files")
    if files:
        with errors.told():
            kept = {one.name: _kept(one.file_id, one, one.name, viewer) for one in files}
            _choose(kept, viewer)
    import_watching.show(viewer)
    import_runs.show(viewer)


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
    chosen = st.selectbox("Template", [OWN, *usable, *templates], format_func=imports.title, key="template")
    if chosen in usable:
        _bundle(str(chosen), kept, {name: one.mapping for name, one in templates.items()}, viewer)
        return
    if len(kept) > 1:
        st.info("A template takes one file at a time; only a bundle takes several.")
        return
    ((name, path),) = kept.items()
    if chosen == OWN:
        import_own.ask(path, name, viewer)
        return
    mapping = templates[str(chosen)].mapping
    if mapping.get("notes"):
        st.caption(fmt.plain(mapping["notes"]))
    import_preview.show(path, name, mapping, viewer)
    import_preview.begin([Step(path, name, mapping, str(chosen))], viewer)


def _bundle(bundle: str, kept: Mapping[str, Path], mappings: Mapping[str, Any], viewer: Viewer) -> None:
    parts = imports.bundles()[bundle]
    needed = list(dict.fromkeys(part.file for part in parts))
    # A bundle of one file takes it under any name.
    files = {needed[0]: next(iter(kept.values()))} if len(needed) == len(kept) == 1 else kept
    absent = [name for name in needed if name not in files]
    if absent:
        st.info(f"{imports.title(bundle)} also needs {', '.join(absent)}.")
        return
    for part in parts:
        if notes := mappings[part.template].get("notes"):
            st.caption(f"**{fmt.plain(imports.title(part.template))}.** {fmt.plain(notes)}")
    import_preview.begin(
        [Step(files[part.file], part.file, mappings[part.template], part.template) for part in parts],
        viewer,
    )


draw()
