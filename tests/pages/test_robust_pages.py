"""Every page of every role on a company whose texts are odd and hostile, with every box filled with them.

Each box and each parameter of an address is given its share of the strings; with `--all-strings` every
one of them, and the lists are drawn with several fillings.
"""

from __future__ import annotations

import csv
import io
import itertools
import json
import os
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import make_url, select, text
from streamlit.proto.TextInput_pb2 import TextInput
from streamlit.testing.v1 import AppTest

import core.db
from core import demo
from core.access import GRANTS, Role, sessions
from core.access.tables import User
from core.kit.settings import ROOT, settings
from etl.run import refresh
from pages._ui import export, menu
from pages.sales._parts import record
from queries import warehouse as reader
from tests import hostile
from tests.customers.test_robustness import strings
from tests.pages.conftest import SECONDS, token_of

pytestmark = pytest.mark.page
SPOILED = f"hostile_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"
CUSTOMERS = 120
FILLINGS = 4
ODD = ["²", "-1", "0", "9" * 40, "x" * 5_000, "\0", "a\0b", "1.5", "1e9", "٣", "NaN", "true", ".."]

# Where records are opened, and what the address then says; of the demo agent's, where there are owners.
RECORDS = {
    (
        "customer",
        "customer",
    ): "select customer_code from customers where agent_id {mine} order by id limit 4",
    ("company", "account"): "select id::text from accounts order by id limit 3",
    (
        "pipeline",
        "lead",
    ): "select distinct on (status, id % 2) lead_code from leads where assigned_to {mine}"
    " order by status, id % 2, id",
    ("opportunities", "opportunity"): "select opportunity_code from opportunities order by id limit 6",
    ("policy", "policy"): "select distinct on (status, id % 2) policy_number from policies"
    " order by status, id % 2, agent_id {mine} desc",
    ("claim", "claim"): "select distinct on (status, id % 2) claim_number from claims"
    " order by status, id % 2, agent_id {mine} desc",
    ("entry", "draft"): "select id::text from policy_drafts order by id",
    ("notice", "policy"): "select policy_number from policies where agent_id {mine} order by id limit 2",
    ("notice", "customer"): "select id::text from customers where agent_id {mine} order by id limit 2",
    ("users", "user"): "select id::text from users where username <> 'admin' order by id limit 3",
    ("agents", "agent"): "select user_id::text from agents order by user_id limit 3",
    ("products", "product"): "select id::text from products order by id limit 3",
    ("territories", "territory"): "select id::text from territories order by id limit 3",
}
MINE = "= (select id from users where username = 'agent')"
# The parts of a page, which the address names as well.
PARTS = {
    "customer": ("tab", "pages/customers/_parts/customer_tabs.py"),
    "company": ("tab", "pages/customers/company.py"),
    "pipeline": (record.PART, ""),
    "opportunities": (record.PART, ""),
}
VIEWS = [
    ("pipeline", {"view": "list"}),
    ("opportunities", {"view": "list"}),
    ("claims", {"view": "all"}),
    ("users", {"state": "inactive"}),
    ("lists", {"list": "lost_reasons"}),
]
# Ends the session, or asks for a file.
NOT_PRESSED = re.compile(r"Sign out|Try again")
# What a field of an element is to the browser: these are read as Markdown, all others as they stand.
MARKDOWN = frozenset({"label", "help", "title", "body", "text", "content", "captions"})
AS_IT_STANDS = frozenset({"Text.body", "Metric.body", "Json.body", "Html.body"})
ESCAPED_MARK = re.compile(r"\\+\*\\+\*b(\d+)")
UNESCAPED_MARK = re.compile(r"(?<!\\)\*\*b\d+\*\*")


@pytest.fixture(scope="module")
def spoiled(template_url, tmp_path_factory) -> Iterator[tuple[str, Path]]:
    """The spoiled company: a database that is copied, and its analytic copy."""
    url = make_url(template_url).set(database=SPOILED).render_as_string(hide_password=False)
    warehouse = tmp_path_factory.mktemp("warehouse")
    on_server(template_url, f"create database {SPOILED} template policydesk_template strategy file_copy")
    core.db.bind(url)
    hostile.fill(CUSTOMERS)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("POLICYDESK_WAREHOUSE_DIR", str(warehouse))
        settings.cache_clear()
        refresh()
    reader.close()
    settings.cache_clear()
    core.db.bind(None)
    yield url, warehouse
    on_server(template_url, f"drop database {SPOILED} with (force)")


@pytest.fixture
def company(spoiled, template_url, monkeypatch):
    """The core works on a copy of the spoiled company, which the test may change."""
    url, warehouse = spoiled
    on_server(template_url, f"create database {SPOILED}_copy template {SPOILED} strategy file_copy")
    core.db.bind(make_url(url).set(database=f"{SPOILED}_copy").render_as_string(hide_password=False))
    monkeypatch.setenv("POLICYDESK_WAREHOUSE_DIR", str(warehouse))
    settings.cache_clear()
    yield
    reader.close()
    core.db.bind(None)
    monkeypatch.undo()
    settings.cache_clear()
    on_server(template_url, f"drop database {SPOILED}_copy with (force)")


def on_server(template_url, statement):
    maintenance = make_url(template_url).set(database="postgres").render_as_string(hide_password=False)
    with psycopg.connect(maintenance, autocommit=True) as connection:
        connection.execute(statement.encode())


@pytest.fixture
def opened(company, cookies):
    """The app with the demo person of a role signed in."""

    def open_app(role) -> AppTest:
        with core.db.unit_of_work() as session:
            found = session.scalars(select(User).where(User.username == demo.USERNAMES[role])).one()
            session.expunge(found)
        cookies[sessions.cookie_name()] = token_of(found)
        return AppTest.from_file(str(ROOT / "app.py"), default_timeout=SECONDS).run()

    return open_app


@pytest.fixture
def every(pytestconfig) -> bool:
    """Whether everything is to be given every string."""
    return bool(pytestconfig.getoption("all_strings"))


def addresses(role, *, records=None):
    """Every page that a role may open, with every record of `RECORDS` and every part of it."""
    own = {row.slug for row in menu.PAGES if row.permission in GRANTS[role]}
    found = [(slug, {}) for slug in sorted(own)] + VIEWS
    with core.db.unit_of_work() as session:
        for (slug, parameter), query in RECORDS.items():
            codes = session.scalars(text(query.format(mine=MINE))).all()
            found += [(slug, {parameter: code}) for code in codes[:records]]
    named = [one for one in found if one[0] in PARTS and one[1] and "view" not in one[1]]
    for slug, (parameter, _) in PARTS.items():  # of two records: a marked one and one of the set
        some = [query for named_slug, query in named if named_slug == slug][:2]
        found += [(slug, query | {parameter: part}) for query in some for part in parts(slug)]
    return [(slug, query) for slug, query in found if slug in own]


def parts(slug):
    file = PARTS[slug][1]
    if not file:
        return [record.DETAILS, record.CONTACTS, record.HISTORY]
    return re.findall(r'"([^"]+)"', re.search(r"TABS = \((.*?)\)", (ROOT / file).read_text(), re.DOTALL)[1])


def show(app, slug, query):
    """Open a page by its address, as a click on a link would."""
    for name in list(app.query_params):
        del app.query_params[name]
    for name, value in query.items():
        app.query_params[name] = value
    return app.switch_page(menu.row_of(slug).file).run()


def faults(app, where):
    """What must not be on any page: an exception, or a text that speaks or shows its escapes."""
    found = [f"{where}: {one.value} {one.stack_trace}" for one in app.exception]
    found += [f"{where}: {one.proto.title}" for one in app.error if "eference" in f"{one.value}{one.proto}"]
    for kind, field, value in texts(app):
        is_read = field in MARKDOWN and f"{kind}.{field}" not in AS_IT_STANDS
        for mark in (UNESCAPED_MARK if is_read else ESCAPED_MARK).finditer(value):
            around = value[max(mark.start() - 40, 0) : mark.end() + 40]
            found.append(f"{where}: {kind}.{field} of {hostile.named(f'**b{number(mark)}**')}: {around}")
    return found


def number(mark):
    return re.search(r"\d+", mark[0])[0]


def texts(app):
    """Every text of the elements of a page that hold a mark: its element, its field, and the text."""
    nodes = [app._tree]
    while nodes:
        node = nodes.pop()
        message = getattr(node, "proto", None)
        if message is not None and b"*b" in message.SerializeToString():
            yield from texts_of(message)
        nodes.extend(getattr(node, "children", {}).values())


def texts_of(message):
    kind = message.DESCRIPTOR.name
    for field, value in message.ListFields():
        for one in value if field.is_repeated and not hasattr(value, "items") else [value]:
            if isinstance(one, bytes):
                yield kind, field.name, one.decode("utf-8", "replace")
            elif isinstance(one, str):
                yield from columns_of(one) if field.name == "columns" else [(kind, field.name, one)]
            elif hasattr(one, "DESCRIPTOR"):
                yield from texts_of(one)


def columns_of(config):
    """The labels and hints of a table's columns; only the hints are Markdown."""
    for column in json.loads(config or "{}").values():
        for name, value in column.items() if isinstance(column, dict) else ():
            if isinstance(value, str):
                yield "column", name if name == "help" else f"column {name}", value


# Who see everything, a book, and no personal data: the other roles' pages are these.
LOOKING = (Role.ADMIN, Role.AGENT, Role.EXECUTIVE)


def pytest_generate_tests(metafunc):
    """Every role looks at its pages where every string is asked for."""
    if "looking" in metafunc.fixturenames:
        every = metafunc.config.getoption("all_strings")
        metafunc.parametrize("looking", list(Role) if every else LOOKING)


def test_every_page_and_record_shows_odd_texts_as_they_are(opened, every, looking):
    role, seen = looking, set()
    for filling in range(FILLINGS if every else 1):
        if filling:
            hostile.spoil(filling)
        app = opened(role)
        found = []
        for slug, query in addresses(role, records=None if every or role is Role.ADMIN else 3):
            show(app, slug, query)
            found += faults(app, (slug, query))
            seen |= {number(one) for _, _, value in texts(app) for one in hostile.MARK.finditer(value)}
        assert not found, "\n".join(found)
    assert seen or role is Role.CUSTOMER


ANYTHING = "Find anything"
PASSWORD = TextInput.PASSWORD


@pytest.fixture(scope="module")
def known() -> set[tuple[str, str]]:
    """The buttons and forms, by their page, that were tried by anybody, to be left to them."""
    return set()


TYPING = [Role.AGENT, Role.ADMIN]


def places(role, *, every):
    """Where texts are typed: an agent's pages, and of an administrator's those that no agent has."""
    found = addresses(role, records=2 if every else 1)
    agents = {row.slug for row in menu.PAGES if row.permission in GRANTS[Role.AGENT]}
    return [one for one in found if every or role is Role.AGENT or one[0] not in agents]


@pytest.mark.parametrize("role", TYPING)
def test_every_box_keeps_what_is_typed(opened, every, role):
    app, share, found, typed, known = opened(role), strings_in_turn(role), [], 0, set()
    for slug, query in places(role, every=every):
        for _ in range(len(strings()) if every and slug not in known else 1):
            show(app, slug, query)
            boxes = [box for box in boxes_of(app) if not box.form_id]
            if not boxes:
                break
            given = {}
            for box in boxes:
                given[box.proto.id] = one = next(share)[: box.proto.max_chars or None]
                box.set_value(one)
                typed += 1
            app.run()
            found += faults(app, (slug, query, given))
            found += [
                f"{slug} {query}: {box.label} lost {given[box.proto.id]!r} for {box.value!r}"
                for box in boxes_of(app)
                if box.proto.id in given and box.value != given[box.proto.id]
            ]
        known.add(slug)
    assert not found, "\n".join(found)
    assert typed > 5


def boxes_of(app):
    """The boxes of a page; that of the side bar leaves for the page of hits, and is empty then."""
    return [box for box in (*app.text_input, *app.text_area) if box.label != ANYTHING]


def strings_in_turn(role):
    """The strings without end; each role begins elsewhere."""
    every = [*strings(), *ODD]
    begin = TYPING.index(role) * len(every) // len(TYPING)
    return itertools.cycle([one.replace("\0", "") for one in every[begin:] + every[:begin]])


@pytest.mark.parametrize("role", TYPING)
def test_every_button_and_form_answers_odd_texts_in_words(opened, every, known, role):
    app, share, found, sent = opened(role), strings_in_turn(role), [], []
    for slug, query in places(role, every=every):
        show(app, slug, query)
        for opener in openers(app):
            show(app, slug, query)
            button = at(app, opener)
            if not button or (not every and (slug, button.label) in known):
                continue
            known.add((slug, button.label))
            before = {one.form_id for one in app.button}
            button.click().run()
            found += faults(app, (slug, query, opener))
            for form in sorted({one.form_id for one in app.button} - before):
                found += send(app, form, opener, share, (slug, query, opener), sent)
        show(app, slug, query)
        for form in sorted({one.form_id for one in app.button if one.form_id}):
            if every or (slug, form) not in known:
                known.add((slug, form))
                found += send(app, form, "", share, (slug, query), sent)
                show(app, slug, query)
    assert not found, "\n".join(found)
    assert len(sent) > 10, sent


def openers(app):
    """The buttons of a page by what tells them apart, but for those that end the session."""
    return [one.proto.id for one in app.button if not NOT_PRESSED.search(one.label) and not one.disabled]


def at(app, identity):
    """The button, while it can be pressed: what was pressed before may have changed the record."""
    return next((one for one in app.button if one.proto.id == identity and not one.disabled), None)


def send(app, form, opener, share, where, sent):
    """Fill the texts of a form, send it, and see that what was typed is there, unless it was taken."""
    for box in (filled := [one for one in boxes_of(app) if one.form_id == form]):
        box.set_value(next(share)[: box.proto.max_chars or None])
    typed = {box.proto.id: box.value for box in filled if getattr(box.proto, "type", None) != PASSWORD}
    # AppTest runs the whole page, so a dialog must be opened again, and that would empty a used form.
    for name in [name for name in dict.fromkeys(app.session_state.keys()) if str(name).startswith("form.")]:
        del app.session_state[name]
    if again := at(app, opener):
        again.click()
    submit = next((one for one in app.button if one.form_id == form and not one.disabled), None)
    if submit is None:
        return []
    submit.click().run()
    sent.append((*where, submit.label))
    where = (*where, submit.label, list(typed.values()))
    lost = [box for box in boxes_of(app) if typed.get(box.proto.id, box.value) != box.value]
    return faults(app, where) + [f"{where}: {box.label} lost it for {box.value!r}" for box in lost]


@pytest.mark.parametrize("role", TYPING)
def test_every_parameter_of_an_address_may_hold_anything(opened, every, role):
    app, found = opened(role), []
    names = parameters()
    assert {"q", "lead", "customer", "tab", "draft", "step", "period", "period_days", "kind"} <= names
    share = itertools.cycle(ODD)
    for slug in sorted({slug for slug, _ in places(role, every=every)}):
        records = {one for (page, one) in RECORDS if page == slug}
        values = [*ODD, *strings()] if every else list(itertools.islice(share, 4))
        for value in values:
            for chosen in (names - records, records) if records else (names,):
                show(app, slug, dict.fromkeys(sorted(chosen), value))
                found += faults(app, (slug, value))
    assert not found, "\n".join(found)


def parameters():
    """Every name that any page reads from the address, found in the source."""
    source = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "pages").rglob("*.py"))
    read = r'(?:query_params(?:\.get\(|\[)|\bkey=|\bparameter=|^(?:OPEN|PART) = )"(\w+)"'
    listed = re.findall(r"^(?:FILTERS|KEPT) = \(([^)]*)\)", source, re.MULTILINE)
    names = {*re.findall(read, source, re.MULTILINE), "period", "manager", "agent", "source", "territory"}
    names |= {name for some in listed for name in re.findall(r'"(\w+)"', some)}
    spans = re.findall(r'filters\.(?:span|period)\(.*?key="(\w+)"', source)
    return names | {f"{name}_days" for name in ("period", *spans)}


FORMULA = re.compile(r"[\s\u00a0]*[=+\-@\uff1d\uff0b\uff0d\uff20]")
NUMBER = re.compile(r"-?\d+(\.\d+)?")


def test_no_file_holds_a_formula(opened, monkeypatch):
    files, found, formulas = [], [], 0

    def saved(records, columns, **options):
        rows = records() if callable(records) else records
        zone = options.get("zone", "UTC")
        files.append(
            (
                export.csv_bytes(rows, columns, zone=zone),
                export.xlsx_bytes(rows, columns, sheet="x", zone=zone),
            )
        )

    monkeypatch.setattr(export, "buttons", saved)
    for role in (Role.ADMIN,):
        app = opened(role)
        for slug, query in addresses(role, records=1):
            files.clear()
            show(app, slug, query)
            for as_csv, as_xlsx in files:
                for row in csv.reader(io.StringIO(as_csv.decode("utf-8-sig"))):
                    formulas += sum(cell.startswith("'") for cell in row)
                    found += [
                        (slug, cell) for cell in row if FORMULA.match(cell) and not NUMBER.fullmatch(cell)
                    ]
                with zipfile.ZipFile(io.BytesIO(as_xlsx)) as book:
                    sheet = book.read("xl/worksheets/sheet1.xml").decode()
                    assert "<f>" not in sheet
                    assert "hyperlink" not in sheet
    assert not found
    assert formulas > 10
