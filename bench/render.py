"""How our pages render against bare Streamlit pages with the same elements.

    ./run bench render          (or: DATABASE_URL=... python -m bench.render [--rounds 15] [PAGE ...])

A company of its own is made, with a customer to whom 500 things happened. Each page is drawn once, and
its bare twin written: a script with the same blocks and elements of the same content, drawn with
constants (bench/_bare.py). Both are served by the same server under the same configuration, and asked
in turn, so that both meet the same machine. Medians are printed, and their ratio, of two things:

- script: from a rerun's request until its last message is there, without a browser. What our sign-in,
  rules and statements cost.
- opened: in a browser, from the click that opens the page until its last element stands. This is what
  people see, and what "renders" means where a limit is named. `loaded` is the same from a reload.

Without a browser only the first is measured.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import MappingProxyType

import psycopg
from sqlalchemy import make_url, text
from streamlit.runtime.context import ContextProxy
from streamlit.testing.v1 import AppTest

import core.db
from bench import _bare, _served
from bench._served import Place
from core import demo, people
from core.access import sessions
from core.db import migrate, unit_of_work
from core.kit.dates import utc_now
from core.kit.settings import ROOT, settings
from pages._ui import menu
from tests.browser.chromium import ARGUMENTS, find_chromium

VIEWER, CUSTOMERS, EVENTS, ELSEWHERE = "manager", 3_000, 500, "account"
PAGES = {
    "Customer 360°": "customer",
    "Today": "today",
    "Pipeline": "pipeline",
    "KPIs": "kpis",
    "Policies": "policies",
    "Claims": "claims",
}

_EVENTFUL = text("""
    select c.id, c.customer_code, c.agent_id
    from customers c
    inner join agents a on a.user_id = c.agent_id
    inner join users u on u.id = a.reporting_manager_id
    left join policies p on p.customer_id = c.id
    where u.username = :viewer and c.archived_at is null
    group by c.id order by count(p.id) desc, c.id limit 1
""")
# Spread over five years, so that no two days look alike.
_FILL = (
    """
    insert into followups
        (customer_id, agent_id, type, direction, status, scheduled_at, completed_at, outcome)
    select :id, :agent, (array['call', 'email', 'meeting'])[1 + i % 3]::followup_type, 'outbound',
        'completed', now() - i * interval '6 days', now() - i * interval '6 days', 'Talked about ' || i
    from generate_series(1, 300) as i
    """,
    """
    insert into customer_notes (customer_id, body, created_by, created_at)
    select :id, 'Prefers calls in the evening, said on visit ' || i, :agent, now() - i * interval '15 days'
    from generate_series(1, 120) as i
    """,
    """
    insert into consents (customer_id, channel, purpose, is_granted, text_version, at, recorded_by)
    select :id, 'email', 'marketing', i % 2 = 0, '2025-01', now() - i * interval '20 days', :agent
    from generate_series(1, 80) as i
    """,
)


def main() -> None:
    """Make the company, serve both, and print a line a page."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("pages", nargs="*", metavar="PAGE", help=f"of {', '.join(PAGES.values())}")
    parser.add_argument("--rounds", type=int, default=15)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="policydesk-bench-") as name, ExitStack() as stack:
        folder = Path(name)
        environment = stack.enter_context(_company(folder))
        places = {
            title: Place(
                "" if slug == menu.HOME else slug,
                {"customer": _eventful()} if slug == "customer" else {},
            )
            for title, slug in PAGES.items()
            if slug in (chosen.pages or PAGES.values())
        }
        token = _token()
        bare, counts = _twins(folder, places.values(), token)
        log = folder / "server.log"
        ours = stack.enter_context(_served.served(ROOT / "core" / "server.py", environment, log))
        theirs = stack.enter_context(_served.served(bare, environment, folder / "bare.log"))
        cookie = f"{sessions.cookie_name()}={token}"
        clients = [_served.Client(url, cookie) for url in (ours, theirs)]
        tabs = stack.enter_context(_tabs((ours, theirs), cookie))
        print(f"{'milliseconds, ours / bare':<28}" + "".join(f"{kind:>22}" for kind in KINDS))
        for title, place in places.items():
            times = {"script": _scripts(clients, place, chosen.rounds)}
            times |= _seen(tabs, place, chosen.rounds)
            _print(title, counts[place.slug], times)


@contextmanager
def _company(folder: Path) -> Iterator[dict[str, str]]:
    """A database of its own with demo data and its analytic copy, for this process and its servers."""
    url = make_url(settings().require_database_url())
    name = f"policydesk_bench_render_{os.getpid()}"
    with psycopg.connect(url.render_as_string(hide_password=False), autocommit=True) as connection:
        connection.execute(f"create database {name}".encode())
        try:
            environment = {
                "DATABASE_URL": url.set(database=name).render_as_string(hide_password=False),
                "POLICYDESK_DATA_DIR": str(folder / "data"),
                "POLICYDESK_DEMO": "true",
            }
            os.environ.update(environment)
            settings.cache_clear()
            core.db.bind(None)
            migrate.upgrade()
            demo.fill(CUSTOMERS)
            _make_eventful()
            subprocess.run([sys.executable, "-m", "etl"], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
            yield environment
        finally:
            core.db.bind(None)
            connection.execute(f"drop database {name} with (force)".encode())


def _make_eventful() -> None:
    """Let 500 things happen to the customer with the most policies in the viewer's line."""
    with unit_of_work() as session:
        found = session.execute(_EVENTFUL, {"viewer": VIEWER}).one()
        for statement in _FILL:
            session.execute(text(statement), {"id": found.id, "agent": found.agent_id})
        session.execute(text("analyze"))


def _eventful() -> str:
    with unit_of_work() as session:
        return str(session.execute(_EVENTFUL, {"viewer": VIEWER}).one().customer_code)


def _token() -> str:
    with unit_of_work() as session:
        user_id = session.scalar(text("select id from users where username = :name"), {"name": VIEWER})
    now = utc_now()
    return sessions.claim(sessions.begin(int(user_id or 0), now=now), now=now)


def _twins(folder: Path, places: Iterator[Place], token: str) -> tuple[Path, dict[str, int]]:
    """Write the bare twin of every page; the file to serve, and how many parts each page has."""
    held = MappingProxyType({sessions.cookie_name(): token})
    ContextProxy.cookies = property(lambda _self: held)  # type: ignore[method-assign,assignment]
    viewer = people.viewer_of(token, now=utc_now())
    rows = menu.allowed(viewer) if viewer else ()
    drawn: dict[str, list[str]] = {}
    scripts: dict[str, _bare.Script] = {}
    with _bare.recording() as since:
        for place in (*places, Place(ELSEWHERE, {})):
            app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=120).run()
            app.query_params.update(place.query)
            app.switch_page(menu.row_of(place.slug or menu.HOME).file)
            for _ in range(2):  # the second draws what the first has put in order
                since()
                app.run()
            scripts[place.slug or menu.HOME] = since()
            if app.exception:
                raise SystemExit(f"{place.slug} shows an error: {app.exception[0].value}")
            drawn[place.slug] = _bare.shape(app)
    (folder / "bare").mkdir()
    server = _bare.write(folder / "bare", scripts, rows)
    for slug, ours in drawn.items():
        twin = AppTest.from_file(str(server.with_name("app.py")), default_timeout=120).run()
        theirs = _bare.shape(twin.switch_page(f"{slug or menu.HOME}.py").run())
        if twin.exception or ours != theirs:
            differing = sorted(set(ours) ^ set(theirs))[:10]
            raise SystemExit(f"The twin of {slug} differs: {differing} {[e.value for e in twin.exception]}")
    return server, {slug: len(parts) for slug, parts in drawn.items()}


Pairs = list[tuple[float, float]]
KINDS = ("script", "opened", "loaded")


def _scripts(clients: list[_served.Client], place: Place, rounds: int) -> Pairs:
    """Pairs of milliseconds (ours, bare): a rerun without a browser."""
    _pairs(lambda at: clients[at].rerun(place)[0], 3)  # caches, prepared statements
    return _pairs(lambda at: clients[at].rerun(place)[0], rounds * 2)


@contextmanager
def _tabs(urls: tuple[str, str], cookie: str) -> Iterator[list[_served.Tab]]:
    """A tab for each of the two; none without a browser."""
    path = find_chromium()
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        path = None
    if path is None:
        print("Without Playwright and a Chromium only the scripts are measured.")
        yield []
        return
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=path, args=[*ARGUMENTS])
        yield [_served.Tab(browser, url, cookie) for url in urls]
        browser.close()


def _seen(tabs: list[_served.Tab], place: Place, rounds: int) -> dict[str, Pairs]:
    """Pairs of milliseconds (ours, bare): opened by a click, and loaded anew."""
    if not tabs:
        return {}
    drawn: list[set[int]] = [set(), set()]

    def opened(at: int) -> float:
        tabs[at].leave(ELSEWHERE)
        took, count = tabs[at].back(place)
        drawn[at].add(count)
        return took

    found = {"loaded": _pairs(lambda at: tabs[at].load(place)[0], max(rounds // 3, 1))}
    _pairs(opened, 2)
    found["opened"] = _pairs(opened, rounds)
    if not drawn[0] & drawn[1]:
        raise SystemExit(f"/{place.slug} has {drawn[0]} elements in ours, {drawn[1]} in the bare page")
    return found


def _pairs(measure: Callable[[int], float], rounds: int) -> Pairs:
    """Ours and bare in turn; who goes first changes every time."""
    found = []
    for number in range(rounds):
        order = (0, 1) if number % 2 else (1, 0)
        taken = {at: measure(at) for at in order}
        found.append((taken[0], taken[1]))
    return found


def _print(title: str, parts: int, times: dict[str, Pairs]) -> None:
    line = f"{title:<15}{parts:>6} parts "
    for kind in KINDS:
        if kind in times:
            ours, bare = (statistics.median(column) for column in zip(*times[kind], strict=True))
            line += f"{ours:>8.0f} /{bare:>5.0f} ={ours / bare:>5.2f} "
    print(line, flush=True)


if __name__ == "__main__":
    main()
