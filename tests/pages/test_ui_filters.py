from datetime import date

import pytest
from streamlit.testing.v1 import AppTest

from core.kit.dates import Period
from pages._ui import filters

TODAY = date(2025, 11, 21)


@pytest.mark.parametrize(
    ("chosen", "start", "end"),
    [
        ("month", date(2025, 11, 1), date(2025, 12, 1)),
        ("last_month", date(2025, 10, 1), date(2025, 11, 1)),
        ("quarter", date(2025, 10, 1), date(2026, 1, 1)),
        ("last_quarter", date(2025, 7, 1), date(2025, 10, 1)),
        ("year", date(2025, 1, 1), date(2026, 1, 1)),
        ("last_year", date(2024, 1, 1), date(2025, 1, 1)),
        ("12_months", date(2024, 12, 1), date(2025, 12, 1)),
    ],
)
def test_a_named_period_holds_whole_months(chosen, start, end):
    assert filters.preset(chosen, TODAY) == Period(start, end)


def test_the_month_to_date_compares_with_the_same_elapsed_days():
    span = filters.preset("month", TODAY)
    choice = filters.chosen_period("month", span, "previous", TODAY)
    assert choice.compare == Period(date(2025, 10, 1), date(2025, 10, 22))


def test_a_whole_month_compares_with_the_same_month_a_year_before():
    span = filters.preset("last_month", TODAY)
    choice = filters.chosen_period("last_month", span, "year_before", TODAY)
    assert choice.compare == Period(date(2024, 10, 1), date(2024, 11, 1))


def test_a_period_may_be_compared_with_nothing():
    span = filters.preset("month", TODAY)
    assert filters.chosen_period("month", span, "none", TODAY).compare is None


def filter_page():
    from datetime import date

    import streamlit as st

    from pages._ui import filters
    from pages._ui.filters import Option

    owners = [Option("1", "Ann"), Option("2", "Ben"), Option("3", "Ann")]
    with filters.bar():
        period = filters.period(date(2025, 11, 21))
        owner = filters.choose("Owner", owners, key="owner")
        products = filters.choose_many("Product", owners, key="product")
        text = filters.text("Search", key="q")
    st.session_state.chosen = (period.period.start, owner, products, text)
    st.session_state.counted = filters.count("owner", "product", known={"owner": owners, "product": owners})
    st.button("Clear", on_click=filters.clear, args=("owner", "product", "q"))


def opened(**query):
    at = AppTest.from_function(filter_page, default_timeout=20)
    for name, value in query.items():
        at.query_params[name] = value
    return at.run()


@pytest.mark.page
def test_an_address_reproduces_the_choice():
    at = opened(period="last_month", owner="2", product="1.3", q="müller")
    assert at.session_state.chosen == (date(2025, 10, 1), "2", ("1", "3"), "müller")


@pytest.mark.page
@pytest.mark.parametrize(
    ("query", "counted"),
    [
        ({"owner": "2", "product": "1.3"}, 2),
        ({"owner": "9", "product": "1.9"}, 1),
        ({"owner": "xx", "product": "xx"}, 0),
    ],
)
def test_only_filters_with_a_value_that_is_offered_count(query, counted):
    assert opened(**query).session_state.counted == counted


@pytest.mark.page
def test_own_dates_are_read_from_the_address():
    at = opened(period="custom", period_days="2025-02-03.2025-02-05")
    assert at.session_state.chosen[0] == date(2025, 2, 3)


@pytest.mark.page
@pytest.mark.parametrize(
    "query",
    [
        {"owner": "4"},
        {"owner": "1' or 1=1 --"},
        {"product": "9.zzz"},
        {"period": "always"},
        {"period_compare": "x"},
        {"period": "custom", "period_days": "2025-13-01.x"},
        {"period": "custom", "period_days": "2025-02-05.2025-02-03"},
        {"period": "custom", "period_days": "0001-01-01.9999-12-31"},
        {"period": "custom", "period_days": "0001-01-01.0001-01-31"},
    ],
)
def test_an_address_that_names_no_option_chooses_nothing(query):
    at = opened(**query)
    assert not at.exception
    assert at.session_state.chosen == (date(2025, 11, 1), None, (), "")


@pytest.mark.page
def test_free_text_is_cut():
    assert len(opened(q="x" * 5000).session_state.chosen[3]) == 100


@pytest.mark.page
def test_a_choice_goes_into_the_address():
    at = opened()
    at.selectbox[2].set_value("3")
    at.multiselect[0].set_value(["1", "2"])
    at.run()
    assert at.session_state.chosen[1:3] == ("3", ("1", "2"))
    assert at.query_params["owner"] == "3"
    assert at.query_params["product"] == "1.2"


@pytest.mark.page
def test_a_new_address_in_the_same_session_wins_over_the_old_choice():
    at = opened(owner="2")
    at.query_params["owner"] = "3"
    assert at.run().session_state.chosen[1] == "3"


@pytest.mark.page
def test_clearing_forgets_the_filters():
    at = opened(owner="2", product="1", q="x")
    at.button[0].click().run()
    assert at.session_state.chosen[1:] == (None, (), "")


def test_options_of_one_label_are_told_apart():
    named = (("1", "Springfield"), ("5", "Springfield"), ("7", "Salem"))
    options = [filters.Option(*one) for one in named]
    labels = filters.distinct(options)
    assert labels == {"1": "Springfield (#1)", "5": "Springfield (#5)", "7": "Salem"}


def test_of_two_options_of_one_label_the_one_in_the_address_is_chosen():
    def page():
        import streamlit as st

        from pages._ui import filters

        options = [filters.Option("1", "Springfield"), filters.Option("5", "Springfield")]
        st.text(filters.choose("Where", options, key="where"))

    at = AppTest.from_function(page)
    at.query_params["where"] = "5"
    at.run()
    at.selectbox[0].set_value("5").run()
    assert at.text[0].value == "5"
