"""Runs metrics: binds period, row scope and filters, groups, and divides after summing.

Everything asked for in one call is one statement, so a page needs few round trips. Every function
takes the viewer; what lies outside their scope is not in any answer (quality.md D10).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from core.access import Permission, Viewer, read
from core.kit.dates import Period, add_months
from queries import conditions, warehouse
from queries.catalogue import Metric, metrics
from queries.conditions import Bound
from queries.dimensions import DIMENSIONS, Dimension, Name
from queries.filters import Filters, trend_period
from queries.results import NOT_APPLICABLE, Compared, Group, Point, Stage, Value, answer
from queries.warehouse import Published

# Of a span: numerator, denominator, rows, rows with a numerator.
_SUMS, _ROWS = 4, 2


@read(Permission.KPIS_VIEW)
def value(slug: str, filters: Filters, *, today: date, by: Viewer, at: Published | None = None) -> Compared:
    """One metric with its comparison."""
    return values((slug,), filters, today=today, by=by, at=at)[slug]


@read(Permission.KPIS_VIEW)
def values(
    slugs: Sequence[str], filters: Filters, *, today: date, by: Viewer, at: Published | None = None
) -> dict[str, Compared]:
    """Metrics with their comparison; to date it covers the same elapsed days (quality.md D24).

    A stock is what stands at the snapshot, whatever the period, and has no comparison.
    """
    before = filters.compared_with(today)
    spans = (filters.period,) if before is None else (filters.period, before)
    bound = Bound()
    asked = _asked(slugs, filters)
    branches = [_branch(metric, filters, by, bound, spans=_spans(metric, spans)) for metric in asked]
    found = {row[0]: row[2:] for row in _fetch(branches, bound, at)}
    answers = dict.fromkeys(slugs, Compared(NOT_APPLICABLE))
    for metric in asked:
        sums = found[metric.slug]
        then = None
        if before is not None and metric.measures == "flow":
            then = answer(metric, *sums[_SUMS : 2 * _SUMS])
        answers[metric.slug] = Compared(answer(metric, *sums[:_SUMS]), then)
    return answers


@read(Permission.KPIS_VIEW)
def series(
    slugs: Sequence[str],
    filters: Filters,
    *,
    today: date,
    by: Viewer,
    at: Published | None = None,
) -> dict[str, tuple[Point, ...]]:
    """Flows by month or quarter, over the period stretched to at least a year up to its end or today.

    A month without rows is there too. Stocks have no history here and give an empty series.
    """
    span = trend_period(filters, today)
    bound = Bound()
    flows = [metric for metric in _asked(slugs, filters) if metric.measures == "flow"]
    # The grain is one of two words, checked by Filters; a bound one would be computed row by row.
    key = "date_trunc('quarter', facts.day)::date" if filters.grain == "quarter" else _MONTH
    branches = [_branch(metric, filters, by, bound, spans=(span,), key=key) for metric in flows]
    found = {(row[0], row[1]): row[2:] for row in _fetch(branches, bound, at)}
    starts = _starts(span, filters)
    return {
        metric.slug: tuple(
            Point(start, answer(metric, *found.get((metric.slug, start), _NOTHING))) for start in starts
        )
        for metric in flows
    }


@read(Permission.KPIS_VIEW)
def breakdown(
    slugs: Sequence[str],
    dimension: Name,
    filters: Filters,
    *,
    today: date | None = None,
    by: Viewer,
    at: Published | None = None,
) -> tuple[Group, ...]:
    """Metrics for each member of a dimension, the best by the first metric first, "none" last.

    With `today`, also those of the comparison; who had rows only then is among them. Territories
    come as a tree, each with all that lies below it; stages in their order.
    """
    how = DIMENSIONS[dimension]
    before = None if today is None else filters.compared_with(today)
    spans = (filters.period,) if before is None else (filters.period, before)
    bound = Bound()
    asked = [metric for metric in _asked(slugs, filters) if how.needs in metric.dims]
    branches = [
        _branch(metric, filters, by, bound, spans=_spans(metric, spans), key=how.key, join=how.join)
        for metric in asked
    ]
    labels = _labels(how, bound, filters)
    found: dict[Any, dict[str, Value]] = {}
    then: dict[Any, dict[str, Value]] = {}
    width = _SUMS * len(spans)
    members: dict[Any, tuple[str, int, str]] = {}
    for row in _fetch(branches, bound, at, labels=labels):
        label, depth, position = row[2 + width :]
        key = row[1]
        sums = row[2 : 2 + width]
        if not any(sums[at] for at in range(_ROWS, width, _SUMS)):
            continue  # all that it has lies between the two spans
        members[key] = (how.none, 0, "\U0010ffff") if key is None else (label or str(key), depth, position)
        metric = metrics()[row[0]]
        found.setdefault(key, {})[metric.slug] = answer(metric, *sums[:_SUMS])
        if before is not None and metric.measures == "flow":
            then.setdefault(key, {})[metric.slug] = answer(metric, *sums[_SUMS:])
    known = {metric.slug for metric in asked}
    groups = [
        Group(
            key,
            members[key][0],
            _complete(slugs, known, found[key]),
            members[key][1],
            {} if before is None else _complete(_flows(slugs), known, then.get(key, {})),
        )
        for key in found
    ]
    return tuple(sorted(groups, key=lambda group: _place(group, slugs[0], members[group.key][2])))


@read(Permission.KPIS_VIEW)
def funnel(filters: Filters, *, by: Viewer, at: Published | None = None) -> tuple[Stage, ...]:
    """How many of those created in the period got at least to each stage, from their history.

    A lost deal counts up to the furthest stage that it had reached (domain.md section 8).
    """
    metric = metrics()["new_deals"]
    bound = Bound()
    counts = _branch(metric, filters, by, bound, spans=(filters.period,), key="facts.furthest_rank")
    text = f"""
        with reached as ({counts})
        select stage.stage, stage.label, stage.rank, coalesce(sum(reached.rows_0), 0)::bigint
        from dim_stage as stage
        left join reached on reached.key >= stage.rank
        where stage.kind = {bound.name(filters.kind)} and not stage.is_lost
        group by all
        order by stage.rank
    """  # noqa: S608 - the text is the catalogue's, every value is bound
    with warehouse.reading(at) as cursor:
        return tuple(Stage(*row) for row in cursor.execute(text, bound.values).fetchall())


_MONTH = "date_trunc('month', facts.day)::date"
_NOTHING = (None, None, 0, 0)


def _asked(slugs: Sequence[str], filters: Filters) -> list[Metric]:
    known = metrics()
    return [known[slug] for slug in dict.fromkeys(slugs) if conditions.applies(known[slug], filters)]


def _spans(metric: Metric, spans: tuple[Period, ...]) -> tuple[Period | None, ...]:
    """The spans that the metric is summed over; None is without period, for a stock."""
    return spans if metric.measures == "flow" else (None,) * len(spans)


def _branch(
    metric: Metric,
    filters: Filters,
    viewer: Viewer,
    bound: Bound,
    *,
    spans: Sequence[Period | None],
    key: str = "null",
    join: str = "",
) -> str:
    """The metric's sums by key: numerator, denominator, rows and rows with a numerator per span."""
    wanted = [conditions.in_scope(viewer, bound), *conditions.filtered(metric, filters, bound)]
    known = [span for span in spans if span is not None]
    if known:
        hull = Period(min(span.start for span in known), max(span.end for span in known))
        wanted.append(conditions.within(hull, bound))
    sums = []
    for number, span in enumerate(spans):
        inside = ""
        if span is not None and len(spans) > 1:
            inside = f" filter (where {conditions.within(span, bound)})"
        sums.append(
            f"({_numerator(metric)}{inside})::decimal(38, 6) as numerator_{number}, "
            f"{_denominator(metric, inside)} as denominator_{number}, "
            f"count(*){inside} as rows_{number}, count(facts.numerator){inside} as valued_{number}"
        )
    grouped = "" if key == "null" else "group by all"
    return (
        f"select '{metric.slug}' as metric, {key} as key, {', '.join(sums)} "  # noqa: S608 - see funnel
        f"from ({metric.sql}) as facts {join} where {' and '.join(wanted)} {grouped}"
    )


def _numerator(metric: Metric) -> str:
    if metric.aggregate == "median":
        # Two decimals more than money has: the middle of two values may lie between two cents.
        return "quantile_cont(facts.numerator::decimal(18, 4), 0.5)"
    return "sum(facts.numerator)"


def _denominator(metric: Metric, inside: str) -> str:
    return (
        "null::decimal(38, 6)"
        if metric.aggregate == "sum"
        else (f"(sum(facts.denominator){inside})::decimal(38, 6)")
    )


def _labels(dimension: Dimension, bound: Bound, filters: Filters) -> str:
    """The members' labels; stages are those of the kind looked at."""
    if "{kind}" not in dimension.labels:
        return dimension.labels
    return dimension.labels.format(kind=bound.name(filters.kind))


def _fetch(
    branches: Sequence[str], bound: Bound, at: Published | None, *, labels: str = ""
) -> list[tuple[Any, ...]]:
    if not branches:
        return []
    text = " union all ".join(branches)
    if labels:
        text = (
            f"select sums.*, labels.label, labels.depth, labels.position from ({text}) as sums "  # noqa: S608
            f"left join ({labels}) as labels on labels.key = sums.key"
        )
    with warehouse.reading(at) as cursor:
        return cursor.execute(text, bound.values).fetchall()


def _starts(span: Period, filters: Filters) -> list[date]:
    step = 1 if filters.grain == "month" else 3
    starts = [span.start]
    while (following := add_months(starts[-1], step)) < span.end:
        starts.append(following)
    return starts


def _complete(slugs: Sequence[str], known: set[str], found: dict[str, Value]) -> dict[str, Value]:
    """Every metric asked for: one without rows is the value of nothing, one that can't be is empty."""
    return {
        slug: found.get(slug) or (answer(metrics()[slug], *_NOTHING) if slug in known else NOT_APPLICABLE)
        for slug in slugs
    }


def _flows(slugs: Sequence[str]) -> list[str]:
    return [slug for slug in slugs if metrics()[slug].measures == "flow"]


def _place(group: Group, slug: str, position: str) -> tuple[str, bool, Decimal, str]:
    best = group.of(slug)
    return (position, best is None, -(best or Decimal(0)), group.label)
