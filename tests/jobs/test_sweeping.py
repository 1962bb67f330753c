"""Files that a killed process has left behind, on real files and the real database."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from core import claims, customers
from core.db import address, unit_of_work
from core.demo.documents import pdf
from core.documents.leftovers import MOST_AT_ONCE
from core.jobs.sweeping import sweep_files
from core.kit.dates import utc_now
from core.kit.ids import new_request_id, new_secret
from core.kit.settings import ROOT, settings
from tests import factories as make

NOW = utc_now()
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
KILLED = """
import os, signal
from core import documents
from core.db import unit_of_work
from core.demo.documents import pdf
with unit_of_work() as session:
    documents.keep(session, pdf("Lost"), "lost.pdf")
    os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """A storage of this test's own, because other tests keep their files in the run's."""
    monkeypatch.setenv("POLICYDESK_STORAGE_DIR", str(tmp_path))
    settings.cache_clear()
    yield tmp_path
    monkeypatch.undo()
    settings.cache_clear()


@pytest.fixture
def firm(database):
    firm = make.company()
    customer = make.customer(agent=firm.ann_in_east)
    customers.add_note(customer.id, "The log begins", request_id=new_request_id(), by=firm.ann)
    return firm


def files(folder):
    return {path.relative_to(folder).as_posix() for path in (folder / "documents").rglob("*.*")}


def aged(path: Path, age: timedelta) -> Path:
    at = (NOW - age).timestamp()
    os.utime(path, (at, at))
    return path


def left_over(folder, *, age=2 * DAY, name=None):
    path = folder / (name or f"documents/ab/{new_secret(192)}.pdf")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(pdf("Left over"))
    return aged(path, age)


def uploads(firm):
    """A document of a customer, a withdrawn one, and one of a claim."""
    on = make.policy(firm.ann_in_east)
    given = {"name": "a.pdf", "content": pdf("Kept"), "by": firm.adam}
    for _ in range(2):
        key = customers.upload_document(
            on.customer_id, kind="id_proof", request_id=new_request_id(), **given
        )
    customers.withdraw_document(key, by=firm.adam)
    claims.add_document(make.claim(on).id, kind="invoice", request_id=new_request_id(), **given)


def test_what_a_killed_upload_has_left_goes_after_a_day_and_nothing_else_does(firm, folder):
    uploads(firm)
    known = files(folder)
    environment = {**os.environ, "DATABASE_URL": address()}
    killed = subprocess.run([sys.executable, "-c", KILLED], cwd=ROOT, env=environment, check=False)
    assert killed.returncode == -signal.SIGKILL
    (lost,) = files(folder) - known
    assert sweep_files(now=NOW) == 0
    assert lost in files(folder)
    for name in (*known, lost):
        aged(folder / name, 2 * DAY)
    assert sweep_files(now=NOW + DAY) == 1
    assert files(folder) == known


def test_half_a_file_goes_too(firm, folder):
    left_over(folder, name=f"documents/ab/.{new_secret(64)}.part")
    assert sweep_files(now=NOW) == 1


def test_a_file_of_today_stays_for_its_row_may_be_on_its_way(firm, folder):
    left_over(folder, age=23 * HOUR)
    assert sweep_files(now=NOW) == 0


@pytest.mark.parametrize(
    "name", ["documents/README.txt", "documents/ab/notes.pdf", "demo/lost.pdf", "imports/ab.csv", "a.pdf"]
)
def test_what_is_not_of_our_making_stays(firm, folder, name):
    path = left_over(folder, name=name)
    assert sweep_files(now=NOW) == 0
    assert path.exists()


def test_what_a_link_leads_to_stays(firm, folder, tmp_path_factory):
    elsewhere = left_over(tmp_path_factory.mktemp("elsewhere"))
    link = folder / f"documents/ab/{new_secret(192)}.pdf"
    link.parent.mkdir(parents=True)
    link.symlink_to(elsewhere)
    assert sweep_files(now=NOW) == 0
    assert elsewhere.exists()


def test_it_is_done_once_a_day(firm, folder):
    assert sweep_files(now=NOW) == 0
    left_over(folder)
    assert sweep_files(now=NOW + 23 * HOUR) == 0
    assert sweep_files(now=NOW + DAY) == 1


def test_a_clock_that_was_set_back_does_not_put_it_off(firm, folder):
    assert sweep_files(now=NOW + 30 * DAY) == 0
    left_over(folder)
    assert sweep_files(now=NOW) == 1


def test_nothing_goes_from_a_place_that_two_databases_share(firm, folder):
    path = left_over(folder)
    left_over(folder, name="sweeps/another")
    assert sweep_files(now=NOW) == 0
    assert path.exists()


def test_more_than_a_few_are_no_leftovers(firm, folder):
    """A backup of the database from before they were uploaded, say."""
    for _ in range(MOST_AT_ONCE + 1):
        left_over(folder)
    assert sweep_files(now=NOW) == 0
    assert len(files(folder)) == MOST_AT_ONCE + 1


def test_a_database_in_which_nothing_was_done_yet_sweeps_nothing(database, folder):
    left_over(folder)
    assert sweep_files(now=NOW) == 0


def test_every_column_that_names_a_file_is_asked(database):
    with unit_of_work() as session:
        tables = session.scalars(
            text(
                "select table_name from information_schema.columns"
                " where table_schema = 'public' and column_name = 'file_path' order by 1"
            )
        ).all()
    assert tables == ["claim_documents", "customer_documents"]
