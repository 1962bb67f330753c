"""Claims from notice to closing on a real PostgreSQL: authority, payments, reserve, conflicts."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from sqlalchemy import text
from sqlalchemy.engine import Engine
from sqlalchemy.exc import IntegrityError

from core import claims, policies
from core.access import Role, Viewer
from core.catalog.tables import Category
from core.claims import ClaimFilter, ClaimRef, Decision, LossType, NoticeOfLoss, Ruling
from core.claims.tables import Claim, ClaimStatus
from core.db import unit_of_work
from core.kit.errors import (
    Conflict,
    IllegalMove,
    Invalid,
    NotAllowed,
    NotFound,
    Refusal,
    RepeatedWithOtherContent,
)
from core.kit.ids import new_request_id
from core.policies.tables import Policy, PolicyChange, PolicyRider, RiderType
from tests import factories
from tests.factories import Company
from tests.factories.rows import put

NOW = datetime(2026, 11, 21, 15, tzinfo=UTC)
TODAY = date(2026, 11, 21)


@pytest.fixture
def firm(database: Engine) -> Company:
    return factories.company()


@pytest.fixture
def sue(firm: Company) -> Viewer:
    return factories.viewer(factories.user(Role.SUPPORT, name="Sue Support"))


@pytest.fixture
def max_(firm: Company) -> Viewer:
    return factories.viewer(factories.user(Role.ADMIN, name="Max Admin"))


@pytest.fixture
def notice(firm: Company) -> NoticeOfLoss:
    return NoticeOfLoss(
        policy_id=policy_of(firm, Category.AUTO),
        loss_date=date(2026, 11, 10),
        loss_type=LossType.COLLISION,
        description="Rear-ended at a light",
        estimated_amount=Decimal("2000.00"),
    )


def policy_of(firm: Company, category: Category, **columns: object) -> int:
    given: dict[str, object] = {
        "product_id": factories.product(category).id,
        "territory_id": firm.east.id,
        "effective_date": date(2026, 1, 1),
        "expiry_date": date(2027, 1, 1),
        "sum_assured": Decimal(900_000),
    }
    return factories.policy(firm.ann_in_east, **{**given, **columns}).id


def reported(notice: NoticeOfLoss, by: Viewer) -> ClaimRef:
    ref = claims.report(notice, request_id=new_request_id(), by=by, now=NOW)
    factories.prove(ref.id)
    return ref


def assessed(notice: NoticeOfLoss, by: Viewer, amount: str) -> ClaimRef:
    ref = reported(notice, by)
    ref = claims.collect_documents(ref.id, version=ref.version, by=by, now=NOW)
    return claims.assess(ref.id, Decimal(amount), version=ref.version, by=by, now=NOW)


def approved(notice: NoticeOfLoss, handler: Viewer, by: Viewer, amount: str) -> Decision:
    ref = assessed(notice, handler, amount)
    return claims.approve(ref.id, version=ref.version, by=by, now=NOW)


def paid(ref: ClaimRef, amount: str, reference: str, by: Viewer) -> ClaimRef:
    return claims.pay(
        ref.id,
        Decimal(amount),
        payee="Garage",
        payment_reference=reference,
        paid_on=TODAY,
        request_id=new_request_id(),
        by=by,
        now=NOW,
    )


def detail(ref: ClaimRef, by: Viewer) -> claims.ClaimDetail:
    return claims.claim(ref.id, by=by, today=TODAY)


def test_a_claim_goes_from_notice_to_closed(firm: Company, sue: Viewer, notice: NoticeOfLoss) -> None:
    decision = approved(notice, sue, firm.erin, "1800.00")
    assert decision.ruling is Ruling.APPROVED
    ref = paid(decision.ref, "1800.00", "W-1", sue)
    assert detail(ref, sue).row.status == "settled"
    ref = claims.close(ref.id, version=ref.version, by=sue, now=NOW)
    found = detail(ref, sue)
    assert (found.row.status, found.row.paid_amount, found.row.reserve_amount) == (
        "closed",
        Decimal("1800.00"),
        Decimal("0.00"),
    )
    assert found.keeps_open == ()


def test_the_target_is_ten_business_days_away(firm: Company, sue: Viewer, notice: NoticeOfLoss) -> None:
    found = detail(reported(notice, sue), sue)
    assert found.row.target_on == date(2026, 12, 8)  # Thanksgiving lies between
    assert (found.row.age_days, found.row.days_left) == (0, 10)


def test_one_form_makes_one_claim_under_sixteen_threads(
    firm: Company, sue: Viewer, notice: NoticeOfLoss
) -> None:
    form = new_request_id()
    with ThreadPoolExecutor(16) as pool:
        refs = set(pool.map(lambda _: claims.report(notice, request_id=form, by=sue, now=NOW), range(16)))
    assert len(refs) == 1
    assert claims.queue(ClaimFilter(), by=sue, today=TODAY).total == 1


def test_a_loss_outside_cover_is_taken_in_and_flagged_with_the_rule(
    firm: Company, sue: Viewer, notice: NoticeOfLoss
) -> None:
    early = replace(notice, loss_date=date(2025, 12, 31))
    assert [f.code for f in claims.check_notice(early, by=sue, today=TODAY).flags] == [
        "BEFORE_COVER",
        "LATE_REPORT",
    ]
    found = detail(reported(early, sue), sue)
    assert {flag.code for flag in found.flags} == {"BEFORE_COVER", "LATE_REPORT"}


def test_a_likely_duplicate_is_shown(firm: Company, sue: Viewer, notice: NoticeOfLoss) -> None:
    first = reported(notice, sue)
    again = replace(notice, loss_date=date(2026, 11, 12))
    check = claims.check_notice(again, by=sue, today=TODAY)
    assert [one.number for one in check.duplicates] == [first.number]
    other = replace(notice, loss_date=date(2026, 11, 14))
    assert claims.check_notice(other, by=sue, today=TODAY).duplicates == ()


def test_suspicion_sends_to_investigation_with_its_points_and_never_rejects(
    firm: Company, sue: Viewer, notice: NoticeOfLoss
) -> None:
    policy = policy_of(firm, Category.AUTO, effective_date=date(2026, 9, 1), sum_assured=Decimal(2_000))
    suspect = replace(notice, policy_id=policy, loss_date=date(2026, 10, 1), has_cash_receipts=True)
    ref = reported(suspect, sue)
    found = detail(ref, sue)
    assert found.row.status == "investigation"
    assert found.row.fraud_points == 25 + 10 + 10 + 5
    ref = claims.assess(ref.id, Decimal(100), version=ref.version, by=sue, now=NOW)
    assert detail(ref, sue).row.status == "assessed"


def test_the_fraud_rules_are_looked_at_anew_with_the_assessed_amount(
    firm: Company, sue: Viewer, notice: NoticeOfLoss
) -> None:
    policy = policy_of(firm, Category.AUTO, effective_date=date(2026, 9, 1), sum_assured=Decimal(2_500))
    ref = reported(replace(notice, policy_id=policy, loss_date=date(2026, 10, 10)), sue)
    assert {flag.code for flag in detail(ref, sue).flags} == {"EARLY_LOSS", "LATE_REPORT"}
    ref = claims.collect_documents(ref.id, version=ref.version, by=sue, now=NOW)
    ref = claims.assess(ref.id, Decimal(2_250), version=ref.version, by=sue, now=NOW)
    found = detail(ref, sue)
    assert {flag.code: flag.points for flag in found.flags}["NEAR_LIMIT"] == 10
    assert (found.row.fraud_points, found.row.status) == (45, "investigation")
    ref = claims.assess(ref.id, Decimal(2_250), version=ref.version, by=sue, now=NOW)
    assert detail(ref, sue).row.status == "assessed"


def test_an_investigator_who_assesses_near_the_limit_is_not_sent_back(
    firm: Company, sue: Viewer, notice: NoticeOfLoss
) -> None:
    policy = policy_of(firm, Category.AUTO, sum_assured=Decimal(2_500))
    ref = reported(replace(notice, policy_id=policy), sue)
    for explanation in ("Date changed", "Again"):
        claims.mark_document_anomaly(ref.id, explanation, by=sue, now=NOW)
    ref = claims.investigate(ref.id, reason="Odd", version=detail(ref, sue).row.version, by=sue, now=NOW)
    ref = claims.assess(ref.id, Decimal(2_500), version=ref.version, by=sue, now=NOW)
    found = detail(ref, sue)
    assert (found.row.fraud_points, found.row.status) == (30, "assessed")


def test_an_anomaly_sends_an_assessed_claim_to_investigation_before_it_is_approved(
    firm: Company, sue: Viewer, notice: NoticeOfLoss
) -> None:
    policy = policy_of(firm, Category.AUTO, effective_date=date(2026, 10, 1))
    ref = assessed(replace(notice, policy_id=policy), sue, "100.00")
    assert detail(ref, sue).row.fraud_points == 25
    ref = claims.mark_document_anomaly(ref.id, "Forged stamp", by=sue, now=NOW)
    assert (detail(ref, sue).row.fraud_points, detail(ref, sue).row.status) == (45, "investigation")
    with pytest.raises(IllegalMove):
        claims.approve(ref.id, version=ref.version, by=firm.erin, now=NOW)


def test_more_than_the_policy_pays_is_not_assessed(
    firm: Company, sue: Viewer, notice: NoticeOfLoss
) -> None:
    on = replace(notice, policy_id=policy_of(firm, Category.AUTO, sum_assured=Decimal(50_000)))
    ref = reported(on, sue)
    ref = claims.collect_documents(ref.id, version=ref.version, by=sue, now=NOW)
    with pytest.raises(Invalid) as refused:
        claims.assess(ref.id, Decimal("50000.01"), version=ref.version, by=sue, now=NOW)
    assert refused.value.fields == {"assessed_amount": "The policy pays at most $50,000.00."}
    claims.assess(ref.id, Decimal(50_000), version=ref.version, by=sue, now=NOW)


def test_a_rider_in_force_at_the_loss_raises_what_the_policy_pays(
    firm: Company, sue: Viewer, notice: NoticeOfLoss
) -> None:
    policy = policy_of(firm, Category.TERM, effective_date=date(2020, 1, 1), sum_assured=Decimal(50_000))
    for begins, amount in ((date(2020, 1, 1), 10_000), (date(2026, 11, 11), 20_000)):
        put(
            PolicyRider(
                policy_id=policy, rider_name="Accident", rider_type=RiderType.ACCIDENTAL_DEATH,
                sum_assured=Decimal(amount), premium_amount=Decimal(1), start_date=begins,
                end_date=date(2040, 1, 1),
            )
        )  # fmt: skip
    ref = reported(replace(notice, policy_id=policy, loss_type=LossType.DEATH), sue)
    ref = claims.collect_documents(ref.id, version=ref.version, by=sue, now=NOW)
    with pytest.raises(Invalid, match=r"at most \$60,000.00"):
        claims.assess(ref.id, Decimal(60_001), version=ref.version, by=sue, now=NOW)


def change_of_beneficiaries(policy: int, held: date, entered: date, **columns: object) -> None:
    at, one = datetime.combine(entered, NOW.timetz()), {"count": 1}
    put(
        PolicyChange(
            policy_id=policy, kind="beneficiaries", effective_date=held, before=one, after=one,
            created_at=at, **columns,
        )
    )  # fmt: skip


def test_a_beneficiary_change_before_the_loss_counts_whatever_changed_after_it(
    firm: Company, sue: Viewer, notice: NoticeOfLoss
) -> None:
    policy = policy_of(firm, Category.TERM, effective_date=date(2020, 1, 1))
    for day in (date(2026, 10, 1), date(2026, 11, 15)):
        change_of_beneficiaries(policy, day, day)
    death = replace(notice, policy_id=policy, loss_type=LossType.DEATH)
    flags = claims.check_notice(death, by=sue, today=TODAY).flags
    assert [flag.code for flag in flags] == ["BENEFICIARY_CHANGED"]


@pytest.mark.parametrize(
    ("held", "entered", "replaced", "is_told"),
    [
        (date(2020, 1, 1), date(2026, 10, 1), None, True),  # dated back to the start
        (date(2020, 2, 1), date(2026, 11, 20), None, True),  # entered after the loss, dated before it
        (date(2026, 10, 1), date(2026, 1, 2), None, True),  # planned long ago, in force lately
        (date(2026, 2, 1), date(2026, 1, 2), None, False),
        (date(2026, 10, 1), date(2026, 1, 2), NOW, False),
        (date(2020, 1, 1), date(2019, 12, 30), None, False),  # of the application
    ],
)
def test_a_beneficiary_change_counts_from_when_it_was_entered(
    firm: Company, sue: Viewer, notice: NoticeOfLoss, held: date, entered: date,
    replaced: datetime | None, is_told: bool,
) -> None:  # fmt: skip
    begins = date(2020, 1, 1)
    policy = policy_of(firm, Category.TERM, effective_date=begins, issue_date=begins)
    change_of_beneficiaries(policy, held, entered, replaced_at=replaced)
    death = replace(notice, policy_id=policy, loss_type=LossType.DEATH)
    flags = claims.check_notice(death, by=sue, today=TODAY).flags
    assert ("BENEFICIARY_CHANGED" in [flag.code for flag in flags]) == is_told


def test_above_the_limit_nothing_is_approved_and_the_next_holder_is_named(
    firm: Company, sue: Viewer, max_: Viewer, notice: NoticeOfLoss
) -> None:
    decision = approved(notice, firm.adam, firm.erin, "60000.00")
    assert (decision.ruling, decision.to) == (Ruling.PASSED_ON, "Max Admin")
    found = detail(decision.ref, max_)
    assert (found.row.status, found.passed_to, found.row.waits_for_me) == (
        "assessed",
        "Max Admin",
        True,
    )
    done = claims.approve(decision.ref.id, version=decision.ref.version, by=max_, now=NOW)
    assert done.ruling is Ruling.APPROVED


def test_support_passes_on_to_the_manager_of_the_territory(
    firm: Company, sue: Viewer, notice: NoticeOfLoss
) -> None:
    other = factories.viewer(factories.user(Role.SUPPORT))
    decision = approved(notice, other, sue, "3000.00")
    assert (decision.ruling, decision.to) == (Ruling.PASSED_ON, "Erin East")


def test_it_is_passed_on_only_to_who_sees_the_claim(
    firm: Company, sue: Viewer, max_: Viewer, notice: NoticeOfLoss
) -> None:
    ref = assessed(notice, firm.erin, "3000.00")
    decision = claims.approve(ref.id, version=ref.version, by=sue, now=NOW)
    assert (decision.ruling, decision.to) == (Ruling.PASSED_ON, "Adam Admin")  # Wade manages the West


def test_the_manager_whom_the_agent_reports_to_sees_a_claim_without_a_territory(
    firm: Company, sue: Viewer, notice: NoticeOfLoss
) -> None:
    west = policy_of(firm, Category.AUTO, territory_id=None, agent_id=firm.walt_in_west.id)
    other = factories.viewer(factories.user(Role.SUPPORT))
    assert approved(replace(notice, policy_id=west), other, sue, "3000.00").to == "Wade West"


def test_who_a_claim_was_passed_on_to_sees_it_wherever_it_lies(
    firm: Company, sue: Viewer, max_: Viewer, notice: NoticeOfLoss
) -> None:
    ref = assessed(notice, sue, "3000.00")
    with pytest.raises(NotFound):
        detail(ref, firm.wade)
    passed_on(ref, firm.wade)
    found = detail(ref, firm.wade)
    assert (found.passed_to, found.row.waits_for_me) == ("Wade West", True)
    assert [row.id for row in claims.queue(ClaimFilter(), by=firm.wade, today=TODAY).rows] == [ref.id]
    ref = claims.approve(ref.id, version=found.row.version, by=firm.wade, now=NOW).ref
    with pytest.raises(NotFound):
        detail(ref, firm.wade)


@pytest.mark.parametrize("change", ["is_active = false", "role = 'agent'"])
def test_a_claim_that_was_passed_on_to_somebody_who_left_waits_for_everybody_with_authority(
    firm: Company, sue: Viewer, max_: Viewer, notice: NoticeOfLoss, change: str
) -> None:
    ref = assessed(notice, sue, "3000.00")
    passed_on(ref, firm.adam)
    assert not detail(ref, firm.erin).row.waits_for_me
    with unit_of_work() as session:
        session.execute(text(f"update users set {change} where id = :id"), {"id": firm.adam.user_id})
    found = detail(ref, firm.erin)
    assert (found.passed_to, found.row.waits_for_me) == ("", True)


def passed_on(ref: ClaimRef, to: Viewer) -> None:
    with unit_of_work() as session:
        session.get_one(Claim, ref.id).approval_passed_to = to.user_id


def test_splitting_does_not_evade_the_limit(firm: Company, sue: Viewer, notice: NoticeOfLoss) -> None:
    other = factories.viewer(factories.user(Role.SUPPORT))
    decision = approved(notice, other, sue, "2500.00")
    assert decision.ruling is Ruling.APPROVED
    ref = paid(decision.ref, "2500.00", "W-1", sue)
    ref = claims.close(ref.id, version=ref.version, by=sue, now=NOW)
    ref = claims.reopen(ref.id, evidence="A second invoice", version=ref.version, by=firm.erin, now=NOW)
    ref = claims.assess(ref.id, Decimal(2_600), version=ref.version, by=other, now=NOW)
    again = claims.approve(ref.id, version=ref.version, by=sue, now=NOW)
    assert again.ruling is Ruling.PASSED_ON


def test_above_the_highest_limit_two_people_approve(
    firm: Company, sue: Viewer, max_: Viewer, notice: NoticeOfLoss
) -> None:
    decision = approved(notice, sue, firm.adam, "300000.00")
    assert (decision.ruling, decision.to) == (Ruling.FIRST_OF_TWO, "Max Admin")
    ref = decision.ref
    with pytest.raises(Invalid, match="You gave the first approval: only a colleague"):
        claims.approve(ref.id, version=ref.version, by=firm.adam, now=NOW)
    assert claims.approve(ref.id, version=ref.version, by=max_, now=NOW).ruling is Ruling.APPROVED


def test_what_an_approval_amounts_to_is_foreseen_as_it_is_ruled(
    firm: Company, sue: Viewer, max_: Viewer, notice: NoticeOfLoss
) -> None:
    ref = assessed(notice, sue, "300000.00")
    for by in (firm.erin, firm.adam, max_):
        seen = detail(ref, by).approval
        assert seen is not None
        assert seen.is_second is (by is max_)
        decision = claims.approve(ref.id, version=detail(ref, by).row.version, by=by, now=NOW)
        assert (seen.ruling, seen.to) == (decision.ruling, decision.to)
    assert detail(ref, max_).approval is None
    kinds = [one.kind for one in detail(ref, max_).events]
    assert (kinds.count("passed_on"), kinds.count("first_approval")) == (1, 1)


def test_what_is_passed_on_is_not_passed_on_to_the_same_person_again(
    firm: Company, sue: Viewer, notice: NoticeOfLoss
) -> None:
    ref = approved(notice, firm.adam, sue, "3000.00").ref
    seen = detail(ref, sue)
    assert seen.approval is not None
    assert (seen.approval.ruling, [one.to for one in seen.moves if one.to == "approved"]) == (None, [])
    with pytest.raises(Refusal, match="passed on to Erin East, who decides next"):
        claims.approve(ref.id, version=ref.version, by=sue, now=NOW)


def test_an_unfinished_letter_of_rejection_is_refused_beside_it(
    firm: Company, sue: Viewer, notice: NoticeOfLoss
) -> None:
    ref = assessed(notice, sue, "100.00")
    with pytest.raises(Invalid) as caught:
        claims.reject(
            ref.id, code="NO_PROOF", letter="We can't pay, because ", version=ref.version, by=firm.erin
        )
    assert set(caught.value.fields) == {"letter_text"}
    assert detail(ref, sue).row.status == "assessed"


def test_no_decision_is_offered_to_who_took_part(firm: Company, sue: Viewer, notice: NoticeOfLoss) -> None:
    ref = assessed(notice, sue, "100.00")
    seen = detail(ref, sue)
    assert not {"approved", "rejected"} & {one.to for one in seen.moves}
    assert seen.approval is not None
    assert "assessed" in seen.approval.hindered
    assert {"approved", "rejected"} <= {one.to for one in detail(ref, firm.erin).moves}


@pytest.mark.parametrize(
    ("who", "told"),
    [
        ("creator", "You reported it: only a colleague with authority can decide it."),
        ("assessor", "You assessed it: only a colleague with authority can decide it."),
        ("seller", "You are the agent of its policy: only a colleague with authority can decide it."),
    ],
)
def test_nobody_decides_what_they_had_a_hand_in(
    firm: Company, sue: Viewer, max_: Viewer, notice: NoticeOfLoss, who: str, told: str
) -> None:
    if who == "seller":
        seller = replace(firm.erin, user_id=firm.ann_in_east.id)
        ref = assessed(notice, sue, "100.00")
        decider = seller
    else:
        ref = reported(notice, firm.erin if who == "creator" else sue)
        handler = sue if who == "creator" else firm.erin
        ref = claims.collect_documents(ref.id, version=ref.version, by=handler, now=NOW)
        ref = claims.assess(ref.id, Decimal(100), version=ref.version, by=handler, now=NOW)
        decider = firm.erin
    with pytest.raises(Invalid) as refused:
        claims.approve(ref.id, version=ref.version, by=decider, now=NOW)
    assert str(refused.value) == told


def test_two_managers_approve_one_claim_and_the_second_is_told(
    firm: Company, sue: Viewer, max_: Viewer, notice: NoticeOfLoss
) -> None:
    ref = assessed(notice, sue, "1000.00")

    def decide(by: Viewer) -> str:
        try:
            return claims.approve(ref.id, version=ref.version, by=by, now=NOW).ruling.value
        except Conflict as conflict:
            return conflict.who

    with ThreadPoolExecutor(2) as pool:
        answers = sorted(pool.map(decide, [firm.erin, max_]))
    assert "approved" in answers
    assert set(answers) - {"approved"} <= {"Erin East", "Max Admin"}
    assert len(set(answers)) == 2


@pytest.mark.parametrize("rival", ["reject", "withdraw"])
def test_approving_and_undoing_it_at_once_one_wins(
    firm: Company, sue: Viewer, max_: Viewer, notice: NoticeOfLoss, rival: str
) -> None:
    ref = assessed(notice, sue, "1000.00")

    def decide(how: str) -> str:
        try:
            if how == "approve":
                claims.approve(ref.id, version=ref.version, by=firm.erin, now=NOW)
            elif how == "withdraw":
                claims.withdraw(ref.id, reason="Paid myself", version=ref.version, by=sue, now=NOW)
            else:
                claims.reject(
                    ref.id, code="NO_PROOF", letter="Dear…", version=ref.version, by=max_, now=NOW
                )
        except Conflict:
            return "refused"
        return how

    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(decide, ["approve", rival]))
    assert answers.count("refused") == 1


def test_one_payment_form_pays_once_under_sixteen_threads(
    firm: Company, sue: Viewer, notice: NoticeOfLoss
) -> None:
    ref = approved(notice, sue, firm.erin, "1000.00").ref
    form = new_request_id()

    def send(_: int) -> None:
        claims.pay(
            ref.id,
            Decimal(600),
            payee="Garage",
            payment_reference="W-9",
            paid_on=TODAY,
            request_id=form,
            by=sue,
            now=NOW,
        )

    with ThreadPoolExecutor(16) as pool:
        list(pool.map(send, range(16)))
    found = detail(ref, sue)
    assert [payment.amount for payment in found.payments] == [Decimal("600.00")]
    assert found.row.incurred == Decimal("1000.00")


def test_the_same_payment_form_with_another_amount_is_an_error(
    firm: Company, sue: Viewer, notice: NoticeOfLoss
) -> None:
    ref = approved(notice, sue, firm.erin, "1000.00").ref
    form = new_request_id()
    given = {"payee": "Garage", "payment_reference": "W-9", "paid_on": TODAY, "request_id": form}
    claims.pay(ref.id, Decimal(600), **given, by=sue, now=NOW)  # type: ignore[arg-type]
    with pytest.raises(RepeatedWithOtherContent):
        claims.pay(ref.id, Decimal(601), **given, by=sue, now=NOW)  # type: ignore[arg-type]
    assert detail(ref, sue).row.paid_amount == Decimal("600.00")


@pytest.mark.parametrize("other", [{"payee": "Somebody else"}, {"paid_on": date(2026, 11, 20)}])
def test_the_same_payment_form_for_another_payee_or_day_is_an_error(
    firm: Company, sue: Viewer, notice: NoticeOfLoss, other: dict[str, object]
) -> None:
    on = replace(notice, loss_date=date(2026, 11, 1))
    ref = claims.report(on, request_id=new_request_id(), by=sue, now=datetime(2026, 11, 2, 15, tzinfo=UTC))
    factories.prove(ref.id)
    ref = claims.collect_documents(ref.id, version=ref.version, by=sue, now=NOW)
    ref = claims.assess(ref.id, Decimal(1000), version=ref.version, by=sue, now=NOW)
    ref = claims.approve(ref.id, version=ref.version, by=firm.erin, now=NOW).ref
    given = {
        "payee": "Garage",
        "paid_on": TODAY,
        "payment_reference": "W-9",
        "request_id": new_request_id(),
    }
    claims.pay(ref.id, Decimal(600), **given, by=sue, now=NOW)  # type: ignore[arg-type]
    with pytest.raises(RepeatedWithOtherContent):
        claims.pay(ref.id, Decimal(600), **{**given, **other}, by=sue, now=NOW)  # type: ignore[arg-type]
    assert [one.payee for one in detail(ref, sue).payments] == ["Garage"]


def test_a_payment_reference_is_used_once_and_told_beside_its_field(
    firm: Company, sue: Viewer, notice: NoticeOfLoss
) -> None:
    first, second = (approved(notice, sue, firm.erin, "1000.00").ref for _ in range(2))
    paid(first, "600.00", "W-1", sue)
    with pytest.raises(Invalid) as refused:
        paid(second, "1.00", " W-1 ", sue)
    assert refused.value.fields == {
        "payment_reference": "It is the reference of $600.00 paid on Nov 21, 2026: each is used once."
    }
    assert detail(second, sue).row.paid_amount == 0


def test_one_reference_sent_for_two_claims_at_once_pays_one_and_tells_the_other(
    firm: Company, sue: Viewer, notice: NoticeOfLoss
) -> None:
    refs = [approved(notice, sue, firm.erin, "1000.00").ref for _ in range(2)]

    def send(ref: ClaimRef) -> str:
        try:
            paid(ref, "5.00", "W-1", sue)
        except Invalid as refused:
            return ", ".join(refused.fields)
        return "paid"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(send, refs)) == ["paid", "payment_reference"]


def test_everything_that_is_wrong_with_a_payment_is_told_at_once(
    firm: Company, sue: Viewer, notice: NoticeOfLoss
) -> None:
    ref = approved(notice, sue, firm.erin, "1000.00").ref
    with pytest.raises(Invalid) as refused:
        claims.pay(
            ref.id, Decimal(2000), payee="x" * 101, payment_reference=" ", paid_on=date(1990, 1, 1),
            request_id=new_request_id(), by=sue, now=NOW,
        )  # fmt: skip
    assert refused.value.fields == {
        "amount": "Only $1,000.00 of the approved amount is left to pay.",
        "payee": "At most 100 characters fit here; this has 101.",
        "payment_reference": "Enter the payment reference.",
        "paid_on": "The loss was reported on Nov 21, 2026, after that date.",
    }


def test_an_anomaly_after_the_approval_holds_the_payment_until_it_is_decided_anew(
    firm: Company, sue: Viewer, notice: NoticeOfLoss
) -> None:
    ref = approved(notice, sue, firm.erin, "1000.00").ref
    claims.mark_document_anomaly(ref.id, "Forged stamp", by=sue, now=NOW)
    assert "nothing is paid until a manager takes the approval back" in detail(ref, sue).payment_held
    with pytest.raises(Refusal, match="A document anomaly was marked after the approval"):
        paid(ref, "5.00", "W-1", sue)
    version = detail(ref, sue).row.version
    ref = claims.take_back(ref.id, reason="Look at it", version=version, by=firm.erin, now=NOW)
    assert detail(ref, sue).row.status == "assessed"
    ref = claims.approve(ref.id, version=ref.version, by=firm.erin, now=NOW).ref
    assert detail(ref, sue).payment_held == ""
    paid(ref, "5.00", "W-1", sue)
    claims.mark_document_anomaly(ref.id, "Another one", by=sue, now=NOW)
    with pytest.raises(Refusal, match="A document anomaly was marked after the approval"):
        paid(ref, "6.00", "W-2", sue)
    found = detail(ref, sue)
    assert (found.row.paid_amount, found.row.fraud_points) == (Decimal("5.00"), 20)


def test_what_is_suspect_enough_after_the_approval_is_investigated_once_it_is_taken_back(
    firm: Company, sue: Viewer, notice: NoticeOfLoss
) -> None:
    policy = policy_of(firm, Category.AUTO, effective_date=date(2026, 10, 1))
    ref = approved(replace(notice, policy_id=policy), sue, firm.erin, "100.00").ref
    ref = claims.mark_document_anomaly(ref.id, "Forged stamp", by=sue, now=NOW)
    assert (detail(ref, sue).row.fraud_points, detail(ref, sue).row.status) == (45, "approved")
    ref = claims.take_back(ref.id, reason="Suspect", version=ref.version, by=firm.erin, now=NOW)
    assert detail(ref, sue).row.status == "investigation"


def test_a_reserve_without_amount_and_reason_is_told_so_at_once(sue: Viewer, notice: NoticeOfLoss) -> None:
    ref = reported(notice, sue)
    with pytest.raises(Invalid) as refused:
        claims.set_reserve(ref.id, None, reason=" ", version=ref.version, by=sue, now=NOW)
    assert refused.value.fields == {"amount": "Enter the reserve; 0 for none.", "reason": "Say why."}


def test_an_approval_is_taken_back_with_a_reason_and_decided_again(
    firm: Company, sue: Viewer, max_: Viewer, notice: NoticeOfLoss
) -> None:
    ref = approved(notice, sue, firm.erin, "1000.00").ref
    with pytest.raises(Invalid) as refused:
        claims.take_back(ref.id, reason=" ", version=ref.version, by=firm.erin, now=NOW)
    assert set(refused.value.fields) == {"reason"}
    ref = claims.take_back(ref.id, reason="Wrong car", version=ref.version, by=firm.erin, now=NOW)
    found = detail(ref, sue)
    assert (found.row.status, found.row.approved_amount) == ("assessed", None)
    assert found.row.incurred == Decimal("1000.00")
    assert (found.events[0].kind, found.events[0].note) == ("taken_back", "Wrong car")
    with pytest.raises(Conflict, match="nothing can be paid"):
        paid(ref, "1.00", "W-1", sue)
    assert claims.approve(ref.id, version=ref.version, by=max_, now=NOW).ruling is Ruling.APPROVED


def test_only_an_approval_is_taken_back_and_only_by_leaders(
    firm: Company, sue: Viewer, notice: NoticeOfLoss
) -> None:
    ref = assessed(notice, sue, "1000.00")
    with pytest.raises(Conflict, match="nothing is approved"):
        claims.take_back(ref.id, reason="Wrong", version=ref.version, by=firm.erin, now=NOW)
    ref = claims.approve(ref.id, version=ref.version, by=firm.erin, now=NOW).ref
    with pytest.raises(NotAllowed):
        claims.take_back(ref.id, reason="Wrong", version=ref.version, by=sue, now=NOW)


def test_an_approved_claim_is_not_assessed_over_its_approval(
    firm: Company, sue: Viewer, notice: NoticeOfLoss
) -> None:
    ref = approved(notice, sue, firm.erin, "1000.00").ref
    with pytest.raises(Refusal, match="The claim is approved"):
        claims.assess(ref.id, Decimal(9_000), version=ref.version, by=firm.adam, note="More", now=NOW)


def test_what_was_paid_already_settles_the_claim_when_no_more_is_approved(
    firm: Company, sue: Viewer, max_: Viewer, notice: NoticeOfLoss
) -> None:
    ref = paid(approved(notice, sue, firm.erin, "1000.00").ref, "400.00", "W-1", sue)
    ref = claims.take_back(ref.id, reason="Worth less", version=ref.version, by=firm.erin, now=NOW)
    with pytest.raises(Refusal, match="already paid"):
        claims.withdraw(ref.id, reason="Enough", version=ref.version, by=sue, now=NOW)
    ref = claims.investigate(ref.id, reason="New bill", version=ref.version, by=sue, now=NOW)
    ref = claims.assess(ref.id, Decimal(400), version=ref.version, by=sue, now=NOW)
    ref = claims.approve(ref.id, version=ref.version, by=max_, now=NOW).ref
    found = detail(ref, sue)
    assert (found.row.status, found.row.incurred, found.keeps_open) == ("settled", Decimal("400.00"), ())


def test_partial_payments_stay_approved_and_never_exceed_what_was_approved(
    firm: Company, sue: Viewer, notice: NoticeOfLoss
) -> None:
    ref = approved(notice, sue, firm.erin, "1000.00").ref
    paid(ref, "400.00", "W-1", sue)
    assert detail(ref, sue).row.status == "approved"
    with pytest.raises(Invalid, match=r"Only \$600.00"):
        paid(ref, "600.01", "W-2", sue)
    paid(ref, "600.00", "W-2", sue)
    with pytest.raises(Conflict, match="nothing can be paid"):
        paid(ref, "1.00", "W-3", sue)


def test_incurred_is_paid_plus_outstanding_at_every_event(
    firm: Company, sue: Viewer, notice: NoticeOfLoss
) -> None:
    ref = approved(notice, sue, firm.erin, "1000.00").ref
    paid(ref, "400.00", "W-1", sue)
    with unit_of_work() as session:
        moved = session.execute(
            text(
                "select sum(amount) filter (where event_type = 'reserve') as reserve,"
                " sum(amount) filter (where event_type = 'payment') as paid,"
                " max(amount) filter (where event_type = 'reported') as first"
                " from claim_events where claim_id = :id"
            ),
            {"id": ref.id},
        ).one()
    row = detail(ref, sue).row
    assert moved.first + moved.reserve == row.reserve_amount
    assert moved.paid == row.paid_amount
    assert row.incurred == Decimal("1000.00")


def test_a_claim_with_an_open_task_does_not_close(firm: Company, sue: Viewer, notice: NoticeOfLoss) -> None:
    decision = approved(notice, sue, firm.erin, "10.00")
    task = claims.add_task(
        decision.ref.id,
        "Call the garage",
        due_on=None,
        assigned_to=None,
        request_id=new_request_id(),
        by=sue,
    )
    ref = paid(decision.ref, "10.00", "W-1", sue)
    with pytest.raises(Refusal, match="1 open task"):
        claims.close(ref.id, version=ref.version, by=sue, now=NOW)
    claims.finish_task(ref.id, task, by=sue, now=NOW)
    claims.close(ref.id, version=ref.version, by=sue, now=NOW)
    assert detail(ref, sue).row.status == "closed"


@pytest.mark.parametrize("end", ["closed", "withdrawn"])
def test_on_a_closed_claim_nothing_is_reserved_begun_or_handed_over(
    firm: Company, sue: Viewer, notice: NoticeOfLoss, end: str
) -> None:
    if end == "closed":
        ref = paid(approved(notice, sue, firm.erin, "10.00").ref, "10.00", "W-1", sue)
        ref = claims.close(ref.id, version=ref.version, by=sue, now=NOW)
    else:
        ref = reported(notice, sue)
        ref = claims.withdraw(ref.id, reason="Paid myself", version=ref.version, by=sue, now=NOW)
    for act in (
        lambda: claims.set_reserve(ref.id, Decimal(5), reason="More", version=ref.version, by=sue),
        lambda: claims.add_task(
            ref.id, "Call the garage", due_on=None, assigned_to=None, request_id=new_request_id(), by=sue
        ),
        lambda: claims.mark_document_anomaly(ref.id, "Date changed", by=sue, now=NOW),
        lambda: claims.assign([ref.id], to=sue.user_id, by=sue, now=NOW),
    ):
        with pytest.raises(Refusal, match=f"is {end}"):
            act()
    with pytest.raises(Conflict, match="nothing can be paid"):
        paid(ref, "1.00", "W-2", sue)
    claims.add_note(ref.id, "The claimant called", request_id=new_request_id(), by=sue, now=NOW)
    found = detail(ref, sue)
    assert (found.row.reserve_amount, found.tasks, found.row.fraud_points) == (0, (), 0)
    assert found.events[0].note == "The claimant called"


def test_the_database_holds_no_closed_claim_with_a_reserve(
    firm: Company, sue: Viewer, notice: NoticeOfLoss
) -> None:
    ref = paid(approved(notice, sue, firm.erin, "10.00").ref, "10.00", "W-1", sue)
    claims.close(ref.id, version=ref.version, by=sue, now=NOW)
    with pytest.raises(IntegrityError, match="closed_without_reserve"), unit_of_work() as session:
        session.execute(text("update claims set reserve_amount = 5 where id = :id"), {"id": ref.id})


def test_a_task_longer_than_its_column_is_told_beside_it(
    firm: Company, sue: Viewer, notice: NoticeOfLoss
) -> None:
    ref = reported(notice, sue)
    with pytest.raises(Invalid, match="At most 200 characters fit here; this has 201"):
        claims.add_task(
            ref.id, "x" * 201, due_on=None, assigned_to=None, request_id=new_request_id(), by=sue
        )


def test_a_rejection_needs_a_coded_reason_and_a_letter(
    firm: Company, sue: Viewer, notice: NoticeOfLoss
) -> None:
    ref = assessed(notice, sue, "1000.00")
    with pytest.raises(Invalid) as refusal:
        claims.reject(ref.id, code="", letter=" ", version=ref.version, by=firm.erin, now=NOW)
    assert set(refusal.value.fields) == {"rejection_code", "letter_text"}
    claims.reject(ref.id, code="NO_PROOF", letter="Dear…", version=ref.version, by=firm.erin, now=NOW)
    assert detail(ref, sue).row.reserve_amount == 0


def test_a_settled_death_claim_moves_the_life_policy_to_claimed(
    firm: Company, sue: Viewer, notice: NoticeOfLoss
) -> None:
    policy_id = policy_of(firm, Category.TERM, effective_date=date(2020, 1, 1))
    death = replace(notice, policy_id=policy_id, loss_type=LossType.DEATH)
    ref = approved(death, sue, firm.erin, "40000.00").ref
    paid(ref, "40000.00", "W-1", sue)
    found = policies.policy(policy_id, by=sue)
    assert (found.row.status, found.end_reason, found.end_date) == (
        "claimed",
        "death",
        notice.loss_date,
    )


def test_a_death_that_was_once_reported_on_a_car_policy_settles_and_leaves_it_active(
    firm: Company, sue: Viewer
) -> None:
    policy_id = policy_of(firm, Category.AUTO)
    with unit_of_work() as session:
        on = session.get_one(Policy, policy_id)
    claim = factories.claim(
        on, loss_type=LossType.DEATH, status=ClaimStatus.APPROVED, approved_amount=Decimal(10)
    )
    paid(ClaimRef(claim.id, claim.claim_number, 1), "10.00", "W-1", sue)
    assert policies.policy(policy_id, by=sue).row.status == "active"


def test_a_settled_claim_on_a_car_leaves_the_policy_active(
    firm: Company, sue: Viewer, notice: NoticeOfLoss
) -> None:
    paid(approved(notice, sue, firm.erin, "10.00").ref, "10.00", "W-1", sue)
    assert policies.policy(notice.policy_id, by=sue).row.status == "active"


def test_closed_claims_cannot_be_approved_again(firm: Company, sue: Viewer, notice: NoticeOfLoss) -> None:
    ref = paid(approved(notice, sue, firm.erin, "10.00").ref, "10.00", "W-1", sue)
    with pytest.raises(IllegalMove) as refusal:
        claims.approve(ref.id, version=ref.version, by=firm.erin, now=NOW)
    assert "Closed" in refusal.value.legal


def test_scope_is_that_of_the_policy(firm: Company, sue: Viewer, notice: NoticeOfLoss) -> None:
    ref = reported(notice, firm.ann)
    for outsider in (firm.walt, firm.wade):
        with pytest.raises(NotFound):
            detail(ref, outsider)
    assert detail(ref, firm.erin).row.number == ref.number
    with pytest.raises(NotAllowed):
        claims.collect_documents(ref.id, version=1, by=firm.ann)


def test_the_queue_shows_first_what_waits_for_me(firm: Company, sue: Viewer, notice: NoticeOfLoss) -> None:
    refs = [reported(notice, firm.ann) for _ in range(3)]
    claims.assign([refs[2].id], to=sue.user_id, by=sue, now=NOW)
    page = claims.queue(ClaimFilter(open_only=True), by=sue, today=TODAY, limit=2)
    assert page.rows[0].number == refs[2].number
    assert (page.total, page.reserve) == (3, Decimal("6000.00"))
    mine = claims.queue(ClaimFilter(waits_for_me=True), by=sue, today=TODAY)
    assert [row.assignee for row in mine.rows] == ["Sue Support"]


def test_an_assessed_claim_waits_for_whoever_may_decide_it_and_not_for_who_assessed_it(
    firm: Company, sue: Viewer, notice: NoticeOfLoss
) -> None:
    reported(notice, firm.ann)
    ref = assessed(notice, sue, "1800.00")
    waiting = ClaimFilter(waits_for_me=True)
    first = claims.queue(ClaimFilter(open_only=True), by=firm.erin, today=TODAY).rows[0]
    assert (first.number, first.waits_for_me) == (ref.number, True)
    assert [row.number for row in claims.queue(waiting, by=firm.erin, today=TODAY).rows] == [ref.number]
    assert claims.queue(waiting, by=firm.ann, today=TODAY).rows == ()
    own = assessed(notice, firm.erin, "1700.00")
    assert own.number not in {row.number for row in claims.queue(waiting, by=firm.erin, today=TODAY).rows}


def test_the_pages_of_the_queue_hold_every_claim_once_while_claims_come_and_go(
    firm: Company, sue: Viewer, notice: NoticeOfLoss
) -> None:
    refs = [reported(notice, firm.ann) for _ in range(5)]
    claims.assign([refs[3].id], to=sue.user_id, by=sue, now=NOW)
    done = claims.withdraw(refs[0].id, reason="Paid myself", version=1, by=sue, now=NOW)
    page = claims.queue(ClaimFilter(), by=sue, today=TODAY, limit=2)
    first = [row.id for row in page.rows]
    assert first == [refs[3].id, refs[1].id]
    # Somebody else's work moves rows on the pages before; an offset would now pass one by.
    claims.withdraw(refs[1].id, reason="Paid myself", version=1, by=sue, now=NOW)
    seen: list[int] = []
    while page.after is not None:
        page = claims.queue(ClaimFilter(), by=sue, today=TODAY, after=page.after, limit=2)
        seen += [row.id for row in page.rows]
    assert seen == [refs[2].id, refs[4].id, done.id, refs[1].id]


@pytest.mark.parametrize("place", ["x", "2", "t:t:2026-13-01:1", "t:t:2026-12-01:a", ""])
def test_a_page_that_does_not_exist_is_refused(firm: Company, sue: Viewer, place: str) -> None:
    with pytest.raises(Invalid, match="does not exist"):
        claims.queue(ClaimFilter(), by=sue, today=TODAY, after=place)


def test_an_executive_sees_the_claim_without_names_and_words(
    firm: Company, sue: Viewer, notice: NoticeOfLoss
) -> None:
    ref = reported(replace(notice, claimant_name="Zoe Zed", claimant_relation="child"), sue)
    shown = repr(detail(ref, firm.eve))
    assert "Zoe" not in shown
    assert "Rear-ended" not in shown


def test_without_personal_data_the_queue_finds_by_codes_alone(
    firm: Company, sue: Viewer, notice: NoticeOfLoss
) -> None:
    seen = detail(reported(notice, sue), sue)

    def total(typed: str, by: Viewer) -> int:
        return claims.queue(ClaimFilter(text=typed), by=by, today=TODAY).total

    for name in seen.row.customer.split():
        assert (total(name, sue), total(name, firm.eve)) == (1, 0)
    assert (total(seen.row.number, firm.eve), total(seen.row.policy_number, firm.eve)) == (1, 1)


def test_without_personal_data_a_claim_tells_no_anomalies_and_tasks_in_words(
    firm: Company, sue: Viewer, notice: NoticeOfLoss
) -> None:
    ref = reported(notice, sue)
    claims.mark_document_anomaly(ref.id, "Signed by Rosenqvist", by=sue, now=NOW)
    claims.add_task(
        ref.id, "Call Rosenqvist", assigned_to=sue.user_id, due_on=None, request_id=new_request_id(), by=sue
    )
    seen = detail(ref, firm.eve)
    assert repr(detail(ref, sue)).count("Rosenqvist") >= 2
    assert "Rosenqvist" not in repr(seen)
    told = {flag.code: flag.explanation for flag in seen.flags}
    assert told.pop("DOCUMENT_ANOMALY") == "Something is wrong with a document."
    assert all(told.values())
    assert [task.title for task in seen.tasks] == ["Task"]


def test_the_detail_tells_ones_own_limit_and_what_one_had_to_do_with_it(
    firm: Company, sue: Viewer, notice: NoticeOfLoss
) -> None:
    ref = reported(notice, sue)
    hers, managers = detail(ref, sue), detail(ref, firm.erin)
    assert (hers.hand_in, managers.hand_in) == ("reported it", "")
    assert hers.own_limit < managers.own_limit


def test_claims_can_be_given_to_support_managers_and_administrators(firm: Company, sue: Viewer) -> None:
    names = {one.name for one in claims.handlers(by=sue)}
    assert {"Sue Support", "Erin East", "Adam Admin"} <= names
    assert "Ann Agent" not in names


def test_the_queue_shows_ones_own_together_with_nobodys(
    firm: Company, sue: Viewer, max_: Viewer, notice: NoticeOfLoss
) -> None:
    hers, nobodys, others = (reported(notice, sue) for _ in range(3))
    claims.assign([hers.id], to=sue.user_id, by=sue, now=NOW)
    claims.assign([others.id], to=max_.user_id, by=sue, now=NOW)
    wanted = ClaimFilter(assigned_to=(sue.user_id,), unassigned=True)
    found = claims.queue(wanted, by=sue, today=TODAY)
    assert {row.id for row in found.rows} == {hers.id, nobodys.id}


def test_a_claim_that_is_taken_up_again_gets_a_new_target(
    firm: Company, sue: Viewer, notice: NoticeOfLoss
) -> None:
    ref = assessed(notice, sue, "500.00")
    ref = claims.reject(
        ref.id, code="NO_PROOF", letter="Dear Carla", version=ref.version, by=firm.erin, now=NOW
    )
    later = datetime(2027, 1, 4, 15, tzinfo=UTC)
    ref = claims.reopen(ref.id, evidence="Photos", version=ref.version, by=firm.erin, now=later)
    assert detail(ref, sue).row.target_on == date(2027, 1, 19)  # Martin Luther King day lies between
