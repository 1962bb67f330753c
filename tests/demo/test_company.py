"""The invented company, as it stands in the database."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from sqlalchemy import select

from core.access import passwords
from core.claims import REJECTION_REASONS
from core.claims.status import CLAIM
from core.customers import kyc
from core.customers.status import KYC
from core.customers.tables import Customer
from core.db import unit_of_work
from core.demo.sign_ins import PASSWORD, USERNAMES
from core.dossiers.identity import assessment
from core.kit.dates import start_of_day
from core.kit.fields import phone
from core.policies.records import from_state
from core.policies.status import POLICY
from core.sales.status import APPOINTMENT, FOLLOWUP, LEAD, OPPORTUNITY

from .conftest import CUSTOMERS, TODAY

ZONE = "America/New_York"
MIDNIGHT = start_of_day(TODAY, ZONE)


def rows(connection, statement, *values):
    return connection.execute(statement, values).fetchall()


def one(connection, statement, *values):
    return rows(connection, statement, *values)[0][0]


def histories(connection, entity):
    walks = {}
    for row in rows(
        connection,
        "select entity_id, from_status, to_status, actor_role, at, reason from status_history"
        " where entity = %s order by entity_id, id",
        entity,
    ):
        walks.setdefault(row[0], []).append(row[1:])
    return walks


LIFECYCLES = [
    (LEAD, "leads", "status"),
    (OPPORTUNITY, "opportunities", "stage"),
    (POLICY, "policies", "status"),
    (CLAIM, "claims", "status"),
    (KYC, "customers", "kyc_status"),
    (FOLLOWUP, "followups", "status"),
    (APPOINTMENT, "appointments", "status"),
]


@pytest.mark.parametrize(
    ("lifecycle", "table", "column"), LIFECYCLES, ids=lambda v: getattr(v, "entity", "")
)
def test_every_history_is_a_walk_that_the_lifecycle_allows(company, lifecycle, table, column):
    walks = histories(company, lifecycle.entity)
    assert len(walks) == one(company, f"select count(*) from {table}") > 0
    for walk in walks.values():
        assert walk[0][:2] == (None, lifecycle.start)
        for before, (frm, to, role, at, reason) in pairwise(walk):
            assert frm == before[1]
            assert at >= before[3]
            move = next((m for m in lifecycle[frm].moves if m.to == to), None)
            assert move is not None, f"{lifecycle.entity}: {frm} to {to}"
            assert role in move.roles, f"{lifecycle.entity}: {frm} to {to} by {role}"
            assert reason or not move.needs_reason


@pytest.mark.parametrize(
    ("lifecycle", "table", "column"), LIFECYCLES, ids=lambda v: getattr(v, "entity", "")
)
def test_every_record_is_where_its_history_ends(company, lifecycle, table, column):
    walks = histories(company, lifecycle.entity)
    for key, status, changed_at in rows(
        company, f"select id, {column}::text, status_changed_at from {table}"
    ):
        assert (status, changed_at) == (walks[key][-1][1], walks[key][-1][3])


@pytest.mark.parametrize(
    "table", ["leads", "policies", "claims", "customers", "opportunities", "commissions"]
)
def test_nothing_has_happened_after_the_beginning_of_today(company, table):
    assert one(company, f"select max(updated_at) from {table}") < MIDNIGHT


def test_nothing_happens_outside_of_the_years_of_history(company):
    assert one(company, "select max(at) from status_history") < MIDNIGHT
    first = one(company, "select min(created_at) from leads")
    assert first > datetime(TODAY.year - 5, TODAY.month, TODAY.day, tzinfo=UTC) - timedelta(days=160)


def test_every_stage_beyond_new_rests_on_a_completed_follow_up(company):
    reached = "select count(*) from leads l where furthest_status <> 'new'"
    assert one(company, reached) > 0
    assert (
        one(
            company,
            reached + " and not exists (select from followups f join status_history h on h.entity = 'lead'"
            " and h.entity_id = l.id and h.to_status = 'contacted' where f.lead_id = l.id"
            " and f.status = 'completed' and f.completed_at <= h.at)",
        )
        == 0
    )


def test_lost_for_another_reason_always_has_a_note(company):
    assert (
        one(
            company,
            "select count(*) from leads l join lost_reasons r on r.id = l.lost_reason_id"
            " where r.name = 'Other' and l.lost_note is null",
        )
        == 0
    )


def test_a_won_lead_became_the_customer_of_a_policy_worth_the_expected_premium(company):
    assert (
        one(
            company,
            "select count(*) from leads l left join policies p on p.lead_id = l.id where l.status ="
            " 'won' and ("
            " p.id is null or p.customer_id <> l.customer_id or l.expected_premium <> p.premium_amount *"
            " case p.payment_frequency when 'monthly' then 12 when 'quarterly' then 4 when 'annual'"
            " then 1 else 2 end)",
        )
        == 0
    )


def test_the_next_follow_up_of_a_lead_is_the_one_that_is_planned(company):
    assert one(company, "select count(*) from leads where next_followup is not null") > 0
    assert (
        one(
            company,
            "select count(*) from leads l left join followups f on f.lead_id = l.id and f.status ="
            " 'planned'"
            " where l.next_followup is distinct from f.scheduled_at",
        )
        == 0
    )


def test_the_demo_agent_has_overdue_work_and_work_for_today_and_tomorrow(company):
    planned = [
        row[0]
        for row in rows(
            company,
            "select f.scheduled_at from followups f join users u on u.id = f.agent_id"
            " where u.username = 'agent' and f.status = 'planned'",
        )
    ]
    tomorrow = MIDNIGHT + timedelta(days=1)
    assert sum(at < MIDNIGHT for at in planned) >= 2
    assert sum(MIDNIGHT <= at < tomorrow for at in planned) >= 2
    assert sum(tomorrow <= at < tomorrow + timedelta(days=1) for at in planned) >= 2


def test_the_demo_agent_meets_somebody_today(company):
    assert (
        one(
            company,
            "select count(*) from appointments a join users u on u.id = a.agent_id where u.username"
            " = 'agent'"
            " and a.status = 'scheduled' and a.scheduled_datetime >= %s and a.scheduled_datetime < %s",
            MIDNIGHT,
            MIDNIGHT + timedelta(days=1),
        )
        >= 1
    )


def test_the_demo_agents_report_to_the_demo_manager(company):
    found = rows(
        company,
        "select u.username from agents a join users u on u.id = a.user_id"
        " join users m on m.id = a.reporting_manager_id where m.username = 'manager'",
    )
    assert {"agent", "senior"} <= {row[0] for row in found}


def test_there_is_one_sign_in_per_role_and_none_must_change_its_password(company):
    found = rows(
        company,
        "select role::text, username from users where username = any(%s) and is_active"
        " and not must_change_password",
        list(USERNAMES.values()),
    )
    assert dict(found) == USERNAMES


def test_the_demo_password_opens_every_demo_sign_in(company):
    kept = rows(company, "select distinct password_hash from users")
    assert len(kept) <= 2
    assert all(passwords.matches(PASSWORD, found) for (found,) in kept)


def test_everybody_who_is_invented_is_marked_so(company):
    assert rows(company, "select distinct is_demo from users") == [(True,)]


def test_the_demo_customer_is_a_customer_with_a_policy(company):
    assert (
        one(
            company,
            "select count(*) from users u join policies p on p.customer_id = u.customer_id"
            " where u.username = 'customer' and p.status = 'active'",
        )
        >= 1
    )


def test_every_customer_holds_or_has_applied_for_a_policy(company):
    assert one(company, "select count(distinct customer_id) from policies") == CUSTOMERS
    assert one(company, "select count(*) from customers") == CUSTOMERS


def test_nobody_bought_at_an_age_at_which_the_product_is_not_sold(company):
    assert (
        one(
            company,
            "select count(*) from policies join customers on customers.id = customer_id"
            " join products on products.id = product_id"
            " where extract(year from age(application_date, date_of_birth))"
            " not between min_age and max_age",
        )
        == 0
    )


def test_three_lapses_in_ten_are_made_good(company):
    lapsed, back = rows(
        company,
        "select count(*) filter (where to_status = 'lapsed'),"
        " count(*) filter (where from_status = 'lapsed' and to_status = 'active')"
        " from status_history where entity = 'policy'",
    )[0]
    assert 0.15 < back / lapsed < 0.45


def test_riders_add_up_to_what_the_policy_says(company):
    assert one(company, "select count(*) from policy_riders") > 0
    assert (
        one(
            company,
            "select count(*) from (select p.riders_count, p.total_rider_premium, count(r.id) as n,"
            " coalesce(sum(r.premium_amount), 0) as premium from policies p left join policy_riders r"
            " on r.policy_id = p.id where p.issue_date is not null group by p.id) x"
            " where riders_count <> n or total_rider_premium <> premium",
        )
        == 0
    )


def test_beneficiaries_share_everything_and_nobody_is_second_without_a_first(company):
    shares = rows(
        company,
        "select policy_id, beneficiary_class::text, sum(share_pct) from policy_beneficiaries group by 1, 2",
    )
    assert {share for *_, share in shares} == {100}
    first = {policy for policy, kind, _ in shares if kind == "primary"}
    assert {policy for policy, kind, _ in shares if kind == "contingent"} <= first


def test_an_estate_is_named_as_one_and_everybody_else_as_a_person(company):
    named = rows(
        company,
        "select b.relation = 'Estate', b.name, 'Estate of ' || c.first_name || ' ' || c.last_name"
        " from policy_beneficiaries b join policies p on p.id = b.policy_id"
        " join customers c on c.id = p.customer_id",
    )
    estates = [(name, told) for is_estate, name, told in named if is_estate]
    assert estates
    assert all(name == told for name, told in estates)
    assert not any(str(name).startswith("Estate") for is_estate, name, _ in named if not is_estate)
    assert (
        one(
            company,
            "select count(*) from policies"
            " where starts_with(beneficiary_name, 'Estate of ') <> (beneficiary_relation = 'Estate')",
        )
        == 0
    )


def test_a_policy_that_ended_says_when_and_why_and_others_do_not(company):
    assert (
        one(
            company,
            "select count(*) from policies where (end_date is null) <> (end_reason is null)"
            " or (end_reason is not null) <> (status in ('lapsed', 'cancelled', 'matured', 'claimed'))",
        )
        == 0
    )


def test_above_the_limit_of_underwriters_managers_have_issued(company):
    roles = company.execute(
        "select h.actor_role, u.role::text, count(*) from status_history h"
        " join policies p on p.id = h.entity_id left join users u on u.id = h.actor_id"
        " where h.entity = 'policy' and h.to_status = 'issued' and p.sum_assured > 1000000 group by 1, 2"
    ).fetchall()
    assert [(told, role) for told, role, _ in roles] == [("manager", "manager")]


def test_whatever_is_in_force_has_a_term_that_runs(company):
    assert (
        one(
            company,
            "select count(*) from policies p join products c on c.id = p.product_id"
            f" where p.status = 'active' and p.expiry_date <= '{TODAY}' and c.category <> 'whole_life'",
        )
        == 0
    )


def test_losses_lie_within_cover(company):
    assert one(company, "select count(*) from claims") > 0
    assert (
        one(
            company,
            "select count(*) from claims c join policies p on p.id = c.policy_id where c.loss_date <"
            " p.effective_date"
            " or c.loss_date >= p.expiry_date or (c.loss_date > p.end_date and p.end_reason <> 'death')",
        )
        == 0
    )


def test_reserves_and_payments_of_a_claim_are_those_of_its_events(company):
    assert (
        one(
            company,
            "select count(*) from claims c where reserve_amount <> (select sum(e.amount)"
            " from claim_events e where e.claim_id = c.id and e.event_type = 'reserve')"
            " or paid_amount <> (select coalesce(sum(e.amount), 0) from claim_events e"
            " where e.claim_id = c.id and e.event_type = 'payment')"
            " or paid_amount <> (select coalesce(sum(y.amount), 0) from claim_payments y where"
            " y.claim_id = c.id)",
        )
        == 0
    )


def test_a_closed_claim_has_no_reserve_and_no_open_task(company):
    assert (
        one(
            company,
            "select count(*) from claims c where status = 'closed' and (reserve_amount <> 0 or exists"
            " (select from claim_tasks t where t.claim_id = c.id and t.done_at is null))",
        )
        == 0
    )


def test_nobody_decides_a_claim_that_they_assessed_entered_or_sold(company):
    assert (
        one(
            company,
            "select count(*) from claims where approved_by in (assessed_by, created_by, agent_id)",
        )
        == 0
    )


def test_the_points_of_a_claim_are_those_of_its_flags(company):
    assert (
        one(
            company,
            "select count(*) from claims c where fraud_points <>"
            " (select coalesce(sum(points), 0) from claim_flags f where f.claim_id = c.id)",
        )
        == 0
    )


def test_a_commission_is_the_rate_of_the_premium_at_the_cent(company):
    assert one(company, "select count(*) from commissions") > 0
    assert (
        one(
            company,
            "select count(*) from commissions where commission_amount <> round(premium_amount *"
            " commission_rate / 100, 2)",
        )
        == 0
    )


def test_what_was_sent_back_in_the_free_look_earned_nothing(company):
    assert (
        one(
            company,
            "select count(*) from (select p.id from policies p join commissions c on c.policy_id = p.id"
            " where p.end_reason = 'free_look' group by p.id having sum(c.commission_amount) <> 0) x",
        )
        == 0
    )


def test_every_document_opens_a_file_of_the_size_and_digest_that_its_row_says(company):
    import hashlib

    from core.kit.settings import settings

    found = rows(
        company,
        "select distinct file_path, size_bytes, sha256 from customer_documents"
        " union select distinct file_path, size_bytes, sha256 from claim_documents",
    )
    assert found
    for path, size, digest in found:
        content = (settings().storage_dir / path).read_bytes()
        assert (len(content), hashlib.sha256(content).hexdigest()) == (size, digest)


def test_every_product_can_be_priced_at_every_age_at_which_it_is_sold(company):
    assert (
        one(
            company,
            "select count(*) from products p cross join generate_series(18, 80) age where age"
            " between p.min_age"
            " and p.max_age and not exists (select from product_rates v join product_rate_rows r on"
            " r.rate_id = v.id"
            " where v.product_id = p.id and v.status = 'approved' and age between r.age_from and r.age_to)",
        )
        == 0
    )


def test_the_fill_is_told_in_one_audit_row(company):
    assert one(company, "select count(*) from audit_log") == 1
    assert one(company, "select details ->> 'customers' from audit_log where action = 'demo.fill'") == str(
        CUSTOMERS
    )


def test_a_new_lead_gets_the_id_and_the_code_after_those_of_the_demo(company):
    last_id, last_code = rows(company, "select max(id), max(lead_code) from leads")[0]
    new_id, new_code = rows(
        company,
        "insert into leads (first_name, last_name, source_id) select 'Ada', 'Lovelace', min(id)"
        " from lead_sources returning id, lead_code",
    )[0]
    company.rollback()
    assert new_id == last_id + 1
    assert int(new_code.removeprefix("L-")) == int(last_code.removeprefix("L-")) + 1


def test_flags_and_rejections_have_the_codes_of_the_rules_of_claims(company):
    fired = {row[0] for row in rows(company, "select distinct code from claim_flags")}
    assert fired <= {"EARLY_LOSS", "LATE_REPORT", "NEAR_LIMIT", "DOCUMENT_ANOMALY"}
    refused = rows(company, "select distinct rejection_code from claims where rejection_code is not null")
    assert {row[0] for row in refused} <= set(REJECTION_REASONS)


def test_most_identities_are_verified_and_reviewed_in_time(company):
    share = dict(rows(company, "select kyc_status::text, count(*) from customers group by 1"))
    assert share["verified"] > 0.75 * CUSTOMERS
    assert one(company, "select count(*) from customers where kyc_review_on < %s", TODAY) == 0


@pytest.mark.usefixtures("bound")
def test_risk_scores_are_those_that_the_rules_give_today():
    with unit_of_work() as session:
        scored = session.scalars(select(Customer).where(Customer.risk_score.is_not(None))).all()
        assert len(scored) > 0.8 * CUSTOMERS
        for row in scored:
            anew = Customer()
            kyc.score(anew, assessment(session, row, TODAY))
            assert (row.risk_score, row.risk_band) == (anew.risk_score, anew.risk_band), row.customer_code
            assert row.risk_reasons == anew.risk_reasons, row.customer_code


def test_every_input_of_the_risk_score_that_is_known_tells_somewhere(company):
    found = rows(
        company,
        "select one ->> 'code', count(*) from customers, jsonb_array_elements(risk_reasons) one"
        " where (one ->> 'points') is not null group by 1",
    )
    assert {"AGE", "OCCUPATION", "CLAIMS", "TENURE", "LINES", "PRODUCT"} <= {code for code, _ in found}


def test_most_risks_are_low_and_some_are_not(company):
    share = dict(
        rows(
            company,
            "select risk_band::text, count(*)::float8 / sum(count(*)) over ()::float8 from customers"
            " where risk_band is not null group by 1",
        )
    )
    assert 0.9 < share["low"] < 1
    assert share["medium"] > 0
    assert one(company, "select count(distinct risk_score) from customers") > 6


def test_nobody_is_verified_in_public_office_without_a_senior(company):
    assert (
        one(
            company,
            "select count(*) from status_history h join customers c on c.id = h.entity_id"
            " where h.entity = 'customer' and h.to_status = 'verified' and c.is_pep"
            " and (h.actor_role <> 'underwriter' or h.reason is null)",
        )
        == 0
    )


def test_couples_share_a_name_and_an_address(company):
    found = rows(
        company,
        "select r.kind::text, a.last_name = b.last_name, a.address_line1 = b.address_line1"
        " from customer_relations r join customers a on a.id = r.customer_id"
        " join customers b on b.id = r.related_customer_id",
    )
    assert found
    assert all(same_name for _, same_name, _ in found)
    assert all(same_home for kind, _, same_home in found if kind in {"spouse", "household"})


def test_the_demo_agents_have_an_entry_to_finish(company):
    drafts = rows(
        company,
        "select u.username, d.state from policy_drafts d join users u on u.id = d.owner_id"
        " where u.username in ('agent', 'senior')",
    )
    assert {username for username, _ in drafts} == {"agent", "senior"}
    assert all(from_state(state).customer_id for _, state in drafts)


def test_a_change_of_payment_ends_at_what_the_policy_says(company):
    changed = rows(
        company,
        "select c.before, c.after, p.payment_method::text, p.premium_amount from policy_changes c"
        " join policies p on p.id = c.policy_id",
    )
    assert changed
    for before, after, method, amount in changed:
        assert after["method"] == method != before["method"]
        assert after["instalment"] == str(amount)


def test_telephone_numbers_are_stored_as_typed_ones_are(company):
    for table, column in (("customers", "phone_primary"), ("leads", "phone")):
        number = one(company, f"select {column} from {table} where {column} is not null limit 1")
        assert phone(number) == number


def test_what_was_assessed_was_proven_and_looked_at_by_somebody_else(company):
    from core.claims.proofs import REQUIRED

    proven = {}
    for claim, loss, kind in rows(
        company,
        "select c.id, c.loss_type::text, d.document_type from claims c left join claim_documents d on"
        " d.claim_id = c.id and d.verified where c.assessed_amount is not null and c.status <> 'reopened'",
    ):
        proven.setdefault((claim, loss), set()).add(kind)
    assert proven
    assert [one for one, kinds in proven.items() if not kinds.issuperset(REQUIRED[one[1]])] == []
    assert one(company, "select count(*) from claim_documents where uploaded_by = verified_by") == 0


def test_an_opportunity_was_talked_about_before_every_stage_and_most_open_ones_have_a_next_step(company):
    talked = "select count(*) from opportunities o where furthest_stage <> 'prospecting'"
    assert one(company, talked) > 0
    without = " and not exists (select from followups f where f.opportunity_id = o.id and f.status = %s)"
    assert one(company, talked + without, "completed") == 0
    share = one(
        company,
        "select avg((exists (select from followups f where f.opportunity_id = o.id"
        " and f.status = 'planned'))::int) from opportunities o"
        " where stage in ('prospecting', 'qualification', 'proposal', 'negotiation')",
    )
    assert 0.6 < share < 1
