"""A copy that is not exact is never published, and the run says what differs."""

from __future__ import annotations

import pytest

from core import jobs
from core.kit.dates import utc_now
from etl import build, checks, extract, sql
from etl.checks import CheckFailed
from tests import factories as make
from tests.etl.deals import one_of_each

TAMPERED = {
    "a doubled row": (
        "insert into staging.stg_lead from staging.stg_lead limit 1",
        "leads has 2 rows in PostgreSQL, 3 in the copy.",
    ),
    "a missing row": (
        "delete from staging.stg_policy",
        "policies has 1 rows in PostgreSQL, 0 in the copy.",
    ),
    "a cent too much": (
        "update staging.stg_claim set paid_amount = paid_amount + 0.01",
        "claims.paid_amount is 10.10 in PostgreSQL, 10.11 in the copy.",
    ),
}


@pytest.fixture
def tampered(monkeypatch):
    """Make the next copies wrong by a statement on staging."""

    def by(statement):
        land = extract.land

        def landed(found, into, *, on_rows):
            rows = land(found, into, on_rows=on_rows)
            into.execute(statement)
            return rows

        monkeypatch.setattr(extract, "land", landed)

    return by


@pytest.mark.parametrize("wrong", TAMPERED)
def test_a_copy_that_differs_from_postgresql_leaves_the_last_version(run_etl, published, tampered, wrong):
    statement, finding = TAMPERED[wrong]
    one_of_each()
    run_etl()
    before = (published.pointer, published.hashes())
    tampered(statement)
    with pytest.raises(CheckFailed) as failed:
        run_etl()
    assert finding in failed.value.findings
    assert (published.pointer, published.hashes()) == before
    assert "building" not in published.files


def test_a_mart_with_a_doubled_key_is_not_published(run_etl, published, monkeypatch):
    one_of_each()
    run_etl()
    before = published.pointer
    build_marts = build.build_marts

    def doubled(copy, *, on_mart):
        counts = build_marts(copy, on_mart=on_mart)
        copy.execute("insert into marts.fct_policy from marts.fct_policy")
        return counts

    monkeypatch.setattr(build, "build_marts", doubled)
    with pytest.raises(CheckFailed) as failed:
        run_etl()
    assert "fct_policy has 1 values of policy_id more than once." in failed.value.findings
    assert "fct_policy has 2 rows and stg_policy 1." in failed.value.findings
    assert published.pointer == before


def test_a_reference_that_leads_nowhere_is_found(run_etl, published, monkeypatch):
    one_of_each()
    build_marts = build.build_marts

    def dangling(copy, *, on_mart):
        counts = build_marts(copy, on_mart=on_mart)
        copy.execute("update marts.fct_claim set policy_id = 4711")
        return counts

    monkeypatch.setattr(build, "build_marts", dangling)
    with pytest.raises(CheckFailed) as failed:
        run_etl()
    assert failed.value.findings == ("fct_claim has 1 rows whose policy_id is not in fct_policy.",)


def test_a_sum_that_was_lost_on_the_way_is_found(run_etl, published, monkeypatch):
    make.lead()
    build_marts = build.build_marts

    def lossy(copy, *, on_mart):
        counts = build_marts(copy, on_mart=on_mart)
        copy.execute("update marts.fct_deal set expected_value = 0")
        return counts

    monkeypatch.setattr(build, "build_marts", lossy)
    with pytest.raises(CheckFailed) as failed:
        run_etl()
    assert failed.value.findings == (
        "fct_deal.expected_value adds up to 0.00, and its sources to 1,200.00.",
    )


def test_the_run_keeps_what_the_check_found_and_people_are_told(run_etl, published, tampered):
    company = one_of_each()
    run_etl()
    tampered(TAMPERED["a missing row"][0])
    with pytest.raises(CheckFailed):
        run_etl()
    run = jobs.refresh_runs(by=company.adam)[0]
    assert (run.state, run.version) == ("failed", None)
    assert "policies has 1 rows in PostgreSQL, 0 in the copy." in run.message
    freshness = jobs.freshness(by=company.adam)
    assert freshness.refreshed_at <= freshness.failed_at <= utc_now()


def test_the_run_keeps_the_figures_that_were_compared(run_etl, published):
    company = one_of_each()
    run_etl()
    kept = jobs.refresh_runs(by=company.adam)[0].checks
    assert kept["claims"]["rows"] == 1
    assert kept["claims"]["sums"]["paid_amount"] == "10.10"


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("select 1", "begins by saying what one row is"),
        ("-- one row per day\nselect 1", "has one key"),
        ("-- one row per day\n-- key: day\n-- refers: a, b to t.c\nselect 1", "does not pair"),
        ("-- one row per day\n-- key: day\n-- refers: a of t\nselect 1", "a reference is"),
        ("-- one row per day\n-- key: day\n-- sum: a = b\nselect 1", "a sum is"),
    ],
)
def test_a_mart_that_declares_nothing_readable_is_refused(tmp_path, text, wrong):
    path = tmp_path / "fct_day.sql"
    path.write_text(text)
    with pytest.raises(sql.BadHeader, match=wrong):
        sql._read(path)


def test_nothing_found_is_nothing_raised():
    checks.require([])
