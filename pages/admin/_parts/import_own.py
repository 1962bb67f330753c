"""A file without a template: how it is written, what its columns are, and keeping that for the next one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import streamlit as st

from core import imports
from core.access import Viewer
from core.imports import Inspected, Step
from pages._ui import errors
from pages._ui import format as fmt
from pages.admin._parts import import_columns, import_preview


def ask(path: Path, name: str, viewer: Viewer) -> None:
    """The questions, a preview as they are answered, and the import."""
    options = _file_options()
    file: Inspected = imports.look(path, name=name, options=options, by=viewer)
    st.caption(f"{fmt.counted(file.records, 'row')}, {fmt.counted(len(file.header), 'column')}.")
    mapping = import_columns.ask(file, name, viewer)
    look = {"encoding": options.encoding, "delimiter": options.delimiter, "sheet": options.sheet}
    mapping["file"] = {part: told for part, told in look.items() if told}
    key = mapping["key"] or import_columns.stand_in(mapping, file, viewer)
    import_preview.show(path, name, {**mapping, "key": key}, viewer)
    if not mapping["key"]:
        st.info("To import, choose above which columns identify a row.", icon=":material/key:")
        return
    import_preview.begin([Step(path, name, mapping)], viewer)
    _save(mapping, viewer)


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


def _save(mapping: dict[str, Any], viewer: Viewer) -> None:
    with st.popover("Save as a template", icon=":material/bookmark_add:"):
        title = st.text_input("Name", key="template.name", max_chars=80)
        if st.button("Save", key="template.save"):
            with errors.told() as outcome:
                imports.save_template(title, mapping, by=viewer)
            if outcome.ok:
                st.success("The template is saved.")
