"""The page on which files are imported."""

from __future__ import annotations

import pytest

from core import imports
from tests import factories as make

pytestmark = pytest.mark.page

PAGE = "pages/admin/imports.py"
ACCOUNTS = b"Account,Sector\nNorth Mills,retail\nSouth Yard,mining\n"


@pytest.fixture
def imports_page(app_test, signed_in):
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
    field(app_test.selectbox, "Name *").select("Account").run()
    field(app_test.button, "Import").click().run()
    assert not app_test.exception
    assert "2 created, 0 updated, 0 unchanged, 0 failed." in [one.value for one in app_test.success]
    (run,) = imports.recent_runs(by=company.adam)
    assert (run.state, run.counts.created) == ("done", 2)


def test_columns_that_nothing_uses_are_listed(imports_page):
    app_test, _company = imports_page
    upload(app_test, "accounts.csv", b"Account,Sector,Mood,Shoe size\nNorth Mills,retail,good,9\n")
    map_accounts(app_test)
    assert "Columns that nothing uses: Mood, Shoe size." in [one.value for one in app_test.caption]


def test_a_run_in_which_every_row_failed_does_not_look_done(imports_page):
    app_test, _company = imports_page
    upload(app_test, "accounts.csv", b"Account,Sector\n" + b"x" * 300 + b",retail\n")
    map_accounts(app_test)
    field(app_test.selectbox, "Name *").select("Account").run()
    field(app_test.button, "Import").click().run()
    told = "0 created, 0 updated, 0 unchanged, 1 failed. Nothing was imported."
    assert told in [one.value for one in app_test.warning]
    assert any(
        "state" in one.value and list(one.value["state"]) == [["All rows failed"]]
        for one in app_test.dataframe
    )


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


def test_a_run_is_taken_back(imports_page):
    app_test, company = imports_page
    upload(app_test, "accounts.csv", ACCOUNTS)
    map_accounts(app_test)
    field(app_test.selectbox, "Name *").select("Account").run()
    field(app_test.button, "Import").click().run()
    app_test.session_state["runs"] = {"selection": {"rows": [0], "columns": [], "cells": []}}
    app_test.run()
    field(app_test.button, "Revert").click().run()
    assert not app_test.exception
    (run,) = imports.recent_runs(by=company.adam)
    assert run.state == "reverted"


def test_an_agent_has_no_such_page(app_test, signed_in):
    company = make.company()
    signed_in(app_test, company.ann_in_east)
    with pytest.raises(ValueError, match="imports"):
        app_test.switch_page(PAGE).run()
    assert not app_test.file_uploader
