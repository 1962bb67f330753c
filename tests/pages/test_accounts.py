"""The pages of accounts: the list, one account with its people, and the forms."""

from __future__ import annotations

import pytest

from core import customers
from core.access import Role
from core.kit.ids import new_request_id
from tests import factories as make
from tests.pages.conftest import press
from tests.pages.test_customers import links, text_of

pytestmark = pytest.mark.page

LIST, ONE = "pages/customers/accounts.py", "pages/customers/company.py"
TABS = ("People", "Leads & opportunities", "Policies", "History")


def busy(company):
    """An account with something in every tab."""
    one = make.account(
        agent=company.ann_in_east,
        territory_id=company.east.id,
        name="Möbel *Meyer*",
        phone="+1 614-555-0182",
        notes="Likes\nletters",
    )
    worker = make.customer(agent=company.ann_in_east, territory_id=company.east.id, account_id=one.id)
    make.policy(company.ann_in_east, customer_id=worker.id, territory_id=company.east.id)
    make.opportunity(company.ann_in_east, account_id=one.id)
    for person in ({"name": "Ada Boss"}, {"customer_id": worker.id}):
        new = customers.NewAccountPerson(role="signatory", **person)
        customers.add_account_person(one.id, new, request_id=new_request_id(), by=company.ann)
    return one


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.CUSTOMER])
def test_every_role_opens_the_list_and_every_tab(app_test, signed_in, role):
    company = make.company()
    one = busy(company)
    person = {Role.AGENT: company.ann_in_east, Role.MANAGER: company.erin_manages_east}.get(role)
    app_test = signed_in(app_test, person or make.user(role), page=LIST)
    assert not app_test.exception
    app_test.query_params["account"] = one.account_code
    app_test.switch_page(ONE).run()
    for tab in TABS:
        app_test.query_params["tab"] = tab
        app_test.run()
        assert not app_test.exception, tab
    sees = role is not Role.SENIOR_AGENT
    assert (one.account_code in text_of(app_test)) == sees
    masked = role in {Role.EXECUTIVE, Role.ANALYST}
    assert ("letters" in text_of(app_test)) == (sees and not masked)


def test_a_customer_leads_to_their_account(app_test, signed_in):
    company = make.company()
    one = busy(company)
    (worker,) = customers.people_of(one.id, by=company.ann)
    app_test = signed_in(
        app_test,
        company.ann_in_east,
        page="pages/customers/customer.py",
        query={"customer": worker.code, "tab": "Contacts & relations"},
    )
    assert not app_test.exception
    assert one.account_code in links(app_test)


def changing(app_test):
    """Choose to change the only person of the account."""
    (menu,) = (one for one in app_test.get("menu_button") if "Change" in one.options)
    menu.click("Change")
    return app_test


def test_of_a_person_outside_the_book_the_role_alone_is_changed_and_no_name_is_asked_for(
    app_test, signed_in
):
    company = make.company()
    one = make.account(agent=company.ann_in_east, territory_id=company.east.id)
    theirs = make.customer(agent=company.walt_in_west, territory_id=company.west.id)
    new = customers.NewAccountPerson(role="contact", customer_id=theirs.id)
    customers.add_account_person(one.id, new, request_id=new_request_id(), by=company.adam)
    app_test = signed_in(app_test, company.ann_in_east, page=ONE, query={"account": one.account_code})
    changing(app_test).run()
    assert "Name" not in [field.label for field in app_test.text_input]
    changing(app_test)
    next(box for box in app_test.selectbox if box.label == "Role").select("billing")
    press(app_test, "Save")
    assert not app_test.exception
    (row,) = customers.account_people(one.id, by=company.ann)
    assert (row.role, row.is_visible) == ("billing", False)
