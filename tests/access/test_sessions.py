"""A session lives in the database: it starts by a one-time code and ends everywhere at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text, update

from core import people
from core.access import Role, sessions
from core.access.tables import User
from core.db import unit_of_work
from tests import factories as make

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def signed_in(person, *, at=NOON, replacing=""):
    code = sessions.begin(person.id, now=at, address="198.51.100.7", user_agent="Firefox/1 Windows")
    return sessions.claim(code, now=at, replacing=replacing)


def change(person, **values):
    with unit_of_work() as db:
        db.execute(update(User).where(User.id == person.id).values(**values))


def test_a_token_is_its_owner(database):
    ann = make.agent(name="Ann Agent")
    viewer = people.viewer_of(signed_in(ann), now=NOON)
    assert (viewer.user_id, viewer.name, viewer.role) == (ann.id, "Ann Agent", Role.AGENT)


@pytest.mark.parametrize("token", [None, "", "made up", "' or 1=1 --"])
def test_what_is_no_token_is_nobody(database, token):
    assert people.viewer_of(token, now=NOON) is None


def test_the_database_holds_neither_token_nor_code(database):
    ann = make.agent()
    code = sessions.begin(ann.id, now=NOON)
    token = sessions.claim(code, now=NOON)
    with database.connect() as connection:
        row = str(connection.execute(text("select s::text from user_sessions s")).scalar_one())
    assert token not in row
    assert code not in row


def test_a_code_is_claimed_once(database):
    code = sessions.begin(make.agent().id, now=NOON)
    sessions.claim(code, now=NOON)
    with pytest.raises(sessions.ClaimRefused):
        sessions.claim(code, now=NOON)


def test_of_eight_claims_at_once_one_gets_the_session(database):
    code = sessions.begin(make.agent().id, now=NOON)

    def one(_number):
        try:
            return sessions.claim(code, now=NOON)
        except sessions.ClaimRefused:
            return None

    with ThreadPoolExecutor(8) as pool:
        assert len([token for token in pool.map(one, range(8)) if token]) == 1


def test_a_code_is_too_old_after_a_minute(database):
    code = sessions.begin(make.agent().id, now=NOON)
    with pytest.raises(sessions.ClaimRefused):
        sessions.claim(code, now=NOON + MINUTE)


def test_an_unclaimed_session_admits_nobody_and_is_not_listed(database):
    ann = make.agent()
    code = sessions.begin(ann.id, now=NOON)
    assert people.viewer_of(code, now=NOON) is None
    assert sessions.open_sessions(ann.id, now=NOON) == []


def test_a_session_ends_after_half_an_hour_without_a_click(database):
    token = signed_in(make.agent())
    assert people.viewer_of(token, now=NOON + 29 * MINUTE)
    assert people.viewer_of(token, now=NOON + 58 * MINUTE)
    assert people.viewer_of(token, now=NOON + 88 * MINUTE) is None


def test_files_and_uploads_end_with_the_session(database):
    token = signed_in(make.agent())
    assert sessions.admits(token, now=NOON + 29 * MINUTE)
    assert not sessions.admits(token, now=NOON + 31 * MINUTE)


def test_a_session_ends_after_twelve_hours_whatever_happens(database):
    token = signed_in(make.agent())
    for step in range(1, 36):
        assert people.viewer_of(token, now=NOON + step * 20 * MINUTE)
    assert people.viewer_of(token, now=NOON + timedelta(hours=12)) is None


def test_being_seen_is_written_once_a_minute(database):
    token = signed_in(make.agent())

    def seen(seconds):
        people.viewer_of(token, now=NOON + timedelta(seconds=seconds))
        with database.connect() as connection:
            return connection.execute(text("select last_seen_at from user_sessions")).scalar_one()

    assert seen(59) == NOON
    assert seen(60) == NOON + MINUTE


def test_a_copied_token_is_dead_after_signing_out(database):
    token = signed_in(make.agent())
    sessions.end(token, now=NOON)
    assert people.viewer_of(token, now=NOON) is None
    assert not sessions.admits(token, now=NOON)


def test_signing_in_again_makes_a_new_token_and_ends_the_old(database):
    ann = make.agent()
    old = signed_in(ann)
    new = signed_in(ann, replacing=old)
    assert new != old
    assert people.viewer_of(old, now=NOON) is None
    assert people.viewer_of(new, now=NOON)


def test_a_deactivated_user_is_out_at_the_next_click(database):
    ann = make.agent()
    token = signed_in(ann)
    change(ann, is_active=False)
    assert people.viewer_of(token, now=NOON) is None
    assert not sessions.admits(token, now=NOON)


def test_a_changed_role_holds_at_the_next_click(database):
    ann = make.agent()
    token = signed_in(ann)
    change(ann, role=Role.ANALYST)
    assert people.viewer_of(token, now=NOON).role is Role.ANALYST


def test_files_wait_until_the_initial_password_is_changed(database):
    ann = make.agent()
    token = signed_in(ann)
    assert sessions.admits(token, now=NOON)
    change(ann, must_change_password=True)
    assert not sessions.admits(token, now=NOON)
    assert people.viewer_of(token, now=NOON).must_change_password


def test_open_sessions_tell_where_and_when(database):
    ann = make.agent()
    signed_in(ann)
    signed_in(ann, at=NOON + MINUTE)
    found = sessions.open_sessions(ann.id, now=NOON + MINUTE)
    assert [one.signed_in_at for one in found] == [NOON + MINUTE, NOON]
    assert (found[0].ip_address, found[0].user_agent) == ("198.51.100.7", "Firefox/1 Windows")


def test_an_address_that_is_none_is_left_out(database):
    ann = make.agent()
    sessions.claim(sessions.begin(ann.id, now=NOON, address="unix:/tmp/x"), now=NOON)
    assert sessions.open_sessions(ann.id, now=NOON)[0].ip_address == ""


def test_who_was_thrown_out_is_told_by_whom(database):
    ann, adam = make.agent(), make.viewer(make.user(Role.ADMIN))
    thrown = []
    for throw in (people.end_sessions, people.reset_password, people.deactivate):
        token = signed_in(ann)
        throw(ann.id, by=adam)
        thrown.append(sessions.why_over(token, now=NOON))
    assert thrown == ["Your session was ended by an administrator."] * 3


def test_who_was_away_for_too_long_is_told_so(database):
    token = signed_in(make.agent())
    assert "30 minutes without a click" in sessions.why_over(token, now=NOON + 31 * MINUTE)
    assert "12 hours" in sessions.why_over(token, now=NOON + 13 * 60 * MINUTE)


def test_who_signed_out_and_who_never_had_a_session_are_told_nothing(database):
    token = signed_in(make.agent())
    sessions.end(token, now=NOON)
    assert [sessions.why_over(one, now=NOON) for one in (token, "made up", "")] == ["", "", ""]
