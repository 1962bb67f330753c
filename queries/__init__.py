"""The numbers: metrics and reports as SQL files, run on the published DuckDB file within scope."""

from queries.catalogue import Metric, metrics, reports
from queries.filters import Filters
from queries.options import Choice, choices
from queries.results import Compared, Group, Point, RowSet, Stage, Value
from queries.rows import rows
from queries.run import breakdown, funnel, series, value, values
from queries.warehouse import NoWarehouse, Published, published

__all__ = [
    "Choice",
    "Compared",
    "Filters",
    "Group",
    "Metric",
    "NoWarehouse",
    "Point",
    "Published",
    "RowSet",
    "Stage",
    "Value",
    "breakdown",
    "choices",
    "funnel",
    "metrics",
    "published",
    "reports",
    "rows",
    "series",
    "value",
    "values",
]
