"""Running imports: what is stored, what fails and why, repeating, interrupting and reverting."""

from __future__ import annotations

import csv
import io
import signal
import subprocess
import sys
from datetime import date
from decimal import Decimal

import pytest
import xlsxwriter
from sqlalchemy import text

from core import imports
from core.audit import SystemActor
from core.db import unit_of_work
from core.imports import runs, store
from core.imports.actions import failures_csv, revert_run
from core.imports.errors import AlreadyRunning, NotRevertible
from core.imports.mapping import read_mapping
from core.imports.seen import session_beside
from core.imports.store import Counts
from core.kit.errors import NotAllowed
from core.kit.settings import ROOT
from tests import factories as make
from tests.imports.deals import DEALS, HEADER, changed

WON = "1;Roof;Won;North Mills;;01.03.2017;05.03.2017;1.250,50;"
LOST = "2;Barn;Lost;South Yard;;02.03.2017;06.03.2017;0;Not now"
OPEN = "3;Shed;Open;;;;;;"
TALKS = "4;Mill;Talks;North Mills;;03.03.2017;;;"


def rows(database, statement: str, **values: object) -> list[tuple[object, ...]]:
    with database.connect() as connection:
        return [tuple(row) for row in connection.execute(text(statement), values)]


def deals(database) -> list[tuple[object, ...]]:
    return rows(
        database,
        "select o.name, o.stage::text, a.name, o.opened_on, o.closed_on, o.won_value"
        " from opportunities o left join accounts a on a.id = o.account_id order by o.id",
    )


def reasons(result) -> list[tuple[int, str | None, str]]:
    return [(one.line, one.column, one.reason) for one in result.failures]


def test_rows_land_as_deals_with_their_accounts(database, bring, deals_file):
    result = bring(deals_file(WON, LOST, OPEN))
    assert (result.state, result.counts) == ("done", Counts(read=3, created=3))
    assert deals(database) == [
        ("Roof", "closed_won", "North Mills", date(2017, 3, 1), date(2017, 3, 5), Decimal("1250.50")),
        ("Barn", "closed_lost", "South Yard", date(2017, 3, 2), date(2017, 3, 6), None),
        ("Shed", "prospecting", None, None, None, None),
    ]


def test_a_deal_has_its_history_at_the_dates_that_the_file_tells(database, bring, deals_file):
    bring(deals_file(WON))
    assert rows(
        database,
        "select from_status, to_status, (at at time zone 'America/New_York')::date, actor_role"
        " from status_history order by id",
    ) == [
        (None, "prospecting", date(2017, 3, 1), "system"),
        ("prospecting", "qualification", date(2017, 3, 1), "system"),
        ("qualification", "closed_won", date(2017, 3, 5), "system"),
    ]


def test_being_lost_is_no_progress(database, bring, deals_file):
    bring(deals_file(LOST))
    assert rows(database, "select furthest_stage::text from opportunities") == [("qualification",)]


@pytest.mark.parametrize(
    ("line", "column", "reason"),
    [
        ("1;;Open;;;;;;", "name", "It is empty and needed."),
        (";Roof;Open;;;;;;", "id", "The key is empty."),
        ("1;Roof;Maybe;;;;;;", "stage", "It is none of: closed_lost, closed_won,"),
        (
            "1;Roof;Talks;;;2017-03-01;;;",
            "opened",
            "Opened on: It is no date like 31.12.2026 (day.month.year).",
        ),
        (
            "1;Roof;Talks;;;31.02.2017;;;",
            "opened",
            "Opened on: It is no date like 31.12.2026 (day.month.year).",
        ),
        ("1;Roof;Talks;;;01.03.2999;;;", "opened", "Opened on: The date must lie between"),
        ("1;Roof;Talks;;Nobody N;;;;", "owner", "There is no user “Nobody N”."),
        ("1;Roof;Won;A;;;05.03.2017;12.50;", "value", "Won value: “.” does not separate thousands"),
        ("1;Roof;Won;A;;;05.03.2017;-1;", "value", "Won value: It is negative."),
        ("1;Roof;Won;A;;;05.03.2017;1,005;", "value", "Won value: It has more than two decimals."),
        ("1;Roof;Won;A;;;05.03.2017;NaN;", "value", "Won value: It is no number."),
        ("1;Roof;Won;A;;;05.03.2017;1E+05;", "value", "Won value: It is no number in the form"),
        ("1;Roof;Won;A;;;05.03.2017;1_000;", "value", "Won value: It is no number in the form"),
        ("1;Roof;Won;A;;;05.03.2017;12$34,50;", "value", "Won value: It is no number in the form"),
        ("1;Roof;Won;A;;;05.03.2017;١٢٣;", "value", "Won value: It is no number."),
        ("1;Roof;Won;A;;;05.03.2017;;", "value", "Won value: A won opportunity needs the value"),
        ("1;Roof;Won;;;;05.03.2017;5;", "account", "A won opportunity needs its account"),
        ("1;Roof;Won;A;;;;5;", "closed", "Closed on: A closed one needs its close date."),
        ("1;Roof;Won;A;;;05.03.2999;5;", "closed", "Closed on: The close date lies in the future."),
        ("1;Roof;Won;A;;06.03.2017;05.03.2017;5;", "closed", "Closed on: It closes before it begins"),
        ("1;Roof;Open;A;;;05.03.2017;;", "closed", "Closed on: It has a close date but is still open."),
        ("1;Roof;Lost;A;;;05.03.2017;;", "why", "Lost reason: A lost one needs its reason."),
        ("1;Roof;Lost;A;;;05.03.2017;;Bad luck", "why", "Lost reason: There is no lost reason “Bad luck”."),
        (
            "1;Roof;Lost;A;;;05.03.2017;;Other",
            None,
            "Note on the loss: The reason is of the category other",
        ),
        ("1;Roof", None, "It has 2 cells, fewer than the header's 9."),
    ],
)
def test_a_row_that_breaks_a_rule_fails_with_its_reason(line, column, reason, database, bring, deals_file):
    result = bring(deals_file(line, OPEN))
    assert result.counts == Counts(read=2, created=1, failed=1)
    ((found_line, found_column, told),) = reasons(result)
    assert (found_line, found_column) == (2, column)
    assert told.startswith(reason)


def test_a_lost_deal_has_no_agreed_value(bring, deals_file):
    always = {"column": "value", "decimal": ",", "thousands": "."}
    result = bring(deals_file("1;Roof;Lost;A;;;05.03.2017;7;Not now"), fields=changed(won_value=always))
    assert reasons(result) == [(2, "value", "Won value: It is given, but the opportunity is Lost.")]


def test_every_problem_of_a_row_is_told_at_once(bring, deals_file):
    result = bring(deals_file("1;;Maybe;;;x;;;"))
    assert [column for _line, column, _reason in reasons(result)] == ["name", "stage", "opened"]
    assert result.counts.failed == 1


def test_two_accounts_of_one_name_are_not_chosen_between(bring, deals_file):
    make.account(name="Twin")
    make.account(name="Twin")
    assert reasons(bring(deals_file("1;Roof;Talks;Twin;;;;;"))) == [
        (2, "account", "2 accounts are called “Twin”; use the code.")
    ]


def test_what_is_missing_is_created_only_where_the_mapping_says_so(database, bring, deals_file):
    from_file = {"column": "account"}
    result = bring(deals_file("1;Roof;Talks;New Co;;;;;"), fields=changed(account=from_file))
    assert reasons(result) == [(2, "account", "There is no account “New Co”.")]
    assert rows(database, "select count(*) from accounts") == [(0,)]


def test_an_owner_brings_their_territory(database, bring, deals_file):
    company = make.company()
    bring(deals_file("1;Roof;Talks;;Ann Agent;;;;"))
    assert rows(database, "select assigned_to, territory_id from opportunities") == [
        (company.ann_in_east.id, company.east.id)
    ]


def test_formulas_and_markup_are_stored_as_the_text_they_are(database, bring, deals_file):
    bring(deals_file("1;=cmd|' /C calc'!A0;Open;<script>alert(1)</script>;;;;;"))
    assert rows(database, "select name from opportunities") == [("=cmd|' /C calc'!A0",)]
    assert rows(database, "select name from accounts") == [("<script>alert(1)</script>",)]


def test_a_second_run_of_the_same_file_neither_loses_nor_doubles(database, bring, deals_file):
    path = deals_file(WON, LOST, OPEN)
    bring(path)
    before = deals(database)
    assert bring(path).counts == Counts(read=3, unchanged=3)
    assert deals(database) == before


def test_a_second_run_leaves_alone_what_was_done_here_since(database, bring, deals_file):
    path = deals_file(TALKS)
    bring(path)
    with database.begin() as connection:
        connection.execute(text("update opportunities set name = 'Mill II', version = version + 1"))
    assert bring(path).counts.unchanged == 1
    assert rows(database, "select name from opportunities") == [("Mill II",)]


def test_a_row_that_says_something_new_changes_its_record_and_a_blank_leaves_it(
    database, bring, deals_file
):
    bring(deals_file(TALKS))
    result = bring(deals_file("4;Mill;Won;;;03.03.2017;09.03.2017;99,00;"))
    assert reasons(result) == [(2, "account", "A won opportunity needs its account, customer or lead.")]
    result = bring(deals_file("4;Big mill;Won;North Mills;;;09.03.2017;99,00;"))
    assert result.counts == Counts(read=1, updated=1)
    assert deals(database) == [
        ("Big mill", "closed_won", "North Mills", date(2017, 3, 3), date(2017, 3, 9), Decimal("99.00"))
    ]
    assert rows(database, "select to_status from status_history order by id")[-1] == ("closed_won",)


def test_a_file_does_not_reopen_what_is_closed_here(database, bring, deals_file):
    bring(deals_file(WON))
    result = bring(deals_file("1;Roof;Talks;North Mills;;01.03.2017;;;"))
    assert reasons(result) == [(2, None, "It is Won here; an import does not reopen it.")]
    assert deals(database)[0][1] == "closed_won"


def test_a_line_that_repeats_another_is_stored_once_and_one_that_contradicts_it_fails(
    database, bring, deals_file
):
    result = bring(deals_file(OPEN, OPEN, "3;Another;Open;;;;;;"), chunk=2)
    assert result.counts == Counts(read=3, created=1, unchanged=1, failed=1)
    assert reasons(result) == [(4, None, "Line 2 has the same key and says something else.")]


def test_a_file_taken_whole_is_not_begun_when_a_row_fails(database, bring, deals_file):
    result = bring(deals_file(WON, "2;;Open;;;;;;", OPEN), on_error="stop", chunk=1)
    assert (result.state, result.counts) == ("refused", Counts(read=3, failed=1))
    assert deals(database) == []
    assert rows(database, "select line, reason from import_errors") == [(3, "It is empty and needed.")]


def test_a_file_taken_whole_is_stored_when_every_row_is_good(database, bring, deals_file):
    assert bring(deals_file(WON, OPEN), on_error="stop").counts == Counts(read=2, created=2)


def test_a_trial_counts_what_would_happen_and_writes_nothing(database, deals_file):
    mapping = read_mapping(DEALS)
    job = runs.prepare(deals_file(WON, LOST, "9;;Open;;;;;;"), mapping, actor=SystemActor())
    assert runs.try_out(job).counts == Counts(read=3, created=2, failed=1)
    for table in ("opportunities", "accounts", "import_runs", "import_errors", "import_keys", "audit_log"):
        assert rows(database, f"select count(*) from {table}") == [(0,)], table


def test_a_preview_shows_how_the_first_rows_land(database, deals_file):
    company = make.company()
    shown = imports.preview(deals_file(WON, "9;;Open;;;;;;"), DEALS, by=company.adam)
    ((line, values),) = shown.rows
    assert line == 2
    assert dict(zip(shown.labels, values, strict=True))["Account"] == "North Mills"
    assert [(one.line, one.column) for one in shown.failures] == [(3, "name")]
    assert rows(database, "select count(*) from accounts") == [(0,)]


LEADS = {
    "entity": "lead",
    "source": "fair",
    "key": ["id"],
    "fields": {
        name: {"column": name}
        for name in ("first_name", "last_name", "email", "phone", "source", "expected_premium")
    },
}


def test_every_wrong_field_of_a_row_is_told(database, tmp_path):
    path = tmp_path / "leads.csv"
    path.write_text(
        "id,first_name,last_name,email,phone,source,expected_premium\n1,,Nowak,nope,abc,Martians,-5\n"
    )
    shown = imports.preview(path, LEADS, by=make.company().adam)
    assert {(one.line, one.column) for one in shown.failures} == {
        (2, name) for name in ("first_name", "email", "phone", "source", "expected_premium")
    }


def test_nothing_is_created_on_the_way_to_a_refused_row(database, bring, deals_file):
    result = bring(deals_file("9;;Open;North Mills;;;;;"))
    assert result.counts.failed == 1
    assert rows(database, "select count(*) from accounts") == [(0,)]


class Killed(BaseException):
    """Stands for the end of the process."""


def test_a_run_that_is_cut_off_keeps_whole_chunks_and_the_next_run_completes_it(
    database, bring, deals_file
):
    path = deals_file(WON, LOST, OPEN, TALKS)
    job = runs.prepare(path, read_mapping(DEALS), actor=SystemActor())

    def cut(progress):
        if progress.done == 2:
            raise Killed

    with pytest.raises(Killed):
        runs.execute(runs.Job(job.file, job.mapping, SystemActor(), "deals.csv", chunk=1), report=cut)
    assert rows(database, "select state, rows_created from import_runs") == [("interrupted", 2)]
    assert bring(path).counts == Counts(read=4, created=2, unchanged=2)
    assert len(deals(database)) == 4


KILLED_AFTER_TWO_ROWS = """
import os, signal, sys
from pathlib import Path
import core.db
from core.audit import SystemActor
from core.imports import runs
from core.imports.mapping import read_mapping
from tests.imports.deals import DEALS
core.db.bind(sys.argv[1])
job = runs.prepare(Path(sys.argv[2]), read_mapping(DEALS), actor=SystemActor())
job = runs.Job(job.file, job.mapping, job.actor, job.name, chunk=1)
runs.execute(job, report=lambda done: done.done == 2 and os.kill(os.getpid(), signal.SIGKILL))
"""


def test_a_process_that_is_killed_outright_loses_and_doubles_nothing(database, db_url, bring, deals_file):
    path = deals_file(WON, LOST, OPEN, TALKS)
    command = [sys.executable, "-c", KILLED_AFTER_TWO_ROWS, db_url, str(path)]
    killed = subprocess.run(command, cwd=ROOT, check=False, capture_output=True)
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    assert rows(database, "select state, rows_created from import_runs") == [("running", 2)]
    assert bring(path).counts == Counts(read=4, created=2, unchanged=2)
    assert [deal[0] for deal in deals(database)] == ["Roof", "Barn", "Shed", "Mill"]
    assert rows(database, "select state from import_runs order by id") == [("interrupted",), ("done",)]
    assert rows(database, "select count(*) from status_history") == [(3 + 3 + 1 + 2,)]


def test_a_run_that_was_killed_is_found_by_the_next_one(database, bring, deals_file):
    path = deals_file(OPEN)
    bring(path)
    with database.begin() as connection:
        connection.execute(text("update import_runs set state = 'running', finished_at = null"))
    bring(path)
    assert rows(database, "select state from import_runs order by id") == [("interrupted",), ("done",)]


def test_two_imports_from_one_source_do_not_run_at_once(database, bring, deals_file):
    with session_beside(read_mapping(DEALS).spec, "old_crm"), pytest.raises(AlreadyRunning):
        bring(deals_file(OPEN))


def revert(result) -> dict[str, int]:
    with unit_of_work() as session:
        run = store.run(session, result.run_id, None)
    return revert_run(run, actor=SystemActor())


def test_a_revert_removes_what_a_run_created(database, bring, deals_file):
    result = bring(deals_file(WON, LOST, OPEN))
    assert revert(result) == {"opportunity": 3, "account": 2}
    for table in ("opportunities", "accounts", "import_keys", "imported_rows"):
        assert rows(database, f"select count(*) from {table}") == [(0,)], table
    assert rows(database, "select state from import_runs") == [("reverted",)]


def test_a_reverted_file_can_be_imported_again(bring, deals_file):
    path = deals_file(WON, OPEN)
    revert(bring(path))
    assert bring(path).counts == Counts(read=2, created=2)


def test_a_revert_puts_back_what_a_run_changed(database, bring, deals_file):
    bring(deals_file(TALKS))
    before = deals(database)
    second = bring(deals_file("4;Big mill;Won;North Mills;;;09.03.2017;99,00;"))
    revert(second)
    assert deals(database) == before
    assert bring(deals_file(TALKS)).counts.unchanged == 1


def test_a_revert_is_refused_when_a_record_was_changed_since(database, bring, deals_file):
    result = bring(deals_file(WON, OPEN))
    with database.begin() as connection:
        connection.execute(
            text("update opportunities set notes = 'x', version = version + 1 where name = 'Shed'")
        )
    with pytest.raises(NotRevertible, match="1 opportunities of this run have been changed since: O-"):
        revert(result)
    assert len(deals(database)) == 2


def test_a_revert_is_refused_when_something_hangs_on_a_record(database, bring, deals_file):
    company = make.company()
    result = bring(deals_file(TALKS))
    ((deal,),) = rows(database, "select id from opportunities")
    make.followup(company.ann_in_east, opportunity_id=deal)
    with pytest.raises(NotRevertible, match="used by followups"):
        revert(result)
    assert len(deals(database)) == 1


def test_a_run_is_reverted_once(bring, deals_file):
    result = bring(deals_file(OPEN))
    revert(result)
    with pytest.raises(NotRevertible, match="has been reverted already"):
        revert(result)


def test_failing_rows_are_given_back_with_their_own_columns_and_run_no_formula(bring, deals_file):
    result = bring(deals_file("1;=1+1;Maybe;;;;;;", "2;Roof"))
    target = io.StringIO()
    failures_csv(result.run_id, target)
    told = list(csv.reader(io.StringIO(target.getvalue())))
    assert told[0] == ["line", "column", "value", "reason", *HEADER.split(";")]
    assert told[1][:3] == ["2", "stage", "Maybe"]
    assert told[1][4:6] == ["1", "'=1+1"]
    assert told[2][4:] == ["2", "Roof"]


def test_a_row_that_the_database_itself_refuses_fails_alone(database, bring, tmp_path):
    make.product(product_code="P-1")
    path = tmp_path / "products.csv"
    path.write_text("code,name\nP-0,Zero\nP-1,One\nP-2,Two\n", encoding="utf-8")
    constants = {
        "category": "auto",
        "min_sum_assured": "1",
        "max_sum_assured": "2",
        "min_age": "18",
        "max_age": "80",
        "commission_year1": "1",
        "commission_year2": "1",
        "commission_renewal": "1",
    }
    result = bring(
        path,
        entity="product",
        key=["code"],
        fields={
            "product_code": {"column": "code"},
            "name": {"column": "name"},
            **{name: {"constant": told} for name, told in constants.items()},
        },
    )
    assert result.counts == Counts(read=3, created=2, failed=1)
    assert [one.line for one in result.failures] == [3]
    assert "Another record has the same" in result.failures[0].reason


def test_leads_come_in_by_the_rules_of_their_form(database, bring, tmp_path):
    path = tmp_path / "leads.csv"
    path.write_text(
        "id,first,last,mail,phone,source\n"
        "1,Lena,Low,Lena@Example.COM,(212) 555-0123,Referral\n"
        "2,Max,12,max@example.com,,Referral\n"
        "3,Mia,Moon,not an address,12,Referral\n",
        encoding="utf-8",
    )
    result = bring(
        path,
        entity="lead",
        fields={
            "first_name": {"column": "first"},
            "last_name": {"column": "last"},
            "email": {"column": "mail"},
            "phone": {"column": "phone"},
            "source": {"column": "source"},
        },
    )
    assert rows(database, "select first_name, email, phone, status::text from leads") == [
        ("Lena", "Lena@example.com", "+1 212-555-0123", "new")
    ]
    assert [(line, column) for line, column, _reason in reasons(result)] == [
        (3, "last"),
        (4, "mail"),
        (4, "phone"),
    ]


def test_a_manager_imports_for_their_own_team_only(start, deals_file):
    company = make.company()
    path = deals_file("1;Roof;Talks;;Ann Agent;;;;", "2;Barn;Talks;;Walt Western;;;;")
    result = start(path, DEALS, by=company.erin)
    assert result.counts == Counts(read=2, created=1, failed=1)
    assert reasons(result) == [(3, "owner", "Its owner is not in your team.")]


def test_a_preview_tells_what_is_wrong_in_the_order_of_the_file(database, deals_file):
    company = make.company()
    path = deals_file("1;Roof;Talks;;Nobody Known;;;;", "2;Barn;Talks;;;31.02.2017;;;")
    found = imports.preview(path, DEALS, by=company.adam)
    assert [one.line for one in found.failures] == [2, 3]


def test_a_manager_is_told_that_their_rows_have_no_owner(start, deals_file):
    company = make.company()
    path = deals_file("1;Roof;Talks;;;;;;")
    result = start(path, DEALS, by=company.erin)
    assert reasons(result) == [(2, "owner", "It is empty, and the row needs an owner in your team.")]


def test_a_manager_is_told_to_map_an_owner(start, deals_file):
    company = make.company()
    content = {**DEALS, "fields": changed(owner=None)}
    result = start(deals_file("1;Roof;Talks;;;;;;"), content, by=company.erin)
    assert reasons(result) == [
        (2, None, "No owner: map a column to Owner, or choose the same owner for every row.")
    ]


def test_a_manager_does_not_find_the_accounts_of_others(start, deals_file):
    company = make.company()
    make.account(name="West Co", agent_id=company.walt_in_west.id, territory_id=company.west.id)
    content = {**DEALS, "fields": changed(account={"column": "account"})}
    result = start(deals_file("1;Roof;Talks;West Co;Ann Agent;;;;"), content, by=company.erin)
    assert reasons(result) == [(2, "account", "There is no account “West Co”.")]


def test_importing_products_takes_the_permission_to_manage_them(start, tmp_path):
    company = make.company()
    path = tmp_path / "reasons.csv"
    path.write_text("name\nToo far away\n", encoding="utf-8")
    content = {
        "entity": "lost_reason",
        "source": "crm",
        "key": ["name"],
        "fields": {"name": {"column": "name"}, "category": {"constant": "other"}},
    }
    with pytest.raises(NotAllowed):
        start(path, content, by=company.erin)
    assert start(path, content, by=company.adam).counts.created == 1


def test_a_manager_sees_their_own_runs_and_an_administrator_all(start, deals_file):
    company = make.company()
    start(deals_file("1;Roof;Talks;;Walt Western;;;;"), DEALS, by=company.wade)
    assert len(imports.recent_runs(by=company.wade)) == 1
    assert imports.recent_runs(by=company.erin) == []
    assert len(imports.recent_runs(by=company.adam)) == 1


def test_a_template_is_saved_found_and_replaced(database):
    company = make.company()
    imports.save_template("Old CRM", DEALS, by=company.adam)
    imports.save_template("Old CRM", {**DEALS, "source": "older_crm"}, by=company.adam)
    (saved,) = [one for one in imports.templates(by=company.adam) if one.name == "Old CRM"]
    assert saved.mapping["source"] == "older_crm"


def test_an_import_leaves_one_audit_row_a_step(database, bring, deals_file):
    bring(deals_file(WON, LOST, OPEN), chunk=2)
    assert rows(database, "select action from audit_log order by id") == [
        ("imports.start",),
        ("imports.chunk",),
        ("imports.chunk",),
        ("imports.end",),
    ]


def test_a_workbook_brings_its_own_dates_and_amounts(database, bring, tmp_path):
    path = tmp_path / "deals.xlsx"
    book = xlsxwriter.Workbook(str(path), {"strings_to_formulas": False})
    day = book.add_format({"num_format": "dd.mm.yyyy"})
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, HEADER.split(";"))
    sheet.write_row(1, 0, [1, "Roof", "Won", "North Mills", ""])
    sheet.write_datetime(1, 5, date(2017, 3, 1), day)
    sheet.write_datetime(1, 6, date(2017, 3, 5), day)
    sheet.write_number(1, 7, 1250.5)
    sheet.write_string(1, 8, "")
    book.close()
    won_value = {"column": "value", "when": {"stage": ["closed_won"]}}
    assert bring(path, fields=changed(won_value=won_value)).failures == ()
    assert deals(database) == [
        ("Roof", "closed_won", "North Mills", date(2017, 3, 1), date(2017, 3, 5), Decimal("1250.50"))
    ]


def test_customers_come_in_by_the_rules_of_their_form(database, bring, tmp_path):
    path = tmp_path / "customers.csv"
    path.write_text(
        "id,first,last,born,sex,phone,street,city,state,zip\n"
        "1,Lena,Low,03/31/1980,Female,212-555-0123,1 Main St,Albany,New York,12207\n"
        "2,Max,Moon,03/31/2980,Male,212-555-0124,2 Main St,Albany,New York,12207\n",
        encoding="utf-8",
    )
    names = {
        "first_name": "first",
        "last_name": "last",
        "gender": "sex",
        "phone": "phone",
        "address": "street",
        "city": "city",
        "state": "state",
        "postal_code": "zip",
    }
    result = bring(
        path,
        entity="customer",
        fields={
            **{field: {"column": column} for field, column in names.items()},
            "date_of_birth": {"column": "born", "date_format": "%m/%d/%Y"},
        },
    )
    assert rows(
        database, "select first_name, gender::text, date_of_birth, phone_primary, country from customers"
    ) == [("Lena", "female", date(1980, 3, 31), "+1 212-555-0123", "USA")]
    assert [(line, column) for line, column, _reason in reasons(result)] == [(3, "born")]
