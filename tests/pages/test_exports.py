"""What two agents take away from one page: each their own rows (quality.md D10)."""

from __future__ import annotations

import pytest

from pages._ui import export
from tests import factories as make

pytestmark = pytest.mark.page


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
        ("pages/customers/lookup.py", {}, a_customer),
        ("pages/customers/accounts.py", {}, an_account),
        ("pages/policies/policies.py", {}, a_policy),
        ("pages/claims/queue.py", {}, a_claim),
    ],
)
def test_an_agents_file_holds_their_own_rows_alone(app_test, signed_in, monkeypatch, page, query, made):
    company = make.company()
    hers = made(company.ann_in_east, company.east)
    his = made(company.walt_in_west, company.west)
    files = []

    def saved(records, columns, **options):
        found = records() if callable(records) else records
        files.append(export.csv_bytes(found, columns, zone=options.get("zone", "UTC")).decode())

    monkeypatch.setattr(export, "buttons", saved)
    for person, own, foreign in (
        (company.ann_in_east, hers, his),
        (company.walt_in_west, his, hers),
    ):
        files.clear()
        shown = signed_in(app_test, person, page=page, query=query)
        assert not shown.exception
        assert own in files[-1]
        assert not any(foreign in file for file in files)
