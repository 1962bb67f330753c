from datetime import date

import pytest
from sqlalchemy import Engine, select

from core import customers
from core.audit.tables import AuditEntry
from core.customers import store
from core.customers.tables import Contact, Customer
from core.customers.tables.parts import ContactKind
from core.db import unit_of_work
from core.kit.errors import Invalid
from core.kit.ids import new_request_id
from tests import factories as make
from tests.factories.rows import put


def somebody(**values: object) -> customers.NewCustomer:
    given: dict[str, object] = {
        "first_name": "Carla",
        "last_name": "Çelik",
        "date_of_birth": date(1985, 5, 17),
        "gender": "female",
        "phone_primary": "(212) 555-0123",
        "address_line1": "1 Main Street",
        "city": "Columbus",
        "state": "OH",
        "postal_code": "43085",
    }
    return customers.NewCustomer(**{**given, **values})  # type: ignore[arg-type]


def enter(by, *, why: str = "", shown=None, **values: object) -> customers.CustomerRef:
    return customers.create_customer(
        somebody(**values), request_id=new_request_id(), by=by, duplicates_reason=why, shown=shown
    )


def test_an_agents_new_customer_is_their_own_and_stands_in_their_territory(database: Engine):
    company = make.company()
    made = enter(company.ann)
    with unit_of_work() as session:
        row = session.get_one(Customer, made.id)
    assert (row.agent_id, row.territory_id) == (company.ann_in_east.id, company.east.id)
    assert (row.phone_primary, row.phone_digits) == ("+1 212-555-0123", "2125550123")


def test_a_new_customer_belongs_to_no_foreign_or_unknown_account(database: Engine):
    company = make.company()
    mine = make.account(agent=company.ann_in_east)
    foreign = make.account(agent=company.walt_in_west)
    for account_id in (foreign.id, foreign.id + 10_000):
        with pytest.raises(Invalid, match="Choose an account that you can open") as refused:
            enter(company.ann, account_id=account_id)
        assert refused.value.fields.keys() == {"account_id"}
    made = enter(company.ann, account_id=mine.id)
    assert customers.customer(made.id, by=company.ann).account_id == mine.id


def test_every_missing_field_is_told_at_once(database: Engine):
    company = make.company()
    with pytest.raises(Invalid) as refused:
        enter(company.ann, first_name=" ", city="", date_of_birth=None, gender="none")
    assert refused.value.fields.keys() == {"first_name", "city", "date_of_birth", "gender"}


@pytest.mark.parametrize(
    "alike",
    [
        {"last_name": "Other", "date_of_birth": date(1990, 1, 1)},
        {"phone_primary": "614 555 0000"},
        {
            "last_name": "Other",
            "date_of_birth": date(1990, 1, 1),
            "phone_primary": "614 555 0000",
            "email": "CARLA@example.com",
        },
    ],
    ids=["phone", "name and birth date", "e-mail"],
)
def test_a_likely_duplicate_is_refused_until_a_reason_is_given_and_logged(database: Engine, alike):
    company = make.company()
    first = enter(company.ann, email="carla@Example.com")
    with pytest.raises(customers.CustomerExists) as refused:
        enter(company.ann, **alike)
    assert [match.code for match in refused.value.matches] == [first.code]
    second = enter(company.ann, why="Twins", **alike)
    with unit_of_work() as session:
        entry = session.scalars(select(AuditEntry).where(AuditEntry.entity_id == second.id)).one()
    assert (entry.details["reason"], entry.details["changed"]["last_name"]) == ("Twins", None)


def test_a_reason_is_about_the_duplicates_that_were_shown(database: Engine):
    company = make.company()
    enter(company.ann)
    other = make.customer(
        agent=company.ann_in_east, territory_id=company.east.id, phone_primary="+1 614-555-0000"
    )
    with pytest.raises(customers.CustomerExists) as refused:
        enter(company.ann, last_name="Other")
    shown = refused.value.matches
    both = {"last_name": "Other", "phone_primary": other.phone_primary}
    with pytest.raises(customers.CustomerExists, match=other.customer_code) as refused:
        enter(company.ann, why="Her sister", shown=shown, **both)
    enter(company.ann, why="Her flatmate", shown=refused.value.matches, **both)


def test_a_reason_for_a_change_is_about_the_duplicates_that_were_shown(database: Engine):
    company = make.company()
    first = enter(company.ann)
    other = make.customer(agent=company.ann_in_east, territory_id=company.east.id, first_name="Zoe")
    change = {"phone_primary": "2125550123"}
    with pytest.raises(customers.CustomerExists, match=first.code) as refused:
        customers.edit_customer(
            other.id, change, version=1, by=company.ann, duplicates_reason="Spouses", shown=()
        )
    customers.edit_customer(
        other.id, change, version=1, by=company.ann, duplicates_reason="Spouses",
        shown=refused.value.matches,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "because"),
    [
        ({"date_of_birth": date(1985, 5, 18)}, "birth date one slip off"),
        ({"date_of_birth": date(1985, 5, 16)}, "birth date one slip off"),
        ({"date_of_birth": date(1958, 5, 17)}, "birth date one slip off"),
        ({"first_name": "Karla", "date_of_birth": date(1985, 5, 7)}, "birth date one slip off"),
        ({"date_of_birth": date(1961, 11, 30), "address_line1": "9 Elm Avenue"}, "same postal code"),
        ({"date_of_birth": date(1961, 11, 30), "last_name": "Celic", "postal_code": "43999"}, "same city"),
    ],
    ids=["a day later", "a day before", "years swapped", "fuzzy name", "postal code", "city"],
)
def test_a_like_name_with_a_near_birth_date_or_of_the_same_place_is_shown(database: Engine, typed, because):
    company = make.company()
    first = enter(company.ann)
    away = {"city": "Austin", "state": "TX", "postal_code": "78701", "address_line1": "9 Elm Avenue"}
    where = {} if "city" in because or "postal" in because else away
    with pytest.raises(customers.CustomerExists) as refused:
        enter(company.ann, **{"phone_primary": "614 555 0000", **where, **typed})
    (match,) = refused.value.matches
    assert match.code == first.code
    assert because in match.because


def test_who_shares_the_name_alone_or_the_place_alone_is_somebody_else(database: Engine):
    company = make.company()
    enter(company.ann)
    born = {"date_of_birth": date(1961, 11, 30)}
    enter(company.ann, first_name="Ottilie", phone_primary="614 555 0001", **born)
    away = {"city": "Austin", "state": "TX", "postal_code": "78701", "address_line1": "9 Elm Avenue"}
    enter(company.ann, phone_primary="614 555 0002", **born, **away)


def test_of_many_with_a_like_name_the_five_with_the_strongest_evidence_are_shown(database: Engine):
    company = make.company()
    for day in range(1, 10):
        make.customer(
            agent=company.ann_in_east, last_name="Çelik", date_of_birth=date(1961, 11, day), city="Columbus"
        )
    nearest = make.customer(
        agent=company.ann_in_east, last_name="Celik", date_of_birth=date(1985, 5, 16), city="Columbus"
    )
    found = customers.matches(
        first_name="Carla", last_name="Celik", email="", phone="", date_of_birth=date(1985, 5, 17),
        city="Columbus",
    )  # fmt: skip
    assert (len(found), found[0].code) == (5, nearest.customer_code)


def test_of_many_likely_duplicates_those_that_somebody_may_open_are_shown_first(database: Engine):
    company = make.company()
    walt, ann = company.walt_in_west, company.ann_in_east
    phone = {"phone_primary": "(212) 555-0123", "date_of_birth": date(1961, 11, 30)}
    for n in range(store.MOST_ALIKE + 5):
        make.customer(agent=walt, territory_id=company.west.id, first_name=f"Far{n}", **phone)
    mine = make.customer(agent=ann, territory_id=company.east.id, first_name="Zoe", **phone)
    reached = make.customer(agent=ann, territory_id=company.east.id, first_name="Yara")
    contact = {"contact_type": ContactKind.MOBILE, "contact_value": "+1 212-555-0123"}
    for one in (*(make.customer(agent=walt) for _ in range(store.MOST_ALIKE)), reached):
        put(Contact(customer_id=one.id, **contact))
    with pytest.raises(customers.CustomerExists) as refused:
        enter(company.ann, last_name="Other")
    shown = refused.value.matches
    assert [one.code for one in shown if one.is_visible] == [mine.customer_code, reached.customer_code]
    with pytest.raises(customers.CustomerExists) as refused:
        customers.edit_customer(reached.id, {"phone_primary": "2125550123"}, version=1, by=company.ann)
    assert refused.value.matches[0].code == mine.customer_code


def test_of_a_likely_duplicate_in_another_book_only_whose_it_is_is_told(database: Engine):
    company = make.company()
    first = enter(company.walt)
    with pytest.raises(customers.CustomerExists) as refused:
        enter(company.ann)
    assert str(refused.value.message) == "This may be a customer already: a customer of Walt Western."
    (match,) = refused.value.matches
    assert (match.code, match.name, match.owner, match.is_visible) == ("", "", "Walt Western", False)
    assert first.code not in f"{refused.value} {refused.value.matches}"


@pytest.mark.parametrize(
    ("change", "because"),
    [
        ({"phone_primary": "212.555.0123"}, "same phone"),
        ({"email": "CARLA@example.com"}, "same e-mail"),
        (
            {"first_name": "Carla", "last_name": "Celik", "date_of_birth": date(1985, 5, 17)},
            "same name and date of birth",
        ),
    ],
    ids=["phone", "e-mail", "name and birth date"],
)
def test_a_change_to_what_somebody_else_has_is_refused_until_a_reason_is_given_and_logged(
    database: Engine, change, because
):
    company = make.company()
    first = enter(company.ann, email="carla@Example.com")
    other = make.customer(agent=company.ann_in_east, territory_id=company.east.id, first_name="Zoe")
    with pytest.raises(customers.CustomerExists, match=f"Another record has this already: {first.code}"):
        customers.edit_customer(other.id, change, version=1, by=company.ann)
    with unit_of_work() as session:
        assert session.get_one(Customer, other.id).version == 1
    customers.edit_customer(other.id, change, version=1, by=company.ann, duplicates_reason="Spouses")
    with unit_of_work() as session:
        entry = session.scalars(select(AuditEntry).where(AuditEntry.entity_id == other.id)).one()
    assert (entry.details["despite"], entry.details["reason"]) == ([first.code], "Spouses")
    # What is shared already is no news with the next change.
    customers.edit_customer(other.id, {"city": "Dayton"}, version=2, by=company.ann)


def test_of_somebody_elses_phone_in_another_book_only_whose_it_is_is_told(database: Engine):
    company = make.company()
    first = enter(company.walt)
    mine = make.customer(agent=company.ann_in_east, territory_id=company.east.id)
    with pytest.raises(customers.CustomerExists) as refused:
        customers.edit_customer(mine.id, {"phone_primary": "2125550123"}, version=1, by=company.ann)
    assert "a customer of Walt Western" in str(refused.value)
    assert first.code not in f"{refused.value} {refused.value.matches}"


def test_a_customer_is_found_without_accents_by_phone_and_by_code(database: Engine):
    company = make.company()
    made = enter(company.ann)
    for text in ("celik", "CARLA çe", "555-0123", made.code.lower()):
        assert [found.id for found in customers.find(text, by=company.ann)] == [made.id]
    for text in ("%", "_", "celic", "555-0999"):
        assert customers.find(text, by=company.ann) == ()


def test_a_customer_is_found_by_a_second_phone_and_by_further_contacts(database: Engine):
    company = make.company()
    made = enter(company.ann)
    customers.edit_customer(made.id, {"phone_secondary": "(614) 555-0144"}, version=1, by=company.ann)
    for kind, value in (("mobile", "614-555-0999"), ("email", "Carla.Work@Example.com")):
        put(Contact(customer_id=made.id, contact_type=ContactKind(kind), contact_value=value))
    for text in ("555-0144", "614 555 0999", "carla.work@example.com", "CARLA.WORK"):
        assert [found.id for found in customers.find(text, by=company.ann)] == [made.id]
        assert customers.find(text, by=company.walt) == ()
    assert customers.find("carla%work", by=company.ann) == ()
