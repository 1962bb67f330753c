"""Reads CSV and XLSX row by row, with line numbers; refuses what it can't read before anything is written.

`inspect` goes through the whole file once (bytes, encoding, quotes, header, widths), so that `rows`
never fails half way. A broken header or an unreadable file refuses all of it; a row with too many or
too few cells is that row's own problem, unless most are so: then the header or the separator is wrong.
Memory does not grow with a CSV; a workbook is held by the library that reads it, hence its lower limit.
"""

from __future__ import annotations

import codecs
import csv
import hashlib
import io
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Literal

from core.imports import workbook
from core.imports.errors import Unreadable
from core.imports.workbook import Cell

DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
ENCODINGS = ("utf-8", "utf-16", "windows-1252", "iso-8859-1")
MAX_BYTES = 4 * 1024**3
MAX_CELL = 1_000_000
MAX_COLUMNS = 500
_BLOCK = 1024 * 1024
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_BOM = codecs.BOM_UTF8
# How texts begin that are no tables, in small letters.
_DOCUMENTS = {
    b"%pdf-": "a PDF document",
    b"{\\rtf": "a text document",
    b"<!doctype": "a web page",
    b"<html": "a web page",
    b"<?xml": "an XML document",
}
_WORKBOOK_ENDINGS = {".xlsx", ".xlsm"}


@dataclass(frozen=True, slots=True)
class FileOptions:
    """What is known about a file beforehand; None is found out, the encoding is never guessed."""

    encoding: str = "utf-8"
    delimiter: str | None = None
    sheet: str | None = None


@dataclass(frozen=True, slots=True)
class Inspected:
    """A file that can be read from end to end: its header, how many records follow, and how it is read."""

    path: Path
    kind: Literal["csv", "xlsx"]
    header: tuple[str, ...]
    records: int
    size: int
    digest: str
    options: FileOptions


@dataclass(frozen=True, slots=True)
class Row:
    """One record: the line it starts on, its cells in the header's order, and what is wrong with it."""

    line: int
    cells: tuple[Cell, ...]
    problem: str | None = None


def inspect(path: Path, options: FileOptions = FileOptions(), *, name: str = "") -> Inspected:
    """Go through the file once. `name` is what its owner calls it, where the path does not tell.

    Raises Unreadable in one sentence that says what to do.
    """
    called = name or path.name
    if not path.is_file():
        raise Unreadable(f"There is no file {called}.", remedy="Check its name and folder.")
    found = path.stat()
    return _inspect(path, options, called, found.st_size, found.st_mtime_ns)


@lru_cache(maxsize=32)
def _inspect(path: Path, options: FileOptions, called: str, size: int, _changed_at: int) -> Inspected:
    """Remembered as long as the file stays as it is, because a page asks at every click."""
    if size == 0:
        raise Unreadable(f"{called} is empty.", remedy="Export it again and check that it holds rows.")
    if size > MAX_BYTES:
        raise Unreadable(
            f"{called} is larger than {MAX_BYTES // 1024**3} GB.", remedy="Split it into smaller files."
        )
    with path.open("rb") as file:
        start = file.read(64)
    is_workbook = _refuse_wrong_ending(called, Path(called).suffix.lower(), start)
    _refuse_document(called, start)
    digest = _digest(path)
    if is_workbook:
        return _inspect_workbook(path, called, options, size, digest)
    return _inspect_csv(path, called, options, size, digest)


def rows(inspected: Inspected) -> Iterator[Row]:
    """Every record in order; blank lines are passed over."""
    if inspected.kind == "csv":
        return _csv_rows(inspected.path, inspected.options, len(inspected.header))
    return _workbook_rows(inspected.path, inspected.options, len(inspected.header))


def as_text(cell: Cell | None) -> str:
    """A cell as it would stand in a CSV: numbers written out in full, dates in ISO format."""
    if isinstance(cell, str):
        return cell
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else f"{Decimal(str(cell)):f}"
    if isinstance(cell, date | datetime | time):
        return cell.isoformat()
    return str(cell)


def _refuse_wrong_ending(called: str, ending: str, start: bytes) -> bool:
    if start.startswith(_OLE):
        raise Unreadable(
            f"{called} is a workbook of an old or protected kind.",
            remedy="Save it as .xlsx without a password, or as CSV UTF-8.",
        )
    is_zip = start.startswith(_ZIP)
    if is_zip and ending not in _WORKBOOK_ENDINGS:
        raise Unreadable(
            f"{called} is an Excel workbook that is not named .xlsx.",
            remedy="Rename it to end in .xlsx, or save it as CSV UTF-8.",
        )
    if not is_zip and ending in _WORKBOOK_ENDINGS:
        raise Unreadable(
            f"{called} is named .xlsx but is no Excel workbook.",
            remedy="Rename it to end in .csv if it holds text, or save it from Excel again.",
        )
    return is_zip


def _refuse_document(called: str, start: bytes) -> None:
    begins = start.removeprefix(_BOM).lstrip().lower()
    for mark, kind in _DOCUMENTS.items():
        if begins.startswith(mark):
            raise Unreadable(
                f"{called} is {kind}, no table.", remedy="Export the rows as CSV UTF-8 or .xlsx."
            )


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _inspect_csv(path: Path, called: str, options: FileOptions, size: int, digest: str) -> Inspected:
    _refuse_bytes(path, called, options)
    delimiter = options.delimiter or _detect_delimiter(path, called, options.encoding)
    if delimiter not in DELIMITERS:
        raise Unreadable(
            f"“{delimiter}” can't separate columns.",
            remedy="Choose comma, semicolon, tab or bar.",
        )
    known = FileOptions(options.encoding, delimiter)
    header = _csv_header(path, called, known)
    records, ragged = 0, 0
    first: Row | None = None
    for row in _csv_rows(path, known, len(header)):
        records += 1
        if row.problem is not None:
            if not row.cells:
                raise _unreadable_quote(called, row.line, row.problem)
            first, ragged = first or row, ragged + 1
    if first is not None and ragged * 2 > records:
        raise _all_ragged(called, len(header), first, f"{ragged:,} of its {records:,} rows")
    return Inspected(path, "csv", header, _some(records, called), size, digest, known)


def _refuse_bytes(path: Path, called: str, options: FileOptions) -> None:
    """The encoding is the one that was stated, from the first byte to the last."""
    try:
        decoder = codecs.getincrementaldecoder(options.encoding)("strict")
    except LookupError:
        raise Unreadable(
            f"There is no encoding {options.encoding}.", remedy=f"Choose one of {', '.join(ENCODINGS)}."
        ) from None
    lines, done = 1, 0
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            _refuse_foreign(block, called, options.encoding, is_start=done == 0)
            try:
                text = decoder.decode(block)
            except UnicodeDecodeError as error:
                line = lines + error.object[: error.start].count(b"\n")
                raise _wrong_encoding(called, options.encoding, line) from None
            if "\x00" in text:
                raise _holds_zero(called, lines + text[: text.index("\x00")].count("\n"))
            lines += text.count("\n")
            done += len(block)
    try:
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        raise _wrong_encoding(called, options.encoding, lines) from None


def _refuse_foreign(block: bytes, called: str, encoding: str, *, is_start: bool) -> None:
    if not is_start or encoding.lower().replace("_", "-").startswith("utf-16"):
        return
    if block.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise Unreadable(
            f"{called} is encoded as UTF-16, not {encoding}.",
            remedy="Save it as CSV UTF-8, or state the encoding utf-16 in the mapping.",
        )


def _wrong_encoding(called: str, encoding: str, line: int) -> Unreadable:
    return Unreadable(
        f"{called} is not {encoding.upper()}: line {line} holds bytes that are none of its characters.",
        remedy="Save it as CSV UTF-8, or state its encoding in the mapping.",
    )


def _holds_zero(called: str, line: int) -> Unreadable:
    return Unreadable(
        f"{called} is no text file: line {line} holds a zero byte.",
        remedy="Export it again as CSV UTF-8 or .xlsx.",
    )


@contextmanager
def _text(path: Path, encoding: str) -> Iterator[io.TextIOWrapper]:
    known = "utf-8-sig" if codecs.lookup(encoding).name == "utf-8" else encoding
    with path.open("rb") as raw, io.TextIOWrapper(raw, known, "strict", newline="") as text:
        yield text


def _detect_delimiter(path: Path, called: str, encoding: str) -> str:
    """The one that cuts the header into most columns, quotes respected. Raises Unreadable on a tie."""
    with _text(path, encoding) as text:
        first = next((line for line in text if line.strip("\r\n")), "")
    counts = {mark: _width(first, mark) for mark in DELIMITERS}
    best = max(counts.values())
    found = [mark for mark, count in counts.items() if count == best]
    if best <= 1:
        return ","
    if len(found) > 1:
        names = " or ".join(DELIMITERS[mark] for mark in found)
        raise Unreadable(
            f"The columns of {called} may be separated by {names}.", remedy="State which in the mapping."
        )
    return found[0]


def _width(line: str, delimiter: str) -> int:
    try:
        return len(next(csv.reader([line], delimiter=delimiter)))
    except (csv.Error, StopIteration):
        return 1


def _csv_header(path: Path, called: str, options: FileOptions) -> tuple[str, ...]:
    csv.field_size_limit(MAX_CELL)
    with _text(path, options.encoding) as text:
        try:
            for cells in csv.reader(text, delimiter=options.delimiter or ",", strict=True):
                if cells:
                    return checked_header(cells, called)
        except csv.Error as error:
            raise _unreadable_quote(called, 1, _quote_problem(error)) from None
    raise Unreadable(f"{called} holds no header.", remedy="Put the names of the columns in the first line.")


def _csv_rows(path: Path, options: FileOptions, width: int) -> Iterator[Row]:
    csv.field_size_limit(MAX_CELL)
    with _text(path, options.encoding) as text:
        source = csv.reader(text, delimiter=options.delimiter or ",", strict=True)
        seen_header, line = False, 1
        while True:
            try:
                cells = next(source)
            except StopIteration:
                return
            except csv.Error as error:
                yield Row(line, (), _quote_problem(error))
                return
            if cells and not seen_header:
                seen_header = True
            elif cells:
                yield Row(line, tuple(cells), _ragged(cells, width))
            line = source.line_num + 1


def _unreadable_quote(called: str, line: int, problem: str) -> Unreadable:
    return Unreadable(
        f"{called} can't be read from line {line} on: {problem}.",
        remedy="Close or double the quote there, or check the delimiter.",
    )


def _quote_problem(error: csv.Error) -> str:
    told = str(error)
    if "unexpected end" in told or "field larger" in told:
        return "a quote that opens there is never closed"
    if "expected after" in told:
        return "text follows a closing quote"
    return told


def _ragged(cells: Sequence[object], width: int) -> str | None:
    if len(cells) == width:
        return None
    more = "more" if len(cells) > width else "fewer"
    return f"It has {len(cells)} cells, {more} than the header's {width}."


def _all_ragged(called: str, width: int, first: Row, share: str) -> Unreadable:
    count = len(first.cells)
    columns, cells = "column" if width == 1 else "columns", "cell" if count == 1 else "cells"
    return Unreadable(
        f"The header of {called} has {width} {columns} but line {first.line} has {count} {cells}, "
        f"and {share} don't fit it.",
        remedy="Check that its first line names every column, and what separates them.",
    )


def checked_header(cells: Sequence[object], called: str) -> tuple[str, ...]:
    """Names without surrounding blanks. Raises Unreadable when one is missing or there twice."""
    names = tuple(as_text(cell).strip() if cell is not None else "" for cell in cells)  # type: ignore[arg-type]  # a format's own types
    if len(names) > MAX_COLUMNS:
        raise Unreadable(
            f"{called} has more than {MAX_COLUMNS} columns.", remedy="Remove those that are not imported."
        )
    if "" in names:
        place = names.index("") + 1
        raise Unreadable(f"Column {place} of {called} has no name.", remedy="Name it in the first line.")
    twice = [name for name, count in Counter(names).items() if count > 1]
    if twice:
        raise Unreadable(
            f"{called} has more than one column named “{twice[0]}”.", remedy="Rename all but one."
        )
    return names


def _some(records: int, called: str) -> int:
    if records == 0:
        raise Unreadable(f"{called} holds a header and no rows.", remedy="Export it again with its rows.")
    return records


def _inspect_workbook(path: Path, called: str, options: FileOptions, size: int, digest: str) -> Inspected:
    workbook.refuse_too_large(path, called)
    source = workbook.sheet_rows(path, called, options.sheet)
    first = next(source, None)
    if first is None:
        raise Unreadable(f"{called} is empty.", remedy="Put the rows on its first sheet.")
    header = checked_header(first[1], called)
    records = sum(1 for _line, _cells in source)
    return Inspected(path, "xlsx", header, _some(records, called), size, digest, options)


def _workbook_rows(path: Path, options: FileOptions, width: int) -> Iterator[Row]:
    source = workbook.sheet_rows(path, path.name, options.sheet)
    next(source, None)
    for line, cells in source:
        yield Row(line, cells, _ragged(cells, width))
