"""What the queries' own tests are given is what the refresh really publishes."""

from __future__ import annotations

import re

from tests.factories.warehouse import MARTS

_COLUMN = re.compile(r"(\w+) (decimal\(\d+, \d+\)|\w+)")


def test_every_table_and_column_that_queries_are_tested_with_is_published(run_etl, published):
    run_etl()
    found = {
        (table, column): kind
        for table, column, kind in published.rows(
            "select table_name, column_name, data_type from duckdb_columns() where not internal"
        )
    }
    wanted = {
        (table, column): kind.upper().replace(" ", "")
        for table, columns in MARTS.items()
        for column, kind in _COLUMN.findall(columns)
    }
    # Published unrounded, so that sums are rounded once.
    wanted["fct_deal", "weighted_value"] = "DECIMAL(18,6)"
    assert {key: found.get(key) for key in wanted} == wanted
