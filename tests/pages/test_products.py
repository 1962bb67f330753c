"""The page of products and their rates."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from core import catalog
from core.access import Role
from core.catalog import NewRates, RateBand
from core.kit.ids import new_request_id
from tests import factories as make
from tests.pages.conftest import press, press_both

pytestmark = pytest.mark.page

PAGE = "pages/admin/products.py"


@pytest.fixture
def company(database):
    return make.company()


def enter(product, by):
    new = NewRates(product.id, date(2100, 1, 1), Decimal(60), (RateBand(0, 99, Decimal("2.5")),))
    return catalog.enter_rates(new, request_id=new_request_id(), by=by)


def field(app_test, kind, label):
    return next(one for one in getattr(app_test, kind) if one.label == label)


def test_the_page_lists_every_product(app_test, signed_in, company):
    make.product(name="Term 20")
    make.product(name="Old term", is_active=False)
    app_test = signed_in(app_test, company.admin, page=PAGE)
    assert not app_test.exception
    assert "2 products" in [caption.value for caption in app_test.caption]


def test_categories_are_called_as_on_every_page(app_test, signed_in, company):
    product = make.product(catalog.Category.ULIP)
    app_test = signed_in(app_test, company.admin, page=PAGE, query={"product": str(product.id)})
    assert "Unit-linked" in field(app_test, "selectbox", "Category").options


def test_limits_that_are_one_value_are_told_as_one(app_test, signed_in, company):
    fixed = {"min_age": 18, "max_age": 18, "min_term": 1, "max_term": 1}
    product = make.product(**fixed)
    app_test = signed_in(app_test, company.admin, page=PAGE, query={"product": str(product.id)})
    facts = [one.value.split("  \n") for one in app_test.markdown]
    assert [":small[:gray[Ages]]", "18"] in facts
    assert [":small[:gray[Terms]]", "1 year"] in facts


def test_rates_say_what_they_are_counted_in(app_test, signed_in, company):
    product = make.product()
    enter(product, company.adam)
    app_test = signed_in(app_test, company.admin, page=PAGE, query={"product": str(product.id)})
    rates = app_test.dataframe[-1].value
    assert list(rates["label"]) == ["Ages 0 to 99", "Policy fee"]
    assert list(rates["unit"]) == ["$ a year per $1,000 of the sum assured", "$ a year"]
    press(app_test, "Enter rates")
    assert "dollars a year per \\$1,000 of the sum assured" in " ".join(
        one.value for one in app_test.markdown
    )


def test_an_administrator_changes_a_limit(app_test, signed_in, company):
    product = make.product()
    app_test = signed_in(app_test, company.admin, page=PAGE, query={"product": str(product.id)})
    field(app_test, "number_input", "Oldest age").set_value(70)
    press(app_test, "Save")
    assert not app_test.exception
    assert catalog.limits(product.id, by=company.adam).max_age == 70


def test_a_wrong_limit_is_told_beside_its_field_and_what_was_typed_stays(app_test, signed_in, company):
    product = make.product()
    app_test = signed_in(app_test, company.admin, page=PAGE, query={"product": str(product.id)})
    field(app_test, "number_input", "Oldest age").set_value(10)
    press(app_test, "Save")
    assert any("oldest age is below" in one.value for one in app_test.markdown)
    assert field(app_test, "number_input", "Oldest age").value == 10


def told(app_test):
    """The sentences beside the fields."""
    start, end = ":small[:red[:material/error: ", "]]"
    found = [one.value for one in app_test.markdown if one.value.startswith(start)]
    return [one.removeprefix(start).removesuffix(end).replace("\\", "") for one in found]


def test_a_blank_field_of_a_product_is_told_with_what_is_wrong_with_others(app_test, signed_in, company):
    product = make.product()
    app_test = signed_in(app_test, company.admin, page=PAGE, query={"product": str(product.id)})
    field(app_test, "text_input", "Name").input("")
    field(app_test, "number_input", "Oldest age").set_value(200)
    press(app_test, "Save")
    assert told(app_test) == ["Enter the name.", "Enter a number from 0 to 120."]


def test_all_that_is_wrong_with_rates_is_told_at_once(app_test, signed_in, company):
    product = make.product()
    app_test = signed_in(app_test, company.admin, page=PAGE, query={"product": str(product.id)})
    press(app_test, "Enter rates")
    field(app_test, "text_input", "Policy fee a year").input("much")
    next(one for one in app_test.date_input if one.label == "Valid from").set_value(None)
    # AppTest runs the whole page, so the dialog must be opened again, and that empties a used form.
    field(app_test, "button", "Enter rates").click()
    del app_test.session_state[f"form.rates_{product.id}"]
    press(app_test, "Send for approval")
    found = told(app_test)
    assert found[0] == "Enter from when on they are valid."
    assert found[1].startswith("“much” is not an amount")


def test_somebody_elses_change_in_between_is_told(app_test, signed_in, company):
    product = make.product()
    app_test = signed_in(app_test, company.admin, page=PAGE, query={"product": str(product.id)})
    catalog.edit_product(product.id, {"min_age": 20}, version=1, by=company.adam)
    field(app_test, "number_input", "Oldest age").set_value(70)
    press(app_test, "Save")
    assert any("changed its min age" in one.value for one in app_test.error)
    press(app_test, "Show the current state")
    assert field(app_test, "number_input", "Youngest age").value == 20


def test_a_product_is_retired_only_after_it_was_asked(app_test, signed_in, company):
    product = make.product()
    app_test = signed_in(app_test, company.admin, page=PAGE, query={"product": str(product.id)})
    press(app_test, "Retire")
    assert any("can't be issued" in one.value for one in app_test.markdown)
    assert catalog.limits(product.id, by=company.adam).is_active
    press_both(app_test, "Retire", "Retire product")
    assert not catalog.limits(product.id, by=company.adam).is_active


def test_the_author_of_rates_is_offered_no_decision(app_test, signed_in, company):
    product = make.product()
    enter(product, company.adam)
    app_test = signed_in(app_test, company.admin, page=PAGE, query={"product": str(product.id)})
    assert not app_test.exception
    assert "Approve" not in {button.label for button in app_test.button}
    assert any("somebody else decides" in one.value for one in app_test.caption)


def test_an_underwriter_approves_and_changes_nothing_else(app_test, signed_in, company):
    product = make.product()
    enter(product, company.adam)
    underwriter = make.user(Role.UNDERWRITER)
    app_test = signed_in(app_test, underwriter, page=PAGE, query={"product": str(product.id)})
    assert {"Retire", "Save", "Enter rates"}.isdisjoint({button.label for button in app_test.button})
    press(app_test, "Approve")
    assert not app_test.exception
    assert [one.status for one in catalog.rate_versions(product_id=product.id, by=company.adam)] == [
        "approved"
    ]


def test_an_agent_has_no_such_page(app_test, signed_in, company):
    app_test = signed_in(app_test, company.ann_in_east)
    with pytest.raises(ValueError, match="products"):
        app_test.switch_page(PAGE).run()
