"""What is chosen from is kept for one person, scope and question."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import streamlit as st

from core.access import Role, Viewer
from pages._ui.choices import kept

ANN = Viewer(11, "ann", "Ann", Role.AGENT, agent_ids=frozenset({11}))
BEN = Viewer(12, "ben", "Ben", Role.AGENT, agent_ids=frozenset({12}))
MORE = Viewer(11, "ann", "Ann", Role.AGENT, agent_ids=frozenset({11, 12}))

asked: list[str] = []


def products(viewer: Viewer) -> str:
    asked.append(viewer.name)
    return f"products of {viewer.name}"


def agents(viewer: Viewer) -> str:
    return f"agents of {viewer.name}"


@pytest.fixture(autouse=True)
def nothing_kept() -> None:
    st.cache_data.clear()
    asked.clear()


def test_the_same_person_is_answered_without_asking_again() -> None:
    assert [kept(products, ANN), kept(products, ANN)] == ["products of Ann"] * 2
    assert asked == ["Ann"]


@pytest.mark.parametrize("other", [BEN, MORE], ids=["another person", "another scope"])
def test_another_person_or_scope_is_asked_for_anew(other: Viewer) -> None:
    kept(products, ANN)
    assert kept(products, other) == f"products of {other.name}"
    assert len(asked) == 2


@pytest.mark.parametrize(("ask", "answer"), [(products, "products of Ann"), (agents, "agents of Ann")])
def test_two_questions_of_one_person_do_not_share_an_answer(
    ask: Callable[[Viewer], str], answer: str
) -> None:
    kept(products, ANN)
    kept(agents, ANN)
    assert kept(ask, ANN) == answer
