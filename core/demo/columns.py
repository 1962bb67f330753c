"""Columns of many rows at once, and the way they reach PostgreSQL: Arrow to CSV to COPY."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import psycopg
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv
from psycopg import sql

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Column = Any  # an Arrow array; pyarrow ships no types

_FORMAT = pa_csv.WriteOptions(include_header=False, quoting_style="needed")


def words(values: Sequence[str]) -> Column:
    """A vocabulary to `pick` from."""
    return pa.array(list(values), type=pa.string())


def pick(vocabulary: Column, index: Ints, missing: Bools | None = None) -> Column:
    """The words at the positions; null where missing."""
    return vocabulary.take(pa.array(index, mask=missing))


def joined(*parts: Column | str) -> Column:
    """Texts put together row by row; a null anywhere makes the row null."""
    return pc.binary_join_element_wise(*parts, "")


def digits(numbers: Ints, width: int) -> Column:
    """Numbers with leading zeros; longer ones keep all of their digits."""
    return pc.utf8_lpad(pa.array(numbers).cast(pa.string()), width, "0")


def optional(values: npt.NDArray[Any], missing: Bools) -> Column:
    """Numbers, null where missing."""
    return pa.array(values, mask=missing)


def money(cents: Ints, missing: Bools | None = None) -> Column:
    """Whole cents as exact decimals; null where missing."""
    unscaled = np.empty((len(cents), 2), dtype=np.int64)
    unscaled[:, 0] = cents
    unscaled[:, 1] = cents >> 63  # the sign, as the upper half of 128 bits
    made = pa.Array.from_buffers(pa.decimal128(18, 2), len(cents), [None, pa.py_buffer(unscaled)])
    return made if missing is None else pc.if_else(pa.array(~missing), made, None)


def dates(days: Ints, missing: Bools | None = None) -> Column:
    """Days since 1970 as dates; null where missing."""
    return pa.array(days.astype("datetime64[D]"), mask=missing)


def moments(seconds: Ints, missing: Bools | None = None) -> Column:
    """UTC seconds since 1970 as timestamps; null where missing."""
    return pa.array(seconds.astype("datetime64[s]"), mask=missing).cast(pa.timestamp("s", "UTC"))


def whole_cents(dollars: Floats) -> Ints:
    """Invented amounts at whole cents; exact from here on."""
    return np.rint(dollars * 100).astype(np.int64)


def choose(rng: np.random.Generator, count: int, cumulative: Floats | Sequence[float]) -> Ints:
    """Positions by cumulative shares; what is left over is the last one."""
    found: Ints = np.searchsorted(np.asarray(cumulative), rng.random(count), side="right")
    return found


class Sink:
    """Hands out ids and codes, and writes rows by COPY on one connection, in its transaction."""

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        self._cursor = connection.cursor()
        self._last: dict[str, int] = {}
        self.rows: defaultdict[str, int] = defaultdict(int)

    def ids(self, table: str, count: int) -> Ints:
        """The next ids of a table, after those that it has."""
        return self._block(table, count, f"select coalesce(max(id), 0) from {table}")  # noqa: S608 - a constant

    def codes(self, sequence: str, count: int) -> Ints:
        """The next numbers of a code sequence."""
        return self._block(
            sequence,
            count,
            f"select case when is_called then last_value else 0 end from {sequence}",  # noqa: S608 - a constant
        )

    def numbers(self, series: str, count: int) -> Ints:
        """The next numbers of a gapless series."""
        return self._block(
            f"series {series}",
            count,
            f"select coalesce(max(last_number), 0) from code_counters where series = '{series}'",  # noqa: S608 - a constant
        )

    def _block(self, name: str, count: int, question: str) -> Ints:
        if name not in self._last:
            answer = self._cursor.execute(question.encode()).fetchone()
            self._last[name] = int(answer[0]) if answer else 0
        first = self._last[name] + 1
        self._last[name] += count
        return np.arange(first, first + count, dtype=np.int64)

    def write(self, table: str, columns: Mapping[str, Column]) -> None:
        """Append rows; a plain value stands for the same in every row."""
        count = next(
            len(c) for c in columns.values() if isinstance(c, (np.ndarray, pa.Array, pa.ChunkedArray))
        )
        if count == 0:
            return
        batch = pa.table({name: _filled(column, count) for name, column in columns.items()})
        target = pa.BufferOutputStream()
        pa_csv.write_csv(batch, target, _FORMAT)
        statement = sql.SQL("copy {} ({}) from stdin (format csv)").format(
            sql.Identifier(table), sql.SQL(", ").join(map(sql.Identifier, columns))
        )
        with self._cursor.copy(statement) as copy:
            copy.write(memoryview(target.getvalue()))
        self.rows[table] += count

    def settle(self) -> None:
        """Move every sequence and counter behind what was handed out."""
        for name, last in self._last.items():
            if name.startswith("series "):
                self._cursor.execute(
                    "insert into code_counters (series, last_number) values (%s, %s)"
                    " on conflict (series) do update set last_number = excluded.last_number",
                    (name.removeprefix("series "), last),
                )
            elif last:
                sequence = (
                    f"'{name}'" if name.endswith("_seq") else f"pg_get_serial_sequence('{name}', 'id')"
                )
                self._cursor.execute(f"select setval({sequence}, {last})".encode())


def _filled(column: Column, count: int) -> Column:
    if isinstance(column, (pa.Array, pa.ChunkedArray)):
        return column
    if isinstance(column, (np.ndarray, list)):
        return pa.array(column)
    return pa.repeat(pa.scalar(column), count)
