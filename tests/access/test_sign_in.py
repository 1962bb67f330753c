"""Name and password: one answer, after the same work, to everybody who may not come in."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from core import access, people
from core.access import Role, SignInRefused, TooManyAttempts, passwords, sessions
from core.kit.errors import Refusal
from core.kit.settings import settings
from tests import factories as make

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
PASSWORD = "correct horse battery"


@pytest.fixture(autouse=True)
def _quick(monkeypatch):
    monkeypatch.setattr(passwords, "COST", 4)


@pytest.fixture
def ann(database):
    return make.user(
        username="ann.agent", email="ann@example.com", password_hash=passwords.hash_password(PASSWORD)
    )


@pytest.fixture
def checks(monkeypatch):
    """Which password was checked against what, in order."""
    made = []
    check = passwords.matches
    monkeypatch.setattr(
        passwords, "matches", lambda password, kept: made.append(kept) or check(password, kept)
    )
    return made


def identify(username, password=PASSWORD, *, at=NOON, address="198.51.100.7"):
    return access.identify(username, password, address=address, now=at)


@pytest.mark.parametrize("typed", ["ann.agent", " Ann.Agent ", "ANN@example.com"])
def test_a_name_or_address_in_any_case_signs_in(ann, typed):
    assert identify(typed).user_id == ann.id


def test_a_wrong_password_an_unknown_name_and_a_deactivated_user_look_alike(ann):
    make.user(username="gone", is_active=False, password_hash=passwords.hash_password(PASSWORD))
    told = set()
    for username, password in (("ann.agent", "wrong"), ("nobody", PASSWORD), ("gone", PASSWORD)):
        with pytest.raises(SignInRefused) as refused:
            identify(username, password)
        told.add(str(refused.value))
    assert len(told) == 1


def test_an_unknown_name_costs_one_check_like_a_known_one(ann, checks):
    with pytest.raises(SignInRefused):
        identify("ann.agent", "wrong")
    with pytest.raises(SignInRefused):
        identify("nobody", "wrong")
    assert checks == [ann.password_hash, passwords._NOBODY]


def test_a_locked_account_costs_one_check_and_never_of_its_own_password(ann, checks):
    for _ in range(5):
        with pytest.raises(SignInRefused):
            identify("ann.agent", "wrong")
    checks.clear()
    with pytest.raises(TooManyAttempts):
        identify("ann.agent")
    assert checks == [passwords._NOBODY]


def test_an_unknown_name_is_locked_like_a_known_one(database):
    for _ in range(5):
        with pytest.raises(SignInRefused):
            identify("nobody", "wrong")
    with pytest.raises(TooManyAttempts, match="Try again in 15 minutes"):
        identify("nobody", "wrong")


def test_name_and_address_of_one_user_are_counted_together(ann):
    for number in range(5):
        with pytest.raises(SignInRefused):
            identify(("ann.agent", "ann@example.com")[number % 2], "wrong")
    with pytest.raises(TooManyAttempts):
        identify("ann@example.com")


def test_after_the_wait_the_right_password_signs_in(ann):
    for _ in range(5):
        with pytest.raises(SignInRefused):
            identify("ann.agent", "wrong")
    assert identify("ann.agent", at=NOON + timedelta(minutes=15)).user_id == ann.id


def test_a_sign_in_is_audited_and_remembered(ann, database):
    code = access.open_session(identify("ann.agent"), address="", user_agent="", now=NOON)
    assert people.viewer_of(sessions.claim(code, now=NOON), now=NOON).user_id == ann.id
    with database.connect() as connection:
        last = connection.execute(text("select last_login from users where id = :id"), {"id": ann.id})
        assert last.scalar_one() == NOON
        audited = connection.execute(text("select action, actor_id, details::text from audit_log")).all()
    assert audited == [("access.sign_in", ann.id, "{}")]


def test_a_right_password_alone_opens_no_session(ann, database):
    identify("ann.agent")
    with database.connect() as connection:
        assert connection.execute(text("select count(*) from user_sessions")).scalar_one() == 0


@pytest.fixture
def without_demo_mode(monkeypatch):
    """Call it to turn demo mode off for the rest of the test."""

    def turn_off():
        monkeypatch.setenv("POLICYDESK_DEMO", "false")
        settings.cache_clear()

    yield turn_off
    monkeypatch.undo()
    settings.cache_clear()


def test_demo_sign_ins_end_with_demo_mode(database, without_demo_mode):
    invented = make.user(username="admin", password_hash=passwords.hash_password(PASSWORD), is_demo=True)
    token = sessions.claim(sessions.begin(invented.id, now=NOON), now=NOON)
    assert identify("admin").user_id == invented.id
    assert people.viewer_of(token, now=NOON).user_id == invented.id
    without_demo_mode()
    with pytest.raises(SignInRefused):
        identify("admin")
    assert people.viewer_of(token, now=NOON) is None
    assert not sessions.admits(token, now=NOON)


def test_ones_own_sign_ins_outlast_demo_mode(ann, without_demo_mode):
    without_demo_mode()
    assert identify("ann.agent").user_id == ann.id


def test_an_invented_administrator_does_not_stand_in_for_a_real_one(database, without_demo_mode):
    adam, beth = make.user(Role.ADMIN), make.user(Role.ADMIN)
    make.user(Role.ADMIN, is_demo=True)
    without_demo_mode()
    people.deactivate(beth.id, by=make.viewer(adam))
    with pytest.raises(Refusal, match="last active administrator"):
        people.set_role(adam.id, Role.ANALYST, by=make.viewer(beth))


def test_an_invented_user_gets_no_new_password_outside_demo_mode(database, without_demo_mode):
    invented, adam = make.user(username="admin", is_demo=True), make.user(Role.ADMIN)
    without_demo_mode()
    with pytest.raises(Refusal, match="admin is a demo sign-in, and demo mode is off"):
        people.reset_password(invented.id, by=make.viewer(adam))
