"""Search: one box over customers, leads, policies and claims (quality.md D9)."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from core import dossiers, search
from core.access import Role
from core.customers.tables import Contact
from core.db import unit_of_work
from core.policies import EndReason
from tests import factories as make
from tests.factories.rows import put

NOW = datetime(2026, 1, 15, 12, tzinfo=UTC)


def customer(company, **columns):
    given = {"agent": company.ann_in_east, "territory_id": company.east.id}
    return make.customer(**{**given, **columns})


def codes(text, *, by, limit=20):
    return [hit.code for hit in search.search(text, by=by, limit=limit, now=NOW).rows]


@pytest.fixture
def company(database):
    return make.company()


def test_an_accent_need_not_be_typed(company):
    found = customer(company, first_name="Jürgen", last_name="Müller")
    assert found.customer_code in codes("muller", by=company.ann)


@pytest.mark.parametrize(
    "typed",
    [
        "Catherine Zellweger",
        "zellweger catherine",
        "zellweg",
        "Cathrine Zellweger",
        "Catherine Zelweger",
        "Katherine Zellwegger",
        "Zellwger",
    ],
)
def test_a_name_is_found_by_parts_in_any_order_and_with_a_typo(company, typed):
    found = customer(company, first_name="Catherine", last_name="Zellweger")
    customer(company, first_name="Brian", last_name="Other")
    assert codes(typed, by=company.ann) == [found.customer_code]


@pytest.mark.parametrize(
    "typed",
    [
        "(614) 555-0182",
        "614.555.0182",
        "+1 614 555 0182",
        "6145550182",
        "5550182",
        "0182",
        "614555",
        "55501",
        "614–555–0182",
        "614·555·0182",
        "614-555-0182 ext 5",
        "614-555-0182 ext. 5",
        "6145550182x12",
        "tel:+1-614-555-0182",
        "Phone: 614-555-0182",
        "001 614 555 0182",
    ],
)
def test_a_phone_is_found_in_any_notation_and_by_its_parts(company, typed):
    found = customer(company, phone_primary="+1 614-555-0182")
    assert found.customer_code in codes(typed, by=company.ann)


@pytest.mark.parametrize(
    "typed", ["Ann.Weber@Example.com", "ann.weber@", "ann.web", "ann.wber@example.com"]
)
def test_an_e_mail_is_found_whole_by_its_beginning_and_with_a_typo(company, typed):
    found = customer(company, email="ann.weber@example.com")
    assert found.customer_code in codes(typed, by=company.ann)


@pytest.mark.parametrize(
    "typed",
    [
        "1985-05-17",
        "1985/05/17",
        "1985/5/17",
        "1985.05.17",
        "5/17/1985",
        "17/5/1985",
        "17-05-1985",
        "17.5.1985",
        "17.05.85",
        "May 17, 1985",
        "May 17 1985",
        "may 17th, 1985",
        "17 May 1985",
        "17-May-1985",
        "17 may, 1985",
        "17th May 1985",
        "weber 05/17/85",
        "17 May 1985 Weber",
        "Weber, 1985/05/17",
    ],
)
def test_a_birth_date_is_found_in_the_usual_notations(company, typed):
    found = customer(company, last_name="Weber", date_of_birth=date(1985, 5, 17))
    customer(company, last_name="Weber", date_of_birth=date(1985, 7, 15))
    assert codes(typed, by=company.ann) == [found.customer_code]


@pytest.mark.parametrize(
    "typed",
    [
        "14 March 1986",
        "14-Mar-1986",
        "March 14, 1986",
        "Mar. 14, 1986",
        "14 Sept 1986",
        "September 14, 1986",
    ],
)
def test_a_month_is_read_by_its_name_whole_or_short(company, typed):
    found = {
        "M": customer(company, date_of_birth=date(1986, 3, 14)),
        "S": customer(company, date_of_birth=date(1986, 9, 14)),
    }
    assert codes(typed, by=company.ann) == [found["S" if "S" in typed else "M"].customer_code]


def test_of_day_and_month_the_month_comes_first_where_both_could_be_it(company):
    found = customer(company, date_of_birth=date(1986, 3, 4))
    customer(company, date_of_birth=date(1986, 4, 3))
    assert codes("3/4/1986", by=company.ann) == codes("4.3.1986", by=company.ann) == [found.customer_code]


@pytest.mark.parametrize("typed", ["13/13/1986", "1986/02/30", "31 Foo 1986", "P-1986-03-14"])
def test_what_is_no_date_is_read_as_something_else(company, typed):
    customer(company, date_of_birth=date(1986, 3, 14))
    assert codes(typed, by=company.ann) == []


def further(of, kind, value):
    return put(Contact(customer_id=of.id, contact_type=kind, contact_value=value))


@pytest.mark.parametrize(
    "typed", ["(614) 555-0182", "0182", "614555", "55501", "Weber@Work.example.com", "weber@work"]
)
def test_a_further_contact_finds_its_customer(company, typed):
    found, other = (customer(company, phone_primary="+1 202-333-4444") for _ in range(2))
    further(found, "mobile", "+1 614-555-0182")
    further(found, "email", "weber@work.example.com")
    further(other, "other", "614-555-0182 weber@work.example.com")
    assert codes(typed, by=company.ann) == [found.customer_code]


@pytest.mark.parametrize("typed", ["614.555.0182", "0182", "614555", "55501"])
def test_a_second_phone_finds_its_customer(company, typed):
    found = customer(company, phone_primary="+1 202-333-4444", phone_secondary="+1 614-555-0182")
    assert codes(typed, by=company.ann) == [found.customer_code]


def test_phone_and_e_mail_of_a_merged_record_find_the_kept_one(company):
    kept = customer(company, phone_primary="+1 202-333-4444", email="kept@example.com")
    old = customer(company, phone_primary="+1 614-555-0182", email="gone@example.com")
    dossiers.merge(kept.id, old.id, reason="One person", by=company.erin)
    for typed in ("614 555 0182", "gone@example.com"):
        assert codes(typed, by=company.ann) == [kept.customer_code]


def test_a_further_contact_outside_the_book_shows_only_whose_it_is(company):
    theirs = customer(company, agent=company.walt_in_west, territory_id=company.west.id)
    further(theirs, "phone", "+1 614-555-0182")
    (hit,) = search.search("614-555-0182", by=company.ann, now=NOW).rows
    assert (hit.is_visible, hit.code, hit.owner) == (False, "", "Walt Western")
    assert codes("0182", by=company.ann) == []
    assert codes("614-555-0182", by=company.eve) == []


def coded(company, kind, number):
    """A record of each kind with a code of its own."""
    mine = {"territory_id": company.east.id}
    if kind == "C":
        return customer(company, customer_code=f"C-{number}").customer_code
    if kind == "L":
        return make.lead(company.ann_in_east, lead_code=f"L-{number}", **mine).lead_code
    if kind == "O":
        return make.opportunity(
            company.ann_in_east, opportunity_code=f"O-{number}", **mine
        ).opportunity_code
    policy = make.policy(company.ann_in_east, policy_number=f"P-00{number}", **mine)
    return make.claim(policy, claim_number=f"CL-{number}").claim_number


@pytest.mark.parametrize("kind", ["C", "L", "O", "CL"])
@pytest.mark.parametrize("part", ["{0}-71264", "{0}71264", "{0}-26", "{0}-12648", "{0}-648", "{0}–712648"])
def test_a_code_is_found_by_its_parts(company, kind, part):
    code = coded(company, kind, "712648")
    assert codes(part.format(kind).lower(), by=company.erin) == ([code] if part != "{0}-26" else [])


@pytest.mark.parametrize("typed", ["71264", "12648", "648", "712"])
def test_a_part_of_a_number_finds_codes_of_every_kind(company, typed):
    found = {coded(company, kind, "712648") for kind in ("C", "L", "O", "CL")}
    for by in (company.erin, company.eve):
        assert set(codes(typed, by=by)) == found | {"P-00712648"}


def test_a_code_that_begins_so_comes_before_one_that_holds_it(company):
    held, begins = coded(company, "C", "900712"), coded(company, "C", "712900")
    assert codes("712", by=company.ann) == [begins, held]
    assert codes("C-712", by=company.ann) == [begins, held]


def test_a_part_of_a_code_finds_nothing_of_another_book(company):
    make.lead(company.walt_in_west, lead_code="L-712648", territory_id=company.west.id)
    assert codes("71264", by=company.ann) == codes("L-71264", by=company.ann) == []


@pytest.mark.parametrize("typed", ["greta.gary", "gretagray", "greta.ggray", "hreta.gray", "greta.grayy"])
def test_a_slip_in_an_e_mail_finds_its_customer_alone(company, typed):
    found = customer(company, email="Greta.Gray@example.com")
    customer(company, email="greta.grant@example.com")
    assert codes(f"{typed}@example.com", by=company.ann) == [found.customer_code]


def test_exact_codes_come_first(company):
    first = customer(company, phone_primary="+1 614-500-0001")
    other = customer(company, phone_primary=f"+1 614-5{first.id:06d}")
    assert codes(first.customer_code.lower(), by=company.ann) == [first.customer_code]
    found = codes(first.customer_code.removeprefix("C-"), by=company.ann)
    assert found[0] == first.customer_code
    assert other.customer_code in found


def test_a_whole_number_comes_before_the_beginning_of_another(company):
    begins = customer(company, phone_primary="+1 614-555-0182")
    whole = make.policy(company.ann_in_east, policy_number="P-00614555", territory_id=company.east.id)
    assert codes("614555", by=company.ann) == [whole.policy_number, begins.customer_code]


def test_a_last_name_to_the_letter_comes_before_one_that_begins_so_and_the_newest_first(company):
    begins = customer(company, first_name="Zoe", last_name="Kuhnert")
    part = customer(company, first_name="Kuhnhild", last_name="Other")
    old, new = (customer(company, first_name=name, last_name="Kühn") for name in ("Zoe", "Ann"))
    found = codes("kuhn", by=company.ann)
    assert found == [new.customer_code, old.customer_code, begins.customer_code, part.customer_code]
    assert codes("kuhn", by=company.ann, limit=1) == [new.customer_code]


@pytest.mark.parametrize("typed", ["Catherine Zelwegr", "Cathrne Zellweger", "Zelwegr, Catherine"])
def test_one_right_word_lets_the_other_be_less_alike(company, typed):
    found = customer(company, first_name="Catherine", last_name="Zellweger")
    customer(company, first_name="Catherine", last_name="Other")
    assert codes(typed, by=company.ann)[0] == found.customer_code


def test_beside_a_right_word_a_name_may_be_less_alike_than_alone(company):
    found = customer(company, first_name="Lea", last_name="Kowalczyk")
    assert codes("Lea Kolwaczyk", by=company.ann) == [found.customer_code]


@pytest.mark.parametrize("typed", ["smiht", "Smth", "smithh", "SMETH"])
def test_a_slip_in_a_short_last_name_alone_is_forgiven(company, typed):
    found = customer(company, first_name="Zoe", last_name="Smith")
    customer(company, first_name="Zoe", last_name="Snow")
    assert codes(typed, by=company.ann) == [found.customer_code]


def test_a_last_name_two_slips_away_is_found_when_it_is_long_and_never_in_another_book(company):
    found = customer(company, first_name="Zoe", last_name="Zellweger")
    customer(
        company,
        agent=company.walt_in_west,
        territory_id=company.west.id,
        first_name="Ann",
        last_name="Zellweger",
    )
    assert codes("zelwegr", by=company.ann) == [found.customer_code]


@pytest.mark.parametrize(
    ("typed", "first", "last"),
    [
        ("Jonh Smiht", "John", "Smith"),
        ("smiht, jonh", "John", "Smith"),
        ("Marai Gonzales", "Maria", "González"),
        ("Joohn Smth", "John", "Smith"),
        ("ojhn msith", "John", "Smith"),
        ("Iohn Ssmith", "John", "Smith"),
        ("ohn zmith", "John", "Smith"),
        ("Jonh Smiht", "John Q.", "Smith"),
        ("Jonh Q. Smiht", "John Q.", "Smith"),
        ("Smiht, Jonh Q.", "John Q.", "Smith"),
        ("Gretje van Dijck", "Grietje", "van Dyck"),
        ("van Dijck, Gretje", "Grietje", "van Dyck"),
        ("Cathrne Zelwegr", "Catherine", "Zellweger"),
        ("Siobhna OBrien", "Siobhan", "O'Brien"),
    ],
)
def test_a_slip_in_each_of_two_words_is_forgiven(company, typed, first, last):
    found = customer(company, first_name=first, last_name=last)
    customer(company, first_name="Joan", last_name="Schmidt")
    customer(company, first_name="Marcel", last_name="Gomes")
    assert codes(typed, by=company.ann) == [found.customer_code]


def test_of_names_with_slips_the_nearest_comes_first_and_none_of_another_book(company):
    far = customer(company, first_name="Maria", last_name="Gonzalez")
    close = customer(company, first_name="Maria", last_name="Gonzales")
    west = {"agent": company.walt_in_west, "territory_id": company.west.id}
    customer(company, first_name="Maria", last_name="Gonzales", **west)
    assert codes("Marai Gonzales", by=company.ann) == [close.customer_code, far.customer_code]


def test_two_words_in_the_other_order_name_somebody_as_well(company):
    found = customer(company, first_name="John", last_name="Smith")
    customer(company, first_name="Johnathan", last_name="Smithers")
    assert codes("Smith, John", by=company.ann) == [found.customer_code]


def test_policies_claims_leads_and_opportunities_are_found_by_their_codes(company):
    policy = make.policy(company.ann_in_east, policy_number="P-00771234")
    claim = make.claim(policy)
    lead = make.lead(company.ann_in_east)
    opportunity = make.opportunity(company.ann_in_east)
    assert codes("P-00771234", by=company.ann) == ["P-00771234"]
    assert "P-00771234" in codes("7712", by=company.ann)
    assert "P-00771234" in codes("771234", by=company.ann)
    for code in (claim.claim_number, lead.lead_code, opportunity.opportunity_code):
        assert codes(code, by=company.ann) == [code]


@pytest.mark.parametrize("given", ["assigned_to", "approval_passed_to"])
def test_a_claim_is_found_by_whom_it_was_given_to(company, given):
    policy = make.policy(company.ann_in_east, territory_id=company.east.id)
    foreign = make.claim(policy, claim_number="CL-771233")
    claim = make.claim(policy, claim_number="CL-771234", **{given: company.walt_in_west.id})
    (hit,) = search.search("CL-771234", by=company.walt).rows
    assert (hit.code, hit.is_visible) == (claim.claim_number, True)
    assert codes("77123", by=company.walt) == [claim.claim_number]
    (other,) = search.search(foreign.claim_number, by=company.walt).rows
    assert not other.is_visible


def test_a_declined_application_is_called_so_among_the_hits(company):
    policy = make.policy(company.ann_in_east, status="cancelled", end_reason=EndReason.DECLINED)
    (hit,) = search.search(policy.policy_number, by=company.ann).rows
    assert hit.detail.endswith(" · Declined")


def test_a_lead_is_found_by_its_name(company):
    lead = make.lead(company.ann_in_east, first_name="Xaver", last_name="Quinn")
    assert lead.lead_code in codes("quinn xaver", by=company.ann)


@pytest.mark.parametrize(
    ("typed", "first", "last"),
    [
        ("Muller Jurgen", "Jürgen", "Müller"),
        ("Jürgen Müller", "Jurgen", "Muller"),
        ("Xavre Quinn", "Xaver", "Quinn"),
        ("Quinn, Xavr", "Xaver", "Quinn"),
        ("Xaver Qiunn", "Xaver", "Quinn"),
        ("Xvaer Qiunn", "Xaver", "Quinn"),
        ("Jonh Smiht", "John Q.", "Smith"),
        ("Lea Kolwaczyk", "Lea", "Kowalczyk"),
        ("quin", "Xaver", "Quinn"),
        ("Qiunn", "Xaver", "Quinn"),
        ("zelwegr", "Catherine", "Zellweger"),
        ("Marianne Zellwegen-Holtmann", "Marion", "Zellweger-Holtman"),
    ],
)
def test_a_lead_is_found_by_its_name_with_slips_or_without_accents(company, typed, first, last):
    lead = make.lead(company.ann_in_east, first_name=first, last_name=last)
    make.lead(company.ann_in_east, first_name="Brian", last_name="Other")
    customer(company, first_name="Ada", last_name="Sommer")
    assert codes(typed, by=company.ann) == [lead.lead_code]


def test_a_lead_comes_after_a_customer_whose_name_is_as_near_and_before_one_further_away(company):
    lead = make.lead(company.ann_in_east, first_name="Zoe", last_name="Kowalczyk")
    far = customer(company, first_name="Zoe", last_name="Kowalczek")
    close = customer(company, first_name="Zoe", last_name="Kowalczyk")
    expected = [close.customer_code, lead.lead_code, far.customer_code]
    assert codes("Kowalczykk", by=company.ann) == expected
    assert codes("Zoe Kowalczyk", by=company.ann) == expected[:2]
    assert codes("Zoe Kowalczykk", by=company.ann)[:2] == expected[:2]


def test_a_lead_of_another_book_is_told_of_by_its_whole_name_alone(company):
    name = {"first_name": "Xaver", "last_name": "Quinn"}
    mine = make.lead(company.ann_in_east, **name)
    make.lead(company.walt_in_west, territory_id=company.west.id, **name)
    for typed in ("Xaver Quinn", "quinn, xaver"):
        own, other = search.search(typed, by=company.ann, now=NOW).rows
        assert own.code == mine.lead_code
        assert (other.kind, other.is_visible, other.title, other.detail) == ("lead", False, "", "")
        assert (other.code, other.owner) == ("", "Walt Western")
    for typed in ("Xavre Quinn", "Xvaer Qiunn", "Xaver Qui", "Qiunn"):
        assert codes(typed, by=company.ann) == [mine.lead_code]


def test_an_own_lead_is_not_crowded_out_by_namesakes_of_other_books(company):
    name = {"first_name": "Xaver", "last_name": "Quinn", "territory_id": company.west.id}
    mine = make.lead(company.ann_in_east, first_name="Xaver", last_name="Quinn")
    for _ in range(3):
        customer(company, agent=company.walt_in_west, **name)
    assert codes("Xaver Quinn", by=company.ann, limit=2)[0] == mine.lead_code


def test_a_lead_is_not_found_by_name_without_leads_or_personal_data_to_see(company):
    make.lead(company.ann_in_east, first_name="Xaver", last_name="Quinn")
    sam = make.viewer(make.user(Role.SUPPORT, name="Sam Support"))
    for typed in ("Xaver Quinn", "Xavre Qiunn", "Qiunn"):
        assert codes(typed, by=sam) == codes(typed, by=company.eve) == []


def test_a_hit_outside_the_book_shows_only_that_it_exists_and_whose_it_is(company):
    theirs = customer(company, agent=company.walt_in_west, territory_id=company.west.id, last_name="Rare")
    (hit,) = search.search(theirs.customer_code, by=company.ann, now=NOW).rows
    assert (hit.is_visible, hit.id, hit.code, hit.title, hit.detail) == (False, None, "", "", "")
    assert hit.owner == "Walt Western"
    assert search.search("Rare", by=company.ann, now=NOW).rows == ()
    assert len(search.search("Carla Rare", by=company.ann, now=NOW).rows) == 1


def test_a_manager_sees_the_subtree(company):
    theirs = customer(company, agent=company.dan_in_district, territory_id=company.district.id)
    assert codes(theirs.customer_code, by=company.erin) == [theirs.customer_code]
    (hit,) = search.search(theirs.customer_code, by=company.wade, now=NOW).rows
    assert not hit.is_visible


def test_the_old_code_of_a_merged_customer_finds_the_kept_one(company):
    kept = customer(company)
    old = customer(company, merged_into_id=kept.id)
    assert codes(old.customer_code, by=company.ann) == [kept.customer_code]
    assert codes(old.phone_primary, by=company.ann) == []


def test_an_archived_customer_is_found_by_its_code_alone(company):
    gone = customer(company, last_name="Gone", archived_at=NOW)
    (hit,) = search.search(gone.customer_code, by=company.ann, now=NOW).rows
    assert "archived" in hit.detail
    assert codes("Carla Gone", by=company.ann) == []


def test_without_personal_data_codes_alone_are_searched_and_names_are_masked(company):
    found = customer(company, first_name="Greta", last_name="Gray")
    assert codes("Greta Gray", by=company.eve) == []
    (hit,) = search.search(found.customer_code, by=company.eve, now=NOW).rows
    assert (hit.title, "example.com" in hit.detail, found.phone_primary in hit.detail) == (
        "G. G.",
        False,
        False,
    )


def test_support_without_leads_finds_none(company):
    sam = make.viewer(make.user(Role.SUPPORT, name="Sam Support"))
    lead = make.lead(company.ann_in_east)
    assert codes(lead.lead_code, by=sam) == []


@pytest.mark.parametrize(
    "typed", ["%", "_", "\\", "％＼", "'; drop table customers; --", "\x00", "🦄" * 200]
)
def test_odd_text_is_only_text(company, typed):
    customer(company)
    assert codes(typed, by=company.ann) == []
    with unit_of_work() as session:
        assert session.connection().exec_driver_sql("select count(*) from customers").scalar() == 1


def test_criteria_narrow_together(company):
    wanted = customer(company, last_name="Weber", state="OH", city="Columbus")
    customer(company, last_name="Weber", state="NY", city="Albany")
    customer(company, last_name="Other", state="OH", city="Columbus")
    rows, total, after = search.customers_by(
        search.Criteria(name="web", state="oh", city="colum"), by=company.ann
    )
    assert ([row.code for row in rows], total, after) == ([wanted.customer_code], 1, None)


def test_criteria_page_on_and_keep_to_the_scope(company):
    mine = [customer(company).customer_code for _ in range(3)]
    customer(company, agent=company.walt_in_west, territory_id=company.west.id)
    rows, total, after = search.customers_by(search.Criteria(), by=company.ann, limit=2)
    more, _, last = search.customers_by(search.Criteria(), by=company.ann, limit=2, after=after)
    assert [row.code for row in (*rows, *more)] == mine[::-1]
    assert (total, last) == (3, None)
