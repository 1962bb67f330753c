from __future__ import annotations

from datetime import date
from pathlib import Path

import duckdb
import pytest

from core.kit.dates import Period
from queries import Filters, breakdown, catalogue, metrics, reports, rows, values
from queries.catalogue import BadHeader, read_metric
from queries.dimensions import DIMENSIONS
from tests.factories.warehouse import MARTS

ALL = sorted(metrics())
JANUARY = Period(date(2026, 1, 1), date(2026, 2, 1))
GOOD = """-- label: Deals
-- definition: The number of {deals}.
-- counted: {deals}
-- unit: count
-- measures: flow
-- good: up
-- owner: Head of Sales
-- grain: one row per deal
-- dims: kind, agent, territory
-- rows: deals
select 1
"""


@pytest.fixture(scope="module")
def empty():
    with duckdb.connect() as connection:
        for table, columns in MARTS.items():
            connection.execute(f"create table {table} ({columns})")
        yield connection


@pytest.mark.parametrize("slug", ALL)
def test_a_metric_returns_day_its_dimensions_record_numerator_and_denominator(empty, slug):
    found = empty.execute(metrics()[slug].sql).description
    assert tuple(column[0] for column in found) == metrics()[slug].columns


@pytest.mark.parametrize("slug", ALL)
def test_a_metric_names_a_report_that_its_rows_open_in(slug):
    assert metrics()[slug].rows in reports()


@pytest.mark.parametrize("slug", ALL)
def test_a_metric_is_lowercase_sql_without_status_literals(slug):
    sql = metrics()[slug].sql
    assert sql == sql.lower()
    assert "'" not in sql


@pytest.mark.parametrize("slug", ALL)
def test_a_rate_divides_and_a_sum_does_not(empty, slug):
    metric = metrics()[slug]
    divides = "null as denominator" not in metric.sql
    assert divides == (metric.aggregate != "sum")


@pytest.mark.parametrize("slug", sorted(reports()))
def test_a_report_returns_its_keys_and_every_column_of_its_header(empty, slug):
    report = reports()[slug]
    found = {column[0] for column in empty.execute(report.sql).description}
    assert {"kind", "code", *report.key, *(one.name for one in report.columns)} <= found


@pytest.mark.parametrize("slug", ALL)
def test_every_metric_runs_on_an_empty_warehouse(store, executive, slug):
    store.publish()
    found = values((slug,), Filters(JANUARY), today=date(2026, 1, 31), by=executive)[slug].now
    assert found.n == 0
    assert found.value in (None, 0)
    assert rows(slug, Filters(JANUARY), by=executive).records == ()


@pytest.mark.parametrize("dimension", sorted(DIMENSIONS))
def test_every_dimension_groups_an_empty_warehouse_into_nothing(store, executive, dimension):
    store.publish()
    assert breakdown(ALL, dimension, Filters(JANUARY), by=executive) == ()


@pytest.mark.parametrize(
    ("line", "wrong"),
    [
        ("-- unit: count", "-- unit: apples"),
        ("-- owner: Head of Sales\n", ""),
        ("-- dims: kind, agent, territory", "-- dims: kind, agent"),
        ("-- dims: kind, agent, territory", "-- dims: agent, territory, weather"),
        ("-- good: up", "-- good: up\n-- good: down"),
        ("-- good: up", "-- good: up\n-- colour: red"),
        ("select 1\n", ""),
    ],
)
def test_a_header_that_does_not_say_what_it_must_is_refused(tmp_path: Path, line, wrong):
    path = tmp_path / "deals.sql"
    path.write_text(GOOD)
    assert read_metric(path).unit == "count"
    path.write_text(GOOD.replace(line, wrong))
    with pytest.raises(BadHeader, match=r"deals\.sql"):
        read_metric(path)


def test_labels_name_what_is_counted():
    metric = metrics()["new_deals"]
    assert metric.label_for("lead") == "New leads"
    assert metric.label_for("opportunity") == "New opportunities"
    assert metrics()["cohort_conversion"].definition_for("lead").startswith("Leads created")


def test_the_catalogue_knows_every_file():
    files = {path.stem for path in (catalogue.HERE / "metrics").glob("*")}
    assert files == set(metrics())
