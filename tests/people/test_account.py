"""One's own account: the password, and where one is signed in."""

from __future__ import annotations

from dataclasses import replace

import pytest

from core import people
from core.access import TooManyAttempts, passwords, sessions
from core.access.tables import User
from core.db import unit_of_work
from core.kit.dates import utc_now
from core.kit.errors import Invalid, NotFound
from tests import factories as make

OLD = "correct horse battery"
NEW = "staple correct horse"


@pytest.fixture(autouse=True)
def _quick(monkeypatch):
    monkeypatch.setattr(passwords, "COST", 4)


@pytest.fixture
def ann(database):
    return make.user(
        name="Ann Agent", password_hash=passwords.hash_password(OLD), must_change_password=True
    )


def session_of(person):
    token = sessions.claim(sessions.begin(person.id, now=utc_now()), now=utc_now())
    return token, people.viewer_of(token, now=utc_now())


def test_a_changed_password_is_owed_no_more_and_ends_the_other_sessions(ann):
    other, _ = session_of(ann)
    token, viewer = session_of(ann)
    people.change_password(OLD, NEW, NEW, by=viewer)
    assert people.viewer_of(other, now=utc_now()) is None
    assert not people.viewer_of(token, now=utc_now()).must_change_password
    with unit_of_work() as db:
        assert passwords.matches(NEW, db.get(User, ann.id).password_hash)


@pytest.mark.parametrize(
    ("old", "new", "again", "field"),
    [
        ("wrong", NEW, NEW, "old"),
        (OLD, NEW, "something else", "again"),
        (OLD, OLD, OLD, "new"),
        (OLD, "too short", "too short", "new"),
        (OLD, "Ann.Person.1", "Ann.Person.1", None),
    ],
)
def test_what_is_wrong_is_told_beside_its_field(ann, old, new, again, field):
    _, viewer = session_of(ann)
    if field is None:
        people.change_password(old, new, again, by=viewer)
        return
    with pytest.raises(Invalid) as refused:
        people.change_password(old, new, again, by=viewer)
    assert list(refused.value.fields) == [field]


def test_guessing_the_old_password_counts_like_a_sign_in(ann):
    _, viewer = session_of(ann)
    for _ in range(5):
        with pytest.raises(Invalid):
            people.change_password("wrong", NEW, NEW, by=viewer)
    with pytest.raises(TooManyAttempts):
        people.change_password(OLD, NEW, NEW, by=viewer)


def test_one_ends_one_s_own_sessions_only(ann):
    bob = make.user()
    _, anns = session_of(ann)
    token, bobs = session_of(bob)
    with pytest.raises(NotFound):
        people.end_my_session(bobs.session_id, by=anns)
    people.end_my_session(bobs.session_id, by=bobs)
    assert people.viewer_of(token, now=utc_now()) is None


def test_signing_out_everywhere_ends_this_session_too(ann):
    tokens = [session_of(ann)[0] for _ in range(2)]
    _, viewer = session_of(ann)
    assert len(people.my_sessions(by=viewer)) == 3
    assert people.sign_out_everywhere(by=replace(viewer)) == 3
    assert [people.viewer_of(token, now=utc_now()) for token in tokens] == [None, None]
