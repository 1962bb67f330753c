"""The metrics and reports: their headers read from the SQL files, checked, and kept.

A metric is one file in queries/metrics: a header of `-- name: value` lines, then one SELECT that
returns `day`, the dimension keys, `record_id`, `numerator` and `denominator` (design.md, "One
metric, one file"). A report is one file in queries/reports: the rows that metrics open into.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Literal, cast, get_args

Unit = Literal["money", "count", "percent", "days", "ratio"]
Measures = Literal["flow", "stock"]
Good = Literal["up", "down", "neutral"]
Aggregate = Literal["sum", "ratio", "median"]
Kind = Literal["lead", "opportunity"]

HERE = Path(__file__).parent
_LINE = re.compile(r"--\s*(?P<name>[a-z]+):\s*(?P<value>.+)")
# What every column of a report says: name, label and kind.
_COLUMN_PARTS = 3
_SLUG = re.compile(r"[a-z][a-z0-9_]*")

# The column that each dimension of a metric is found in.
DIMENSION_COLUMNS = MappingProxyType(
    {
        "kind": "kind",
        "agent": "agent_id",
        "territory": "territory_id",
        "product": "product_id",
        "source": "source_id",
        "stage": "stage",
        "reached": "furthest_rank",
    }
)
_DEALS = MappingProxyType({"lead": "leads", "opportunity": "opportunities"})


class BadHeader(ValueError):
    """A file of queries/metrics or queries/reports that does not say what it must."""


@dataclass(frozen=True, slots=True)
class Metric:
    """One metric: how it is called, what it means, and the SELECT that it is made of.

    `aggregate` says how rows become the value: "sum" adds the numerators, "ratio" divides their
    sum by the sum of the denominators, "median" takes the middle one.
    """

    slug: str
    label: str
    definition: str
    counted: str
    unit: Unit
    measures: Measures
    good: Good
    owner: str
    grain: str
    dims: tuple[str, ...]
    rows: str
    aggregate: Aggregate
    target: str
    sql: str

    def label_for(self, kind: Kind) -> str:
        """The label with the kind's noun in it, such as "New leads"."""
        return _sentence(self.label, kind)

    def definition_for(self, kind: Kind) -> str:
        """The formula in words, with the kind's noun in it."""
        return _sentence(self.definition, kind)

    def counted_for(self, kind: Kind) -> str:
        """What its n counts, such as "leads won"."""
        return _named(self.counted, kind)

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that the SELECT returns, in order."""
        keys = tuple(DIMENSION_COLUMNS[dim] for dim in self.dims)
        return ("day", *keys, "record_id", "numerator", "denominator")


@dataclass(frozen=True, slots=True)
class ReportColumn:
    """A column of a report: its name in the SELECT, its label, and how its values look.

    With `only` it is shown for that kind of deal alone.
    """

    name: str
    label: str
    kind: str
    only: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """The rows behind metrics: columns to show, and the SELECT keyed by `record_id`."""

    slug: str
    label: str
    key: tuple[str, ...]
    columns: tuple[ReportColumn, ...]
    sql: str

    def columns_for(self, kind: Kind) -> tuple[ReportColumn, ...]:
        """The columns that tell something about deals of a kind."""
        return tuple(one for one in self.columns if one.only in {"", kind})


@cache
def metrics() -> MappingProxyType[str, Metric]:
    """Every metric by slug, in the order of their file names."""
    found = sorted((HERE / "metrics").glob("*.sql"))
    return MappingProxyType({path.stem: read_metric(path) for path in found})


@cache
def reports() -> MappingProxyType[str, Report]:
    """Every report by slug."""
    found = sorted((HERE / "reports").glob("*.sql"))
    return MappingProxyType({path.stem: read_report(path) for path in found})


def read_metric(path: Path) -> Metric:
    """The metric in a file; raises BadHeader naming the file and what is wrong with it."""
    header, sql = _parts(path)
    wanted = {
        "label",
        "definition",
        "counted",
        "unit",
        "measures",
        "good",
        "owner",
        "grain",
        "dims",
        "rows",
    }
    _check_names(path, header, wanted, {"aggregate", "target"})
    value = {name: lines[0] for name, lines in header.items()}
    dims = tuple(part.strip() for part in value["dims"].split(","))
    unknown = [dim for dim in dims if dim not in DIMENSION_COLUMNS]
    if unknown or not {"agent", "territory"} <= set(dims):
        raise BadHeader(f"{path.name}: dims need agent and territory, and know no {unknown}")
    return Metric(
        slug=path.stem,
        label=value["label"],
        definition=value["definition"],
        counted=value["counted"],
        unit=cast(Unit, _one_of(path, "unit", value["unit"], get_args(Unit))),
        measures=cast(Measures, _one_of(path, "measures", value["measures"], get_args(Measures))),
        good=cast(Good, _one_of(path, "good", value["good"], get_args(Good))),
        owner=value["owner"],
        grain=value["grain"],
        dims=dims,
        rows=value["rows"],
        aggregate=cast(
            Aggregate, _one_of(path, "aggregate", value.get("aggregate", "sum"), get_args(Aggregate))
        ),
        target=value.get("target", ""),
        sql=sql,
    )


def read_report(path: Path) -> Report:
    """The report in a file; raises BadHeader naming the file and what is wrong with it."""
    header, sql = _parts(path)
    _check_names(path, header, {"label", "key", "column"}, set())
    columns = []
    for line in header["column"]:
        parts = [part.strip() for part in line.split("|")]
        if not _COLUMN_PARTS <= len(parts) <= len(ReportColumn.__slots__):
            raise BadHeader(f"{path.name}: a column is “name | label | kind | only”, not “{line}”")
        if len(parts) > _COLUMN_PARTS:
            _one_of(path, "only", parts[-1], get_args(Kind))
        columns.append(ReportColumn(*parts))
    key = tuple(part.strip() for part in header["key"][0].split(","))
    return Report(path.stem, header["label"][0], key, tuple(columns), sql)


def _parts(path: Path) -> tuple[dict[str, list[str]], str]:
    if not _SLUG.fullmatch(path.stem):
        raise BadHeader(f"{path.name}: a name is made of a-z, 0-9 and _")
    lines = path.read_text(encoding="utf-8").splitlines()
    header: dict[str, list[str]] = {}
    for number, line in enumerate(lines):
        found = _LINE.fullmatch(line.strip())
        if found is None:
            return header, "\n".join(lines[number:]).strip()
        header.setdefault(found["name"], []).append(found["value"].strip())
    raise BadHeader(f"{path.name}: there is no SELECT after the header")


def _check_names(path: Path, header: dict[str, list[str]], wanted: set[str], optional: set[str]) -> None:
    missing, unknown = wanted - header.keys(), header.keys() - wanted - optional
    repeated = {name for name, lines in header.items() if len(lines) > 1 and name != "column"}
    if missing or unknown or repeated:
        raise BadHeader(
            f"{path.name}: missing {sorted(missing)}, unknown {sorted(unknown)}, "
            f"more than once {sorted(repeated)}"
        )


def _one_of(path: Path, name: str, value: str, options: tuple[str, ...]) -> str:
    if value not in options:
        raise BadHeader(f"{path.name}: {name} is one of {', '.join(options)}, not “{value}”")
    return value


def _named(text: str, kind: Kind) -> str:
    return text.replace("{deal}", kind).replace("{deals}", _DEALS[kind])


def _sentence(text: str, kind: Kind) -> str:
    named = _named(text, kind)
    return named[:1].upper() + named[1:]
