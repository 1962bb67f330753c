"""The page on which files are imported."""

from __future__ import annotations

import pytest

from core import imports
from core.imports import worker
from pages._ui import format as fmt
from tests import factories as make
from tests.pages.conftest import first_cell_opens
from tests.pages.next_input import as_soon_as_saved

pytestmark = pytest.mark.page

PAGE = "pages/admin/imports.py"
ACCOUNTS = b"Account,Sector\nNorth Mills,retail\nSouth Yard,mining\n"


@pytest.fixture
def imports_page(app_test, signed_in, monkeypatch):
    """What is begun on it is carried out at once, as its process would do it."""
    monkeypatch.setattr("core.imports.begun.launch", worker.carry_out)
    company = make.company()
    return signed_in(app_test, company.admin, page=PAGE), company


def upload(app_test, name: str, content: bytes):
    app_test.file_uploader[0].set_value([(name, content, "text/csv")])
    return app_test.run()


def field(elements, label: str):
    return next(one for one in elements if one.label == label)


def map_accounts(app_test):
    field(app_test.selectbox, "What are its rows?").select("account").run()
    field(app_test.text_input, "Where is it from?").input("old_crm").run()
    return field(app_test.multiselect, "Which columns identify a row?").select("Account").run()


def test_it_is_empty_before_the_first_import(imports_page):
    app_test, _company = imports_page
    assert not app_test.exception
    assert any("Nothing has been imported yet" in one.value for one in app_test.markdown)


def test_columns_are_suggested_by_name_and_the_file_is_imported(imports_page):
    app_test, company = imports_page
    upload(app_test, "accounts.csv", ACCOUNTS)
    map_accounts(app_test)
    assert field(app_test.selectbox, "Industry").value == "Sector"
    field(app_test.selectbox, "Name").select("Account").run()
    field(app_test.button, "Import").click().run()
    assert not app_test.exception
    assert "2 created, 0 updated, 0 unchanged, 0 refused\\." in [one.value for one in app_test.success]
    (run,) = imports.recent_runs(by=company.adam)
    assert (run.state, run.counts.created) == ("done", 2)


def test_who_clicks_twice_imports_once_and_is_told_how_it_ended(imports_page, database):
    app_test, company = imports_page
    upload(app_test, "accounts.csv", ACCOUNTS)
    map_accounts(app_test)
    field(app_test.selectbox, "Name").select("Account").run()
    with as_soon_as_saved(database, "import_runs", clicks_again=True):
        field(app_test.button, "Import").click().run()
    assert not app_test.exception
    assert "2 created, 0 updated, 0 unchanged, 0 refused\\." in [one.value for one in app_test.success]
    assert len(imports.recent_runs(by=company.adam)) == 1


def test_columns_that_nothing_uses_are_listed(imports_page):
    app_test, _company = imports_page
    upload(app_test, "accounts.csv", b"Account,Sector,Mood,Shoe_size\nNorth Mills,retail,good,9\n")
    map_accounts(app_test)
    unused = f"Columns that nothing uses: {fmt.plain('Mood, Shoe_size')}."
    assert unused in [one.value for one in app_test.caption]


PEOPLE = b"Lead id,First name,Last name,Source,Phone\n7,Nora,Nowak,Website,212-555-0123\n"


def tables_with(app_test, column: str):
    return [one.value for one in app_test.dataframe if column in one.value]


def test_a_recognised_file_is_previewed_without_an_answer(imports_page):
    app_test, _company = imports_page
    upload(app_test, "spring-fair.csv", PEOPLE)
    assert not app_test.exception
    assert field(app_test.text_input, "Where is it from?").value == "spring-fair"
    assert field(app_test.multiselect, "Which columns identify a row?").value == ["Lead id"]
    assert [list(one["Last name"]) for one in tables_with(app_test, "Last name")] == [["Nowak"]]
    assert "Import" in [one.label for one in app_test.button]


def test_without_a_key_there_is_a_preview_but_no_import(imports_page):
    app_test, _company = imports_page
    upload(app_test, "spring-fair.csv", PEOPLE.replace(b"Lead id", b"Mood"))
    assert [list(one["Last name"]) for one in tables_with(app_test, "Last name")] == [["Nowak"]]
    assert any("choose above which columns identify a row" in one.value for one in app_test.info)
    assert "Import" not in [one.label for one in app_test.button]


def test_fields_that_nothing_fills_are_folded_away(imports_page):
    app_test, _company = imports_page
    upload(app_test, "spring-fair.csv", PEOPLE)
    (more,) = [one for one in app_test.expander if one.label.startswith("More fields")]
    folded = [one.label for one in more.selectbox]
    assert more.label == f"More fields ({len(folded)})"
    assert {"Company", "E-mail"} <= set(folded)
    assert not {"Phone", "First name", "Source"} & set(folded)


def test_a_sample_file_is_offered_for_each_kind(imports_page):
    app_test, _company = imports_page
    field(app_test.selectbox, "Rows are").select("customer").run()
    assert not app_test.exception
    assert "Download" in [one.proto.label for one in app_test.get("download_button")]


def states(app_test):
    return [list(one.value["state"]) for one in app_test.dataframe if "state" in one.value]


def import_lines(app_test, *lines: bytes):
    upload(app_test, "accounts.csv", b"\n".join((b"Account,Sector", *lines)) + b"\n")
    map_accounts(app_test)
    field(app_test.selectbox, "Name").select("Account").run()
    field(app_test.button, "Import").click().run()


def test_a_run_in_which_every_row_failed_does_not_look_done(imports_page):
    app_test, _company = imports_page
    import_lines(app_test, b"x" * 300 + b",retail")
    assert states(app_test) == [[["All rows refused"]]]


def test_a_run_with_refused_rows_says_so_and_gives_them_back(imports_page):
    app_test, _company = imports_page
    import_lines(app_test, b"North Mills,retail", b"x" * 300 + b",retail")
    assert not app_test.exception
    assert any("1 refused" in one.value for one in app_test.warning)
    assert states(app_test) == [[["Done, 1 row refused"]]]
    assert any("reason" in one.value for one in app_test.dataframe)
    assert "Refused rows" in [one.proto.label for one in app_test.get("download_button")]


def test_an_import_under_way_shows_how_far_it_is(imports_page, monkeypatch):
    monkeypatch.setattr("core.imports.begun.launch", lambda _order: None)
    app_test, _company = imports_page
    import_lines(app_test, b"North Mills,retail")
    assert not app_test.exception
    assert "accounts\\.csv: waits for its turn" in [bar.proto.text for bar in app_test.get("progress")]
    assert states(app_test) == [[["Waiting"]]]


def test_a_date_column_needs_its_format_before_anything_is_shown(imports_page):
    app_test, _company = imports_page
    upload(app_test, "deals.csv", b"Id,Name,Close date\n1,Roof,01/02/2017\n")
    field(app_test.selectbox, "What are its rows?").select("opportunity").run()
    field(app_test.text_input, "Where is it from?").input("old_crm").run()
    field(app_test.multiselect, "Which columns identify a row?").select("Id").run()
    assert any("dates are never guessed" in str(one.proto) for one in app_test.error)
    assert "Import" not in [one.label for one in app_test.button]


def test_a_file_that_cant_be_read_is_refused_in_words(imports_page):
    app_test, _company = imports_page
    upload(app_test, "accounts.csv", b"PK\x03\x04 a workbook")
    assert not app_test.exception
    assert any("is an Excel workbook" in str(one.proto) for one in app_test.error)


def open_the_run(app_test):
    import_lines(app_test, b"North Mills,retail", b",mining")
    app_test.session_state["runs"] = {"selection": {"rows": [0], "columns": [], "cells": []}}
    return app_test.run()


def in_dialog(app_test):
    (dialog,) = app_test.get("dialog")
    return dialog


def test_a_run_is_told_in_a_dialog_with_the_rows_that_were_refused(imports_page):
    app_test, company = imports_page
    open_the_run(app_test)
    (run,) = imports.recent_runs(by=company.adam)
    dialog = in_dialog(app_test)
    assert dialog.proto.dialog.title == f"Run {run.id}\\: accounts\\.csv"
    assert "1 created, 0 updated, 0 unchanged, 1 refused" in dialog.markdown[0].value
    assert first_cell_opens(app_test.dataframe[-2])  # the runs, before what failed in this one
    (failures,) = dialog.dataframe
    assert set(failures.value["line"]) == {3}


def test_taking_back_asks_first_and_names_what_goes(imports_page):
    app_test, company = imports_page
    open_the_run(app_test)
    field(app_test.button, "Take back").click().run()
    assert "accounts\\.csv created or changed 1 account\\." in [
        one.value for one in in_dialog(app_test).markdown
    ]
    (run,) = imports.recent_runs(by=company.adam)
    assert run.state == "done"


def test_who_keeps_what_was_imported_is_back_at_the_run(imports_page):
    app_test, company = imports_page
    open_the_run(app_test)
    field(app_test.button, "Take back").click().run()
    field(app_test.button, "Keep them").click().run()
    assert "1 created" in in_dialog(app_test).markdown[0].value
    (run,) = imports.recent_runs(by=company.adam)
    assert run.state == "done"


def test_a_run_is_taken_back_once_that_is_confirmed(imports_page):
    app_test, company = imports_page
    open_the_run(app_test)
    field(app_test.button, "Take back").click().run()
    app_test.button(key="revert.yes").click().run()
    assert not app_test.exception
    (run,) = imports.recent_runs(by=company.adam)
    assert run.state == "reverted"
    assert [one.value for one in app_test.toast] == [f"Run {run.id} is taken back: 1 account."]
    assert not app_test.get("dialog")  # the row is selected no more


def test_an_agent_has_no_such_page(app_test, signed_in):
    company = make.company()
    signed_in(app_test, company.ann_in_east)
    with pytest.raises(ValueError, match="imports"):
        app_test.switch_page(PAGE).run()
    assert not app_test.file_uploader
