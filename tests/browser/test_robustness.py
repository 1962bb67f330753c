"""Odd and hostile texts in a real browser: shown as they stand, and nothing of them runs or calls out."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlparse

import pytest
from sqlalchemy import update

from core.access import Role
from core.access.tables import User
from core.claims.tables import ClaimTask
from core.customers.tables import CustomerNote
from core.db import unit_of_work
from core.kit.dates import utc_now
from core.people.tables import Territory
from core.sales.tables import LeadSource, SourceType
from etl.run import refresh
from tests import factories as make
from tests.browser.conftest import settled
from tests.browser.odd_texts import TEXTS
from tests.browser.test_board_component import free_port, wait_until_healthy
from tests.factories.rows import put

pytestmark = pytest.mark.browser
HERE = Path(__file__).parent
PLACES = ("body", "bold", "title", "alert", "label", "box")
LOUD = "**bold** _it_ [link](javascript:alert(1)) $x$ :red[a] :material/home: <b>b</b> ~s~ # h"
# As much of it as fits into half a name.
NAME = "**b** $x$ :red[a] <img src=x onerror=alert(1)>"
LONG = "W" * 50
# What the texts would have become: elements that no page of ours draws.
MADE_OF_TEXT = """() => [...document.querySelectorAll('*')].filter(one =>
    (['STRONG', 'EM', 'B', 'I', 'DEL', 'CODE'].includes(one.tagName)
        && ['b', 'bold', 'it', 's', 'x'].includes(one.textContent))
    || one.matches('.katex, img[src="x"], img[onerror], script[src*="xss"], a[href^="javascript"], '
        + 'a[href*="example.com"]:not([href^="mailto"]), img[alt="Streamlit logo"], '
        + '[role="img"][aria-label="home icon"]'))
    .map(one => one.outerHTML.slice(0, 200))"""
TOO_WIDE = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture(scope="module")
def address():
    """plain_app.py, served by itself."""
    port = free_port()
    command = [sys.executable, "-m", "streamlit", "run", str(HERE / "plain_app.py")]
    server = subprocess.Popen(
        [*command, "--server.port", str(port), "--server.address", "127.0.0.1"],
        cwd=HERE.parents[1],
        env=os.environ | {"PYTHONPATH": str(HERE.parents[1])},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_until_healthy(f"http://127.0.0.1:{port}", server)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(timeout=10)


@contextmanager
def watched(page):
    """Nothing that is done in here opens a dialog, fails in the browser, or asks another host."""
    wrong, own = [], urlparse(page.url).netloc
    page.on("dialog", lambda one: (wrong.append(f"dialog: {one.message}"), one.dismiss()))
    page.on("pageerror", lambda one: wrong.append(f"page error: {one}"))
    page.on("request", lambda one: wrong.append(one.url) if is_foreign(one.url, own) else None)
    yield
    assert wrong == []


def is_foreign(url, own):
    return urlparse(url).scheme in {"http", "https", "ws", "wss"} and urlparse(url).netloc not in {own, ""}


@pytest.mark.parametrize("place", PLACES)
def test_every_odd_text_is_shown_as_it_stands(browser, address, pytestconfig, place):
    shares = 1 if pytestconfig.getoption("all_strings") else len(PLACES)
    part = PLACES.index(place) % shares
    page = browser.new_page()
    page.goto(f"{address}/healthz")
    with watched(page):
        page.goto(f"{address}/?place={place}&of={shares}&part={part}")
        wanted = dict(list(enumerate(TEXTS))[part::shares])
        page.locator(f".st-key-text{max(wanted)}").wait_for(state="attached")
        settled(page)
        page.wait_for_function("() => !document.querySelector('[data-testid=\"stSkeleton\"]')")
        shown = page.evaluate(
            "keys => keys.map(key => document.querySelector(`.st-key-text${key}`).textContent)",
            list(wanted),
        )
        made = page.evaluate(MADE_OF_TEXT)
    page.close()
    assert made == []
    differing = [
        (text, found)
        for text, found in zip(wanted.values(), shown, strict=True)
        if without_blanks(text) != without_blanks(found)
    ]
    assert differing == []


def without_blanks(text):
    return "".join(text.replace("\ufeff", "").split())


@pytest.fixture
def loud(app):
    """A company of its own whose every name and note is loud: what is in Ann's book, by its kind."""
    company, now = app.company, utc_now()
    ann, east = company.ann_in_east, company.east
    with unit_of_work() as session:
        session.execute(
            update(User).where(User.id == ann.id).values(first_name=NAME, last_name=f"{ann.id}")
        )
        session.execute(update(Territory).where(Territory.id == east.id).values(name=f"{LOUD} {east.id}"))
    source = put(LeadSource(name=f"{LOUD} {ann.id}", type=SourceType.ONLINE))
    product = make.product(name=LOUD, description=LOUD)
    person = {"first_name": NAME, "last_name": LONG, "notes": f"{LOUD}\n\n    {LOUD}\n{'W' * 600}"}
    customer = make.customer(
        agent=ann, territory_id=east.id, city=NAME, occupation=LOUD, address_line1=LOUD, **person
    )
    account = make.account(agent_id=ann.id, territory_id=east.id, name=LOUD, industry=NAME, notes=LOUD)
    shared = {
        "territory_id": east.id,
        "product_interest": product.id,
        "created_at": now - timedelta(minutes=2),
    }
    lead = make.lead(ann, company_name=LOUD, source_id=source.id, **person, **shared)
    won = make.lead(
        ann, status="won", customer_id=customer.id, closed_at=now, status_changed_at=now, **person, **shared
    )
    opportunity = make.opportunity(ann, name=LOUD, notes=LOUD, account_id=account.id, territory_id=east.id)
    policy = make.policy(
        ann, customer_id=customer.id, product_id=product.id, territory_id=east.id, notes=LOUD,
        expiry_date=now.date().replace(year=now.year + 1),
    )  # fmt: skip
    claim = make.claim(policy, description=f"{LOUD}\n{'W' * 600}", claimant_name=NAME, loss_place=LOUD)
    put(ClaimTask(claim_id=claim.id, title=LOUD))
    put(CustomerNote(customer_id=customer.id, body=f"{LOUD}\n\n    {LOUD}", created_by=ann.id))
    make.followup(ann, lead_id=lead.id, notes=LOUD, scheduled_at=now)
    make.followup(ann, lead_id=lead.id, status="completed", notes=LOUD, outcome=LOUD)
    make.appointment(ann, customer_id=customer.id, location=LOUD, notes=LOUD, starts=now)
    return {
        "customer": customer.customer_code, "account": account.account_code, "lead": lead.lead_code,
        "won": won.lead_code, "opportunity": opportunity.opportunity_code, "policy": policy.policy_number,
        "claim": claim.claim_number, "product": product.id, "source": source.id, "territory": east.id,
        "agent": ann.id,
    }  # fmt: skip


SELLING = (
    "/", "/pipeline", "/pipeline?view=list", "/pipeline?lead={won}",
    "/opportunities?opportunity={opportunity}", "/customers?q=bold",
    "/customer?customer={customer}&tab=Timeline", "/customer?customer={customer}&tab=Notes",
    "/company?account={account}", "/policies", "/policy?policy={policy}", "/claims?view=all",
    "/claim?claim={claim}", "/entry?customer={customer}", "/notice?policy={policy}", "/kpis",
)  # fmt: skip
WALKS = {
    Role.AGENT: SELLING,
    Role.ADMIN: (
        "/users?user={agent}", "/agents?agent={agent}", "/territories?territory={territory}",
        "/products?product={product}", "/lists?list=sources", "/audit", "/duplicates",
        "/pipeline?lead={lead}",
    ),
}  # fmt: skip


@pytest.mark.parametrize("role", list(WALKS))
def test_nothing_that_was_typed_runs_or_changes_a_page(app, page_of, loud, role):
    refresh()
    person = app.company.ann_in_east if role is Role.AGENT else app.company.admin
    page = page_of(person, "/account")
    with watched(page):
        for path in WALKS[role]:
            page.goto(app.url + path.format(**loud))
            page.get_by_role("button", name="Sign out", exact=True).wait_for(state="attached")
            settled(page)
            assert page.evaluate(MADE_OF_TEXT) == [], path
            assert page.get_by_test_id("stException").count() == 0, path
            assert page.get_by_text("Something went wrong").count() == 0, path
            for width in (390, 1440):
                page.set_viewport_size({"width": width, "height": 900})
                assert page.evaluate(TOO_WIDE) <= 0, (path, width)


def test_an_agent_reads_exactly_what_was_typed(app, page_of, loud):
    page = page_of(app.company.ann_in_east, f"/customer?customer={loud['customer']}")
    page.get_by_role("heading", name=f"{NAME} {LONG}").wait_for()
    page.get_by_text(f"{NAME} {app.company.ann_in_east.id} · Agent", exact=True).wait_for()  # side bar
    page.goto(f"{app.url}/pipeline?lead={loud['lead']}")
    page.get_by_text(f"{NAME} {LONG}", exact=False).first.wait_for()
    page.get_by_text(LOUD, exact=False).first.wait_for()
    page.goto(f"{app.url}/company?account={loud['account']}")
    page.get_by_role("heading", name=LOUD).wait_for()
    page.goto(f"{app.url}/claim?claim={loud['claim']}")
    page.get_by_text(LOUD, exact=False).first.wait_for()


def test_an_administrator_is_told_exactly_what_was_typed(app, page_of, loud):
    page = page_of(app.company.admin, f"/lists?list=sources&item={loud['source']}")
    named = f"{LOUD} {loud['agent']}"
    page.get_by_role("heading", name=named).wait_for()
    page.get_by_role("button", name="Retire").click()
    page.get_by_role("dialog").get_by_text(f"Retire {named}?", exact=True).wait_for()
    page.get_by_role("dialog").get_by_role("button", name="Retire lead source").click()
    page.get_by_test_id("stToast").get_by_text(f"{named} is offered no more", exact=True).wait_for()
    page.goto(f"{app.url}/territories?territory={loud['territory']}")
    page.get_by_role("heading", name=f"{LOUD} {loud['territory']}").wait_for()
    page.goto(f"{app.url}/products?product={loud['product']}")
    page.get_by_role("heading", name=LOUD).wait_for()
    page.goto(f"{app.url}/agents")
    page.get_by_role("combobox", name="Territory").fill(f"# h {loud['territory']}")
    page.get_by_role("option", name=f"{LOUD} {loud['territory']}").first.wait_for()
