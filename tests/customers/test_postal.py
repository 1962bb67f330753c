"""Postal codes by country, in their usual spelling."""

from __future__ import annotations

import pytest

from core import customers
from core.customers.postal import FORMS, postal_code
from core.kit.errors import Invalid, Refusal
from tests import factories as make


@pytest.mark.parametrize(
    ("country", "typed", "kept"),
    [
        ("USA", "430851234", "43085-1234"),
        ("united states", " 43085 ", "43085"),
        ("U.S.A.", "43085-1234", "43085-1234"),
        ("Canada", "k1a0b1", "K1A 0B1"),
        ("UK", "sw1a1aa", "SW1A 1AA"),
        ("Great Britain", "m1 1ae", "M1 1AE"),
        ("Germany", "D-10115", "10115"),
        ("AT", "1010", "1010"),
        ("Switzerland", "CH-8001", "8001"),
        ("France", "75001", "75001"),
        ("Poland", "00001", "00-001"),
        ("Atlantis", "ab 12-3", "AB 12-3"),
    ],
)
def test_a_code_is_kept_in_the_usual_spelling(country, typed, kept):
    assert postal_code(typed, country) == kept


@pytest.mark.parametrize(
    ("country", "typed"),
    [
        ("USA", "4308"),
        ("USA", "K1A 0B1"),
        ("Canada", "D1A 0B1"),
        ("UK", "43085"),
        ("Germany", "1010"),
        ("Austria", "10115"),
        ("France", "٧٥٠٠١"),
        ("Atlantis", "<script>"),
    ],
)
def test_a_code_of_another_form_is_refused(country, typed):
    with pytest.raises(Refusal):
        postal_code(typed, country)


@pytest.mark.parametrize("code", sorted(FORMS))
def test_every_example_is_a_code_of_its_country(code):
    for example in FORMS[code].example.split(" or "):
        assert postal_code(example, code) == example


def test_the_message_stands_beside_the_field_with_the_others(database):
    company = make.company()
    one = make.customer(agent=company.ann_in_east, territory_id=company.east.id)
    with pytest.raises(Invalid) as refused:
        customers.edit_customer(one.id, {"postal_code": "123", "email": "x"}, version=1, by=company.ann)
    assert refused.value.fields.keys() == {"postal_code", "email"}
    assert refused.value.fields["postal_code"] == (
        "In the United States a postal code looks like 43085 or 43085-1234."
    )


def test_another_country_asks_for_another_form(database):
    company = make.company()
    one = make.customer(agent=company.ann_in_east, territory_id=company.east.id)
    with pytest.raises(Invalid, match="Austria"):
        customers.edit_customer(one.id, {"country": "Austria"}, version=1, by=company.ann)
    moved = {"country": "Austria", "postal_code": "1010"}
    customers.edit_customer(one.id, moved, version=1, by=company.ann)
    assert customers.customer(one.id, by=company.ann).postal_code == "1010"
