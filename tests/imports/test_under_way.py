"""Imports go on without the page: in a process of their own, whose end is never silent."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest
from sqlalchemy import text

from core import imports
from core.imports import runs, standing, store, worker
from core.imports.begun import end_dead_runs, launch
from core.imports.errors import AlreadyRunning, BadMapping, Stopped
from core.imports.mapping import read_mapping
from core.kit import detached
from tests import factories as make
from tests.imports.deals import DEALS

SECONDS = 60
ROOF, BARN = "1;Roof;Talks;;Ann Agent;;;;", "2;Barn;Talks;;Ann Agent;;;;"


@pytest.fixture
def company(database):
    return make.company()


@pytest.fixture
def not_launched(monkeypatch):
    """Runs are made, but no process is started for them."""
    monkeypatch.setattr("core.imports.begun.launch", lambda _order: None)


def until_its_process_ends():
    for thread in threading.enumerate():
        if thread.name.startswith("ends-"):
            thread.join(SECONDS)
            assert not thread.is_alive()


def step(path, mapping=DEALS):
    return imports.Step(path, path.name, mapping)


def states(company):
    return [run.state for run in reversed(imports.recent_runs(by=company.adam))]


def sooner(database, seconds):
    """As if the runs had been begun so many seconds before."""
    with database.begin() as connection:
        connection.execute(
            text("update import_runs set started_at = started_at - make_interval(secs => :seconds)"),
            {"seconds": seconds},
        )


def test_an_import_goes_on_in_a_process_of_its_own(company, deals_file):
    [run_id] = imports.begin([step(deals_file(ROOF, BARN))], by=company.adam)
    assert [run.id for run in imports.under_way(by=company.adam)] == [run_id]
    until_its_process_ends()
    [run] = imports.recent_runs(by=company.adam)
    assert (run.state, run.counts.created, run.started_by) == ("done", 2, company.adam.user_id)


def test_files_that_belong_together_are_imported_in_turn(company, deals_file, in_this_process):
    first, second = deals_file(ROOF), deals_file(BARN, name="more.csv")
    imports.begin([step(first), step(second, {**DEALS, "source": "newer_crm"})], by=company.adam)
    assert states(company) == ["done", "done"]


def test_a_file_that_is_refused_stops_those_after_it(company, deals_file, in_this_process):
    bad = step(deals_file("1;Roof;Talks;;Nobody Known;;;;"), {**DEALS, "on_error": "stop"})
    good = step(deals_file(BARN, name="more.csv"), {**DEALS, "source": "newer_crm"})
    imports.begin([bad, good], by=company.adam)
    assert states(company) == ["refused", "refused"]
    assert imports.recent_runs(by=company.adam)[0].message == (
        "It was not begun, because deals.csv was not imported."
    )


def test_nothing_is_begun_when_one_of_the_files_cant_be_read(company, deals_file, not_launched):
    with pytest.raises(BadMapping):
        imports.begin(
            [step(deals_file(ROOF)), step(deals_file(BARN), {**DEALS, "fields": {}})], by=company.adam
        )
    assert imports.recent_runs(by=company.adam) == []


def test_the_same_source_is_not_begun_twice_at_once(company, deals_file, not_launched):
    imports.begin([step(deals_file(ROOF))], by=company.adam)
    with pytest.raises(AlreadyRunning):
        imports.begin([step(deals_file(BARN))], by=company.adam)


def test_a_run_that_nobody_works_on_reads_as_interrupted(company, database, deals_file, not_launched):
    imports.begin([step(deals_file(ROOF))], by=company.adam)
    assert states(company) == ["waiting"]
    sooner(database, standing.STARTING_SECONDS + 1)
    assert states(company) == ["interrupted"]
    assert imports.under_way(by=company.adam) == []
    assert "interrupted" in (imports.recent_runs(by=company.adam)[0].message or "")


def test_a_restart_marks_what_nobody_works_on_and_nothing_else(company, database, deals_file, not_launched):
    [dead] = imports.begin([step(deals_file(ROOF))], by=company.adam)
    [alive] = imports.begin([step(deals_file(BARN), {**DEALS, "source": "newer_crm"})], by=company.adam)
    sooner(database, standing.STARTING_SECONDS + 1)
    with database.connect() as other:
        standing.hold_run(other.connection.driver_connection, alive)
        assert end_dead_runs() == 1
        assert states(company) == ["interrupted", "waiting"]
    with database.connect() as connection:
        assert connection.scalar(text("select state from import_runs where id = :id"), {"id": dead}) == (
            "interrupted"
        )


def test_a_file_that_is_gone_when_its_turn_comes_is_refused(company, deals_file, monkeypatch):
    path = deals_file(ROOF)

    def launched_late(order):
        path.unlink()
        launch(order)

    monkeypatch.setattr("core.imports.begun.launch", launched_late)
    imports.begin([step(path)], by=company.adam)
    until_its_process_ends()
    [run] = imports.recent_runs(by=company.adam)
    assert (run.state, run.message) == ("refused", "There is no file deals.csv. Check its name and folder.")


def test_a_process_that_dies_leaves_an_interrupted_run_at_once(company, database, deals_file, monkeypatch):
    start = detached.start
    dying = ["-c", "import os, signal; os.kill(os.getpid(), signal.SIGKILL)"]
    monkeypatch.setattr(detached, "start", lambda _words, **options: start(dying, **options))
    imports.begin([step(deals_file(ROOF))], by=company.adam)
    until_its_process_ends()
    with database.connect() as connection:
        assert connection.scalar(text("select state from import_runs")) == "interrupted"


def test_a_run_that_somebody_stops_keeps_what_it_had_stored_and_can_go_on(company, deals_file, bring):
    path = deals_file(ROOF, BARN)
    job = runs.prepare(path, read_mapping(DEALS), actor=company.adam)

    def stop(_progress):
        [run] = imports.under_way(by=company.adam)
        assert imports.stop(run.id, by=company.adam)

    with pytest.raises(Stopped):
        runs.execute(replace(job, chunk=1), report=stop)
    [run] = imports.recent_runs(by=company.adam)
    assert (run.state, run.counts.created) == ("interrupted", 1)
    assert (run.message or "").startswith("Somebody stopped it.")
    assert not imports.stop(run.id, by=company.adam)
    assert bring(path).counts.created == 1


def test_a_stopped_file_stops_those_after_it(company, deals_file, monkeypatch):
    def stopped_at_once(order):
        imports.stop(order.steps[0][0], by=company.adam)
        worker.carry_out(order)

    monkeypatch.setattr("core.imports.begun.launch", stopped_at_once)
    later = step(deals_file(BARN, name="more.csv"), {**DEALS, "source": "newer_crm"})
    imports.begin([step(deals_file(ROOF)), later], by=company.adam)
    assert states(company) == ["interrupted", "refused"]


def test_a_file_that_is_taken_whole_tells_how_far_it_is_checked(
    company, deals_file, monkeypatch, in_this_process
):
    seen = []
    noted = store.set_checked

    def noting(session, run_id, rows):
        noted(session, run_id, rows)
        session.flush()
        seen.append(store.run(session, run_id, None))

    monkeypatch.setattr(store, "set_checked", noting)
    imports.begin([step(deals_file(ROOF, BARN), {**DEALS, "on_error": "stop"})], by=company.adam)
    assert [(run.is_checking, run.checked, run.total) for run in seen] == [(True, 2, 2)]
    assert states(company) == ["done"]
