"""A real pipeline by the templates that ship, against figures computed elsewhere."""

from __future__ import annotations

import json
from decimal import ROUND_HALF_UP, Decimal

import pytest
from sqlalchemy import Engine, text

from core.audit import SystemActor
from core.db import unit_of_work
from core.imports import cli, runs, shipped, store
from core.imports.actions import revert_run
from core.imports.store import Counts
from core.kit.settings import ROOT

DATA = ROOT.parent / "shared" / "data"
FOLDER = DATA / "maven_crm"
READ = {"product": 7, "account": 85, "agent": 35, "opportunity": 8800}
EMPTIED = (
    "opportunities",
    "accounts",
    "products",
    "agents",
    "agent_assignments",
    "users",
    "territories",
    "import_keys",
    "imported_rows",
)

pytestmark = pytest.mark.skipif(
    not FOLDER.exists(), reason="the public data are not beside the checkout (../shared/data/maven_crm)"
)


def bring_all() -> dict[str, runs.Result]:
    results = {}
    for path, part in shipped.parts_in(FOLDER, "maven_crm"):
        mapping = shipped.mappings()[part.template]
        results[mapping.entity] = runs.execute(runs.prepare(path, mapping, actor=SystemActor()))
    return results


@pytest.fixture(scope="module")
def expected():
    return json.loads((DATA / "reference_shared.json").read_text(encoding="utf-8"))["maven_crm"]


@pytest.fixture
def maven(database) -> Engine:
    for entity, result in bring_all().items():
        assert result.counts == Counts(read=READ[entity], created=READ[entity]), result.failures
    return database


def rows(database: Engine, statement: str) -> list[tuple[object, ...]]:
    with database.connect() as connection:
        return [tuple(row) for row in connection.execute(text(statement))]


def by_key(database: Engine, statement: str) -> dict[object, object]:
    return dict(rows(database, statement))


def test_every_row_lands_with_the_published_figures(maven, expected):
    stages = by_key(maven, "select stage::text, count(*) from opportunities group by 1")
    assert stages == {
        "closed_won": expected["stages"]["Won"],
        "closed_lost": expected["stages"]["Lost"],
        "qualification": 1589,
        "prospecting": 500,
    }
    won, total, middle = rows(
        maven,
        "select count(*), sum(won_value), percentile_cont(0.5) within group (order by won_value)"
        " from opportunities where stage = 'closed_won'",
    )[0]
    assert (won, total, middle) == (4238, Decimal("10005534.00"), 1117)


def test_offices_managers_and_quarters_have_their_published_values(maven):
    assert by_key(
        maven,
        "select t.name, sum(o.won_value) from opportunities o join territories t on t.id = o.territory_id"
        " where o.stage = 'closed_won' group by 1",
    ) == {"Central": Decimal(3346293), "East": Decimal(3090594), "West": Decimal(3568647)}
    assert by_key(
        maven,
        "select to_char(closed_on, 'YYYY\"Q\"Q'), sum(won_value) from opportunities"
        " where stage = 'closed_won' group by 1",
    ) == {
        "2017Q1": Decimal(1134672),
        "2017Q2": Decimal(3086111),
        "2017Q3": Decimal(2982255),
        "2017Q4": Decimal(2802496),
    }


def test_every_manager_has_the_published_won_value(maven, expected):
    found = by_key(
        maven,
        "select m.first_name || ' ' || m.last_name, sum(o.won_value) from opportunities o"
        " join agents a on a.user_id = o.assigned_to join users m on m.id = a.reporting_manager_id"
        " where o.stage = 'closed_won' group by 1",
    )
    assert found == {name: Decimal(str(value)) for name, value in expected["by_manager"].items()}


def test_the_mean_days_to_close_are_the_published_ones(maven):
    found = by_key(
        maven,
        "select stage::text, avg(closed_on - opened_on) from opportunities"
        " where closed_on is not null group by 1",
    )
    mean = {stage: Decimal(days).quantize(Decimal("0.01"), ROUND_HALF_UP) for stage, days in found.items()}
    assert mean == {"closed_won": Decimal("51.78"), "closed_lost": Decimal("41.48")}


def test_no_row_is_dropped_for_a_blank_or_a_misspelt_name(maven):
    assert rows(maven, "select count(*) from opportunities where account_id is null") == [(1425,)]
    assert rows(maven, "select count(*) from opportunities where opened_on is null") == [(500,)]
    assert rows(maven, "select count(*) from opportunities where product_id is null") == [(0,)]
    assert rows(
        maven,
        "select count(*) from opportunities o join products p on p.id = o.product_id"
        " where p.name = 'GTX Pro'",
    ) == [(1480,)]
    assert rows(maven, "select count(*) from accounts where industry = 'technolgy'") == [(0,)]


def test_every_lost_deal_has_a_reason_and_its_note(maven):
    assert rows(
        maven,
        "select distinct r.name, r.category::text, o.lost_note from opportunities o"
        " join lost_reasons r on r.id = o.lost_reason_id",
    ) == [("Not stated in the source", "other", "The imported file gives no reason.")]


def test_nobody_who_was_imported_can_sign_in(maven):
    assert rows(maven, "select role::text, count(*) from users group by 1 order by 1") == [
        ("agent", 35),
        ("manager", 6),
    ]
    assert rows(maven, "select distinct password_hash, must_change_password from users") == [("!", True)]


def test_a_second_run_changes_nothing(maven):
    for entity, result in bring_all().items():
        assert result.counts == Counts(read=READ[entity], unchanged=READ[entity])
    assert rows(maven, "select count(*) from opportunities") == [(8800,)]


def test_reverting_every_run_leaves_the_database_as_it_was(database):
    before = {table: rows(database, f"select count(*) from {table}") for table in EMPTIED}
    reasons = rows(database, "select name from lost_reasons order by 1")
    for result in reversed(bring_all().values()):
        with unit_of_work() as session:
            run = store.run(session, result.run_id, None)
        revert_run(run, actor=SystemActor())
    assert {table: rows(database, f"select count(*) from {table}") for table in EMPTIED} == before
    assert rows(database, "select name from lost_reasons order by 1") == reasons


def test_the_command_imports_lists_and_reverts(database, capsys):
    assert cli.main([str(FOLDER), "--template", "maven_crm"]) == 0
    assert "8,800 opportunities read, 8,800 created" in capsys.readouterr().out
    assert cli.main(["--list"]) == 0
    assert "sales_pipeline.csv -> opportunity: 8,800 created" in capsys.readouterr().out
    assert cli.main(["--revert", "4"]) == 0
    assert "Run 4 is reverted: 8,800 opportunity, 1 lost_reason." in capsys.readouterr().out
    assert rows(database, "select count(*) from opportunities") == [(0,)]


def test_a_dry_run_of_the_command_writes_nothing(database, capsys):
    assert cli.main([str(FOLDER / "products.csv"), "--template", "maven_products", "--dry-run"]) == 0
    assert "(dry run, nothing was written): 7 products read, 7 created" in capsys.readouterr().out
    assert rows(database, "select count(*) from products") == [(0,)]
