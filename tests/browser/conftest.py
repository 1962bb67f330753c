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
# Signs of a page that are told when its journey failed.
TOLD = 3000
FAILED = pytest.StashKey[bool]()
SIGNED_IN = """() =>
  [...document.querySelectorAll("button")].some((one) => one.innerText.trim().endsWith("Sign out"))"""
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


@pytest.fixture(scope="session")
def profiles(browser, server):
    """The profiles of a worker's Chromium."""
    url, *_ = server
    return Profiles(browser, url)


class Profiles:
    """Browser profiles that journeys use one after the other, each emptied in between.

    What a page fetches and compiles stays in its profile and in the process of its site, as long as a
    page of it is open: in a new one, a page opens three times as slowly.
    """

    def __init__(self, browser, url: str) -> None:
        self._browser = browser
        self._url = url
        self._free: dict[str, list] = {}

    def take(self, options: dict):
        """A profile (a context of Playwright) with these options, and nothing in it of anybody."""
        free = self._free.setdefault(_named(options), [])
        if free:
            return free.pop()
        context = self._browser.new_context(**options)
        context.set_default_timeout(PAGE_SECONDS * 1000)
        context.new_page().goto(f"{self._url}/healthz")  # keeps the site's process
        return context

    def give_back(self, context, options: dict) -> None:
        """Close its pages, and forget who was signed in and what was stored."""
        kept, *others = context.pages
        for page in others:
            page.close()
        context.clear_cookies()
        stores = "local_storage,indexeddb,cache_storage,service_workers"
        asking = context.new_cdp_session(kept)
        asking.send("Storage.clearDataForOrigin", {"origin": self._url, "storageTypes": stores})
        asking.detach()
        self._free[_named(options)].append(context)


def _named(options: dict) -> str:
    return repr(sorted(options.items()))


@pytest.fixture
def open_page(profiles, app, request):
    """Opens a page in a profile of its own, as another person's browser would: `open_page("/kpis")`.

    With a token, the browser holds the cookie of that session.
    """
    taken = []

    def opened(path="/", *, token="", **options):
        options = {"viewport": {"width": 1440, "height": 900}, **options}
        context = profiles.take(options)
        taken.append((context, options))
        if token:
            cookie = {"name": sessions.cookie_name(), "value": token, "url": app.url, "httpOnly": True}
            context.add_cookies([{**cookie, "sameSite": "Strict"}])
        page = context.new_page()
        page.goto(app.url + path)
        return page

    yield opened
    if request.node.stash.get(FAILED, False):
        pages = [page for context, _ in taken for page in context.pages[1:]]
        request.node.add_report_section("teardown", "pages as they stood", "\n\n".join(map(_told, pages)))
    for context, options in taken:
        profiles.give_back(context, options)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item):
    """Note that a journey failed; its pages are then told of (`open_page`)."""
    report = yield
    if report.when == "call" and report.failed:
        item.stash[FAILED] = True
    return report


def _told(page) -> str:
    """Where a page is and what stands on it."""
    try:
        state = page.evaluate("document.querySelector('[data-testid=stApp]')?.dataset.testScriptState")
        return f"{page.url} (script: {state})\n{page.locator('body').inner_text()[:TOLD]}"
    except Exception as error:  # noqa: BLE001 - the journey's own failure is what matters
        return f"{page.url}: {error}"


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
    page.wait_for_function(SIGNED_IN)
    return settled(page)


def type_credentials(page, username, password):
    """Fill the sign-in form and send it; what comes of it is the test's business."""
    page.get_by_role("textbox", name="User name").fill(username)
    page.get_by_role("textbox", name="Password").fill(password)
    page.get_by_role("button", name="Sign in", exact=True).click()


def settled(page):
    """Wait until the script has run to its end.

    It looks at every frame: a wait for an element soon looks twice a second only.
    """
    page.wait_for_function("selector => document.querySelector(selector) !== null", arg=RAN)
    return page


def press(page, name):
    """Press a button, the first of that name, once the page has come to rest; wait for what it does.

    While the script draws the page anew, a button may be exchanged under the hand.
    """
    settled(page)
    page.get_by_role("button", name=name, exact=True).first.click()
    settled(page)


def choose(page, label, option):
    """Choose from a list, the one nearest to the end of the page, once the page has come to rest.

    A list that opens while the script still runs may close again under the hand: it is opened again.
    """
    closed = pytest.importorskip("playwright.sync_api").TimeoutError
    wanted = page.get_by_role("option", name=option, exact=True)
    for is_last in (False, False, True):
        settled(page)
        page.get_by_role("combobox", name=label).last.click()
        try:
            wanted.click(timeout=PAGE_SECONDS * 1000 if is_last else 3_000)
            break
        except closed:
            if is_last:
                raise
            page.keyboard.press("Escape")
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
