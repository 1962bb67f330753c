"""What crosses over from PostgreSQL, and what does not."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import psycopg

from etl.sources import SOURCES
from tests import factories as make
from tests.etl.deals import one_of_each

PERSONAL = ("Lee", "Lead7", "example.com", "-555-", "Carla", "Main Street", "Columbus", "43085", "hash")


def test_a_row_of_every_table_arrives(run_etl, published):
    one_of_each()
    version = run_etl()
    assert {name: count for name, count in version.counts.items() if count == 0} == {}
    read = published.one("select source_rows from etl_meta")
    assert {source.table for source in SOURCES} == read.keys()


def test_money_arrives_to_the_cent(run_etl, published):
    amounts = ["0.00", "0.01", "0.10", "19.99", "1234.56", "99999999.99"]
    for amount in amounts:
        make.lead(expected_premium=Decimal(amount))
    run_etl()
    rows = published.rows("select expected_value from fct_deal order by expected_value")
    assert [str(row[0]) for row in rows] == amounts
    assert published.one("select distinct typeof(expected_value) from fct_deal") == "DECIMAL(18,2)"


def test_negative_money_keeps_its_sign(run_etl, published, database):
    one_of_each()
    with psycopg.connect(address(database), autocommit=True) as connection:
        connection.execute("update commissions set commission_amount = -0.05")
    run_etl()
    assert published.one("select commission_amount from fct_commission") == Decimal("-0.05")


def test_a_day_begins_when_it_does_in_the_business_zone(run_etl, published):
    days = {
        datetime(2024, 2, 29, 5, 0): date(2024, 2, 29),  # noqa: DTZ001 - UTC, as the copy holds it
        datetime(2026, 3, 1, 4, 59): date(2026, 2, 28),  # noqa: DTZ001
        datetime(2026, 3, 1, 5, 0): date(2026, 3, 1),  # noqa: DTZ001
        datetime(2026, 7, 1, 3, 59): date(2026, 6, 30),  # noqa: DTZ001
        datetime(2026, 7, 1, 4, 0): date(2026, 7, 1),  # noqa: DTZ001
    }
    for moment in days:
        make.lead(created_at=moment.replace(tzinfo=UTC))
    run_etl()
    assert dict(published.rows("select created_at, created_on from fct_deal")) == days


def test_what_nobody_has_said_stays_unsaid(run_etl, published):
    make.lead(expected_premium=None, product_interest=None)
    run_etl()
    row = "select expected_value, weighted_value, product_id, agent_id, closed_on from fct_deal"
    assert published.rows(row) == [(None, None, None, None, None)]


def test_no_personal_data_of_customers_or_leads_enters(run_etl, published):
    one_of_each()
    run_etl()
    texts = published.rows(
        "select table_name, column_name from duckdb_columns() where data_type = 'VARCHAR' and not internal"
    )
    found = {
        f"{table}.{column}: {value}"
        for table, column in texts
        for [value] in published.rows(f"select distinct {column} from {table}")
        if value is not None and any(piece in value for piece in PERSONAL)
    }
    assert found == set()


def test_only_staff_have_names(run_etl, published):
    one_of_each()
    run_etl()
    assert published.rows("select name from dim_agent order by name") == [
        ("Ann Agent",),
        ("Dan District",),
        ("Erin East",),
        ("Wade West",),
        ("Walt Western",),
    ]


def test_a_transaction_that_commits_late_is_in_the_next_refresh(run_etl, published, database):
    lead = make.lead(expected_premium=Decimal("1.00"))
    with psycopg.connect(address(database)) as late:
        late.execute("update leads set expected_premium = 2 where id = %s", [lead.id])
        run_etl()
        before = published.one("select expected_value from fct_deal")
        late.commit()
    run_etl()
    assert (before, published.one("select expected_value from fct_deal")) == (1, 2)


def test_deleted_rows_vanish(run_etl, published, database):
    one_of_each()
    run_etl()
    gone = make.lead()
    run_etl()
    with psycopg.connect(address(database), autocommit=True) as connection:
        connection.execute("delete from leads where id = %s", [gone.id])
    run_etl()
    assert published.one(f"select count(*) from fct_deal where deal_id = {gone.id} and kind = 'lead'") == 0


def test_every_table_is_read_at_the_same_moment(run_etl, published, database, monkeypatch):
    from etl import extract

    first = make.lead()
    land_one = extract._land_one

    def meanwhile(source, *rest):
        if source.name == "lead":
            make.lead()
            make.followup(make.agent(), lead_id=first.id)
        land_one(source, *rest)

    monkeypatch.setattr(extract, "_land_one", meanwhile)
    version = run_etl()
    assert (version.counts["fct_deal"], version.counts["fct_followup"]) == (1, 0)


def address(engine) -> str:
    return engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
