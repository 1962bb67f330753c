"""The page that refreshes the data."""

from __future__ import annotations

import pytest

from core import jobs
from core.access import Role
from core.kit.dates import utc_now
from tests import factories as make
from tests.pages.conftest import first_cell_opens

pytestmark = pytest.mark.page

PAGE = "pages/admin/refresh.py"


@pytest.fixture
def adam(database):
    return make.user(Role.ADMIN, name="Adam Admin")


@pytest.fixture(autouse=True)
def not_launched(monkeypatch):
    monkeypatch.setattr("core.jobs.actions._launch", lambda _run_id: None)


def the_button(at):
    return next(button for button in at.button if button.label == "Refresh now")


def test_before_the_first_refresh_there_are_no_figures(app_test, signed_in, adam):
    at = signed_in(app_test, adam, page=PAGE)
    assert not at.exception
    assert [title.value for title in at.title] == ["Refresh data"]
    assert "There are no figures yet." in [caption.value for caption in at.caption]


def test_refresh_now_starts_one_and_shows_how_far_it_is(app_test, signed_in, adam):
    at = signed_in(app_test, adam, page=PAGE)
    the_button(at).click().run()
    assert not at.exception
    run = jobs.current_refresh(by=make.viewer(adam))
    assert run is not None
    assert the_button(at).disabled


def test_the_last_runs_are_listed_with_what_happened(app_test, signed_in, adam):
    run_id = jobs.start_refresh(by=make.viewer(adam))
    jobs.fail_run(run_id, message="The disk is full.", now=utc_now())
    at = signed_in(app_test, adam, page=PAGE)
    assert not at.exception
    [runs] = at.dataframe
    assert runs.value["message"].tolist() == ["The disk is full."]
    assert any("failed" in warning.value or "figures" in warning.value for warning in at.warning)
    assert not the_button(at).disabled


def test_a_run_that_failed_says_why_where_it_is_opened(app_test, signed_in, adam):
    run_id = jobs.start_refresh(by=make.viewer(adam))
    jobs.fail_run(run_id, message="The disk is full.", now=utc_now())
    at = signed_in(app_test, adam, page=PAGE)
    at.session_state["runs"] = {"selection": {"rows": [0], "columns": [], "cells": []}}
    at.run()
    (dialog,) = at.get("dialog")
    assert "The disk is full\\." in [one.value for one in dialog.markdown]


def test_a_run_that_is_still_at_work_is_not_told_to_have_ended(app_test, signed_in, adam):
    jobs.start_refresh(by=make.viewer(adam))
    at = signed_in(app_test, adam, page=PAGE)
    at.session_state["runs"] = {"selection": {"rows": [0], "columns": [], "cells": []}}
    at.run()
    (dialog,) = at.get("dialog")
    assert "It is still at work; it compares at its end" in "".join(
        one.value for kind in (dialog.caption, dialog.markdown) for one in kind
    )
    assert at.dataframe[0].value["took"].isna().all()


def test_what_a_run_compared_is_told_in_words(app_test, signed_in, adam):
    run_id = jobs.start_refresh(by=make.viewer(adam))
    checks = {"agent_performance_metrics": {"rows": 1204, "sums": {"premium_collected": "437085.01"}}}
    jobs.note_published(run_id, version="20261121T101500Z-1", rows_copied=1204, checks=checks)
    at = signed_in(app_test, adam, page=PAGE)
    at.session_state["runs"] = {"selection": {"rows": [0], "columns": [], "cells": []}}
    at.run()
    assert not at.exception
    assert first_cell_opens(at.dataframe[0])
    runs, compared = (one.value for one in at.dataframe)
    assert runs["compared"].tolist() == ["1 table"]
    (dialog,) = at.get("dialog")
    assert [one.value.equals(compared) for one in dialog.dataframe] == [True]
    assert "version" not in runs.columns
    assert compared["table"].tolist() == ["Agent performance metrics"]
    assert compared["sums"].tolist() == ["Premium collected 437,085.01"]
