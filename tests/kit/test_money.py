"""Rounding and splitting of money."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.kit.errors import Refusal
from core.kit.money import parse_money, round_cents, written


@pytest.mark.parametrize(
    ("amount", "rounded"),
    [("697.935", "697.94"), ("0.005", "0.01"), ("-0.005", "-0.01"), ("2.674999", "2.67")],
)
def test_halves_of_a_cent_round_away_from_zero(amount: str, rounded: str) -> None:
    assert round_cents(Decimal(amount)) == Decimal(rounded)


@pytest.mark.parametrize("typed", ["1,234.5", "$1234.50", " 1234.5 ", "$1,234.50", "$ 1234.50", "+1234.5"])
def test_an_amount_is_read_as_people_type_it(typed: str) -> None:
    assert parse_money(typed) == Decimal("1234.50")


@pytest.mark.parametrize("typed", ["1.234,56", "12,50", "1,23,456", "1,234,56", ",5", "1234,567"])
def test_a_comma_that_does_not_part_thousands_is_refused_saying_which_form_is_meant(typed: str) -> None:
    with pytest.raises(Refusal) as refusal:
        parse_money(typed, field="premium")
    assert f"“{typed}” can't be read as an amount." in str(refusal.value)
    assert "commas between thousands and a point before the cents, like 1,234.56" in str(refusal.value)


@pytest.mark.parametrize("typed", ["", "twelve", "1.2.3", "NaN", "Infinity", "1e999999999", "1.005"])
def test_what_is_no_amount_in_cents_is_refused_beside_its_field(typed: str) -> None:
    with pytest.raises(Refusal) as refusal:
        parse_money(typed, field="premium")
    assert refusal.value.field == "premium"


@pytest.mark.parametrize(
    "typed",
    [
        "1e5",
        "1E+05",
        "1_000",
        "12$34.50",
        "$$5",
        "5$",
        "--5",
        "$",
        "-",
        ".",
        "١٢٣",
        "１２３",
        "(5)",
        "1 234",
    ],
)
def test_what_is_not_written_out_in_full_is_no_amount(typed: str) -> None:
    with pytest.raises(Refusal, match="is not an amount") as refusal:
        parse_money(typed, field="premium")
    assert "Write it like 1,234.50." in str(refusal.value)


@pytest.mark.parametrize(
    ("typed", "amount"),
    [("-5", "-5"), ("-$5.5", "-5.50"), ("$-5", "-5"), (".5", "0.50"), ("5.", "5"), ("0012", "12")],
)
def test_sign_and_point_stand_where_people_put_them(typed: str, amount: str) -> None:
    assert parse_money(typed) == Decimal(amount)


@given(st.decimals(min_value=-1_000_000_000, max_value=1_000_000_000, places=2))
def test_an_amount_is_read_as_it_is_shown(amount: Decimal) -> None:
    assert parse_money(f"{amount:,.2f}") == amount


@pytest.mark.parametrize(
    ("text", "thousands", "point", "number"),
    [
        ("1.234,5", ".", ",", "1234.5"),
        ("1 234 567", " ", ".", "1234567"),
        ("1234", "", ".", "1234"),
        ("1,234", "", ".", None),
        ("1.234", "", ",", None),
        ("1.5", ".", ",", None),
    ],
)
def test_marks_other_than_the_stated_ones_make_it_no_number(
    text: str, thousands: str, point: str, number: str | None
) -> None:
    assert written(text, thousands=thousands, point=point) == (number and Decimal(number))
