"""Forms that are sent with blanks: every one is asked for in a sentence, and nothing is saved."""

from __future__ import annotations

from datetime import date

import pytest

from core import customers, policies
from tests import factories as make
from tests.pages.conftest import press

pytestmark = pytest.mark.page


def told(app_test):
    """The sentences beside the fields."""
    start, end = ":small[:red[:material/error: ", "]]"
    found = [one.value for one in app_test.markdown if one.value.startswith(start)]
    return [one.removeprefix(start).removesuffix(end).replace("\\", "") for one in found]


def foot(app_test):
    """The line above the button."""
    return [one.value.replace("\\", "") for one in app_test.markdown if "your attention" in one.value]


def test_a_blank_new_customer_is_asked_for_all_that_is_missing(app_test, signed_in):
    company = make.company()
    app_test = signed_in(app_test, company.ann_in_east, page="pages/customers/new.py")
    next(one for one in app_test.text_input if one.label == "E-mail").input("nobody")
    press(app_test, "Create customer")
    assert not app_test.exception
    assert told(app_test) == [
        "Enter the first name.", "Enter the last name.", "Enter the date of birth.",
        "Choose the gender.", "Enter the phone.", "“nobody” is not an e-mail address.",
        "Enter the address.", "Enter the city.", "Enter the state.", "Enter the postal code.",
    ]  # fmt: skip
    (line,) = foot(app_test)
    assert "10 fields need your attention: First name, Last name, Date of birth, Gender, Phone," in line
    assert customers.find("nobody", by=company.ann) == ()


def send_dialog(app_test, opener, label, form):
    """Send a dialog that is open: AppTest runs the whole page, so it is opened again as it was."""
    next(one for one in app_test.button if one.label == opener).click()
    del app_test.session_state[f"form.{form}"]
    next(one for one in app_test.button if one.label == label and one.form_id).click().run()
    assert not app_test.exception


def test_a_blank_new_lead_is_asked_for_its_names_and_its_source_with_all_else(app_test, signed_in):
    company = make.company()
    app_test = signed_in(app_test, company.ann_in_east, page="pages/sales/board.py")
    press(app_test, "New lead")
    next(one for one in app_test.text_input if one.label == "Phone").input("12")
    send_dialog(app_test, "New lead", "Create lead", "new_lead")
    assert told(app_test) == [
        "Enter the first name.", "Enter the last name.",
        "“12” has the wrong number of digits. Start foreign numbers with +.", "Choose the source.",
    ]  # fmt: skip
    assert foot(app_test) == [
        ":red[:material/error: 4 fields need your attention: First name, Last name, Phone, Source.]"
    ]


def test_an_edited_customer_is_asked_for_what_was_emptied_with_all_else(app_test, signed_in):
    company = make.company()
    one = make.customer(agent=company.ann_in_east, territory_id=company.east.id, last_name="Zellweger")
    query = {"customer": one.customer_code}
    app_test = signed_in(app_test, company.ann_in_east, page="pages/customers/customer.py", query=query)
    press(app_test, "Edit")
    for label, typed in (("Last name", ""), ("City", ""), ("E-mail", "nobody")):
        next(field for field in app_test.text_input if field.label == label).input(typed)
    send_dialog(app_test, "Edit", "Save", f"customer.{one.id}")
    assert told(app_test) == [
        "Enter the last name.", "“nobody” is not an e-mail address.", "Enter the city."
    ]  # fmt: skip
    assert customers.customer(one.id, by=company.ann).last_name == "Zellweger"


def test_a_policy_is_not_cancelled_without_its_reasons(app_test, signed_in):
    company = make.company()
    on = make.policy(company.ann_in_east)
    query = {"policy": on.policy_number}
    app_test = signed_in(app_test, company.ann_in_east, page="pages/policies/policy.py", query=query)
    press(app_test, "Cancel policy")
    app_test.date_input[0].set_value(None)
    send_dialog(app_test, "Cancel policy", "Cancel policy", f"{on.policy_number}.cancelled")
    assert told(app_test) == ["Choose why cover ends.", "Enter when cover ends.", "Say why."]
    assert policies.policy(on.id, by=company.ann).row.status == "active"


def test_a_cancellation_is_told_of_its_wrong_day_with_its_blanks(app_test, signed_in):
    company = make.company()
    on = make.policy(company.ann_in_east, expiry_date=date(2099, 4, 1))
    query = {"policy": on.policy_number}
    app_test = signed_in(app_test, company.ann_in_east, page="pages/policies/policy.py", query=query)
    press(app_test, "Cancel policy")
    app_test.date_input[0].set_value(date(2090, 1, 1))
    send_dialog(app_test, "Cancel policy", "Cancel policy", f"{on.policy_number}.cancelled")
    reason, day, why = told(app_test)
    assert (reason, why) == ("Choose why cover ends.", "Say why.")
    assert "cancel on the day itself, not ahead" in day


def test_a_document_without_kind_and_file_is_asked_for_both(app_test, signed_in):
    company = make.company()
    one = make.customer(agent=company.ann_in_east, territory_id=company.east.id)
    query = {"customer": one.customer_code, "tab": "Documents"}
    app_test = signed_in(app_test, company.ann_in_east, page="pages/customers/customer.py", query=query)
    press(app_test, "Add a document")
    send_dialog(app_test, "Add a document", "Add", f"upload.{one.id}")
    assert told(app_test) == ["Choose what the document is.", "Choose a file."]
    assert foot(app_test) == [":red[:material/error: 2 fields need your attention: What it is, File.]"]
    assert not customers.documents(one.id, by=company.ann)
