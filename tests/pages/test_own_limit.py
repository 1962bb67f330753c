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
from tests.pages.conftest import press

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


def opened_limits(app_test, signed_in, person):
    query = {"role": "admin", "line": Line.PROPERTY_CASUALTY.value}
    app_test = signed_in(app_test, person, page="pages/admin/authorities.py", query=query)
    assert not app_test.exception
    return app_test


def limit(line, *, by):
    found = claims.authority_limits(by=by)
    return next(one for one in found if (one.role, one.line) == (Role.ADMIN, line))


def waiting(app_test):
    return [one.value.replace("\\", "") for one in app_test.markdown if "once a colleague" in one.value]


def marked(app_test):
    """The lines of each role whose limit is marked in the table to wait for a colleague."""
    shown = app_test.dataframe[0].value
    return {
        role: lines
        for role, lines in zip(shown["role"], shown["waiting"], strict=True)
        if isinstance(lines, str)
    }


def test_a_colleague_confirms_a_raise_by_saving_it_as_it_is(app_test, signed_in):
    company, colleague = make.company(), make.user(Role.ADMIN, name="Max Admin")
    for line in (Line.PROPERTY_CASUALTY, Line.LIFE):
        claims.set_authority(Role.ADMIN, line, "1,000,000", version=1, by=company.adam)
    own = opened_limits(app_test, signed_in, company.admin)
    assert marked(own) == {"Administrator": "Life · Property and casualty"}
    claims.set_authority(
        Role.ADMIN, Line.LIFE, "1,000,000", version=limit(Line.LIFE, by=company.adam).version,
        by=make.viewer(colleague),
    )  # fmt: skip
    own = opened_limits(app_test, signed_in, company.admin)
    assert marked(own) == {"Administrator": "Property and casualty"}
    (told,) = waiting(own)
    assert "property and casualty: Raised by you; counts for you once a colleague confirms it." in told
    press(own, "Save")
    assert [one.value for one in own.toast] == []
    assert any("a colleague has to confirm it" in one.value for one in (*own.error, *own.markdown))
    app_test = opened_limits(app_test, signed_in, colleague)
    (told,) = waiting(app_test)
    assert "Raised by Adam Admin; counts for them once a colleague confirms it." in told
    press(app_test, "Save")
    assert [one.value.endswith("confirmed") for one in app_test.toast] == [True]
    assert waiting(app_test) == []
    assert marked(app_test) == {}


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
