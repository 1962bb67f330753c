"""Limits of authority as administrators keep them."""

from __future__ import annotations

from decimal import Decimal

import pytest

from core import claims
from core.access import Role
from core.catalog import Line
from core.kit.errors import Conflict, Invalid, Refusal
from tests import factories as make


@pytest.fixture
def admin(database):
    return make.viewer(make.user(Role.ADMIN))


def limit(role, line, by):
    found = next(one for one in claims.authority_limits(by=by) if (one.role, one.line) == (role, line))
    return found.max_amount, found.version


def test_every_approving_role_has_a_place_for_every_line(admin):
    found = {(one.role, one.line) for one in claims.authority_limits(by=admin)}
    assert found == {(role, line) for role in (Role.MANAGER, Role.ADMIN, Role.SUPPORT) for line in Line}
    assert limit(Role.MANAGER, Line.LIFE, admin) == (Decimal("50000.00"), 1)
    assert limit(Role.SUPPORT, Line.LIFE, admin) == (None, 0)


def test_a_limit_is_given_changed_and_taken_away(admin):
    claims.set_authority(Role.SUPPORT, Line.LIFE, "1,000", version=0, by=admin)
    assert limit(Role.SUPPORT, Line.LIFE, admin) == (Decimal("1000.00"), 1)
    claims.set_authority(Role.SUPPORT, Line.LIFE, Decimal(1500), version=1, by=admin)
    assert limit(Role.SUPPORT, Line.LIFE, admin) == (Decimal("1500.00"), 2)
    claims.set_authority(Role.SUPPORT, Line.LIFE, None, version=2, by=admin)
    assert limit(Role.SUPPORT, Line.LIFE, admin) == (None, 0)


def test_the_second_of_two_administrators_is_told(admin):
    claims.set_authority(Role.MANAGER, Line.LIFE, "60000", version=1, by=admin)
    for version in (1, 0):
        with pytest.raises(Conflict, match="Pat Person changed its max amount"):
            claims.set_authority(Role.MANAGER, Line.LIFE, "70000", version=version, by=admin)
    claims.set_authority(Role.MANAGER, Line.LIFE, None, version=2, by=admin)
    with pytest.raises(Conflict):
        claims.set_authority(Role.MANAGER, Line.LIFE, "70000", version=2, by=admin)


@pytest.mark.parametrize("typed", ["-1", "1.234", "plenty", "10000000000"])
def test_what_is_no_limit_is_refused(admin, typed):
    with pytest.raises(Refusal, match=r"amount|fits|decimals"):
        claims.set_authority(Role.MANAGER, Line.LIFE, typed, version=1, by=admin)


def test_a_role_that_approves_no_claims_gets_no_limit(admin):
    with pytest.raises(Invalid, match="approves no claims"):
        claims.set_authority(Role.AGENT, Line.LIFE, "1", version=0, by=admin)
