"""What two agents take away from one page: each their own rows (quality.md D10)."""

from __future__ import annotations

from datetime import date

import pytest

from pages._ui import export
from tests import factories as make

pytestmark = pytest.mark.page

LOOKUP = "pages/customers/lookup.py"


@pytest.fixture
def files(monkeypatch):
    """The files that the page offers, as they would be downloaded."""
    kept = []

    def saved(records, columns, **options):
        found = records() if callable(records) else records
        kept.append(export.csv_bytes(found, columns, zone=options.get("zone", "UTC")).decode())

    monkeypatch.setattr(export, "buttons", saved)
    return kept


def a_lead(agent, area):
    return make.lead(agent, territory_id=area.id).lead_code


def an_opportunity(agent, area):
    return make.opportunity(agent, territory_id=area.id).opportunity_code


def a_customer(agent, area):
    return make.customer(agent=agent, territory_id=area.id).customer_code


def a_policy(agent, area):
    return make.policy(agent, territory_id=area.id).policy_number


def a_claim(agent, area):
    return make.claim(make.policy(agent, territory_id=area.id)).claim_number


def an_account(agent, area):
    return make.account(agent_id=agent.id, territory_id=area.id).account_code


@pytest.mark.parametrize(
    ("page", "query", "made"),
    [
        ("pages/sales/board.py", {"view": "list"}, a_lead),
        ("pages/sales/opportunities.py", {"view": "list"}, an_opportunity),
        (LOOKUP, {}, a_customer),
        ("pages/customers/accounts.py", {}, an_account),
        ("pages/policies/policies.py", {}, a_policy),
        ("pages/claims/queue.py", {}, a_claim),
    ],
)
def test_an_agents_file_holds_their_own_rows_alone(app_test, signed_in, files, page, query, made):
    company = make.company()
    hers = made(company.ann_in_east, company.east)
    his = made(company.walt_in_west, company.west)
    for person, own, foreign in (
        (company.ann_in_east, hers, his),
        (company.walt_in_west, his, hers),
    ):
        files.clear()
        shown = signed_in(app_test, person, page=page, query=query)
        assert not shown.exception
        assert own in files[-1]
        assert not any(foreign in file for file in files)


def test_the_file_of_customers_holds_all_that_is_filtered_and_not_the_page_alone(
    app_test, signed_in, files
):
    company = make.company()
    for number in range(60):
        state = "OH" if number < 55 else "TX"
        make.customer(agent=company.ann_in_east, territory_id=company.east.id, state=state)
    assert not signed_in(app_test, company.ann_in_east, page=LOOKUP, query={"state": "OH"}).exception
    head, *lines = files[-1].splitlines()
    assert head.startswith("\ufeffCode,Name,Born,Phone")
    assert len(lines) == 55


def test_the_file_of_who_sees_no_personal_data_is_masked(app_test, signed_in, files):
    company = make.company()
    make.customer(
        agent=company.ann_in_east, territory_id=company.east.id, first_name="Greta", last_name="Gray",
        city="Dayton", date_of_birth=date(1985, 5, 17),
    )  # fmt: skip
    assert not signed_in(app_test, company.executive, page=LOOKUP).exception
    assert "G. G." in files[-1]
    for secret in ("Greta", "Gray", "Dayton", "1985-05-17"):
        assert secret not in files[-1]
