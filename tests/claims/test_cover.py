"""What the cover check takes from the past of a policy, in days of the business's own zone."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from core import claims
from core.access import Role
from core.audit.tables import StatusChange
from core.claims import LossType, NoticeOfLoss
from core.claims.tables import ClaimStatus
from core.kit.errors import IllegalMove, Invalid
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


def test_a_reinstatement_after_the_loss_hides_neither_the_first_two_years_nor_an_earlier_one(policy):
    moved(policy, "active", "lapsed", datetime(2026, 2, 1, 15, tzinfo=UTC))
    moved(policy, "lapsed", "active", datetime(2026, 3, 2, 15, tzinfo=UTC))
    moved(policy, "active", "lapsed", datetime(2026, 6, 1, 15, tzinfo=UTC))
    moved(policy, "lapsed", "active", datetime(2026, 7, 1, 15, tzinfo=UTC))
    before, between = flags(policy, date(2026, 1, 5)), flags(policy, date(2026, 4, 6))
    assert before["CONTESTABLE"] == "The policy can be contested: it runs since Jun 1, 2025."
    assert "AFTER_REINSTATEMENT" not in before
    assert between["CONTESTABLE"] == "The policy can be contested: it runs since Mar 2, 2026."
    assert "AFTER_REINSTATEMENT" in between


def test_a_lapsed_policy_that_was_closed_was_not_reinstated(policy):
    moved(policy, "active", "lapsed", datetime(2026, 2, 1, 15, tzinfo=UTC))
    moved(policy, "lapsed", "cancelled", datetime(2026, 3, 2, 15, tzinfo=UTC))
    assert "AFTER_REINSTATEMENT" not in flags(policy, date(2026, 4, 6))


@pytest.mark.parametrize("status", [ClaimStatus.DOCUMENTS, ClaimStatus.INVESTIGATION])
def test_a_loss_that_nobody_proves_is_rejected_without_an_assessment_by_somebody_else(firm, policy, status):
    sue = make.viewer(make.user(Role.SUPPORT))
    claim = make.claim(policy, status=status, created_by=sue.user_id)
    letter = {"code": "NO_PROOF", "letter": "We have asked three times.", "version": 1}
    with pytest.raises(Invalid, match="You reported it: only a colleague"):
        claims.reject(claim.id, **letter, by=sue)
    claims.reject(claim.id, **letter, by=firm.erin)
    found = claims.claim(claim.id, by=sue, today=TODAY)
    assert (found.row.status, found.assessed_amount) == ("rejected", None)


def test_what_was_only_submitted_is_not_rejected(firm, policy):
    claim = make.claim(policy)
    with pytest.raises(IllegalMove):
        claims.reject(claim.id, code="NO_PROOF", letter="No proof came.", version=1, by=firm.erin)
