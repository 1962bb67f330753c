from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from pages._ui import format as fmt

NOW = datetime(2025, 11, 21, 16, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    "formatter",
    [
        fmt.money, fmt.money_whole, fmt.money_short, fmt.number, fmt.number_short, fmt.percent,
        fmt.day, fmt.days, fmt.text,
    ],
)  # fmt: skip
def test_nothing_is_a_dash_and_never_a_zero(formatter):
    assert formatter(None) == "–"


@pytest.mark.parametrize(
    ("amount", "shown"),
    [
        (Decimal("1234.5"), "$1,234.50"),
        (Decimal(0), "$0.00"),
        (Decimal("-0.005"), "-$0.01"),
        (Decimal("2.675"), "$2.68"),
        (Decimal("99999999999999.99"), "$99,999,999,999,999.99"),
    ],
)
def test_money_is_shown_to_the_cent_with_halves_rounded_away_from_zero(amount, shown):
    assert fmt.money(amount) == shown


@pytest.mark.parametrize(
    ("amount", "shown"),
    [
        (0, "$0"),
        (999, "$999"),
        (1000, "$1K"),
        (34567, "$34.6K"),
        (999_499, "$999K"),
        (999_950, "$1M"),
        (1_234_567, "$1.2M"),
        (-1_234_567, "-$1.2M"),
        (Decimal("12345678901.23"), "$12.3B"),
    ],
)
def test_short_money_keeps_its_unit_when_rounding_crosses_a_thousand(amount, shown):
    assert fmt.money_short(amount) == shown


def test_a_ratio_is_shown_as_a_percentage():
    assert fmt.percent(Decimal("0.1345")) == "13.5%"


def test_a_change_against_nothing_is_left_out():
    assert fmt.change_percent(Decimal(5), Decimal(0)) == ""
    assert fmt.change_percent(Decimal(5), None) == ""


def test_a_change_carries_its_sign():
    assert fmt.change_percent(Decimal(110), Decimal(100)) == "+10.0%"
    assert fmt.change_points(Decimal("0.10"), Decimal("0.12")) == "-2.0 pts"


def test_a_change_that_rounds_to_nothing_has_no_sign():
    assert fmt.change_percent(Decimal("100.01"), Decimal(100)) == "0.0%"
    assert fmt.change_percent(Decimal("99.99"), Decimal(100)) == "0.0%"
    assert fmt.change_points(Decimal("0.1"), Decimal("0.1")) == "0.0 pts"
    assert fmt.change_number(Decimal("4.04"), Decimal("4.0"), 1) == "0.0"


@pytest.mark.parametrize(
    ("first", "last", "shown"),
    [
        (date(2025, 10, 1), date(2025, 10, 21), "Oct 1–21"),
        (date(2025, 10, 1), date(2025, 10, 31), "Oct"),
        (date(2024, 10, 1), date(2024, 10, 31), "Oct 2024"),
        (date(2025, 7, 1), date(2025, 9, 30), "Jul–Sep"),
        (date(2024, 1, 1), date(2024, 12, 31), "2024"),
        (date(2025, 10, 30), date(2025, 11, 5), "Oct 30 – Nov 5"),
        (date(2024, 10, 1), date(2024, 10, 21), "Oct 1–21, 2024"),
        (date(2024, 11, 22), date(2025, 11, 21), "Nov 22, 2024 – Nov 21, 2025"),
    ],
)
def test_a_span_of_dates_is_said_in_few_signs(first, last, shown):
    assert fmt.span(first, last, date(2025, 11, 21)) == shown


def test_a_moment_is_shown_in_the_viewers_zone():
    assert fmt.moment(NOW, "America/New_York") == "Nov 21, 2025, 11:05 AM"
    assert fmt.moment(NOW, "Asia/Tokyo") == "Nov 22, 2025, 1:05 AM"


def test_a_moment_in_the_repeated_hour_follows_the_zone():
    first = datetime(2025, 11, 2, 5, 30, tzinfo=UTC)
    second = datetime(2025, 11, 2, 6, 30, tzinfo=UTC)
    assert fmt.clock(first, "America/New_York") == fmt.clock(second, "America/New_York")


@pytest.mark.parametrize(
    ("at", "shown"),
    [
        (datetime(2025, 11, 21, 16, 4, 30, tzinfo=UTC), "just now"),
        (datetime(2025, 11, 21, 16, 0, tzinfo=UTC), "5 min ago"),
        (datetime(2025, 11, 21, 13, 0, tzinfo=UTC), "3 h ago"),
        (datetime(2025, 11, 20, 16, 0, tzinfo=UTC), "1 day ago"),
        (datetime(2025, 11, 11, 16, 0, tzinfo=UTC), "10 days ago"),
    ],
)
def test_a_moment_is_told_by_its_age(at, shown):
    assert fmt.ago(at, NOW) == shown


def test_small_text_keeps_its_lines_and_paragraphs():
    assert fmt.small("Called [her]\n\nNo answer\r\nAgain on Monday") == (
        ":small[:gray[Called \\[her\\]]]  \n  \n:small[:gray[No answer]]  \n:small[:gray[Again on Monday]]"
    )


def test_names_cannot_speak_markdown():
    assert fmt.plain("[x](a) :red[*b*] $y$ <b> = #") == r"\[x\]\(a\) \:red\[\*b\*\] \$y\$ \<b\> \= \#"


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        (":material/home:", r"\::small[]material/home\:"),
        (":smile: www.a.b", r"\::small[]smile\: www:small[]\.a\.b"),
        (":streamlit:", r"\::small[]streamlit\:"),
        ("see http://a.b", r"see http\::small[]//a\.b"),
        ("WWW.a.b", r"WWW:small[]\.a\.b"),
        ("a -> b", r"a \-:small[]\> b"),
        ("<->", r"\<:small[]\-:small[]\>"),
        ("'; drop --", r"'; drop \-:small[]\-"),
        ("<= 5", r"\<:small[]\= 5"),
        ("a\n    b\n\tc", "a\n\u00a0\u00a0\u00a0\u00a0b\n\u00a0\u00a0\u00a0\u00a0c"),
        ("a--b", r"a\-\-b"),
        ("ann@example.com", r"ann@example\.com"),
    ],
)
def test_what_is_exchanged_after_escapes_are_read_is_split(typed, shown):
    assert fmt.plain(typed) == shown


def test_a_label_that_is_read_out_is_escaped_only_where_it_must_be():
    assert fmt.spoken("Accidental death (ADB) - 20 %") == "Accidental death (ADB) - 20 %"
    assert fmt.spoken("**ADB**") == r"\*\*ADB\*\*"
    assert fmt.spoken("see www.a.b") == r"see www:small[]\.a\.b"
