"""Filling: the same again, whole or not at all, once, and like a real company in its proportions."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from datetime import date

import psycopg
import pytest

from core import demo
from core.access import Role
from core.kit.errors import Refusal
from core.kit.settings import ROOT, settings
from tests import factories as make

TODAY = date(2026, 3, 16)
TABLES = (
    "users", "territories", "agents", "agent_assignments", "products", "accounts", "opportunities",
    "customers",
    "contacts", "consents", "leads", "followups", "appointments", "policies", "policy_riders",
    "policy_beneficiaries", "commissions", "claims", "claim_events", "claim_payments", "customer_documents",
    "claim_documents", "status_history", "customer_relations", "policy_changes", "policy_drafts",
)  # fmt: skip
# Hashes are salted, and some times are those of the insert.
UNLIKE = ("password_hash", "created_at", "updated_at")
FILL = """
from core import demo
import core.db
from datetime import date
import sys
core.db.bind(sys.argv[1])
demo.fill(2_000, today=date(2026, 3, 16), progress=lambda done, total, what: print(what, flush=True))
"""


def one(url, statement, *values):
    with psycopg.connect(url) as connection:
        return connection.execute(statement, values).fetchone()[0]


def digest(url, table):
    rest = " - ".join(["to_jsonb(t)", *(f"'{name}'" for name in UNLIKE)])
    return one(url, f"select md5(string_agg(({rest})::text, '' order by id)) from {table} t")


@pytest.mark.usefixtures("database")
def test_the_same_seed_size_and_day_make_the_same_company(db_url, company_url):
    demo.fill(300, today=TODAY)
    different = [table for table in TABLES if digest(db_url, table) != digest(company_url, table)]
    assert different == []


@pytest.mark.usefixtures("database")
def test_another_seed_makes_another_company(db_url, company_url):
    demo.fill(300, seed=7, today=TODAY)
    assert digest(db_url, "customers") != digest(company_url, "customers")


@pytest.mark.usefixtures("database")
def test_a_second_fill_is_refused_and_changes_nothing(db_url):
    demo.fill(100, today=TODAY)
    before = one(db_url, "select count(*) from leads")
    with pytest.raises(Refusal, match="already"):
        demo.fill(100, today=TODAY)
    assert one(db_url, "select count(*) from leads") == before


@pytest.mark.usefixtures("database")
def test_an_empty_database_is_not_filled_and_a_filled_one_is():
    assert not demo.is_filled()
    assert demo.sign_ins() == []
    demo.fill(100, today=TODAY)
    assert demo.is_filled()
    assert {sign_in.role for sign_in in demo.sign_ins()} >= {"agent", "manager", "admin", "customer"}
    assert all(sign_in.name for sign_in in demo.sign_ins())


def rows_of(url):
    return [one(url, f"select count(*) from {table}") for table in TABLES]


@pytest.mark.parametrize(
    ("table", "rows"),
    [
        ("users", lambda: make.user(Role.ADMIN, username="admin")),
        ("customers", make.customer),
        ("leads", make.lead),
    ],
)
@pytest.mark.usefixtures("database")
def test_where_somebody_works_already_nothing_is_invented(db_url, table, rows):
    rows()
    before = rows_of(db_url)
    with pytest.raises(Refusal, match=f"empty database only, and this one holds .*{table}"):
        demo.fill(100, today=TODAY)
    assert rows_of(db_url) == before


@pytest.mark.usefixtures("database")
def test_outside_demo_mode_nothing_is_invented(db_url, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", db_url)
    settings.cache_clear()
    try:
        with pytest.raises(Refusal, match="Demo mode is off"):
            demo.fill(100, today=TODAY)
    finally:
        monkeypatch.undo()
        settings.cache_clear()
    assert one(db_url, "select count(*) from users") == 0


def test_codes_beyond_a_million_keep_every_digit(db_url):
    with psycopg.connect(db_url) as connection:
        connection.execute("select setval('lead_code_seq', 1234566)")
    new_lead = (
        "insert into leads (first_name, last_name, source_id) select 'Ada', 'Lovelace', min(id)"
        " from lead_sources returning lead_code"
    )
    assert one(db_url, new_lead) == "L-1234567"


def test_a_fill_that_is_killed_leaves_nothing_and_the_next_completes_it(db_url, database):
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    running = subprocess.Popen(
        [sys.executable, "-c", FILL, db_url], cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True
    )
    assert running.stdout is not None
    # "The company" is said before the first row is written; then it is in the middle.
    assert running.stdout.readline() == "The company\n"
    _wait_for_rows(db_url)
    running.send_signal(signal.SIGKILL)
    running.communicate()
    assert not demo.is_filled()
    assert one(db_url, "select count(*) from users") == 0
    demo.fill(100, today=TODAY)
    assert demo.is_filled()
    assert one(db_url, "select count(*) from customers") == 100


def _wait_for_rows(url):
    """Until the fill's transaction has begun to write, seen from outside by the size of a table."""
    give_up_at = time.monotonic() + 30
    while one(url, "select pg_relation_size('status_history')") == 0:
        assert time.monotonic() < give_up_at
        time.sleep(0.02)


@pytest.mark.usefixtures("database")
def test_a_company_of_3000_has_the_proportions_of_the_trade(db_url):
    demo.fill(3_000, today=TODAY)
    with psycopg.connect(db_url) as connection:
        rates = dict(
            connection.execute(
                "select s.name, 100.0::float8 * count(*) filter (where l.status = 'won') / count(*)"
                " from leads l"
                " join lead_sources s on s.id = l.source_id where l.closed_at is not null group by 1"
            ).fetchall()
        )
        mix = dict(
            connection.execute(
                "select r.category::text, 100.0::float8 * count(*) / (sum(count(*)) over ())::float8"
                " from policies p"
                " join products r on r.id = p.product_id group by 1"
            ).fetchall()
        )
        # Premiums paid through the anniversary by monthly payers; deaths and free look left out.
        persistency = [
            connection.execute(
                "with cohort as (select p.effective_date + make_interval(months => %(m)s) as anniversary,"
                " case when end_reason = 'grace_expired' then end_date - 32 else end_date end as"
                " unpaid_from,"
                " p.status from policies p join products r on r.id = p.product_id join product_categories c"
                " on c.category = r.category where c.line = 'life' and p.payment_frequency ="
                " 'monthly' and p.issue_date is not null"
                " and coalesce(p.end_reason::text, '') not in ('free_look', 'death', 'maturity'))"
                " select 100.0::float8 * count(*) filter (where unpaid_from is null or unpaid_from >"
                " anniversary) / count(*)"
                " from cohort where anniversary + interval '40 days' < %(today)s",
                {"m": months, "today": TODAY},
            ).fetchone()[0]
            for months in (12, 24, 36)
        ]
    assert rates["Referral"] == pytest.approx(25, abs=1.5)
    assert rates["Walk-in"] == pytest.approx(20, abs=1.5)
    assert rates["Partner"] == pytest.approx(12, abs=1.5)
    assert mix["auto"] == pytest.approx(34, abs=3)
    assert mix["property"] == pytest.approx(20, abs=3)
    # Monthly payers 85.7 / 78.8 / 74.2, within three standard errors of the 600 or so there are.
    assert persistency == [
        pytest.approx(85.7, abs=4.3),
        pytest.approx(78.8, abs=5),
        pytest.approx(74.2, abs=5.5),
    ]
