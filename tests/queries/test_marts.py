"""The queries on what the ETL really publishes."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import get_args

import duckdb
import pytest

from core.kit.dates import Period
from etl.run import refresh
from queries import Filters, breakdown, choices, funnel, metrics, published, rows, values, warehouse
from queries.dimensions import DIMENSIONS
from queries.options import Filterable
from tests.etl.deals import one_of_each
from tests.factories.warehouse import MARTS

MARCH = Filters(Period(date(2026, 3, 1), date(2026, 4, 1)))
TODAY = date(2026, 3, 31)


@pytest.fixture
def company(database, store):
    made = one_of_each()
    refresh()
    return made


def test_the_marts_have_every_column_that_tests_of_the_queries_make_up(company):
    with warehouse.reading() as cursor:
        found = cursor.execute("select table_name, column_name, data_type from duckdb_columns()").fetchall()
    real = {(table, column): kind for table, column, kind in found}
    with duckdb.connect() as made:
        for table, columns in MARTS.items():
            made.execute(f"create table {table} ({columns})")
        wanted = made.execute("select table_name, column_name, data_type from duckdb_columns()").fetchall()
    assert {(table, column) for table, column, _ in wanted} - real.keys() == set()
    for table, column, kind in wanted:
        family = kind.split("(")[0]
        assert real[table, column].split("(")[0] == family, (table, column)


def test_every_metric_answers_from_the_published_file(company):
    found = values(tuple(metrics()), MARCH, today=TODAY, by=company.eve)
    expected = {
        "new_deals": 2,
        "won_count": 1,
        "lost_count": 1,
        "won_value": Decimal("1200.50"),
        "win_rate": Decimal("0.5"),
        "cohort_conversion": Decimal("0.5"),
        "followups_completed": 1,
    }
    assert {slug: found[slug].now.value for slug in expected} == expected
    assert values(("won_count",), MARCH, today=TODAY, by=company.walt)["won_count"].now.value == 0
    assert values(("won_count",), MARCH, today=TODAY, by=company.erin)["won_count"].now.value == 1


def test_every_dimension_and_every_report_answers_from_the_published_file(company):
    for dimension in DIMENSIONS:
        assert breakdown(tuple(metrics()), dimension, MARCH, by=company.eve)
    for dimension in get_args(Filterable):
        assert choices(dimension, by=company.eve)
    for slug in metrics():
        rows(slug, MARCH, by=company.eve)
    assert [stage.reached for stage in funnel(MARCH, by=company.eve)] == [2, 1, 1, 1, 1]
    tree = breakdown(("won_value",), "territory", MARCH, by=company.erin)
    assert [(group.label, group.depth) for group in tree] == [("Country", 0), ("East", 1)]


def test_the_pointer_tells_the_moment_of_the_snapshot(company):
    found = published()
    assert found.path.exists()
    assert found.snapshot_at.tzinfo is not None
    assert found.snapshot_at <= found.published_at
