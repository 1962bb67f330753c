"""Approving by a limit that one has raised oneself, as the pages tell it."""

from __future__ import annotations

from decimal import Decimal

import pytest

from core import claims
from core.access import Role
from core.catalog import Line
from core.catalog.tables import Category
from core.claims.tables import ClaimStatus
from tests import factories as make

pytestmark = pytest.mark.page


def test_who_raised_their_own_limit_reads_before_the_click_that_it_does_not_count(app_test, signed_in):
    company = make.company()
    make.user(Role.ADMIN, name="Max Admin")
    claims.set_authority(Role.ADMIN, Line.PROPERTY_CASUALTY, "1,000,000", version=1, by=company.adam)
    policy = make.policy(
        company.ann_in_east, product_id=make.product(Category.AUTO).id, territory_id=company.east.id
    )
    claim = make.claim(policy, status=ClaimStatus.ASSESSED, assessed_amount=Decimal(300_000))
    query = {"claim": claim.claim_number}
    app_test = signed_in(app_test, company.admin, page="pages/claims/claim.py", query=query)
    (button,) = (one for one in app_test.button if one.label == "Give the first approval")
    button.click().run()
    assert not app_test.exception
    (dialog,) = app_test.get("dialog")
    told = [one.value.replace("\\", "") for one in dialog.warning]
    assert told == [
        "You raised your role's limit in this line to $1,000,000.00 yourself: for you it is $250,000.00."
    ]
    (said,) = (one.value.replace("\\", "") for one in dialog.info)
    assert said.startswith("It is above the limit that counts for you, **$250,000.00**")


def test_the_audit_log_names_whom_an_approval_was_passed_on_to(app_test, signed_in):
    company = make.company()
    make.user(Role.ADMIN, name="Max Admin")
    policy = make.policy(company.ann_in_east, territory_id=company.east.id)
    claim = make.claim(
        policy, status=ClaimStatus.ASSESSED, assessed_amount=Decimal(60_000),
        created_by=company.adam.user_id,
    )  # fmt: skip
    claims.approve(claim.id, version=1, by=company.erin)
    query = {"record": claim.claim_number}
    app_test = signed_in(app_test, company.admin, page="pages/admin/audit.py", query=query)
    shown = app_test.dataframe[0].value
    assert list(shown["what"]) == ["Claim passed on"]
    assert list(shown["changed"]) == ["Approval passed to: – → Max Admin"]
