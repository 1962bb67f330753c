"""No page without a session, and the right one with it."""

from __future__ import annotations

import ast

import pytest
from streamlit.testing.v1 import AppTest
from structlog.testing import capture_logs

import core.db
from core import jobs, people
from core.access import GRANTS, Role, sessions
from core.kit.dates import utc_now
from core.kit.settings import ROOT
from pages._ui import menu
from tests import factories as make
from tests.pages.conftest import SECONDS, token_of

pytestmark = pytest.mark.page

PAGE_FILES = sorted(
    str(path.relative_to(ROOT)) for path in (ROOT / "pages").glob("*/[!_]*.py") if path.parent.name != "_ui"
)
ALL_FILES = sorted(str(path.relative_to(ROOT)) for path in (ROOT / "pages").rglob("*.py"))
FORM = ["User name", "Password"]


def labels(app_test):
    return [field.label for field in app_test.text_input]


def press(app_test, label):
    return next(button for button in app_test.button if button.label == label).click().run()


def test_without_a_session_there_is_only_the_sign_in_form(app_test, cookies):
    app_test.run()
    assert not app_test.exception
    assert labels(app_test) == FORM
    assert [button.label for button in app_test.button] == ["Sign in"]


@pytest.mark.parametrize("file", PAGE_FILES)
def test_a_page_run_by_itself_shows_nothing_without_a_session(database, cookies, file):
    page = AppTest.from_file(str(ROOT / file), default_timeout=SECONDS).run()
    assert not page.exception
    assert page.main.children == {}


def outsider(permission):
    """A role that lacks the permission; None when every role has it."""
    return next((role for role in Role if permission not in GRANTS[role]), None)


@pytest.mark.parametrize(
    "row", [row for row in menu.PAGES if outsider(row.permission)], ids=lambda row: row.slug
)
def test_a_page_run_by_itself_is_refused_to_who_may_not_open_it(database, cookies, row):
    cookies[sessions.cookie_name()] = token_of(make.user(outsider(row.permission)))
    page = AppTest.from_file(str(ROOT / row.file), default_timeout=SECONDS).run()
    assert not page.exception
    (told,) = page.error
    assert "you can't" in told.proto.title.replace("\\", "").replace("’", "'")
    assert len(page.main.children) == 1


def test_a_page_that_was_denied_is_logged_by_its_slug(app_test, signed_in):
    company, beth = make.company(), make.user(Role.ADMIN)
    app_test = signed_in(app_test, beth, page="pages/admin/users.py")
    people.set_role(beth.id, Role.ANALYST, by=company.adam)
    with capture_logs() as lines:
        app_test.run()
    (line,) = [one for one in lines if one["event"] == "access_denied"]
    assert (line["permission"], line["what"]) == ("users_admin", "page users")


@pytest.mark.parametrize("file", PAGE_FILES)
def test_every_page_asks_who_looks(file):
    assert asks(tree_of(file)), f"{file} never calls guard.viewer"


@pytest.mark.parametrize("file", ALL_FILES)
def test_every_fragment_and_dialog_asks_who_looks(file):
    """They rerun without app.py: one that does not ask keeps a session alive that has ended."""
    for function in that_rerun_alone(tree_of(file)):
        assert asks(function), f"{file}: {function.name} does not call guard.viewer"


def test_fragments_and_dialogs_are_found_however_they_are_made():
    found = {function.name for file in ALL_FILES for function in that_rerun_alone(tree_of(file))}
    assert len(found) > 10
    tree = ast.parse("""
@st.fragment
def decorated(): ...
def handed(): ...
def one(): ...
def other(): ...
def show(kind):
    st.dialog("Title")(handed)(kind)
    body = one if kind else other
    drawer = st.dialog("Title")
    drawer(body)()
""")
    names = {function.name for function in that_rerun_alone(tree)}
    assert names == {"decorated", "handed", "one", "other"}


def tree_of(file):
    return ast.parse((ROOT / file).read_text(encoding="utf-8"))


def asks(tree):
    return any(
        isinstance(node, ast.Call) and ast.unparse(node.func) == "guard.viewer" for node in ast.walk(tree)
    )


def that_rerun_alone(tree):
    """Functions that st.fragment or st.dialog decorates, or is handed: `st.dialog("Title")(body)(...)`."""
    nodes = list(ast.walk(tree))
    chosen = {
        target.id: node.value
        for node in nodes
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    handed = set()
    for node in nodes:
        if isinstance(node, ast.Call) and node.args and makes_one(chosen, node.func):
            handed |= names_in(chosen, node.args[0])
    return [
        node
        for node in nodes
        if isinstance(node, ast.FunctionDef)
        and (node.name in handed or any(makes_one(chosen, mark) for mark in node.decorator_list))
    ]


def makes_one(chosen, node):
    made = chosen.get(node.id, node) if isinstance(node, ast.Name) else node
    if isinstance(made, ast.Attribute):  # @st.fragment
        return ast.unparse(made) in {"st.fragment", "st.dialog"}
    return isinstance(made, ast.Call) and ast.unparse(made.func) in {"st.fragment", "st.dialog"}


def names_in(chosen, node):
    names = {one.id for one in ast.walk(node) if isinstance(one, ast.Name)}
    return names.union(*(names_in({}, chosen[name]) for name in names if name in chosen))


def test_streamlit_finds_no_page_by_its_own_rules():
    assert list((ROOT / "pages").glob("*.py")) == []


@pytest.mark.parametrize("role", list(Role))
def test_the_menu_holds_what_the_role_may_open(app_test, signed_in, role):
    person = make.agent(role) if role in people.SELLING else make.user(role)
    app_test = signed_in(app_test, person)
    assert not app_test.exception
    opened = set()
    for row in menu.PAGES:
        try:
            app_test.switch_page(row.file)
        except ValueError:
            continue
        opened.add(row.slug)
    assert opened == {row.slug for row in menu.allowed(make.viewer(person))}


def test_with_a_session_the_menu_names_the_person(app_test, signed_in):
    app_test = signed_in(app_test, make.agent(name="Ann Agent"))
    assert "Ann Agent · Agent" in [caption.value for caption in app_test.sidebar.caption]


def test_signing_out_ends_the_session_and_empties_the_state(app_test, signed_in, cookies):
    app_test = signed_in(app_test, make.agent(), page="pages/home/account.py")
    app_test.session_state["typed"] = "something of mine"
    press(app_test, "Sign out")
    assert people.viewer_of(cookies[sessions.cookie_name()], now=utc_now()) is None
    assert "typed" not in app_test.session_state
    assert labels(app_test.run()) == FORM


def test_state_of_one_session_is_not_shown_to_the_next(app_test, signed_in):
    """Two people at one browser tab: the second never sees what the first had typed."""
    signed_in(app_test, make.agent(name="Ann Agent"))
    app_test.session_state["typed"] = "something of Ann's"
    signed_in(app_test, make.agent(name="Bob Agent"))
    assert "typed" not in app_test.session_state


def test_a_deactivated_user_is_out_at_the_next_click(app_test, signed_in):
    company = make.company()
    signed_in(app_test, company.ann_in_east, page="pages/home/account.py")
    people.deactivate(company.ann_in_east.id, by=company.adam)
    assert labels(app_test.run()) == FORM
    assert [one.value for one in app_test.info] == ["Your session was ended by an administrator."]


def test_a_database_that_does_not_answer_gives_a_sentence_and_a_way_back(app_test, signed_in, db_url):
    app_test = signed_in(app_test, make.agent(name="Ann Agent"))
    core.db.bind("postgresql://nobody@127.0.0.1:9/none")
    app_test.run()
    assert not app_test.exception
    assert [error.value for error in app_test.error] == ["Wait a moment and try again\\."]
    core.db.bind(db_url)
    press(app_test, "Try again")
    assert "Ann Agent · Agent" in [caption.value for caption in app_test.sidebar.caption]


def test_a_new_password_is_owed_before_anything_else(app_test, signed_in):
    app_test = signed_in(app_test, make.user(must_change_password=True))
    assert labels(app_test) == ["Current password", "New password", "New password again"]
    assert not app_test.sidebar.caption


def test_a_button_pressed_after_the_session_has_ended_does_nothing(app_test, signed_in, cookies):
    """Its callback runs before app.py does, and must ask as well."""
    beth, company = make.user(Role.ADMIN), make.company()
    app_test = signed_in(app_test, beth, page="pages/admin/refresh.py")
    sessions.end(cookies[sessions.cookie_name()], now=utc_now())
    press(app_test, "Refresh now")
    assert not app_test.exception
    assert labels(app_test) == FORM
    assert jobs.current_refresh(by=company.adam) is None
