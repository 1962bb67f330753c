"""How the columns of a file become fields: the mapping, kept as JSON in templates and runs.

Nothing in it is guessed: a date has a format, an amount its separators, a value that means
something else is listed, and a record that is to be created on the way is asked for.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from itertools import permutations
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic import Field as Described

from core.access import Permission
from core.imports.dateforms import HINT, form_of, shown
from core.imports.entities import entity_named
from core.imports.errors import BadMapping
from core.imports.fields import Entity, Field, Kind
from core.imports.reader import DELIMITERS, FileOptions

# As JSON writes the character that PostgreSQL keeps in no text; typed out it has one bar more.
NONE = re.compile(r"(?<!\\)(?:\\\\)*\\u0000")
PLACEHOLDER = re.compile(r"\{([^{}]+)\}")
_SAMPLE_DAYS = (date(2001, 2, 3), date(2011, 11, 30), date(1999, 10, 4))


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class FileLook(_Strict):
    """How the file is written. No delimiter means: found from the header, refused when unclear."""

    encoding: str = "utf-8"
    delimiter: str | None = None
    sheet: str | None = None

    def options(self) -> FileOptions:
        return FileOptions(self.encoding, self.delimiter, self.sheet)


class Source(_Strict):
    """Where one field's value comes from: a column, a constant, or columns composed in {braces}.

    `values` replaces texts, `missing` adds texts that mean nothing was given. `when` limits the
    field to rows in which other fields landed on one of some values. `create` names the further
    fields of a record that is created when the one referred to is not there.

    A date's format is told by codes (%m/%d/%Y) or by how the file writes 31 December 2026 (12/31/2026).
    A column that writes its dates in several ways lists the formats in the order in which they are
    tried. `to_cents` rounds amounts half up. A date may be moved back by the months that a column
    tells, and on by days. The constant "" says that the file does not tell a text that is needed.
    """

    column: str | None = None
    constant: str | None = None
    compose: str | None = None
    values: dict[str, str] = Described(default_factory=dict)
    missing: tuple[str, ...] = ()
    date_format: str | tuple[str, ...] | None = None
    decimal: Literal[".", ","] = "."
    thousands: Literal["", ",", ".", " ", "'"] = ""
    times: Decimal | None = None
    to_cents: bool = False
    minus_months: str | None = None
    plus_days: int = Described(default=0, ge=-366, le=366)
    when: dict[str, tuple[str, ...]] = Described(default_factory=dict)
    create: dict[str, str] | None = None

    @property
    def date_formats(self) -> tuple[str, ...]:
        """The date formats, in the order in which they are tried."""
        stated = (self.date_format,) if isinstance(self.date_format, str) else self.date_format
        return tuple(map(form_of, stated or ()))

    @property
    def is_untold(self) -> bool:
        """Whether it states that the file does not tell the value."""
        return self.constant == ""

    def columns(self) -> tuple[str, ...]:
        """The columns that it reads."""
        if self.column is not None:
            return (self.column, *((self.minus_months,) if self.minus_months is not None else ()))
        return tuple(PLACEHOLDER.findall(self.compose)) if self.compose is not None else ()


class ImportMapping(_Strict):
    """A whole mapping. `key` are the columns that identify a row in the `source` system.

    `keep` are columns that no field takes and that are kept as facts beside the record's key, as
    they stand in the file. `adopt` lets a row whose key is new take over the record that has its
    code or name already.
    `on_error` "skip" keeps the good rows, "stop" keeps none unless all are good.
    """

    entity: str
    source: str = Described(min_length=1, max_length=80)
    key: tuple[str, ...] = Described(min_length=1)
    fields: dict[str, Source]
    file: FileLook = FileLook()
    missing: tuple[str, ...] = ()
    keep: tuple[str, ...] = ()
    adopt: bool = False
    on_error: Literal["skip", "stop"] = "skip"
    notes: str = ""

    @property
    def spec(self) -> Entity:
        """The entity that it fills."""
        return entity_named(self.entity)

    def columns(self) -> tuple[str, ...]:
        """Every column that it reads, once each."""
        used = (name for source in self.fields.values() for name in source.columns())
        return tuple(dict.fromkeys((*self.key, *self.keep, *used)))

    def permissions(self) -> frozenset[Permission]:
        """What somebody must be allowed to do to run it, besides importing."""
        created = {
            entity_named(self.spec[name].of).permission
            for name, source in self.fields.items()
            if source.create is not None
        }
        return frozenset({self.spec.permission, *created})

    def as_json(self) -> dict[str, Any]:
        """What is stored; `read_mapping` reads it again."""
        found: dict[str, Any] = self.model_dump(mode="json", exclude_defaults=True)
        return found


def read_mapping(content: Mapping[str, Any] | str) -> ImportMapping:
    """The checked mapping. Raises BadMapping naming the first thing that is wrong with it."""
    try:
        mapping = (
            ImportMapping.model_validate_json(content)
            if isinstance(content, str)
            else ImportMapping.model_validate_json(json.dumps(content))
        )
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"]) or "the mapping"
        raise BadMapping(
            f"The mapping can't be read: {place}: {first['msg']}.", remedy="Correct it there."
        ) from None
    if NONE.search(mapping.model_dump_json()):
        raise BadMapping("The mapping holds a character that no text can have.", remedy="Type it again.")
    for problem in _problems(mapping):
        raise problem
    return mapping


def check_header(mapping: ImportMapping, header: Sequence[str], called: str) -> None:
    """Raises BadMapping when a column that the mapping reads is not in the file."""
    absent = [name for name in mapping.columns() if name not in header]
    if absent:
        raise BadMapping(
            f"{called} has no column “{absent[0]}”.",
            remedy=f"It has: {', '.join(header)}. Choose another file, or map another column.",
        )


def _problems(mapping: ImportMapping) -> Iterator[BadMapping]:
    spec = mapping.spec
    if mapping.file.delimiter is not None and mapping.file.delimiter not in DELIMITERS:
        yield BadMapping("The delimiter must be a comma, semicolon, tab or bar.")
    for name in mapping.fields:
        if name not in spec.names:
            yield BadMapping(
                f"There is no field {name} in {spec.plural}.",
                remedy=f"Fields: {', '.join(spec.names)}.",
            )
    for field in spec.fields:
        if field.required and field.name not in mapping.fields:
            yield BadMapping(
                f"Nothing is mapped to {field.label}, which every {spec.noun} needs.",
                remedy="Map a column to it or give a constant.",
            )
    for name, source in mapping.fields.items():
        yield from _source_problems(mapping, spec[name], source)
    yield from _unmet_demands(mapping, spec)


def _source_problems(mapping: ImportMapping, field: Field, source: Source) -> Iterator[BadMapping]:
    given = [part for part in (source.column, source.constant, source.compose) if part is not None]
    if len(given) != 1:
        yield BadMapping(f"{field.label} needs exactly one of column, constant and compose.")
    if (field.is_date and source.constant is None) or source.date_format is not None:
        yield from _date_format_problems(field, source)
    if source.thousands == source.decimal:
        yield BadMapping(f"{field.label} can't separate thousands and decimals by the same mark.")
    if source.is_untold and field.kind is not Kind.TEXT:
        yield BadMapping(f"{field.label} is no text, so it can't be left untold by a constant.")
    if (source.minus_months is not None or source.plus_days) and (
        field.kind is not Kind.DATE or source.column is None
    ):
        yield BadMapping(f"{field.label} is no date from a column, so it can't be moved.")
    if source.create is not None:
        yield from _create_problems(field, source.create)
    yield from _condition_problems(mapping, field, source)
    if field.kind is Kind.CHOICE:
        told = [*source.values.values(), *([source.constant] if source.constant is not None else [])]
        for value in told:
            if value not in field.choices and value != "":
                yield BadMapping(
                    f"{field.label} can't be “{value}”.", remedy=f"It can be: {', '.join(field.choices)}."
                )


def _condition_problems(mapping: ImportMapping, field: Field, source: Source) -> Iterator[BadMapping]:
    for other, values in source.when.items():
        if other not in mapping.fields or mapping.fields[other].when:
            yield BadMapping(f"{field.label} depends on {other}, which is not mapped for every row.")
        elif any(value not in mapping.spec[other].choices for value in values):
            yield BadMapping(f"{field.label} depends on a value that {other} does not have.")


def _date_format_problems(field: Field, source: Source) -> Iterator[BadMapping]:
    """A format must tell year, month and day: a date goes through it and comes back the same."""
    if not field.is_date:
        yield BadMapping(f"{field.label} is no date, so it takes no date format.")
        return
    if not source.date_formats:
        yield BadMapping(
            f"The format of {field.label} is not stated; dates are never guessed.",
            remedy=f"Say how the file writes 31 December 2026: {HINT}.",
        )
        return
    for one in source.date_formats:
        if not all(_read_back(day, one, one) == day for day in _SAMPLE_DAYS):
            yield BadMapping(
                f"“{_told(one)}” does not tell year, month and day of {field.label}.",
                remedy=f"Say how the file writes 31 December 2026: {HINT}.",
            )
    for one, other in permutations(source.date_formats, 2):
        if any(_read_back(day, one, other) not in {None, day} for day in _SAMPLE_DAYS):
            yield BadMapping(
                f"{field.label} can't be both like {shown(one)} and like {shown(other)}:"
                " one text would be two dates.",
                remedy="State the one that the file means.",
            )


def _told(form: str) -> str:
    return shown(form) if "%" in form else form


def _read_back(day: date, written: str, read: str) -> date | None:
    """The day that one format makes of what another wrote; None where it can't read that."""
    try:
        return datetime.strptime(day.strftime(written), read).date()  # noqa: DTZ007  # a business date
    except ValueError:
        return None


def _create_problems(field: Field, create: Mapping[str, str]) -> Iterator[BadMapping]:
    if field.kind is not Kind.RECORD:
        yield BadMapping(f"{field.label} refers to no record that could be created.")
        return
    target = entity_named(field.of)
    for name in create:
        if name not in target.names:
            yield BadMapping(f"There is no field {name} in {target.plural}.")
    for one in target.fields:
        if one.required and one.name != target.name_field and one.name not in create:
            yield BadMapping(
                f"To create a missing {target.noun} the mapping must give its {one.label.lower()}."
            )


def _unmet_demands(mapping: ImportMapping, spec: Entity) -> Iterator[BadMapping]:
    """What a status needs on every path is needed of the mapping before any row is read."""
    if spec.status is None or spec.status.field not in mapping.fields:
        return
    reachable = _reachable(mapping.fields[spec.status.field], spec[spec.status.field])
    for status, name, sentence in spec.demands:
        if status in reachable and name not in mapping.fields:
            yield BadMapping(
                f"{sentence} Nothing is mapped to {spec[name].label}.",
                remedy="Map a column to it or give a constant.",
            )


def _reachable(source: Source, field: Field) -> set[str]:
    if source.constant is not None:
        return {source.constant}
    return set(source.values.values()) if source.values else set(field.choices)
