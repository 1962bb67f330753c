"""How a metric looks: its value in its unit, its change in its good direction, its tile."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

from pages._ui import charts, kpi
from pages._ui import format as fmt
from queries import Compared, Metric, Point, Value
from queries.catalogue import Kind, Unit

TableKind = Literal["money", "int", "percent", "number"]

CHART_KIND: dict[Unit, charts.Kind] = {
    "money": "money",
    "count": "int",
    "percent": "percent",
    "days": "days",
    "ratio": "number",
}
_PLACES: dict[Unit, int] = {"money": 2, "percent": 6, "days": 2, "ratio": 6}
_SHARE, _CENT = Decimal("0.000001"), Decimal("0.01")
_MILLION = 1_000_000
TABLE_KIND: dict[Unit, TableKind] = {
    "money": "money",
    "count": "int",
    "percent": "percent",
    "days": "number",
    "ratio": "number",
}
_CHANGE: dict[Unit, Callable[[Decimal | None, Decimal | None], str]] = {
    "money": fmt.change_percent,
    "count": fmt.change_percent,
    "percent": fmt.change_points,
    "days": lambda now, before: fmt.change_number(now, before, 1),
    "ratio": lambda now, before: fmt.change_number(now, before, 2),
}


# How a change is counted in a table, and what its column's heading adds.
CHANGED_AS: dict[Unit, tuple[TableKind, str]] = {
    "money": ("percent", ""),
    "count": ("percent", ""),
    "percent": ("number", ", points"),
    "days": ("number", ", days"),
    "ratio": ("number", ""),
}


def change(metric: Metric, now: Decimal | None, before: Decimal | None) -> str:
    """A change as people read it; empty where there is nothing to compare."""
    return _CHANGE[metric.unit](now, before)


def changed(metric: Metric, now: Decimal | None, before: Decimal | None) -> Decimal | None:
    """A change as a table counts it: the share of what was before, or the difference of rates and days."""
    if now is None or before is None:
        return None
    if CHANGED_AS[metric.unit][0] == "percent":
        return ((now - before) / abs(before)).quantize(_SHARE, ROUND_HALF_UP) if before else None
    times = 100 if metric.unit == "percent" else 1
    return ((now - before) * times).quantize(_CENT, ROUND_HALF_UP)


def shown(metric: Metric, value: Decimal | None) -> str:
    """A value in the metric's unit; nothing is a dash (quality.md D24)."""
    return fmt.BY_KIND[CHART_KIND[metric.unit]](value)


def plain(metric: Metric, value: Decimal | None) -> Decimal | int | None:
    """A value for tables and exports: cents, whole counts, ratios to six places, days to two."""
    if value is None:
        return None
    if metric.unit == "count":
        return int(value)
    return value.quantize(Decimal(1).scaleb(-_PLACES[metric.unit]), ROUND_HALF_UP)


def short(metric: Metric, value: Decimal | None) -> str:
    """A value that fits a tile: amounts of a million and more to the dollar."""
    if metric.unit == "money" and value is not None and abs(value) >= _MILLION:
        return fmt.money_whole(value)
    return shown(metric, value)


def counted(metric: Metric, value: Value, kind: Kind) -> str:
    """The n of a value: what a rate is out of, how many rows a sum has and how many lack an amount."""
    if not value.applies:
        return "Not split by this filter"
    noun = metric.counted_for(kind)
    text = f"{fmt.number(value.n)} {noun}"
    if metric.aggregate != "sum":
        text = f"of {text}"
    if value.missing:
        text += f", {fmt.number(value.missing)} without value"
    return text


def tile(
    metric: Metric,
    found: Compared,
    *,
    kind: Kind,
    against: str,
    refreshed: str,
    trend: Sequence[Point] = (),
    maturity: Value | None = None,
) -> kpi.Tile:
    """The metric's tile. `maturity` is the share of a cohort that is decided: the rest may still be
    won, so that a change against an older cohort is not called good or bad (domain.md section 8).
    """
    before = found.before.value if found.before else None
    share = maturity.value if maturity else None
    delta = _CHANGE[metric.unit](found.now.value, before) if found.before else ""
    return kpi.Tile(
        slug=metric.slug,
        label=metric.label_for(kind),
        value=short(metric, found.now.value),
        n=counted(metric, found.now, kind)
        + (f", {fmt.percent(share, 0)} decided" if share is not None else ""),
        delta=delta,
        good=_good(metric, found.now.value, before)
        if share in (None, 1) and delta.startswith(("+", "-"))
        else None,
        against=against,
        formula=f"{metric.definition_for(kind)} Exactly {shown(metric, found.now.value)}.",
        owner=metric.owner,
        refreshed=refreshed,
        trend=tuple(float(point.value.value) for point in trend if point.value.value is not None),
        rows=found.now.applies,
    )


def _good(metric: Metric, now: Decimal | None, before: Decimal | None) -> bool | None:
    if metric.good == "neutral" or now is None or before is None or now == before:
        return None
    return (now > before) == (metric.good == "up")
