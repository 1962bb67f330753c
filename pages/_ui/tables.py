"""Rows as a table: labelled, formatted, selectable, exportable, with an empty state.

Rows are dataclasses, mappings, a pyarrow table or a frame. Amounts stay exact decimals all the
way to the browser.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from functools import partial
from typing import Any, Literal

import pandas as pd
import pyarrow as pa
import streamlit as st

from core.access import Viewer
from core.kit.lifecycle import Tone
from pages._ui import empty, export

Kind = Literal[
    "text", "code", "money", "percent", "int", "number", "date", "datetime", "tag", "progress",
    "bool", "link", "open",
]  # fmt: skip
Select = Literal["none", "one", "many"]
Height = int | Literal["content"]
Rows = Any  # a sequence, a pyarrow.Table or a DataFrame; the latter two ship no types

_ARROW = {
    "money": pa.decimal128(38, 2),
    "percent": pa.float64(),
    "progress": pa.float64(),
    "int": pa.int64(),
    "number": pa.float64(),
    "date": pa.date32(),
    "datetime": pa.timestamp("us", tz="UTC"),
    "tag": pa.list_(pa.string()),
    "bool": pa.bool_(),
}
_CENT, _TENTH = Decimal("0.01"), Decimal("0.1")
# Pixels of a row, and how many rows are shown before a table scrolls inside: half of the next tells so.
_ROW, _FITS = 34, 15
_SCROLLS = _ROW * (_FITS + 1) + _ROW // 2
_TAG_COLORS = {
    Tone.NEUTRAL: "gray",
    Tone.INFO: "blue",
    Tone.GOOD: "green",
    Tone.WARNING: "orange",
    Tone.BAD: "red",
}


@dataclass(frozen=True, slots=True)
class Column:
    """One column: where its value is found, how it is called and how it looks.

    "percent" and "progress" take ratios, "tag" a label whose colour `tones` gives, "link" an
    address whose text `link_text` finds by a regular expression, "open" a button that opens the row
    (`opened`). `width` is in pixels.
    """

    name: str
    label: str
    kind: Kind = "text"
    help: str | None = None
    width: int | None = None
    pinned: bool = False
    link_text: str | None = None
    tones: Mapping[str, Tone] = field(default_factory=dict)


def show(
    rows: Rows,
    columns: Sequence[Column],
    *,
    key: str,
    select: Select = "none",
    empty_sentence: str = "Nothing here yet.",
    export_as: str | None = None,
    export_of: str = "",
    export_what: str = "",
    zone: str = "UTC",
    height: Height | None = None,
) -> list[int]:
    """Draw the rows and return the positions of the selected ones.

    `export_as` names the file of the CSV and XLSX that hold what is shown; only for viewers with
    the permission to export, on buttons that name it as `export_what`. Without a `height` it is
    `tall` enough for its rows.
    """
    records = as_records(rows, columns)
    if not records:
        empty.state(empty_sentence, icon=":material/table_rows:", key=key)
        return []
    if export_as:
        export.buttons(records, columns, name=export_as, key=key, zone=zone, of=export_of, what=export_what)
    shown: dict[str, Any] = {
        "hide_index": True,
        "column_config": {one.name: _config(one, zone, key) for one in in_sight(columns)},
        "key": key,
        "height": height or tall(len(records)),
        "row_height": _ROW,
        "placeholder": "–",
    }
    data = as_table(records, columns)
    if select == "none":
        st.dataframe(data, **shown)
        return []
    mode: Literal["single-row", "multi-row"] = "single-row" if select == "one" else "multi-row"
    state: Any = st.dataframe(data, on_select="rerun", selection_mode=mode, **shown)
    return [position for position in state["selection"]["rows"] if position < len(records)]


def tall(rows: int) -> Height:
    """As high as the rows need, up to what leaves a screen room for what stands below; then it scrolls."""
    return "content" if rows <= _FITS else _SCROLLS


def in_sight(columns: Sequence[Column]) -> list[Column]:
    """The columns, of which at least the first stays in sight when a narrow screen scrolls sideways."""
    if any(one.pinned for one in columns):
        return list(columns)
    return [replace(one, pinned=at == 0) for at, one in enumerate(columns)]


def without_owner(columns: Sequence[Column], viewer: Viewer, *, owner: str) -> tuple[Column, ...]:
    """The columns, less that of the `owner` for who sees only their own rows: it would repeat one name."""
    return tuple(one for one in columns if one.name != owner or viewer.sees_others)


def way_to(code: str, go: Callable[[], object]) -> None:
    """The way to the selected row for who has no pointer: Shift and Space select it, O opens it."""
    if st.button(f"Open {code}", icon=":material/open_in_new:", shortcut="O", key=f"open.{code}"):
        go()


def selected(key: str, count: int) -> list[int]:
    """The positions of the selected rows before the table of `count` rows is drawn in this run."""
    state: Any = st.session_state.get(key)
    return [position for position in state["selection"]["rows"] if position < count] if state else []


def opened(key: str, count: int) -> int | None:
    """The position of the row whose "open" button was clicked in this run, of `count` rows."""
    click = st.session_state.get(f"{key}.open")
    position = click["row"] if click else None
    return position if position is not None and position < count else None


def as_records(rows: Rows, columns: Sequence[Column]) -> list[dict[str, Any]]:
    """Every row's values for the columns, in order, whatever the rows are."""
    if isinstance(rows, pd.DataFrame):
        rows = pa.Table.from_pandas(rows, preserve_index=False)
    if isinstance(rows, pa.Table):
        found: list[dict[str, Any]] = rows.select([one.name for one in columns]).to_pylist()
        return found
    return [{one.name: _value(row, one.name) for one in columns} for row in rows]


def as_table(records: Sequence[Mapping[str, Any]], columns: Sequence[Column]) -> pa.Table:
    """The records as typed Arrow columns, one per column in its order."""
    return pa.table({one.name: _array(records, one) for one in columns})


def _value(row: Any, name: str) -> Any:
    return row[name] if isinstance(row, Mapping) else getattr(row, name)


def _array(records: Iterable[Mapping[str, Any]], column: Column) -> pa.Array:
    values = [_cell(record[column.name], column.kind) for record in records]
    return pa.array(values, type=_ARROW.get(column.kind, pa.string()))


def _cell(value: Any, kind: Kind) -> Any:
    if value is None or value == "":
        return [] if kind == "tag" else None
    match kind:
        case "money":
            return Decimal(value).quantize(_CENT, rounding=ROUND_HALF_UP)
        case "percent":  # to the digit that tiles and charts tell
            return float((Decimal(str(value)) * 100).quantize(_TENTH, rounding=ROUND_HALF_UP))
        case "progress" | "number":
            return float(value)
        case "tag":
            return [str(value)]
        case "date":
            return value.date() if isinstance(value, datetime) else value
        case "text" | "code" | "link" | "open":
            return str(value)
        case _:
            return value


_kinds = st.column_config
_MAKERS: dict[str, Callable[..., Any]] = {
    "money": partial(_kinds.NumberColumn, format="dollar"),
    "percent": partial(_kinds.NumberColumn, format="%.1f%%"),
    "int": partial(_kinds.NumberColumn, format="localized"),
    "number": partial(_kinds.NumberColumn, format="%.1f"),
    "date": partial(_kinds.DateColumn, format="MMM D, YYYY"),
    "datetime": partial(_kinds.DatetimeColumn, format="MMM D, YYYY, h:mm A"),
    "progress": partial(_kinds.ProgressColumn, format="percent", min_value=0, max_value=1),
    "bool": _kinds.CheckboxColumn,
    "link": _kinds.LinkColumn,
    "tag": _kinds.MultiselectColumn,
    "open": _kinds.ButtonColumn,
}


def _config(column: Column, zone: str, key: str) -> Any:
    more: dict[str, Any] = {}
    if column.kind == "datetime":
        more = {"timezone": zone}
    elif column.kind == "link":
        more = {"display_text": column.link_text}
    elif column.kind == "tag":
        colors = [_TAG_COLORS[tone] for tone in column.tones.values()]
        more = {"options": list(column.tones), "color": colors}
    elif column.kind == "open":
        more = {"key": f"{key}.open", "type": "secondary", "alignment": "left"}
    return _MAKERS.get(column.kind, _kinds.TextColumn)(
        label=column.label,
        help=column.help,
        width=column.width,
        pinned=column.pinned or None,
        **more,
    )
