"""The two summary tables say what the marts say, and only what differs is written."""

from __future__ import annotations

from decimal import Decimal

import pytest
from sqlalchemy import text

from core.db import unit_of_work
from etl import write_back
from etl.write_back import NotReconciled
from tests import factories as make
from tests.etl.deals import THE_DAY, one_of_each


def rows(statement: str) -> list[tuple]:
    with unit_of_work() as session:
        return [tuple(row) for row in session.execute(text(statement))]


SALES = (
    "select date, agent_id, territory_id, product_id, policies_sold, total_premium, total_sum_assured"
    " from daily_sales_summary order by 1, 2, 3, 4"
)


def test_the_daily_sales_summary_reconciles_with_the_policies(run_etl):
    company = one_of_each()
    for day in (THE_DAY, THE_DAY.replace(day=3)):
        make.policy(company.walt_in_west, issue_date=day, premium_amount=Decimal("0.07"))
    make.policy(company.walt_in_west, status="applied", issue_date=None)
    run_etl()
    by_policies = rows(
        "select issue_date, agent_id, territory_id, product_id, count(*),"
        " sum(premium_amount * case payment_frequency when 'monthly' then 12 else 1 end),"
        " sum(sum_assured) from policies where issue_date is not null group by 1, 2, 3, 4"
        " order by 1, 2, 3, 4"
    )
    assert rows(SALES) == by_policies
    assert len(by_policies) == 3


def test_agents_performance_is_what_the_marts_say(run_etl, published):
    one_of_each()
    run_etl()
    columns = (
        "agent_id, metric_date, leads_assigned, leads_contacted, appointments_scheduled,"
        " appointments_completed, proposals_sent, policies_sold, premium_collected,"
        " commission_earned, calls_made, emails_sent, conversion_rate"
    )
    mart = published.rows(f"select {columns} from rpt_agent_performance order by 1, 2")
    assert rows(f"select {columns} from agent_performance_metrics order by 1, 2") == mart
    assert mart


def test_a_row_that_is_still_right_is_not_written_again(run_etl):
    one_of_each()
    run_etl()
    before = rows("select id, xmin::text from agent_performance_metrics order by id")
    run_etl()
    assert rows("select id, xmin::text from agent_performance_metrics order by id") == before


def test_a_sale_that_is_gone_leaves_the_summary(run_etl):
    one_of_each()
    run_etl()
    with unit_of_work() as session:
        session.execute(text("update policies set issue_date = null"))
    run_etl()
    assert rows(SALES) == []


def test_a_summary_that_somebody_changed_is_put_right(run_etl):
    one_of_each()
    run_etl()
    right = rows(SALES)
    with unit_of_work() as session:
        session.execute(text("update daily_sales_summary set total_premium = 1"))
        session.execute(text("insert into daily_sales_summary (date) values ('2020-01-01')"))
    run_etl()
    assert rows(SALES) == right


def test_a_summary_that_does_not_add_up_is_not_written(run_etl, published, monkeypatch):
    one_of_each()
    prepare = write_back.prepare

    def lossy(copy):
        differences = prepare(copy)
        copy.execute("delete from staging.changed_daily_sales_summary")
        return differences

    monkeypatch.setattr(write_back, "prepare", lossy)
    with pytest.raises(NotReconciled, match="daily_sales_summary"):
        run_etl()
    assert rows(SALES) == []
    assert rows("select state, published_version is not null from refresh_runs") == [("failed", True)]
