"""Which passwords are refused, and how they are kept."""

from __future__ import annotations

import pytest
from streamlit_authenticator import Hasher

from core.access import passwords
from core.kit.errors import Invalid


@pytest.fixture(autouse=True)
def _quick(monkeypatch):
    monkeypatch.setattr(passwords, "COST", 4)


@pytest.mark.parametrize(
    "password",
    [
        "seven words",
        "x" * 6 + "y" * 6,
        "abcabcabcabc",
        "abcdefghijklm",
        "987654321098",
        "qwertyuiopasd",
        "Password1234!",
        "P@ssw0rd12345",
        "welcomewelcome1",
        "Summer2026!!!!",
        "policydesk2026",
        "q" * 129,
    ],
)
def test_what_would_be_tried_first_is_refused(password):
    with pytest.raises(Invalid) as refused:
        passwords.require_good(password)
    assert list(refused.value.fields) == ["password"]


@pytest.mark.parametrize(
    "password",
    [
        "correct horse battery",
        "all lower case",
        "ÄÖÜ trägt der Bär",
        "4821 0937 5561",
        "x7" * 3 + "Kq!mzw",
        "every one of these words counts " * 4,
    ],
)
def test_long_ones_need_no_digits_or_capitals(password):
    passwords.require_good(password)


@pytest.mark.parametrize("password", ["ann.agent1234", "1990annagent!", "Ann.Agent2026"])
def test_ones_own_name_is_refused(password):
    with pytest.raises(Invalid):
        passwords.require_good(password, about=("ann.agent", "annagent@example.com"))


def test_a_long_password_may_hold_ones_name():
    passwords.require_good("agent tomatoes ride bicycles", about=("agent",))


def test_a_password_matches_its_hash_only():
    kept = passwords.hash_password("correct horse battery")
    assert passwords.matches("correct horse battery", kept)
    assert not passwords.matches("correct horse batterY", kept)


def test_every_one_of_128_characters_counts():
    kept = passwords.hash_password("a" * 127 + "b")
    assert passwords.matches("a" * 127 + "b", kept)
    assert not passwords.matches("a" * 127 + "c", kept)


def test_one_letter_in_two_encodings_is_one_letter():
    kept = passwords.hash_password("M\u00fcller im Garten")
    assert passwords.matches("Mu\u0308ller im Garten", kept)


def test_what_is_no_hash_matches_nothing():
    assert not passwords.matches("!", "!")
    assert not passwords.matches("", "")


def test_the_form_s_hasher_reads_our_hashes():
    kept = passwords.hash_password("correct horse battery")
    assert Hasher.is_hash(kept)
    assert Hasher.check_pw(passwords._digest("correct horse battery").decode(), kept)


def test_nobody_costs_as_much_as_somebody(monkeypatch):
    monkeypatch.undo()
    assert passwords._NOBODY.startswith(f"$2b${passwords.COST}$")
    assert Hasher.is_hash(passwords._NOBODY)


def test_an_initial_password_is_a_good_one_and_new_each_time():
    first, second = passwords.initial_password(), passwords.initial_password()
    assert first != second
    passwords.require_good(first)
