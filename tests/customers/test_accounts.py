"""Accounts with their people: listed in scope, changed with conflicts, archived, and who acts for them."""

from __future__ import annotations

from decimal import Decimal

import pytest

from core import customers, dossiers
from core.kit.errors import Conflict, Invalid, NotFound
from core.kit.ids import new_request_id
from tests import factories as make


@pytest.fixture
def company(database):
    return make.company()


def account(company, **columns):
    given = {"agent": company.ann_in_east, "territory_id": company.east.id, "name": "Müller & Söhne"}
    return make.account(**{**given, **columns})


def customer(company, **columns):
    given = {"agent": company.ann_in_east, "territory_id": company.east.id}
    return make.customer(**{**given, **columns})


def listed(by, **wanted):
    return [row.code for row in customers.account_list(customers.AccountFilter(**wanted), by=by)[0]]


def add(account_id, by, **person):
    new = customers.NewAccountPerson(**{"role": "contact", "name": "Ada Boss", **person})
    return customers.add_account_person(account_id, new, request_id=new_request_id(), by=by)


@pytest.mark.parametrize("typed", ["muller", "sohne müller", "5550182", "(614) 555-0182", "office@exam"])
def test_an_account_is_found_without_accents_by_phone_and_by_e_mail(company, typed):
    one = account(company, phone="+1 614-555-0182", email="office@example.com")
    account(company, name="Other", phone="+1 614-555-0999")
    assert listed(company.ann, text=typed) == [one.account_code]


def test_accounts_are_listed_in_scope_page_after_page_by_name(company):
    names = ["Alpha", "Beta", "Beta", "Gamma"]
    mine = [account(company, name=name).account_code for name in names]
    account(company, agent=company.walt_in_west, territory_id=company.west.id)
    first, total, after = customers.account_list(customers.AccountFilter(), by=company.ann, limit=2)
    rest, _, last = customers.account_list(customers.AccountFilter(), by=company.ann, after=after)
    assert [row.code for row in (*first, *rest)] == mine
    assert (total, last) == (4, None)


def test_filters_narrow_and_archived_accounts_are_left_out(company):
    food = account(company, industry="Food")
    gone = account(company, industry="Food", name="Gone")
    account(company, industry="Energy")
    dossiers.archive_account(gone.id, version=1, reason="Closed down", by=company.ann)
    assert listed(company.ann, industries=("Food",)) == [food.account_code]
    assert len(listed(company.ann, industries=("Food",), with_archived=True)) == 2
    assert customers.account_industries(by=company.ann) == ("Energy", "Food")


def test_a_second_tab_is_told_field_by_field_and_overwrites_nothing(company):
    one = account(company)
    customers.edit_account(one.id, {"industry": "Food", "employee_count": 12}, version=1, by=company.ann)
    with pytest.raises(Conflict) as refused:
        customers.edit_account(one.id, {"industry": "Energy"}, version=1, by=company.erin)
    assert dict(refused.value.changes) == {"Industry": "Food", "Employees": "12"}
    assert refused.value.who == "Ann Agent"
    assert customers.account_detail(one.id, by=company.ann).industry == "Food"


def test_every_wrong_field_is_told_at_once(company):
    with pytest.raises(Invalid) as refused:
        customers.edit_account(
            account(company).id, {"name": " ", "email": "x", "phone": "1"}, version=1, by=company.ann
        )
    assert refused.value.fields.keys() == {"name", "email", "phone"}


def test_an_account_with_open_opportunities_is_not_archived(company):
    one = account(company)
    deal = make.opportunity(company.ann_in_east, account_id=one.id)
    with pytest.raises(dossiers.StillNeeded, match=deal.opportunity_code):
        dossiers.archive_account(one.id, version=1, reason="Closed down", by=company.ann)


def test_an_archived_account_comes_back(company):
    one = account(company)
    dossiers.archive_account(one.id, version=1, reason="Closed down", by=company.ann)
    dossiers.restore_account(one.id, version=2, by=company.ann)
    assert listed(company.ann) == [one.account_code]
    told = [event.what for event in dossiers.account_history(one.id, by=company.ann)]
    assert told == ["brought the account back", "archived the account"]


def test_an_account_is_handed_over_within_the_subtree_alone(company):
    one = account(company)
    customers.assign_account(one.id, to=company.dan_in_district.id, version=1, by=company.erin)
    assert customers.account_detail(one.id, by=company.dan).territory == "East district"
    with pytest.raises(Invalid):
        customers.assign_account(one.id, to=company.walt_in_west.id, version=2, by=company.erin)


def test_customers_and_others_act_for_an_account_in_roles(company):
    one, somebody = account(company), customer(company, first_name="Greta", last_name="Gray")
    add(one.id, company.ann, phone="614 555 0100")
    add(one.id, company.ann, customer_id=somebody.id, name="", role="decision_maker")
    told = [
        (row.name, row.role, row.customer_code) for row in customers.account_people(one.id, by=company.ann)
    ]
    assert told == [("Greta Gray", "decision_maker", somebody.customer_code), ("Ada Boss", "contact", "")]
    with pytest.raises(Invalid, match="this role already"):
        add(one.id, company.ann, customer_id=somebody.id, name="", role="decision_maker")
    (theirs,) = customers.accounts_of(somebody.id, by=company.ann)
    assert (theirs.code, theirs.role) == (one.account_code, "decision_maker")


def test_a_person_needs_a_name_or_a_customer_in_scope(company):
    one = account(company)
    theirs = customer(company, agent=company.walt_in_west, territory_id=company.west.id)
    with pytest.raises(Invalid) as refused:
        add(one.id, company.ann, name="", email="nobody")
    assert refused.value.fields.keys() == {"name", "email"}
    with pytest.raises(Invalid, match="you can open"):
        add(one.id, company.ann, customer_id=theirs.id)


def test_of_a_person_outside_the_book_only_the_role_is_told(company):
    one = account(company)
    theirs = customer(company, agent=company.walt_in_west, territory_id=company.west.id)
    add(one.id, company.adam, customer_id=theirs.id, name="")
    (row,) = customers.account_people(one.id, by=company.ann)
    assert (row.role, row.name, row.customer_code, row.phone, row.is_visible) == (
        "contact",
        "",
        "",
        "",
        False,
    )


def test_a_person_is_changed_once_and_removed(company):
    one = account(company)
    key = add(one.id, company.ann)
    customers.change_account_person(
        key, {"role": "billing", "name": "Ada Chief"}, version=1, by=company.ann
    )
    with pytest.raises(Conflict):
        customers.change_account_person(key, {"role": "owner"}, version=1, by=company.erin)
    (row,) = customers.account_people(one.id, by=company.ann)
    assert (row.role, row.name) == ("billing", "Ada Chief")
    customers.remove_account_person(key, by=company.ann)
    assert customers.account_people(one.id, by=company.ann) == ()


def test_an_account_shows_its_deals_and_the_policies_of_its_people_in_scope(company):
    one, ann, walt = account(company), company.ann_in_east, company.walt_in_west
    worker = customer(company, account_id=one.id)
    mine = make.policy(ann, customer_id=worker.id, territory_id=company.east.id)
    make.policy(walt, customer_id=worker.id, territory_id=company.west.id)
    deal = make.opportunity(ann, account_id=one.id, estimated_value=Decimal(500))
    make.opportunity(walt, account_id=one.id, estimated_value=Decimal(900))
    found = dossiers.account_overview(one.account_code, by=company.ann)
    assert {item.code for item in found.items} == {mine.policy_number, deal.opportunity_code}
    assert (found.open_deals, found.pipeline) == (1, Decimal(500))
    assert [row.people for row in customers.account_list(customers.AccountFilter(), by=company.ann)[0]] == [
        1
    ]


def test_the_list_counts_everybody_of_an_account_once(company):
    one, two = account(company, name="One"), account(company, name="Two")
    worker = customer(company, account_id=one.id)
    customer(company, account_id=one.id)
    add(one.id, company.ann, customer_id=worker.id, name="")
    add(one.id, company.ann)
    add(two.id, company.ann, customer_id=worker.id, name="", role="billing")
    add(two.id, company.ann, customer_id=worker.id, name="", role="owner")
    rows = customers.account_list(customers.AccountFilter(), by=company.ann)[0]
    assert [(row.name, row.people) for row in rows] == [("One", 3), ("Two", 1)]


def test_without_personal_data_names_and_addresses_are_masked(company):
    one = account(company, email="office@example.com", address="1 Main Street", notes="Likes tea")
    add(one.id, company.ann)
    found = customers.account_detail(one.id, by=company.eve)
    assert (found.email, found.address, found.notes) == ("o***@example.com", "", "")
    assert [row.name for row in customers.account_people(one.id, by=company.eve)] == ["A. B."]


def test_an_account_outside_the_scope_is_not_found(company):
    theirs = account(company, agent=company.walt_in_west, territory_id=company.west.id)
    with pytest.raises(NotFound):
        dossiers.account_overview(theirs.account_code, by=company.ann)
