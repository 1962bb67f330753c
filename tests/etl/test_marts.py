"""What the marts make of the rows: one deal, its stage, its money, its place."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

from etl import sql
from etl.sources import SOURCES
from tests import factories as make
from tests.etl.deals import NOON, THE_DAY, change, commission, one_of_each


def test_an_office_is_the_territory_below_the_only_root(run_etl, published):
    make.company()
    run_etl()
    rows = "select name, depth, office_name from dim_territory order by depth, name"
    assert published.rows(rows) == [
        ("Country", 0, "Country"),
        ("East", 1, "East"),
        ("West", 1, "West"),
        ("East district", 2, "East"),
    ]


def test_an_office_is_the_root_where_there_are_several(run_etl, published):
    central = make.territory("Central")
    make.territory("North", parent=central)
    make.territory("Abroad")
    run_etl()
    rows = "select name, office_name from dim_territory order by name"
    assert published.rows(rows) == [("Abroad", "Abroad"), ("Central", "Central"), ("North", "Central")]


def test_every_ancestor_of_a_territory_is_in_its_closure(run_etl, published):
    company = make.company()
    run_etl()
    found = published.rows(
        f"select ancestor_id from dim_territory_closure where territory_id = {company.district.id}"
    )
    assert {row[0] for row in found} == {company.country.id, company.east.id, company.district.id}


def test_stages_carry_the_weights_and_flags_of_the_lifecycle(run_etl, published):
    run_etl()
    rows = "select rank, weight, is_open, is_won, is_lost from dim_stage where kind = 'lead' order by rank"
    assert published.rows(rows) == [
        (1, Decimal("0.05"), True, False, False),
        (2, Decimal("0.10"), True, False, False),
        (3, Decimal("0.25"), True, False, False),
        (4, Decimal("0.50"), True, False, False),
        (5, Decimal("1.00"), False, True, False),
        (6, Decimal("0.00"), False, False, True),
    ]


def test_the_furthest_stage_is_never_lost(run_etl, published):
    reached = {
        ("contacted", "proposal"): 4,
        ("qualified", "new"): 3,
        ("lost", "qualified"): 3,
        ("lost", "lost"): 1,
    }
    ranks = {
        make.lead(status=status, furthest_status=furthest).id: rank
        for (status, furthest), rank in reached.items()
    }
    run_etl()
    assert dict(published.rows("select deal_id, furthest_rank from fct_deal")) == ranks


def test_the_weighted_value_of_an_open_deal_is_not_rounded(run_etl, published):
    make.lead(status="new", expected_premium=Decimal("0.33"))
    run_etl()
    assert published.one("select weighted_value from fct_deal") == Decimal("0.0165")


def test_a_closed_deal_has_no_weighted_value(run_etl, published):
    make.lead(status="won", expected_premium=Decimal("100.00"))
    run_etl()
    assert published.rows("select weighted_value, won_value from fct_deal") == [(None, 100)]


def test_what_an_opportunity_won_is_what_was_agreed(run_etl, published):
    make.opportunity(stage="closed_won", estimated_value=Decimal("5000.00"), won_value=Decimal("4321.09"))
    make.opportunity(stage="closed_lost", won_value=None)
    run_etl()
    rows = "select won_value from fct_deal order by deal_id"
    assert published.rows(rows) == [(Decimal("4321.09"),), (None,)]


def test_days_to_close_run_from_the_opening_of_an_opportunity(run_etl, published):
    make.opportunity(
        stage="closed_won",
        won_value=Decimal("1.00"),
        opened_on=date(2017, 1, 1),
        closed_on=date(2017, 3, 1),
        created_at=NOON,
    )
    run_etl()
    row = "select created_on, opened_on, days_to_close from fct_deal"
    assert published.rows(row) == [(date(2017, 1, 1), date(2017, 1, 1), 59)]


def test_days_to_close_of_a_lead_run_from_its_entry(run_etl, published):
    make.lead(
        status="won",
        created_at=datetime(2026, 3, 1, 4, 59, tzinfo=UTC),
        closed_at=datetime(2026, 3, 2, 17, 0, tzinfo=UTC),
    )
    run_etl()
    assert published.one("select days_to_close from fct_deal") == 2


def test_an_opportunity_entered_before_it_was_opened_counts_from_its_entry(run_etl, published):
    make.opportunity(opened_on=date(2026, 3, 9), created_at=NOON)
    run_etl()
    assert published.one("select created_on from fct_deal") == THE_DAY


def test_first_contact_is_the_first_outbound_followup_done(run_etl, published):
    ann = make.agent()
    lead = make.lead(ann, created_at=NOON)
    for minutes, direction in ((30, "outbound"), (5, "inbound"), (90, "outbound")):
        at = NOON.replace(hour=17 + minutes // 60, minute=minutes % 60)
        make.followup(ann, status="completed", lead_id=lead.id, completed_at=at, direction=direction)
    run_etl()
    assert published.one("select minutes_to_contact from fct_deal") == 30


def test_annualised_premium_is_the_instalment_times_the_instalments_a_year(run_etl, published):
    ann = make.agent()
    for frequency in ("monthly", "quarterly", "semi-annual", "annual"):
        make.policy(ann, premium_amount=Decimal("100.01"), payment_frequency=frequency)
    run_etl()
    rows = published.rows("select annual_premium from fct_policy order by annual_premium desc")
    assert [str(row[0]) for row in rows] == ["1200.12", "400.04", "200.02", "100.01"]


def test_a_sale_is_a_policy_that_was_issued(run_etl, published):
    # Status and issue date, then whether it counts as a sale and whether it is in force.
    cases = {
        ("applied", None): (False, False),
        ("issued", THE_DAY): (True, False),
        ("active", THE_DAY): (True, True),
        ("lapsed", THE_DAY): (True, False),
        ("cancelled", THE_DAY): (True, False),
        ("cancelled", None): (False, False),
    }
    ann = make.agent()
    for status, issued in cases:
        make.policy(ann, status=status, issue_date=issued)
    run_etl()
    rows = published.rows("select status, issue_date, is_sale, is_in_force from fct_policy")
    assert {row[:2]: row[2:] for row in rows} == cases


def test_a_followup_lies_in_the_territory_of_its_deal_or_else_of_its_customer(run_etl, published):
    company = make.company()
    ann = company.ann_in_east
    make.followup(ann, lead_id=make.lead(ann, territory_id=company.west.id).id)
    make.followup(ann, customer_id=make.customer(agent=ann, territory_id=company.east.id).id)
    run_etl()
    rows = published.rows("select deal_kind, territory_id from fct_followup order by followup_id")
    assert rows == [("lead", company.west.id), (None, company.east.id)]


def test_stage_changes_of_a_deal_that_is_gone_are_gone(run_etl, published):
    change(999, None, "new")
    change(make.lead().id, None, "new")
    run_etl()
    assert published.one("select count(*) from fct_stage_change") == 1


def test_a_claim_has_incurred_what_is_paid_and_what_is_reserved(run_etl, published):
    policy = make.policy(make.agent())
    make.claim(policy, paid_amount=Decimal("10.10"), reserve_amount=Decimal("0.95"))
    run_etl()
    assert published.one("select incurred_amount from fct_claim") == Decimal("11.05")


def test_an_agent_performance_row_tells_what_the_agent_did_that_day(run_etl, published):
    company = one_of_each()
    run_etl()
    row = published.rows(
        "select * exclude (agent_id) from rpt_agent_performance"
        f" where agent_id = {company.ann_in_east.id} and metric_date = date '2026-03-02'"
    )
    assert row == [
        (
            THE_DAY,
            2,  # leads assigned
            1,  # contacted
            1,  # appointments scheduled
            0,  # completed
            1,  # proposals sent
            1,  # policies sold
            Decimal("1200.60"),  # premium: 12 x 100.05
            Decimal("600.30"),  # commission
            1,  # calls made
            0,  # e-mails sent
            Decimal("50.00"),  # one won of two closed
        )
    ]


def test_a_clawback_lowers_the_commission_of_its_day(run_etl, published):
    ann = make.agent()
    policy = make.policy(ann)
    commission(policy.id, ann.id, "600.30")
    commission(policy.id, ann.id, "-100.10")
    run_etl()
    earned = "select commission_earned from rpt_agent_performance where metric_date = date '2026-03-02'"
    assert published.one(earned) == Decimal("500.20")


def test_every_mart_file_is_built():
    files = {path.stem for path in (sql.HERE / "marts").glob("*.sql")}
    assert files == set(sql.MARTS)
    assert len(sql.marts()) == len(files)


def test_every_staging_file_has_its_source():
    files = {path.stem.removeprefix("stg_") for path in (sql.HERE / "staging").glob("*.sql")}
    assert files == {source.name for source in SOURCES}


def test_no_mart_names_a_status_where_a_flag_exists():
    for mart in sql.marts():
        assert "status = '" not in mart.select, mart.name
