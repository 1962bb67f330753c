"""Hostile and odd strings through every form of the daily work: kept as they are, or refused.

What is kept reads back as the plain text that was typed, so nothing was run, cut or escaped on the way.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from core import claims, customers, dossiers, people, sales, search
from core.access import Role
from core.db import unit_of_work
from core.kit.errors import Refusal
from core.kit.fields import plain_text
from core.kit.ids import new_request_id
from tests import factories as make
from tests.customers.test_robustness import FOLDER, strings

pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason="the robustness strings are not here")

LATER = datetime(2035, 1, 15, 12, tzinfo=UTC)
EARLIER = datetime(2026, 1, 5, 12, tzinfo=UTC)


@dataclass
class Office:
    """Whose forms are filled in, and the records that they are about."""

    company: Any
    customer: Any
    account: Any
    lead: Any
    claim: Any
    support: Any

    def version(self, row: Any) -> int:
        """The version that a record has by now."""
        with unit_of_work() as session:
            return int(session.get_one(type(row), row.id, populate_existing=True).version)


Form = Callable[[Office, str], list[tuple[str, str]]]


def edit_customer(office: Office, typed: str) -> list[tuple[str, str]]:
    by, key = office.company.ann, office.customer.id
    names = ("first_name", "last_name", "address_line1", "city", "state", "occupation", "source")
    changes = {name: typed for name in names if typed.strip() or name == "occupation"}
    customers.edit_customer(key, changes, version=office.version(office.customer), by=by)
    found = customers.customer(key, by=by)
    return [(getattr(found, name), plain_text(typed)) for name in changes]


def contact(office: Office, typed: str) -> list[tuple[str, str]]:
    by, key = office.company.ann, office.customer.id
    made = customers.add_contact(key, kind="other", value=typed, request_id=new_request_id(), by=by)
    value = next(one.value for one in customers.contacts(key, by=by) if one.id == made)
    customers.remove_contact(made, by=by)
    return [(value, plain_text(typed, lines=True))]


def account(office: Office, typed: str) -> list[tuple[str, str]]:
    by = office.company.ann
    new = customers.NewAccount(name=typed, industry=typed, address=typed, notes=typed)
    made = customers.create_account(new, request_id=new_request_id(), by=by)
    found = customers.account_detail(made.code, by=by)
    customers.account_list(customers.AccountFilter(text=typed), by=by)
    one_line, lines = plain_text(typed), plain_text(typed, lines=True)
    return [
        (found.name, one_line),
        (found.industry, one_line),
        (found.address, lines),
        (found.notes, lines),
    ]


def edit_account(office: Office, typed: str) -> list[tuple[str, str]]:
    by, key = office.company.ann, office.account.id
    version = customers.account_detail(key, by=by).version
    customers.edit_account(key, {"industry": typed, "notes": typed}, version=version, by=by)
    found = customers.account_detail(key, by=by)
    return [(found.industry, plain_text(typed)), (found.notes, plain_text(typed, lines=True))]


def account_person(office: Office, typed: str) -> list[tuple[str, str]]:
    by, key = office.company.ann, office.account.id
    new = customers.NewAccountPerson(role="other", name=typed)
    made = customers.add_account_person(key, new, request_id=new_request_id(), by=by)
    name = next(one.name for one in customers.account_people(key, by=by) if one.id == made)
    customers.remove_account_person(made, by=by)
    return [(name, plain_text(typed))]


def lead(office: Office, typed: str) -> list[tuple[str, str]]:
    by = office.company.ann
    new = sales.NewLead(first_name=typed, last_name=typed, source_id=1, company_name=typed, notes=typed)
    made = sales.create_lead(new, request_id=new_request_id(), by=by, duplicates_reason="Test")
    found = sales.lead(made.id, by=by)
    sales.deals("lead", sales.DealFilter(text=typed), limit=5, by=by)
    one_line = plain_text(typed)
    return [(found.first_name, one_line), (found.company_name, one_line)]


def opportunity(office: Office, typed: str) -> list[tuple[str, str]]:
    by = office.company.ann
    new = sales.NewOpportunity(name=typed, account_id=office.account.id, notes=typed)
    made = sales.create_opportunity(new, request_id=new_request_id(), by=by)
    dossiers.account_overview(office.account.id, by=by)
    return [(sales.opportunity(made.id, by=by).name, plain_text(typed))]


def followup(office: Office, typed: str) -> list[tuple[str, str]]:
    by = office.company.ann
    about = sales.About(customer_id=office.customer.id)
    new = sales.NewFollowup(about=about, scheduled_at=LATER, notes=typed)
    key = sales.plan_followup(new, request_id=new_request_id(), by=by, now=LATER - timedelta(days=1))
    found = next(one for one in sales.contacts_with(office.customer.id, by=by).followups if one.id == key)
    sales.cancel_followup(key, version=found.version, by=by, reason=typed)
    return [(found.notes, plain_text(typed, lines=True))]


def outcome(office: Office, typed: str) -> list[tuple[str, str]]:
    by, about = office.company.ann, sales.About(lead_id=office.lead.id)
    key = sales.log_followup(
        about, outcome=typed, completed_at=EARLIER, request_id=new_request_id(), by=by, now=EARLIER
    )
    found = next(one for one in sales.lead(office.lead.id, by=by).followups if one.id == key)
    return [(found.outcome, plain_text(typed))]


def claim_note(office: Office, typed: str) -> list[tuple[str, str]]:
    claims.add_note(office.claim.id, typed, request_id=new_request_id(), by=office.support)
    return []


def saved_view(office: Office, typed: str) -> list[tuple[str, str]]:
    by = office.company.ann
    key = people.save_view("customers", typed, {"q": typed}, by=by)
    found = next(one for one in people.saved_views("customers", by=by) if one.id == key)
    people.delete_view(key, by=by)
    return [(found.name, plain_text(typed)), (dict(found.state)["q"], typed)]


def search_box(office: Office, typed: str) -> list[tuple[str, str]]:
    by = office.company.ann
    search.search(typed, by=by)
    wanted = search.Criteria(name=typed, city=typed, state=typed, postal_code=typed)
    search.customers_by(wanted, by=by)
    customers.accounts(typed, by=by)
    return []


FORMS: tuple[Form, ...] = (
    edit_customer,
    contact,
    account,
    edit_account,
    account_person,
    lead,
    opportunity,
    followup,
    outcome,
    claim_note,
    saved_view,
    search_box,
)
# Each form gets a share of the strings, and each another one, so that the run stays short.
EVERY = len(FORMS)


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.__name__)
def test_strings_go_through_the_form_whole_or_are_refused(database, form: Form) -> None:
    company = make.company()
    mine = {"agent": company.ann_in_east, "territory_id": company.east.id}
    office = Office(
        company,
        # Where any text is a state.
        make.customer(**mine, country="Atlantis"),
        make.account(**mine),
        make.lead(company.ann_in_east),
        make.claim(make.policy(company.ann_in_east)),
        make.viewer(make.user(Role.SUPPORT, name="Sam Support")),
    )
    kept = 0
    given = strings()[FORMS.index(form) :: EVERY]
    for typed in given:
        try:
            pairs = form(office, typed)
        except Refusal:
            continue
        kept += 1
        for found, wanted in pairs:
            assert found == wanted, typed
    assert kept > len(given) / 3
