"""What the log tells of sign-ins and denials, by number and never by name (quality.md S, Log)."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from structlog.testing import capture_logs

from core import access
from core.access import Permission, Role, SignInRefused, TooManyAttempts, Viewer, passwords
from core.access.gate import require
from core.kit.errors import NotAllowed
from tests import factories as make

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _quick(monkeypatch):
    monkeypatch.setattr(passwords, "COST", 4)


def try_to_sign_in(username):
    with pytest.raises((SignInRefused, TooManyAttempts)):
        access.identify(username, "not the password", address="198.51.100.7", now=NOON)


def test_what_a_role_was_denied_is_logged():
    ann = Viewer(7, "ann", "Ann", Role.AGENT)
    with capture_logs() as lines, pytest.raises(NotAllowed):
        require(ann, Permission.USERS_ADMIN, what="people.create_user")
    (line,) = lines
    assert (line["event"], line["log_level"]) == ("access_denied", "warning")
    assert (line["user_id"], line["role"]) == (ann.user_id, "agent")
    assert (line["permission"], line["what"]) == ("users_admin", "people.create_user")


def test_failed_sign_ins_are_logged_without_the_name(database):
    ann = make.user(username="ann.agent")
    with capture_logs() as lines:
        try_to_sign_in("ann.agent")
        try_to_sign_in("nobody.here")
    assert [(line["event"], line["user_id"]) for line in lines] == [
        ("sign_in_failed", ann.id),
        ("sign_in_failed", None),
    ]
    assert "nobody.here" not in str(lines)


def test_throttled_sign_ins_are_logged(database):
    make.user(username="ann.agent")
    with capture_logs() as lines:
        for _ in range(6):
            try_to_sign_in("ann.agent")
    assert [line["event"] for line in lines] == ["sign_in_failed"] * 5 + ["sign_in_throttled"]
