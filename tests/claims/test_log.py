"""Every control and every payment of a claim is in its file and in the audit log."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from core import claims
from core.access import Role
from core.claims.tables import ClaimStatus
from tests import factories as make

NOW = datetime(2026, 11, 21, 15, tzinfo=UTC)
TODAY = date(2026, 11, 21)


@pytest.fixture
def firm(database):
    return make.company()


@pytest.fixture
def sue(firm):
    return make.viewer(make.user(Role.SUPPORT, name="Sue Support"))


@pytest.fixture
def policy(firm):
    return make.policy(firm.ann_in_east, territory_id=firm.east.id)


def detail(claim, by):
    return claims.claim(claim.id, by=by, today=TODAY)


def test_the_file_tells_that_the_system_sent_it_to_investigation_and_with_how_many_points(sue, policy):
    claim = make.claim(policy, status=ClaimStatus.DOCUMENTS, fraud_points=25)
    claims.mark_document_anomaly(claim.id, "Forged stamp", by=sue, now=NOW)
    found = detail(claim, sue)
    assert found.row.status == "investigation"
    told = [(one.who, one.kind, one.note) for one in found.events]
    assert told == [
        ("The system", "investigation", "45 fraud points"),
        ("Sue Support", "flag", "Forged stamp"),
    ]
