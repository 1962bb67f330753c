"""States of the USA: by code or in full, other countries as they like."""

from __future__ import annotations

import pytest

from core import customers
from core.customers.states import STATES, code_of, state
from core.kit.errors import Invalid, Refusal
from tests import factories as make


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("oh", "OH"),
        ("OHIO", "Ohio"),
        ("new  york", "New York"),
        ("D.C.", "DC"),
        ("Washington, D.C.", "DC"),
        ("pr", "PR"),
        ("U.S. Virgin Islands", "Virgin Islands"),
    ],
)
def test_a_state_is_kept_in_the_usual_spelling(typed, kept):
    assert state(typed, "USA") == kept


@pytest.mark.parametrize("typed", ["ZZ", "Ohoi", "O", "Bavaria"])
def test_what_is_no_state_of_the_usa_is_refused(typed):
    with pytest.raises(Refusal, match="no state of the USA"):
        state(typed, "United States")


@pytest.mark.parametrize("country", ["Canada", "Germany", "Atlantis"])
def test_other_countries_call_their_states_as_they_like(country):
    assert state("ZZ", country) == "ZZ"


def test_every_code_and_every_name_is_a_state():
    assert [state(one, "US") for one in (*STATES, *STATES.values())] == [*STATES, *STATES.values()]


def test_the_message_stands_beside_the_state_and_that_of_the_code_beside_the_code(database):
    company = make.company()
    one = make.customer(agent=company.ann_in_east, territory_id=company.east.id)
    with pytest.raises(Invalid) as refused:
        customers.edit_customer(
            one.id, {"state": "ZZ", "postal_code": "1"}, version=one.version, by=company.ann
        )
    assert set(refused.value.fields) == {"state", "postal_code"}


def test_who_moves_to_the_usa_needs_a_state_of_it(database):
    company = make.company()
    one = make.customer(
        agent=company.ann_in_east, territory_id=company.east.id, country="Germany", state="Bavaria",
        postal_code="10115",
    )  # fmt: skip
    changes = {"country": "USA", "postal_code": "43085"}
    with pytest.raises(Invalid) as refused:
        customers.edit_customer(one.id, changes, version=one.version, by=company.ann)
    assert set(refused.value.fields) == {"state"}


@pytest.mark.parametrize("code", STATES)
def test_both_ways_of_writing_a_state_have_one_code(code):
    assert code_of(code) == code_of(STATES[code].upper()) == code


def test_what_is_no_state_is_compared_as_it_stands():
    assert [code_of(one) for one in ("Ontario", "", "Washington, D.C.")] == ["Ontario", "", "DC"]
