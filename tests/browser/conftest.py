"""Journeys in a browser: the real server on a database of its own, and people who can sign in.

A worker has one server for all its journeys; each journey gets a company of its own in it (`app`), so
that scoped viewers never meet the rows of another test.
"""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import bcrypt
import psycopg
import pytest
from sqlalchemy import make_url, update

import core.db
from core.access import passwords, sessions
from core.access.tables import User
from core.kit.dates import utc_now
from core.kit.settings import ROOT, settings
from tests import factories as make
from tests.browser.chromium import ARGUMENTS, find_chromium

PASSWORD = "correct horse battery"
START_SECONDS = 60
PAGE_SECONDS = 30
RAN = '[data-testid="stApp"][data-test-script-state="notRunning"]'


@dataclass(frozen=True)
class App:
    """The served app, as one journey has it."""

    url: str
    db_url: str
    environment: dict[str, str]
    company: make.Company
    log: Path

    def new_person(self, role, *, name="Una User", **columns):
        """One more user who can sign in with PASSWORD."""
        return _with_password(make.user(role, name=name, **columns))


@pytest.fixture(scope="session")
def browser():
    """One Chromium for all journeys of a worker."""
    path = find_chromium()
    if path is None:
        pytest.skip("no Chromium was found on this machine")
    api = pytest.importorskip("playwright.sync_api")
    with api.sync_playwright() as driver:
        opened = driver.chromium.launch(executable_path=path, args=[*ARGUMENTS])
        yield opened
        opened.close()


@pytest.fixture(scope="session")
def server(template_url, tmp_path_factory) -> Iterator[tuple[str, str, dict[str, str], Path]]:
    """core/server.py on a free port, against a fresh copy of the migrated template."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    with _database(template_url, f"browser_{worker}") as db_url:
        directory = tmp_path_factory.mktemp("served")
        environment = {
            **os.environ,
            "DATABASE_URL": db_url,
            "POLICYDESK_DATA_DIR": str(directory / "data"),
            "POLICYDESK_REFRESH_EVERY_MINUTES": "0",  # journeys that need figures refresh themselves
        }
        with serve(environment, directory / "server.log") as url:
            yield url, db_url, environment, directory / "server.log"


@pytest.fixture
def app(server) -> Iterator[App]:
    """The app with a new company in it; core is bound to its database, so factories write there."""
    url, db_url, environment, log = server
    core.db.bind(db_url)
    company = make.company()
    for person in vars(company).values():
        if isinstance(person, User):
            _with_password(person)
    before = os.environ.get("POLICYDESK_DATA_DIR", "")
    os.environ["POLICYDESK_DATA_DIR"] = environment["POLICYDESK_DATA_DIR"]
    settings.cache_clear()
    yield App(url, db_url, environment, company, log)
    os.environ["POLICYDESK_DATA_DIR"] = before
    settings.cache_clear()
    core.db.bind(None)


@pytest.fixture
def open_page(browser, app):
    """Opens a page in a context of its own, as another person's browser would: `open_page("/kpis")`.

    With a token, the browser holds the cookie of that session.
    """
    contexts = []

    def opened(path="/", *, token="", **options):
        context = browser.new_context(**{"viewport": {"width": 1440, "height": 900}, **options})
        context.set_default_timeout(PAGE_SECONDS * 1000)
        contexts.append(context)
        if token:
            cookie = {"name": sessions.cookie_name(), "value": token, "url": app.url, "httpOnly": True}
            context.add_cookies([{**cookie, "sameSite": "Strict"}])
        page = context.new_page()
        page.goto(app.url + path)
        return page

    yield opened
    for context in contexts:
        context.close()


@pytest.fixture
def sign_in():
    """Signs somebody in by the form of an open page, and waits until their own page has been drawn."""

    def signed(page, person, password=PASSWORD):
        type_credentials(page, person if isinstance(person, str) else person.username, password)
        return at_work(page)

    return signed


@pytest.fixture
def page_of(open_page):
    """A page of somebody whose session is open: `page_of(app.company.ann_in_east, "/pipeline")`.

    The form is left out, which test_sign_in.py fills in.
    """

    def made(person, path="/", **options):
        now = utc_now()
        token = sessions.claim(sessions.begin(person.id, now=now), now=now)
        return at_work(open_page(path, token=token, **options))

    return made


def at_work(page):
    """Wait until a page of somebody who is signed in has been drawn."""
    page.get_by_role("button", name="Sign out", exact=True).wait_for()
    return settled(page)


def type_credentials(page, username, password):
    """Fill the sign-in form and send it; what comes of it is the test's business."""
    page.get_by_role("textbox", name="User name").fill(username)
    page.get_by_role("textbox", name="Password").fill(password)
    page.get_by_role("button", name="Sign in", exact=True).click()


def settled(page):
    """Wait until the script has run to its end."""
    page.wait_for_selector(RAN)
    return page


def choose(page, label, option):
    """Choose from a list, the one nearest to the end of the page, once the page has come to rest.

    A list that opens while the script still runs may close again under the hand.
    """
    settled(page)
    page.get_by_role("combobox", name=label).last.click()
    page.get_by_role("option", name=option, exact=True).click()
    settled(page)


@contextlib.contextmanager
def serve(environment: dict[str, str], log: Path) -> Iterator[str]:
    """Start core/server.py as `./run` does; its address, once it is healthy."""
    port = _free_port()
    command = [sys.executable, "-m", "streamlit", "run", "core/server.py"]
    options = [f"--server.port={port}", "--server.address=127.0.0.1"]
    with log.open("wb") as output:
        process = subprocess.Popen(
            [*command, *options], cwd=ROOT, env=environment, stdout=output, stderr=output
        )
    url = f"http://127.0.0.1:{port}"
    try:
        _wait_until_healthy(url, process, log)
        yield url
    finally:
        process.terminate()
        process.wait(timeout=20)


def _wait_until_healthy(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        assert process.poll() is None, f"the server ended by itself:\n{log.read_text()}"
        try:
            with urllib.request.urlopen(f"{url}/healthz", timeout=2):
                return
        except OSError:
            time.sleep(0.1)
    pytest.fail(f"the server did not start within {START_SECONDS} s:\n{log.read_text()}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def _database(template_url: str, name: str) -> Iterator[str]:
    address = make_url(template_url)
    maintenance = address.set(database="postgres").render_as_string(hide_password=False)
    with psycopg.connect(maintenance, autocommit=True) as connection:
        connection.execute(f"drop database if exists {name} with (force)".encode())
        connection.execute(f"create database {name} template {address.database}".encode())
        yield address.set(database=name).render_as_string(hide_password=False)
        connection.execute(f"drop database {name} with (force)".encode())


def _with_password(person: User) -> User:
    with core.db.unit_of_work() as session:
        session.execute(update(User).where(User.id == person.id).values(password_hash=_quick_hash()))
    return person


def _quick_hash() -> str:
    """PASSWORD's hash at bcrypt's least cost, which is checked as any other and in no time."""
    return bcrypt.hashpw(passwords._digest(PASSWORD), bcrypt.gensalt(4)).decode()
