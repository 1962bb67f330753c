"""What the cover check takes from the past of a policy, in days of the business's own zone."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from core import claims
from core.access import Role
from core.audit.tables import StatusChange
from core.claims import LossType, NoticeOfLoss
from tests import factories as make
from tests.factories.rows import put

TODAY = date(2026, 11, 21)


@pytest.fixture
def firm(database):
    return make.company()


@pytest.fixture
def policy(firm):
    return make.policy(
        firm.ann_in_east, effective_date=date(2025, 6, 1), expiry_date=date(2045, 6, 1),
        territory_id=firm.east.id,
    )  # fmt: skip


def moved(policy, frm, to, at):
    put(
        StatusChange(
            entity="policy", entity_id=policy.id, from_status=frm, to_status=to, actor_role="system", at=at
        )
    )


def flags(policy, loss_date):
    by = make.viewer(make.user(Role.SUPPORT))
    notice = NoticeOfLoss(policy.id, loss_date, LossType.DEATH, "Died", Decimal(100))
    found = claims.check_notice(notice, by=by, today=TODAY).flags
    return {one.code: one.explanation for one in found if one.code != "LATE_REPORT"}


def test_a_lapse_in_the_evening_begins_on_that_day_and_not_on_the_next(policy):
    moved(policy, "active", "lapsed", datetime(2026, 3, 3, 2, tzinfo=UTC))  # March 2 in New York
    moved(policy, "lapsed", "active", datetime(2026, 5, 2, 1, tzinfo=UTC))  # May 1 there
    assert "LAPSED" not in flags(policy, date(2026, 3, 1))
    assert flags(policy, date(2026, 3, 2))["LAPSED"] == "The policy was lapsed from Mar 2, 2026 on."
    assert "LAPSED" not in flags(policy, date(2026, 5, 1))
