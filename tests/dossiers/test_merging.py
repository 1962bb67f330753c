"""Merging: everything re-pointed, both codes found, and undone again (quality.md D8)."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import text

from core import customers, dossiers, search
from core.customers.tables import (
    AccountPerson,
    AccountRole,
    Contact,
    ContactKind,
    Customer,
    NotDuplicate,
)
from core.db import Base, unit_of_work
from core.documents.tables import CustomerDocument, DocumentType
from core.dossiers import merging
from core.kit.errors import Invalid, NotFound, Refusal
from core.kit.ids import new_request_id
from core.policies.tables import PolicyDraft
from tests import factories as make
from tests.factories.rows import put

NOW = datetime(2026, 1, 15, 12, tzinfo=UTC)


@pytest.fixture
def company(database):
    return make.company()


def customer(company, **columns):
    given = {"agent": company.ann_in_east, "territory_id": company.east.id}
    return make.customer(**{**given, **columns})


def everything_of(company, one):
    """A row in every table that points at a customer."""
    by, ann = company.erin, company.ann_in_east
    policy = make.policy(ann, customer_id=one.id)
    make.claim(policy)
    make.lead(ann, customer_id=one.id)
    make.opportunity(ann, customer_id=one.id)
    make.followup(ann, customer_id=one.id)
    make.appointment(ann, customer_id=one.id)
    make.user(customer_id=one.id)
    account = make.account(agent=ann)
    put(AccountPerson(account_id=account.id, customer_id=one.id, role=AccountRole.CONTACT))
    put(Contact(customer_id=one.id, contact_type=ContactKind.EMAIL, contact_value="x@example.com"))
    put(PolicyDraft(owner_id=ann.id, customer_id=one.id, request_id=new_request_id(), step="a", state={}))
    put(
        CustomerDocument(
            customer_id=one.id,
            document_type=DocumentType.OTHER,
            document_name="a.pdf",
            file_path="a/b.pdf",
            uploaded_by=ann.id,
        )
    )
    put(Customer(**{**plain(customer(company)), "merged_into_id": one.id}))
    customers.add_note(one.id, "A note", request_id=new_request_id(), by=by)
    customers.record_consent(one.id, channel="email", purpose="service", is_granted=True, by=by)


def plain(row):
    kept = ("first_name", "last_name", "date_of_birth", "gender", "phone_primary", "address_line1")
    return {name: getattr(row, name) for name in (*kept, "city", "state", "postal_code")}


def counts(key):
    """How many rows of each table point at the customer."""
    with unit_of_work() as session:
        return {
            (table, column): session.scalar(
                text(f"select count(*) from {table} where {column} = :key"), {"key": key}
            )
            for table, column in merging.references(session)
        }


def test_every_foreign_key_to_customers_is_moved_or_has_a_rule_of_its_own(company):
    declared = {
        (table.name, column.name)
        for table in Base.metadata.tables.values()
        for column in table.columns
        for key in column.foreign_keys
        if key.column.table.name == "customers"
    }
    with unit_of_work() as session:
        found = set(merging.references(session))
    assert found == declared
    assert found >= merging.SPECIAL
    one = customer(company)
    everything_of(company, one)
    without = {where for where, count in counts(one.id).items() if count == 0}
    assert without == merging.SPECIAL


def test_a_merge_moves_every_row_and_its_undoing_moves_them_back(company):
    kept, gone = customer(company), customer(company)
    everything_of(company, gone)
    before, before_kept = counts(gone.id), counts(kept.id)
    merge_id = dossiers.merge(kept.id, gone.id, reason="Same passport", by=company.erin, now=NOW)
    left = {where for where, count in counts(gone.id).items() if count}
    assert left == {("customer_merges", "merged_id")}
    for code in (kept.customer_code, gone.customer_code):
        (hit,) = search.search(code, by=company.erin).rows
        assert hit.code == kept.customer_code
    assert (
        dossiers.overview(gone.customer_code, by=company.erin).customer.former_codes[0]
        == gone.customer_code
    )
    dossiers.undo_merge(merge_id, by=company.erin)
    after = {w: n for w, n in counts(gone.id).items() if w[0] != "customer_merges"}
    assert after == {w: n for w, n in before.items() if w[0] != "customer_merges"}
    kept_after = {w: n for w, n in counts(kept.id).items() if w[0] != "customer_merges"}
    assert kept_after == {w: n for w, n in before_kept.items() if w[0] != "customer_merges"}
    (hit,) = search.search(gone.customer_code, by=company.erin).rows
    assert hit.code == gone.customer_code


def test_consents_follow_every_merge_and_its_undoing(company):
    by = company.erin
    one, two, three = (customer(company) for _ in range(3))
    for owner in (one, two):
        customers.record_consent(owner.id, channel="email", purpose="service", is_granted=True, by=by)
    first = dossiers.merge(two.id, one.id, reason="One person", by=by)
    second = dossiers.merge(three.id, two.id, reason="One person", by=by)
    assert len(customers.consents(three.id, by=by)) == 2
    dossiers.undo_merge(second, by=by)
    assert len(customers.consents(two.id, by=by)) == 2
    dossiers.undo_merge(first, by=by)
    assert [len(customers.consents(key, by=by)) for key in (one.id, two.id)] == [1, 1]


def test_relations_are_neither_doubled_nor_bent_back_on_oneself(company):
    by = company.erin
    kept, gone, child, boss = (customer(company) for _ in range(4))
    customers.relate(kept.id, gone.id, kind="sibling", by=by)
    customers.relate(kept.id, child.id, kind="child", by=by)
    customers.relate(gone.id, child.id, kind="child", by=by)
    customers.relate(gone.id, boss.id, kind="employer", by=by)
    put(NotDuplicate(first_id=kept.id, second_id=gone.id))
    merge_id = dossiers.merge(kept.id, gone.id, reason="One person", by=by)
    found = {(one.customer_code, one.kind) for one in customers.relations(kept.id, by=by)}
    assert found == {(child.customer_code, "child"), (boss.customer_code, "employer")}
    dossiers.undo_merge(merge_id, by=by)
    assert len(customers.relations(kept.id, by=by)) == 2
    assert len(customers.relations(gone.id, by=by)) == 3


def test_what_only_the_merged_record_knows_is_kept(company):
    kept = customer(company, email=None, occupation=None, phone_primary="+1 614-555-0100")
    gone = customer(company, email="g@example.com", occupation="Baker", phone_primary="+1 614-555-0199")
    merge_id = dossiers.merge(kept.id, gone.id, reason="One person", by=company.erin)
    found = customers.customer(kept.id, by=company.erin)
    assert (found.email, found.occupation) == ("g@example.com", "Baker")
    assert [one.value for one in customers.contacts(kept.id, by=company.erin)] == ["+1 614-555-0199"]
    dossiers.undo_merge(merge_id, by=company.erin)
    found = customers.customer(kept.id, by=company.erin)
    assert (found.email, found.occupation) == ("", "")
    assert customers.contacts(kept.id, by=company.erin) == ()


def test_notes_address_and_children_of_the_merged_record_stay_in_sight_until_it_is_undone(company):
    by = company.erin
    kept = customer(company, notes="Calls back in the evening")
    gone = customer(
        company,
        notes="Prefers letters.\n\n" + "Long story. " * 800,
        has_children=True,
        address_line1="7 Mill Lane",
        address_line2="Flat 3",
        city="Akron",
        state="OH",
        postal_code="44301",
    )
    merge_id = dossiers.merge(kept.id, gone.id, reason="One person", by=by, now=NOW)
    (told,) = customers.notes(kept.id, by=by)
    assert (told.body, told.who) == (f"From {gone.customer_code}:\n{gone.notes}", "Erin East")
    where = [one.value for one in customers.contacts(kept.id, by=by) if one.kind == "post"]
    assert where == ["7 Mill Lane, Flat 3, Akron, OH 44301, USA"]
    found = customers.customer(kept.id, by=by)
    assert (found.has_children, found.notes) == (True, "Calls back in the evening")
    dossiers.undo_merge(merge_id, by=by)
    assert customers.notes(kept.id, by=by) == customers.contacts(kept.id, by=by) == ()
    assert not customers.customer(kept.id, by=by).has_children
    found = customers.customer(gone.id, by=by)
    assert (found.notes, found.address_line1, found.has_children) == (gone.notes, "7 Mill Lane", True)


def test_what_both_records_say_alike_is_not_said_twice_after_a_merge(company):
    by = company.erin
    alike = {"notes": "Both the same", "address_line1": "7 Mill Lane", "has_children": True}
    kept = customer(company, **alike)
    gone = customer(company, **{**alike, "address_line1": "7  MILL lane"})
    merge_id = dossiers.merge(kept.id, gone.id, reason="One person", by=by)
    assert customers.notes(kept.id, by=by) == ()
    assert [one.value for one in customers.contacts(kept.id, by=by) if one.kind == "post"] == []
    dossiers.undo_merge(merge_id, by=by)
    assert customers.customer(kept.id, by=by).has_children


def test_an_uncommonly_long_address_is_kept_whole_in_two_lines(company):
    kept = customer(company)
    gone = customer(company, address_line1="a" * 100, address_line2="b" * 100, city="c" * 50)
    dossiers.merge(kept.id, gone.id, reason="One person", by=company.erin)
    where = [one.value for one in customers.contacts(kept.id, by=company.erin) if one.kind == "post"]
    assert where[0] == f"{'a' * 100}, {'b' * 100}"
    assert where[1].startswith("c" * 50)


def test_a_merge_from_before_notes_were_kept_is_undone_all_the_same(company):
    by = company.erin
    kept, gone = customer(company), customer(company, notes="Old")
    merge_id = dossiers.merge(kept.id, gone.id, reason="One person", by=by)
    with unit_of_work() as session:
        session.execute(text("update customer_merges set moved = moved - 'notes' - 'has_children'"))
    dossiers.undo_merge(merge_id, by=by)
    assert customers.customer(gone.customer_code, by=by).code == gone.customer_code


def test_the_kept_record_is_politically_exposed_if_either_was_until_the_merge_is_undone(company):
    by = company.erin
    kept = customer(company, kyc_status="verified", kyc_review_on=date(2029, 1, 15), status_changed_at=NOW)
    gone = customer(company, is_pep=True)
    merge_id = dossiers.merge(kept.id, gone.id, reason="One person", by=by, now=NOW)
    found = customers.customer(kept.id, by=by)
    assert (found.is_pep, found.kyc_review_on) == (True, date(2027, 1, 15))
    dossiers.undo_merge(merge_id, by=by, now=NOW)
    found = customers.customer(kept.id, by=by)
    assert (found.is_pep, found.kyc_review_on) == (False, date(2029, 1, 15))
    assert customers.customer(gone.id, by=by).is_pep


def test_a_kept_record_that_was_politically_exposed_itself_stays_so(company):
    by = company.erin
    kept, gone = customer(company, is_pep=True), customer(company, is_pep=True)
    dossiers.undo_merge(dossiers.merge(kept.id, gone.id, reason="One person", by=by), by=by)
    assert customers.customer(kept.id, by=by).is_pep


def test_a_note_on_a_merged_record_is_refused_with_the_code_of_the_kept_one(company):
    kept, gone = customer(company), customer(company)
    dossiers.merge(kept.id, gone.id, reason="One person", by=company.erin)
    with pytest.raises(Refusal, match=f"merged into {kept.customer_code}"):
        customers.add_note(gone.id, "From a stale tab", request_id=new_request_id(), by=company.ann)


def test_merges_in_a_row_are_undone_from_the_last(company):
    by = company.erin
    one, two, three = (customer(company) for _ in range(3))
    first = dossiers.merge(two.id, one.id, reason="One person", by=by)
    second = dossiers.merge(three.id, two.id, reason="One person", by=by)
    assert customers.customer(one.customer_code, by=by).code == three.customer_code
    with pytest.raises(Refusal, match="merged itself"):
        dossiers.undo_merge(first, by=by)
    dossiers.undo_merge(second, by=by)
    dossiers.undo_merge(first, by=by)
    assert customers.customer(one.customer_code, by=by).code == one.customer_code


def test_a_merge_needs_two_customers_in_scope_and_a_reason(company):
    mine = customer(company)
    theirs = customer(company, agent=company.walt_in_west, territory_id=company.west.id)
    with pytest.raises(NotFound):
        dossiers.merge(mine.id, theirs.id, reason="One person", by=company.erin)
    with pytest.raises(Invalid):
        dossiers.merge(mine.id, mine.id, reason="One person", by=company.erin)
    with pytest.raises(Invalid):
        dossiers.merge(mine.id, customer(company).id, reason=" ", by=company.erin)
