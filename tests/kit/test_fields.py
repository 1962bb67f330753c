from datetime import date
from decimal import Decimal
from enum import StrEnum

import pytest

from core.kit import fields
from core.kit.errors import Invalid, Refusal
from core.kit.fields import Field, clean


class Size(StrEnum):
    SMALL = "small"
    EXTRA_LARGE = "extra_large"


def test_all_problems_are_told_at_once_and_by_field():
    inputs = (
        Field("name", "Name", fields.text(3), required=True),
        Field("email", "E-mail", fields.email),
        Field("size", "Size", fields.choice(Size)),
    )
    with pytest.raises(Invalid) as refused:
        clean(inputs, {"name": "", "email": "no", "size": "huge"})
    assert refused.value.fields == {
        "name": "Name is missing.",
        "email": "“no” is not an e-mail address.",
        "size": "“huge” is not one of: small, extra large.",
    }


def test_empty_optional_fields_become_none():
    assert clean((Field("note", "Note", fields.text(9)),), {"note": " \t"}) == {"note": None}


def test_a_required_text_of_invisible_characters_is_missing():
    inputs = (Field("name", "Name", fields.text(9), required=True),)
    with pytest.raises(Invalid, match="missing"):
        clean(inputs, {"name": "\u200b\u2060"})


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Ann \t Lee ", "Ann Lee"),
        ("A\x00n\x1bn", "Ann"),
        ("Ann\u202egpj", "Anngpj"),
        ("e\u0301", "é"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("李小龙", "李小龙"),
        ("\ud800x", "x"),
    ],
)
def test_text_keeps_every_script_and_drops_what_cannot_be_seen(typed, kept):
    assert fields.plain_text(typed) == kept


def test_notes_keep_their_lines():
    assert fields.plain_text("one \r\n\r\ntwo\rthree", lines=True) == "one\n\ntwo\nthree"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("(212) 555-0123", "+1 212-555-0123"),
        ("212.555.0123", "+1 212-555-0123"),
        ("+1 212 555 0123", "+1 212-555-0123"),
        ("1-212-555-0123", "+1 212-555-0123"),
        ("+49 30 901820", "+49 30 901820"),
    ],
)
def test_a_phone_in_any_notation_becomes_one(typed, kept):
    assert fields.phone(typed) == kept


@pytest.mark.parametrize("typed", ["12", "phone", "212-555-0123 ext 5", "+1 212 555 01234 56"])
def test_what_cannot_be_dialled_is_no_phone(typed):
    with pytest.raises(Refusal):
        fields.phone(typed)


def test_two_notations_of_a_number_share_their_digits_also_with_an_extension():
    assert fields.phone_digits("(212) 555-0123") == fields.phone_digits("+12125550123 x9") == "2125550123"
    assert fields.phone_digits("none") == ""


@pytest.mark.parametrize("value", ["-1", "1.001", "1e999", "NaN", "100.01", "abc"])
def test_an_amount_has_two_decimals_and_lies_within_its_limits(value):
    with pytest.raises(Refusal):
        fields.amount(Decimal(100))(value)


def test_an_amount_is_read_as_people_write_it():
    assert fields.amount(Decimal(10_000))("$1,234.5") == Decimal("1234.50")


def test_a_float_is_no_money():
    with pytest.raises(TypeError):
        fields.amount(Decimal(100))(1.5)


@pytest.mark.parametrize("typed", ["1e2", "1_0", "١٢", "NaN", "$12", "1,0"])
def test_a_number_that_is_not_written_out_is_none(typed):
    with pytest.raises(Refusal, match="is not a number"):
        fields.whole(0, 200)(typed)


@pytest.mark.parametrize("typed", [12, "12", " 12.0 ", 12.0])
def test_a_whole_number_is_read_with_or_without_decimals(typed):
    assert fields.whole(0, 200)(typed) == 12


def test_a_date_is_iso_and_within_bounds():
    read = fields.day(date(2026, 1, 1), date(2026, 12, 31))
    assert read("2026-12-31") == date(2026, 12, 31)
    for typed in ("31/12/2026", "2027-01-01", "2025-12-31"):
        with pytest.raises(Refusal):
            read(typed)


def test_a_pattern_holds_a_word_as_it_stands():
    assert fields.like_anywhere(r"50%_\x") == r"%50\%\_\\x%"
