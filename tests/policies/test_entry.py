"""From a draft to an active policy, and the changes after it, on a real PostgreSQL."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select, text

from core import catalog, policies
from core.access import Viewer
from core.db import unit_of_work
from core.kit.errors import Conflict, IllegalMove, Invalid, NotAllowed, NotFound, Refusal
from core.kit.lifecycle import Tone
from core.policies import (
    Application,
    EndReason,
    PolicyFilter,
    PolicyRef,
)
from core.policies.tables import Policy
from tests import factories
from tests.factories import Company
from tests.policies.applying import NOW, SPOUSE, TODAY, issued, sent, submitted


def test_a_draft_becomes_an_active_policy_with_all_its_parts(
    firm: Company, application: Application, underwriter: Viewer
) -> None:
    ref = issued(application, firm.ann, underwriter)
    found = policies.policy(ref.number, by=firm.ann)
    assert found.row.status == "active"
    assert (found.row.effective_date, found.row.expiry_date) == (TODAY, date(2046, 11, 21))
    assert [line["annual"] for line in found.premium_lines] == ["700.00", "28.00", "60.00"]
    assert found.row.annual_premium == Decimal("788.00")
    assert found.premium_amount == Decimal("68.95")
    assert [one.name for one in found.beneficiaries] == ["Sam Spouse"]
    assert [event.what for event in found.history] == ["Active", "Issued", "Underwriting", "Applied"]


def test_submitting_twice_makes_one_policy(firm: Company, application: Application) -> None:
    draft = policies.start_draft(application, by=firm.ann)
    with ThreadPoolExecutor(16) as pool:
        refs = list(pool.map(lambda _: sent(draft, firm.ann), range(16)))
    assert len(set(refs)) == 1
    assert policies.policies(PolicyFilter(), by=firm.ann).total == 1


def test_submitting_twice_with_handing_over_reaches_the_underwriters_once(
    firm: Company, application: Application
) -> None:
    draft = policies.start_draft(application, by=firm.ann)

    def send(_: int) -> PolicyRef:
        return sent(draft, firm.ann, hands_over=True)

    with ThreadPoolExecutor(8) as pool:
        refs = set(pool.map(send, range(8)))
    (ref,) = refs
    found = policies.policy(ref.number, by=firm.ann)
    assert [event.what for event in found.history] == ["Underwriting", "Applied"]


def test_a_failing_limit_is_told_before_anybody_said_how_it_is_paid(
    firm: Company, application: Application
) -> None:
    too_much = replace(application, sum_assured=Decimal(99_999_999), payment_frequency=None)
    quoted = policies.quote(too_much, by=firm.ann, today=TODAY)
    assert quoted.premium is None
    told = policies.gaps(too_much, quoted, today=TODAY)
    assert "the most is $1,000,000" in told["sum_assured"]
    assert told["payment_frequency"] == "Choose how often the premium is paid."


def test_a_term_that_nobody_chose_is_asked_for_and_no_limit_of_it_counts(
    firm: Company, application: Application
) -> None:
    blank = replace(application, term_years=None)
    quoted = policies.quote(blank, by=firm.ann, today=TODAY)
    assert quoted.failures == ()
    assert policies.gaps(blank, quoted, today=TODAY) == {"term_years": "Enter the term in years."}
    with pytest.raises(Invalid, match="Enter the term"):
        submitted(blank, firm.ann)


def test_numbers_have_no_gap_and_no_double_under_sixteen_threads(
    firm: Company, application: Application
) -> None:
    too_much = replace(application, sum_assured=Decimal(5_000_000))

    def enter(n: int) -> str | None:
        try:
            return submitted(too_much if n % 4 == 0 else application, firm.ann).number
        except Invalid:
            return None

    with ThreadPoolExecutor(16) as pool:
        numbers = [number for number in pool.map(enter, range(32)) if number]
    assert sorted(numbers) == [f"P-{n:08d}" for n in range(1, 25)]


def test_a_bad_application_names_every_gap_limit_and_share_and_writes_nothing(
    firm: Company, application: Application
) -> None:
    bad = replace(
        application,
        sum_assured=Decimal(2_000_000),
        term_years=50,
        payment_method=None,
        effective_date=date(2026, 11, 20),
        beneficiaries=(replace(SPOUSE, share_pct=Decimal(90)),),
    )
    draft = policies.start_draft(bad, by=firm.ann)
    with pytest.raises(Invalid) as refusal:
        sent(draft, firm.ann)
    assert set(refusal.value.fields) == {
        "payment_method",
        "sum_assured",
        "term_years",
        "product_id",
        "effective_date",
        "beneficiaries",
    }
    with unit_of_work() as session:
        assert session.scalar(text("select count(*) from policies")) == 0
    assert policies.draft(draft.id, by=firm.ann).application == bad


def test_a_draft_survives_and_the_second_tab_is_told(firm: Company, application: Application) -> None:
    draft = policies.start_draft(by=firm.ann)
    policies.save_draft(draft.id, application, step="riders", version=draft.version, by=firm.ann)
    with pytest.raises(Conflict):
        policies.save_draft(draft.id, application, step="review", version=draft.version, by=firm.ann)
    (kept,) = policies.drafts(by=firm.ann)
    assert (kept.step, kept.application) == ("riders", application)


def test_a_draft_is_its_owners_alone(firm: Company, application: Application) -> None:
    draft = policies.start_draft(application, by=firm.ann)
    with pytest.raises(NotFound):
        policies.draft(draft.id, by=firm.dan)
    with pytest.raises(NotFound):
        policies.submit_draft(draft.id, version=draft.version, annual=None, by=firm.erin)


def test_a_lead_opens_the_same_draft_again(firm: Company, application: Application) -> None:
    lead = factories.lead(firm.ann_in_east, status="won")
    first = policies.start_draft(replace(application, lead_id=lead.id), by=firm.ann)
    assert policies.start_draft(Application(lead_id=lead.id), by=firm.ann).id == first.id


def test_an_agent_cannot_apply_for_a_customer_of_somebody_else(
    firm: Company, application: Application
) -> None:
    with pytest.raises(NotFound):
        policies.start_draft(application, by=firm.walt)


def test_the_seller_cannot_issue_their_own_policy(firm: Company, application: Application) -> None:
    person = factories.customer(agent=firm.erin_manages_east)
    ref = submitted(replace(application, customer_id=person.id), firm.erin)
    ref = policies.send_to_underwriting(ref.id, version=ref.version, by=firm.erin)
    with pytest.raises(Invalid, match="can't issue"):
        policies.issue(ref.id, version=ref.version, by=firm.erin, now=NOW)


def test_an_agent_cannot_issue_at_all(firm: Company, application: Application) -> None:
    ref = submitted(application, firm.ann)
    with pytest.raises(NotAllowed):
        policies.issue(ref.id, version=ref.version, by=firm.ann)


def test_cover_is_not_issued_from_a_day_in_the_past(
    firm: Company, application: Application, underwriter: Viewer
) -> None:
    ref = submitted(application, firm.ann)
    ref = policies.send_to_underwriting(ref.id, version=ref.version, by=firm.ann)
    yesterday = NOW.date() - timedelta(days=1)
    with pytest.raises(Invalid, match="in the past"):
        policies.issue(ref.id, version=ref.version, effective_date=yesterday, by=underwriter, now=NOW)


def test_an_application_is_not_issued_without_underwriting(
    firm: Company, application: Application, underwriter: Viewer
) -> None:
    ref = submitted(application, firm.ann)
    with pytest.raises(IllegalMove) as refusal:
        policies.issue(ref.id, version=ref.version, by=underwriter, now=NOW)
    assert refusal.value.legal == ("Underwriting", "Cancelled")


def test_cover_that_begins_later_waits_for_its_day(
    firm: Company, application: Application, underwriter: Viewer
) -> None:
    later = replace(application, effective_date=date(2026, 12, 1))
    ref = issued(later, firm.ann, underwriter)
    assert policies.policy(ref.id, by=firm.ann).row.status == "issued"
    assert policies.activate_due(now=NOW) == 0
    assert policies.activate_due(now=datetime(2026, 12, 1, 6, tzinfo=UTC)) == 1
    assert policies.policy(ref.id, by=firm.ann).row.status == "active"


def test_a_cancellation_keeps_reason_and_date_and_ends_the_riders(
    firm: Company, application: Application, underwriter: Viewer
) -> None:
    ref = issued(application, firm.ann, underwriter)
    with pytest.raises(Invalid) as refusal:
        policies.cancel(
            ref.id,
            version=ref.version,
            end_reason=EndReason.CUSTOMER,
            end_date=TODAY,
            reason="",
            by=firm.ann,
            now=NOW,
        )
    assert list(refusal.value.fields) == ["reason"]
    policies.cancel(
        ref.id,
        version=ref.version,
        end_reason=EndReason.CUSTOMER,
        end_date=date(2026, 12, 1),
        reason="Moved abroad",
        by=firm.ann,
        now=datetime(2026, 12, 1, 15, tzinfo=UTC),
    )
    found = policies.policy(ref.id, by=firm.ann)
    assert (found.row.status, found.end_reason, found.end_date) == (
        "cancelled",
        "customer",
        date(2026, 12, 1),
    )
    assert [rider.is_active for rider in found.riders] == [False]
    assert found.history[0].reason == "Moved abroad"


def test_issuing_and_cancelling_at_once_one_wins(
    firm: Company, application: Application, underwriter: Viewer
) -> None:
    ref = submitted(application, firm.ann)
    ref = policies.send_to_underwriting(ref.id, version=ref.version, by=firm.ann, now=NOW)

    def end(how: str) -> str:
        try:
            if how == "issue":
                policies.issue(ref.id, version=ref.version, by=underwriter, now=NOW)
            else:
                policies.cancel(
                    ref.id, version=ref.version, end_reason=EndReason.WITHDRAWN, end_date=TODAY,
                    reason="Changed their mind", by=firm.ann, now=NOW,
                )  # fmt: skip
        except Conflict as conflict:
            return conflict.who
        return how

    with ThreadPoolExecutor(2) as pool:
        answers = set(pool.map(end, ["issue", "cancel"]))
    status = policies.policy(ref.id, by=firm.ann).row.status
    won, told = {"active": ("issue", "Uma Under"), "cancelled": ("cancel", "Ann Agent")}[status]
    # Issuing activates in the same transaction, in the clock's name.
    assert answers in ({won, told}, {won, "The system"})


def test_an_underwriter_declines_with_a_reason(
    firm: Company, application: Application, underwriter: Viewer
) -> None:
    ref = submitted(application, firm.ann)
    with pytest.raises(Refusal, match="in underwriting"):
        policies.decline(ref.id, version=ref.version, reason="Too ill", by=underwriter, now=NOW)
    ref = policies.send_to_underwriting(ref.id, version=ref.version, by=firm.ann, now=NOW)
    assert not policies.policy(ref.id, by=firm.ann).can_decline
    assert policies.policy(ref.id, by=underwriter).can_decline
    with pytest.raises(Invalid, match="Say why"):
        policies.decline(ref.id, version=ref.version, reason=" ", by=underwriter, now=NOW)
    policies.decline(ref.id, version=ref.version, reason="Too ill", by=underwriter, now=NOW)
    found = policies.policy(ref.id, by=firm.ann)
    assert (found.row.status, found.end_reason, found.history[0].reason) == (
        "cancelled",
        "declined",
        "Too ill",
    )
    assert (found.row.status_label, found.row.tone) == ("Declined", Tone.BAD)
    assert [event.what for event in found.history] == ["Declined", "Underwriting", "Applied"]


@pytest.mark.parametrize(
    ("states", "wanted"),
    [
        (("declined",), {"declined"}),
        (("withdrawn", "active"), {"withdrawn", "active"}),
        (("cancelled",), {"customer", "untold"}),
        (("cancelled", "declined", "withdrawn"), {"customer", "untold", "declined", "withdrawn"}),
        ((), {"customer", "untold", "declined", "withdrawn", "active"}),
    ],
)
def test_declined_applications_are_a_state_of_their_own_to_narrow_by(
    firm: Company, states: tuple[str, ...], wanted: set[str]
) -> None:
    made = {factories.policy(firm.ann_in_east).id: "active"}
    for reason in ("declined", "withdrawn", "customer", None):
        one = factories.policy(
            firm.ann_in_east, status="cancelled", end_reason=reason and EndReason(reason), end_date=TODAY
        )
        made[one.id] = reason or "untold"
    found = policies.policies(PolicyFilter(statuses=states), by=firm.ann)
    assert ({made[row.id] for row in found.rows}, found.total) == (wanted, len(wanted))


def test_the_oldest_applications_come_first_when_they_are_asked_for_so(firm: Company) -> None:
    days = (date(2026, 3, 1), date(2026, 1, 1), date(2026, 2, 1), date(2026, 2, 1))
    made = [
        factories.policy(firm.ann_in_east, status="underwriting", application_date=day).id for day in days
    ]
    wanted = PolicyFilter(statuses=("underwriting",), oldest_first=True)
    first = policies.policies(wanted, by=firm.ann, limit=2)
    rest = policies.policies(wanted, by=firm.ann, limit=2, after=first.after)
    assert [row.id for row in (*first.rows, *rest.rows)] == [made[1], made[2], made[3], made[0]]
    newest = policies.policies(PolicyFilter(), by=firm.ann, limit=2)
    older = policies.policies(PolicyFilter(), by=firm.ann, limit=2, after=newest.after)
    assert [row.id for row in (*newest.rows, *older.rows)] == [made[0], made[3], made[2], made[1]]


def test_who_sells_does_not_decline(firm: Company, application: Application) -> None:
    ref = submitted(application, firm.ann)
    with pytest.raises(Invalid, match="not a reason to cancel"):
        policies.cancel(
            ref.id, version=ref.version, end_reason=EndReason.DECLINED, end_date=TODAY, reason="No",
            by=firm.ann, now=NOW,
        )  # fmt: skip


def test_a_lapsed_policy_does_not_mature_and_is_told_what_it_can_do(
    firm: Company, underwriter: Viewer
) -> None:
    product = factories.product(catalog.Category.ENDOWMENT)
    lapsed = factories.policy(firm.ann_in_east, status="lapsed", product_id=product.id)
    with pytest.raises(IllegalMove) as refused:
        policies.mature(lapsed.id, version=1, by=underwriter, now=NOW)
    assert refused.value.legal == ("Active", "Cancelled", "Claimed")


def test_a_policy_outside_the_book_looks_like_none(
    firm: Company, application: Application, underwriter: Viewer
) -> None:
    ref = issued(application, firm.ann, underwriter)
    for reader in (firm.walt, firm.wade):
        with pytest.raises(NotFound):
            policies.policy(ref.id, by=reader)
        assert policies.policies(PolicyFilter(), by=reader).total == 0
    assert policies.policies(PolicyFilter(), by=firm.erin).total == 1


def test_an_executive_sees_the_policy_without_the_names(
    firm: Company, application: Application, underwriter: Viewer
) -> None:
    ref = issued(application, firm.ann, underwriter)
    found = policies.policy(ref.id, by=firm.eve)
    assert "Sam" not in repr(found)
    assert found.row.annual_premium == Decimal("788.00")


def test_without_personal_data_the_list_finds_by_codes_alone(
    firm: Company, application: Application
) -> None:
    ref = submitted(application, firm.ann)
    found = policies.policy(ref.id, by=firm.ann)
    for typed in found.row.customer.split():
        assert policies.policies(PolicyFilter(text=typed), by=firm.ann).total == 1
        assert policies.policies(PolicyFilter(text=typed), by=firm.eve).total == 0
    for typed in (ref.number, ref.number[2:], found.customer_code):
        assert policies.policies(PolicyFilter(text=typed), by=firm.eve).total == 1


def test_without_personal_data_the_history_of_a_policy_tells_no_reasons(
    firm: Company, application: Application, underwriter: Viewer
) -> None:
    ref = submitted(application, firm.ann)
    ref = policies.send_to_underwriting(ref.id, version=ref.version, by=firm.ann, now=NOW)
    policies.decline(ref.id, version=ref.version, reason="Dr. Rosenqvist says no", by=underwriter, now=NOW)
    told = "Dr. Rosenqvist says no"
    assert told in repr(policies.policy(ref.id, by=firm.ann).history)
    assert "Rosenqvist" not in repr(policies.policy(ref.id, by=firm.eve))


def test_the_list_finds_by_number_name_and_filters_and_pages_without_loss(
    firm: Company, application: Application
) -> None:
    numbers = {submitted(application, firm.ann).number for _ in range(5)}
    wanted = PolicyFilter(statuses=("applied",))
    seen: set[str] = set()
    after: str | None = None
    while True:
        page = policies.policies(wanted, by=firm.ann, after=after, limit=2)
        assert (page.total, page.annual_premium) == (5, Decimal("3940.00"))
        seen |= {row.number for row in page.rows}
        after = page.after
        if after is None:
            break
    assert seen == numbers
    with unit_of_work() as session:
        number = session.scalars(select(Policy.policy_number).order_by(Policy.id)).first()
    assert number is not None
    assert policies.policies(PolicyFilter(text=number[-4:]), by=firm.ann).total == 1
    assert policies.policies(PolicyFilter(statuses=("active",)), by=firm.ann).total == 0


def test_a_won_lead_becomes_one_policy_even_from_two_drafts(
    firm: Company, application: Application
) -> None:
    lead = factories.lead(firm.ann_in_east, status="won", customer_id=application.customer_id)
    of_lead = replace(application, lead_id=lead.id)
    hers = policies.start_draft(of_lead, by=firm.ann)
    managers = policies.start_draft(of_lead, by=firm.erin)
    ref = sent(hers, firm.ann)
    with pytest.raises(Refusal, match=f"{ref.number} was already entered from this lead"):
        sent(managers, firm.erin)
    with pytest.raises(Refusal, match=ref.number):
        policies.start_draft(of_lead, by=firm.ann)


def test_a_cancelled_application_leaves_its_lead_free_for_another(
    firm: Company, application: Application
) -> None:
    lead = factories.lead(firm.ann_in_east, status="won", customer_id=application.customer_id)
    of_lead = replace(application, lead_id=lead.id)
    ref = submitted(of_lead, firm.ann)
    policies.cancel(
        ref.id, version=ref.version, end_reason=EndReason.WITHDRAWN, end_date=TODAY,
        reason="Wants to wait", by=firm.ann, now=NOW,
    )  # fmt: skip
    assert submitted(of_lead, firm.ann).number != ref.number


@pytest.mark.parametrize("ending", ["term over", "free look"])
def test_a_lead_whose_policy_has_ended_becomes_no_second_one(
    firm: Company, application: Application, underwriter: Viewer, ending: str
) -> None:
    lead = factories.lead(firm.ann_in_east, status="won", customer_id=application.customer_id)
    of_lead = replace(application, lead_id=lead.id)
    ref = issued(of_lead, firm.ann, underwriter)
    if ending == "term over":
        assert policies.end_due(now=NOW.replace(year=NOW.year + 21)) == 1
    else:
        policies.cancel(
            ref.id, version=ref.version, end_reason=EndReason.FREE_LOOK, end_date=TODAY, reason="Sent back",
            by=firm.ann, now=NOW,
        )  # fmt: skip
    with pytest.raises(Refusal, match=f"{ref.number} was already entered from this lead"):
        policies.start_draft(of_lead, by=firm.ann)


def test_only_what_matures_is_offered_to_mature(firm: Company, underwriter: Viewer) -> None:
    term = factories.policy(firm.ann_in_east)
    endowment = factories.policy(
        firm.ann_in_east, product_id=factories.product(catalog.Category.ENDOWMENT).id
    )
    offered = [
        "matured" in {move.to for move in policies.policy(one.id, by=underwriter).moves}
        for one in (term, endowment)
    ]
    assert offered == [False, True]


def test_the_list_of_a_territory_holds_what_lies_below_it(firm: Company) -> None:
    in_east = factories.policy(firm.ann_in_east, territory_id=firm.east.id)
    below_east = factories.policy(firm.dan_in_district, territory_id=firm.district.id)
    factories.policy(firm.walt_in_west, territory_id=firm.west.id)
    found = policies.policies(PolicyFilter(territory_ids=(firm.east.id,)), by=firm.adam)
    assert {row.id for row in found.rows} == {in_east.id, below_east.id}
