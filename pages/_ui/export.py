"""What is shown, as CSV and XLSX. A spreadsheet never runs what somebody typed into a field."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, Protocol
from zoneinfo import ZoneInfo

import streamlit as st
import xlsxwriter

# A cell that begins with one of these is a formula to a spreadsheet (OWASP, CSV injection).
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
# Of an address: how something is shown, and what was typed to search.
_NO_FILTER = frozenset({"q", "record", "view", "sort", "metric", "grain", "level"})
_WORDS = re.compile(r"[A-Za-z0-9_.,~-]{1,60}")
_UNSAFE = re.compile(r"[^A-Za-z0-9_.-]+")
_LONGEST = 120
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_FORMATS = {
    "money": "#,##0.00",
    "percent": "0.0%",
    "progress": "0.0%",
    "int": "#,##0",
    "number": "#,##0.0",
    "date": "yyyy-mm-dd",
    "datetime": "yyyy-mm-dd hh:mm",
}


class Column(Protocol):
    """What an export needs to know of a table's column."""

    @property
    def name(self) -> str: ...
    @property
    def label(self) -> str: ...
    @property
    def kind(self) -> str: ...


Records = Sequence[Mapping[str, Any]]


def buttons(
    records: Records | Callable[[], Records],
    columns: Sequence[Column],
    *,
    name: str,
    key: str,
    zone: str = "UTC",
    of: str = "",
    what: str = "",
    help: str | None = None,  # noqa: A002 - as Streamlit calls it
) -> None:
    """Two downloads, made when they are clicked; records may be fetched only then.

    The files are named after what they are `of`, such as their days, and the filters in the address.

    Where several stand on a page, they say `what` they save, or tell it in their `help`.
    They stand on the left: a table below shows its own buttons over the right as the pointer comes.
    """

    def fetched() -> Records:
        return records() if callable(records) else records

    stem = file_stem(name, of, st.query_params.to_dict())
    with st.container(horizontal=True, gap="small"):
        st.download_button(
            f"{what} as CSV" if what else "CSV",
            data=lambda: csv_bytes(fetched(), columns, zone=zone),
            file_name=f"{stem}.csv",
            mime="text/csv",
            key=f"{key}.csv",
            icon=":material/download:",
            type="tertiary",
            on_click="ignore",
            help=help,
        )
        st.download_button(
            f"{what} as XLSX" if what else "XLSX",
            data=lambda: xlsx_bytes(fetched(), columns, sheet=name, zone=zone),
            file_name=f"{stem}.xlsx",
            mime=_XLSX,
            key=f"{key}.xlsx",
            icon=":material/download:",
            type="tertiary",
            on_click="ignore",
            help=help,
        )


def file_word(label: str) -> str:
    """What a label says, as a part of a file's name: "New leads: Óscar" is "new-leads-oscar"."""
    letters = unicodedata.normalize("NFKD", label.lower())
    return "-".join(re.findall(r"[a-z0-9]+", letters.encode("ascii", "ignore").decode()))


def file_stem(name: str, of: str, address: Mapping[str, str]) -> str:
    """A file's name without its ending: what it holds, of when, and by which filters, in safe signs.

    What somebody typed to search may be a person's name, which belongs into no file's name.
    """
    parts = [name, of]
    for key, value in sorted(address.items()):
        is_said = key in _NO_FILTER or key.startswith("by_") or (of and key.startswith("period"))
        if not is_said and _WORDS.fullmatch(value):
            parts.append(f"{key}-{value}")
    text = "-".join(_UNSAFE.sub("-", part).strip("-.") for part in parts if part)
    return text[:_LONGEST].rstrip("-.")


def csv_bytes(records: Records, columns: Sequence[Column], *, zone: str = "UTC") -> bytes:
    """The records as CSV (RFC 4180) in UTF-8 with the mark by which spreadsheets know it.

    Dates are ISO 8601, moments in the zone given, ratios plain numbers, amounts undivided.
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([defused(one.label) for one in columns])
    for record in records:
        writer.writerow([_csv_cell(record[one.name], zone) for one in columns])
    return out.getvalue().encode("utf-8-sig")


def defused(value: str) -> str:
    """Text that a spreadsheet shows instead of running it: formulas get a leading quote."""
    return f"'{value}" if value.lstrip(" \u00a0").startswith(_FORMULA_STARTS) else value


def _csv_cell(value: Any, zone: str) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return _local(value, zone).strftime("%Y-%m-%d %H:%M:%S")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, int | float):
        return repr(value)
    return defused(str(value).replace("\x00", ""))


def xlsx_bytes(records: Records, columns: Sequence[Column], *, sheet: str, zone: str = "UTC") -> bytes:
    """The records as a workbook with one sheet: typed cells, a frozen and filtered head.

    Text is always written as text, never as formula or link.
    """
    out = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "remove_timezone": True,
    }
    with xlsxwriter.Workbook(out, options) as book:
        page = book.add_worksheet(_sheet_name(sheet))
        head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True})
        for at, one in enumerate(columns):
            page.write_string(0, at, one.label, head)
            look = book.add_format({"num_format": _FORMATS.get(one.kind, "General")})
            page.set_column(at, at, max(12, min(len(one.label) + 4, 40)))
            for line, record in enumerate(records, start=1):
                _write(page, line, at, record[one.name], look, zone)
        page.freeze_panes(1, 0)
        page.autofilter(0, 0, max(len(records), 1), max(len(columns) - 1, 0))
    return out.getvalue()


def _write(page: Any, line: int, at: int, value: Any, look: Any, zone: str) -> None:
    if value is None:
        page.write_blank(line, at, None, look)
    elif isinstance(value, bool):
        page.write_boolean(line, at, value)
    elif isinstance(value, datetime):
        page.write_datetime(line, at, _local(value, zone).replace(tzinfo=None), look)
    elif isinstance(value, date):
        page.write_datetime(line, at, value, look)
    elif isinstance(value, int | float | Decimal):
        page.write_number(line, at, value, look)
    else:
        page.write_string(line, at, str(value))


def _local(value: datetime, zone: str) -> datetime:
    aware = value if value.tzinfo is not None else value.replace(tzinfo=UTC)
    return aware.astimezone(ZoneInfo(zone))


def _sheet_name(name: str) -> str:
    # Excel takes 31 characters without these signs.
    return "".join(" " if sign in "[]:*?/\\'" else sign for sign in name)[:31] or "Data"
