"""The cache of answers: what one viewer was told is told to another only where both see the same rows."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import count
from pathlib import Path

import pytest
import streamlit as st

from core.access import Role, Viewer
from pages._ui import data
from queries import Published

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
EVE = Viewer(1, "eve", "Eve", Role.EXECUTIVE)
ALEX = Viewer(2, "alex", "Alex", Role.ANALYST)
ADAM = Viewer(3, "adam", "Adam", Role.ADMIN)
ANN = Viewer(11, "ann", "Ann", Role.AGENT, agent_ids=frozenset({11}))
BEN = Viewer(12, "ben", "Ben", Role.AGENT, agent_ids=frozenset({12}))
MIA = Viewer(13, "mia", "Mia", Role.MANAGER, agent_ids=frozenset({13}), territory_ids=frozenset({1}))
MAX = Viewer(13, "mia", "Mia", Role.MANAGER, agent_ids=frozenset({13}), territory_ids=frozenset({1, 2}))


@pytest.fixture
def ask():
    """Asks a question as a viewer; the answer is how often anything was asked before."""
    st.cache_data.clear()
    asked = count()

    def cached(viewer, *, version="1", name="won", more=()):
        at = Published(version, Path(f"/nowhere/{version}"), NOON, NOON)
        return data.cached(name, lambda: next(asked), at=at, viewer=viewer, more=more)

    return cached


@pytest.mark.parametrize(("one", "other"), [(ANN, BEN), (ANN, EVE), (MIA, MAX), (EVE, ADAM)])
def test_two_who_see_other_rows_or_other_columns_share_no_answer(ask, one, other):
    assert [ask(one), ask(other), ask(one)] == [0, 1, 0]


def test_two_who_see_the_same_share_one(ask):
    assert [ask(EVE), ask(ALEX)] == [0, 0]


def test_another_version_or_question_is_asked_anew(ask):
    assert [ask(ANN), ask(ANN, version="2"), ask(ANN, name="lost"), ask(ANN, more=("x",))] == [0, 1, 2, 3]
