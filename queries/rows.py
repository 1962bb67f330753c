"""The records behind a number: the same conditions as the number itself, so the same scope."""

from __future__ import annotations

from typing import Any

from core.access import Permission, Viewer, read
from queries import conditions, warehouse
from queries.catalogue import Metric, Report, metrics, reports
from queries.conditions import Bound
from queries.filters import Filters
from queries.results import RowSet
from queries.warehouse import Published

LIMIT = 500


@read(Permission.KPIS_VIEW)
def rows(
    slug: str, filters: Filters, *, by: Viewer, limit: int = LIMIT, at: Published | None = None
) -> RowSet:
    """The records that a metric counts under the filters, the newest first, at most `limit`.

    Each record has `kind` and `code`, by which its page is opened. A record that counts twice,
    such as one created and won in the period, is listed once.
    """
    metric = metrics()[slug]
    report = reports()[metric.rows]
    if not conditions.applies(metric, filters):
        return RowSet(report.label, report.columns_for(filters.kind), (), 0)
    bound = Bound()
    text = _statement(metric, report, filters, by, bound, limit)
    with warehouse.reading(at) as cursor:
        cursor.execute(text, bound.values)
        names = [str(one[0]) for one in cursor.description or ()]
        found = [_shown(dict(zip(names, row, strict=True)), by) for row in cursor.fetchall()]
    total = int(found[0]["total_rows"]) if found else 0
    return RowSet(report.label, report.columns_for(filters.kind), tuple(found), total)


def _shown(record: dict[str, Any], by: Viewer) -> dict[str, Any]:
    """Opportunities are named by hand, all others by their product or code."""
    if record.get("kind") == "opportunity":
        record["title"] = by.free_text(record["title"], instead="Opportunity")
    return record


def _statement(
    metric: Metric, report: Report, filters: Filters, viewer: Viewer, bound: Bound, limit: int
) -> str:
    wanted = [conditions.in_scope(viewer, bound), *conditions.filtered(metric, filters, bound)]
    if metric.measures == "flow":
        wanted.append(conditions.within(filters.period, bound))
    keys = ", ".join(f"facts.{name}" for name in report.key)
    same = " and ".join(f"records.{name} = picked.{name}" for name in report.key)
    return f"""
        with picked as (
            select {keys}, max(facts.day) as day, count(*) over () as total_rows
            from ({metric.sql}) as facts
            where {" and ".join(wanted)}
            group by {keys}
            order by day desc, facts.record_id desc
            limit {bound.name(limit)}
        )
        select records.*, picked.day, picked.total_rows
        from picked
        join ({report.sql}) as records on {same}
        order by picked.day desc, picked.record_id desc
    """  # noqa: S608 - the text is the catalogue's, every value is bound
