"""Reads the rows of an XLSX sheet, with their numbers."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path

from python_calamine import CalamineError, CalamineWorkbook

from core.imports.errors import Unreadable

Cell = str | int | float | bool | date | datetime | time | timedelta

MAX_UNPACKED_BYTES = 1024**3


def refuse_too_large(path: Path, called: str) -> None:
    """A workbook is held in memory by the library that reads it, so what it unpacks to is limited."""
    try:
        with zipfile.ZipFile(path) as archive:
            unpacked = sum(part.file_size for part in archive.infolist())
    except zipfile.BadZipFile:
        raise _damaged(called) from None
    if unpacked > MAX_UNPACKED_BYTES:
        raise Unreadable(
            f"{called} is too large for a workbook.",
            remedy="Save its sheet as CSV UTF-8, which may be of any size.",
        )


def sheet_rows(path: Path, called: str, name: str | None) -> Iterator[tuple[int, tuple[Cell, ...]]]:
    """(row number, cells) of the rows that hold something; of the first sheet when none is named."""
    try:
        with CalamineWorkbook.from_path(path) as book:
            if name is not None and name not in book.sheet_names:
                raise Unreadable(
                    f"{called} has no sheet {name}.", remedy=f"It has: {', '.join(book.sheet_names)}."
                )
            sheet = book.get_sheet_by_name(name or book.sheet_names[0])
            for line, cells in enumerate(sheet.iter_rows(), start=1):
                if any(cell != "" for cell in cells):
                    yield line, tuple(cells)
    except CalamineError:
        raise _damaged(called) from None


def _damaged(called: str) -> Unreadable:
    return Unreadable(
        f"{called} is a damaged workbook or none.", remedy="Open it in Excel and save it as .xlsx again."
    )
