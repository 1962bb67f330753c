"""Turns rows into records as they would be stored, or says what is wrong with each.

Nothing is written here: a preview, a trial run and a real run land their rows the same way.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache

from core.access import Viewer, is_in_scope
from core.imports.entities import ENTITIES
from core.imports.fields import FACTS, Entity, Field, Kind, Problem, Record
from core.imports.lookups import Found, Lookups
from core.imports.mapping import PLACEHOLDER, ImportMapping, Source
from core.imports.reader import Row, as_text
from core.imports.values import Convert, NotAValue, converter
from core.imports.workbook import Cell
from core.kit.dates import add_months
from core.kit.errors import Invalid
from core.kit.fields import clean

MOST_MONTHS = 1200


@dataclass(frozen=True, slots=True)
class Failure:
    """One thing that is wrong with a row; the cells are those of the file, for the download."""

    line: int
    column: str | None
    value: str | None
    reason: str
    cells: tuple[str, ...]


@dataclass(slots=True)
class Landed:
    """A row as a record. `record` holds values by field, other records by their id."""

    line: int
    key: str
    record: Record
    cells: tuple[str, ...]
    texts: dict[str, str] = field(default_factory=dict)
    digest: bytes = b""


@dataclass(slots=True)
class Landing:
    """The rows of a chunk: those that may be written and what is wrong with the others."""

    landed: list[Landed]
    failures: list[Failure]
    failed_rows: int


@dataclass(frozen=True, slots=True)
class _Plan:
    field: Field
    source: Source
    text: Callable[[tuple[Cell, ...]], tuple[Cell, str]]
    convert: Convert

    @property
    def moves(self) -> bool:
        """Whether its dates are moved."""
        return self.source.minus_months is not None or self.source.plus_days != 0


CreateMissing = Callable[[Entity, Sequence[str], Mapping[str, str]], Mapping[str, Found]]


class Lander:
    """Lands the rows of one file by one mapping. `create` makes a record that is referred to."""

    def __init__(
        self, mapping: ImportMapping, header: Sequence[str], lookups: Lookups, create: CreateMissing
    ) -> None:
        self._mapping = mapping
        self._spec = mapping.spec
        self._header = tuple(header)
        self._places = {name: place for place, name in enumerate(header)}
        self._lookups = lookups
        self._create = create
        # Fields that others depend on come first.
        order = sorted(mapping.fields, key=lambda name: bool(mapping.fields[name].when))
        self._plans = [self._plan(self._spec[name], mapping.fields[name]) for name in order]
        self._form = tuple(self._spec.rules.form(lookups.today))
        # References are found, not typed; all other inputs are read as in the form.
        in_form = {one.name for one in self._form} - {
            one.stored_in for one in self._spec.fields if one.kind is Kind.RECORD
        }
        self._missing = {"", *mapping.missing}
        stored = self._spec.stored(self._spec.names)
        self._inputs = {name: column for name, column in stored.items() if column in in_form}
        self._limited = [one for one in self._spec.fields if one.only]
        self._defaults = {one.name: one.default for one in self._spec.fields if one.default is not None}

    def land(self, rows: Sequence[Row]) -> Landing:
        """Land a chunk of rows together, so that each kind of record is looked up once.

        Of a row that is refused, every field that is wrong is told.
        """
        landed: list[Landed] = []
        failures: list[Failure] = []
        bad: set[int] = set()
        for row in rows:
            before = len(failures)
            found = self._convert(row, failures)
            if found is not None:
                landed.append(found)
                if len(failures) > before:
                    bad.add(row.line)
        self._resolve(landed, failures, bad)
        for one in landed:
            self._check(one, failures, bad)
        good = [one for one in landed if one.line not in bad]
        failures.sort(key=lambda failure: failure.line)
        for one in good:
            one.digest = _digest(one.record)
        return Landing(good, failures, len(rows) - len(good))

    def _plan(self, of: Field, source: Source) -> _Plan:
        convert = converter(of, source, self._lookups.zone)
        # A constant is converted once, not for every row.
        return _Plan(
            of, source, self._reading(source), convert if source.constant is None else cache(convert)
        )

    def _reading(self, source: Source) -> Callable[[tuple[Cell, ...]], tuple[Cell, str]]:
        missing = {*self._mapping.missing, *source.missing}
        if source.constant is not None:
            fixed = source.constant
            return lambda _cells: (fixed, fixed)
        if source.compose is not None:
            return self._composing(source.compose, missing)
        place = self._places[source.column or ""]
        values = source.values

        def read(cells: tuple[Cell, ...]) -> tuple[Cell, str]:
            cell = cells[place]
            text = as_text(cell).strip()
            if text in missing:
                return "", ""
            return cell, values.get(text, text)

        return read

    def _composing(self, pattern: str, missing: set[str]) -> Callable[[tuple[Cell, ...]], tuple[Cell, str]]:
        places = self._places

        def compose(cells: tuple[Cell, ...]) -> tuple[Cell, str]:
            def text_of(name: str) -> str:
                text = as_text(cells[places[name]]).strip()
                return "" if text in missing else text

            text = " ".join(PLACEHOLDER.sub(lambda hit: text_of(hit[1]), pattern).split())
            return text, text

        return compose

    def _convert(self, row: Row, failures: list[Failure]) -> Landed | None:
        cells = tuple([cell if type(cell) is str else as_text(cell) for cell in row.cells])
        if row.problem is not None:
            failures.append(Failure(row.line, None, None, row.problem, cells))
            return None
        key = "\x1f".join(cells[self._places[name]].strip() for name in self._mapping.key)
        if not key.replace("\x1f", "") or len(key) > 255:  # noqa: PLR2004  # import_keys.key
            column = self._mapping.key[0]
            told = "The key is empty." if len(key) <= 255 else "The key is too long."  # noqa: PLR2004
            failures.append(Failure(row.line, column, key[:255] or None, told, cells))
        found = Landed(row.line, key, dict(self._defaults), cells)
        for plan in self._plans:
            if all(found.record.get(one) in values for one, values in plan.source.when.items()):
                self._fill(found, plan, row, failures)
        if self._mapping.keep:
            kept = {name: cells[self._places[name]].strip() for name in self._mapping.keep}
            found.record[FACTS] = {name: one for name, one in kept.items() if one not in self._missing}
        return found

    def _fill(self, found: Landed, plan: _Plan, row: Row, failures: list[Failure]) -> None:
        """Fill one field of a record; what is wrong with its text is a failure."""
        name, (cell, text) = plan.field.name, plan.text(row.cells)
        if not text:
            if plan.source.is_untold and plan.field.required:
                found.record[name] = ""
            elif plan.field.required:
                failures.append(self._failure(found, name, "It is empty and needed."))
            return
        try:
            value = plan.convert(cell, text)
            found.record[name] = self._shifted(plan.source, value, found.cells) if plan.moves else value
        except NotAValue as error:
            failures.append(self._failure(found, name, str(error), text))
        if plan.field.kind is Kind.RECORD:
            found.texts[name] = text

    def _shifted(self, source: Source, value: object, cells: Sequence[str]) -> object:
        """A date moved by what the mapping states: so many months back, then so many days on."""
        if not isinstance(value, date):
            raise TypeError(f"{value!r} can't be moved")  # read_mapping lets dates alone be moved
        months = 0
        if source.minus_months is not None:
            told = cells[self._places[source.minus_months]].strip()
            if not (told.isascii() and told.isdecimal()) or int(told) > MOST_MONTHS:
                raise NotAValue(f"{source.minus_months} “{told}” is no number of months.")
            months = int(told)
        try:
            return add_months(value, -months) + timedelta(days=source.plus_days)
        except (ValueError, OverflowError):
            raise NotAValue("Moved as the mapping states, it is no date of the calendar.") from None

    def _resolve(self, landed: Sequence[Landed], failures: list[Failure], bad: set[int]) -> None:
        for plan in self._plans:
            if plan.field.kind is not Kind.RECORD:
                continue
            name, target = plan.field.name, ENTITIES[plan.field.of]
            referring = [one for one in landed if name in one.texts]
            texts = list(dict.fromkeys(one.texts[name] for one in referring))
            known = self._lookups.find(target, texts)
            found = {text: known[text] for text in texts}
            if plan.source.create is not None:
                found.update(self._created(plan, plan.source.create, referring, found, bad))
            for one in referring:
                text = one.texts[name]
                hit = found[text]
                if hit.record_id is not None:
                    one.record[name] = hit.record_id
                elif not (hit.is_missing and plan.source.create is not None):
                    bad.add(one.line)
                    failures.append(self._failure(one, name, hit.problem, text))
            self._lookups.learn(target, {one.record[name] for one in referring if one.line not in bad})

    def _created(
        self,
        plan: _Plan,
        given: Mapping[str, str],
        referring: Sequence[Landed],
        found: Mapping[str, Found],
        bad: set[int],
    ) -> Mapping[str, Found]:
        """What is missing and created on the way; nothing is, for a row that is refused anyway."""
        texts = dict.fromkeys(one.texts[plan.field.name] for one in referring if one.line not in bad)
        missing = [text for text in texts if found[text].is_missing]
        return self._create(ENTITIES[plan.field.of], missing, given)

    def _check(self, one: Landed, failures: list[Failure], bad: set[int]) -> None:
        problems = list(self._as_in_form(one.record))
        # What fields must agree on can't be told while one of them could not be read.
        if one.line not in bad:
            problems += self._out_of_place(one.record)
            problems += self._spec.rules.check(one.record, self._lookups)
        for problem in problems:
            bad.add(one.line)
            failures.append(self._failure(one, problem.field, problem.reason, one.texts.get(problem.field)))
        if one.line not in bad and (outside := self._out_of_scope(one.record)):
            bad.add(one.line)
            failures.append(self._failure(one, outside.field, outside.reason))

    def _as_in_form(self, record: Record) -> Sequence[Problem]:
        """Read the values once more as the form does that people enter them by."""
        values = {
            column: record[name]
            for name, column in self._inputs.items()
            if record.get(name) not in {None, ""}
        }
        try:
            cleaned = clean(self._form, values)
        except Invalid as invalid:
            names = {column: name for name, column in self._inputs.items()}
            return [Problem(names[column], told) for column, told in invalid.fields.items()]
        record.update({name: cleaned[column] for name, column in self._inputs.items() if column in cleaned})
        return ()

    def _out_of_place(self, record: Record) -> list[Problem]:
        """Values that a record of its status can't have, such as what was agreed for a lost deal."""
        status = self._spec.status
        if status is None:
            return []
        now = str(record.get(status.field) or status.lifecycle.start)
        return [
            Problem(one.name, f"It is given, but the {self._spec.noun} is {status.lifecycle.label(now)}.")
            for one in self._limited
            if record.get(one.name) is not None and now not in one.only
        ]

    def _out_of_scope(self, record: Record) -> Problem | None:
        """Why the person who imports may not have this row: it is nobody's, or another team's."""
        actor, spec = self._lookups.actor, self._spec
        if not isinstance(actor, Viewer) or spec.owner is None:
            return None
        owner = record.get(spec.owner)
        if is_in_scope(actor, owner, record.get(spec.territory or "") or self._lookups.territory_of(owner)):
            return None
        if owner is not None:
            return Problem(spec.owner, "Its owner is not in your team.")
        if spec.owner in self._mapping.fields:
            return Problem(spec.owner, "It is empty, and the row needs an owner in your team.")
        label = spec[spec.owner].label
        return Problem("", f"No owner: map a column to {label}, or choose the same owner for every row.")

    def _failure(self, one: Landed, name: str, reason: str, value: str | None = None) -> Failure:
        """The failure of a field, told by the column that the person knows."""
        source = self._mapping.fields.get(name)
        column = source.columns()[0] if source is not None and source.columns() else None
        if value is None and column is not None:
            value = one.cells[self._places[column]] or None
        label = self._spec[name].label if name in self._spec.names else ""
        is_told = not label or (column or "").casefold() in {name, label.casefold()}
        told = reason if is_told else f"{label}: {reason}"
        return Failure(one.line, column, value, told, one.cells)


def _digest(record: Record) -> bytes:
    """What a record says, in 16 bytes: a later run sees by it whether the source has changed."""
    content = repr(sorted(record.items()))
    return hashlib.blake2b(content.encode(), digest_size=16).digest()
