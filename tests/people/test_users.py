"""What administrators may do with users, and what nobody may."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import text

from core import people
from core.access import Role, passwords, sessions
from core.audit import SystemActor
from core.kit.dates import utc_now
from core.kit.errors import Conflict, Invalid, NotAllowed, NotFound, Refusal, RepeatedWithOtherContent
from core.kit.ids import new_request_id
from core.people.users import register
from tests import factories as make

NORA = people.NewUser("Nora.New", "Nora@Example.com", "Nora", "New", Role.ANALYST)


@pytest.fixture(autouse=True)
def _quick(monkeypatch):
    monkeypatch.setattr(passwords, "COST", 4)


@pytest.fixture
def company(database):
    return make.company()


def create(new, by):
    return people.create_user(new, request_id=new_request_id(), by=by)


def token_of(person):
    return sessions.claim(sessions.begin(person.id, now=utc_now()), now=utc_now())


def is_in(token):
    return people.viewer_of(token, now=utc_now()) is not None


def test_a_new_user_must_change_the_password_they_are_given(company):
    made = create(NORA, company.adam)
    nora = people.user(made.user_id, by=company.adam)
    assert (nora.username, nora.email, nora.role) == ("nora.new", "nora@example.com", Role.ANALYST)
    assert nora.must_change_password
    assert len(made.password) == 19


def test_the_initial_password_is_not_in_what_is_printed(company):
    made = create(NORA, company.adam)
    assert made.password not in repr(made)


def test_sending_twice_makes_one_user_and_shows_the_password_once(company):
    request_id = new_request_id()
    first = people.create_user(NORA, request_id=request_id, by=company.adam)
    second = people.create_user(NORA, request_id=request_id, by=company.adam)
    assert second.user_id == first.user_id
    assert second.password is None


def test_the_same_form_with_other_content_is_refused(company):
    request_id = new_request_id()
    people.create_user(NORA, request_id=request_id, by=company.adam)
    with pytest.raises(RepeatedWithOtherContent):
        people.create_user(replace(NORA, first_name="Nina"), request_id=request_id, by=company.adam)


def test_an_agent_gets_a_profile_with_a_code_and_an_assignment(company, database):
    new = replace(
        NORA, role=Role.AGENT, territory_id=company.east.id, manager_id=company.erin_manages_east.id
    )
    made = create(new, company.adam)
    nora = people.user(made.user_id, by=company.adam)
    assert nora.agent_code == "AG-00001"
    assert (nora.territory, nora.manager) == ("East", "Erin East")
    with database.connect() as connection:
        spans = connection.execute(
            text(
                "select count(*) from agent_assignments s join agents a on a.id = s.agent_id"
                " where a.user_id = :id"
            ),
            {"id": made.user_id},
        )
        assert spans.scalar_one() == 1


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"username": "ÄÖÜ"}, "username"),
        ({"username": ""}, "username"),
        ({"email": "no address"}, "email"),
        ({"first_name": "  "}, "first_name"),
        ({"last_name": "x" * 51}, "last_name"),
        ({"phone": "12"}, "phone"),
        ({"role": Role.AGENT}, "territory_id"),
        ({"role": Role.AGENT, "territory_id": 10**9}, "territory_id"),
    ],
)
def test_what_is_wrong_is_told_beside_its_field(company, change, field):
    with pytest.raises(Invalid) as refused:
        create(replace(NORA, **change), company.adam)
    assert list(refused.value.fields) == [field]


def test_names_and_addresses_are_taken_in_any_case(company):
    create(NORA, company.adam)
    with pytest.raises(Invalid) as refused:
        create(replace(NORA, username="NORA.NEW", email="nora@EXAMPLE.com"), company.adam)
    assert set(refused.value.fields) == {"username", "email"}


def test_only_a_manager_can_be_somebody_s_manager(company):
    new = replace(NORA, role=Role.AGENT, territory_id=company.east.id, manager_id=company.admin.id)
    with pytest.raises(Invalid) as refused:
        create(new, company.adam)
    assert list(refused.value.fields) == ["manager_id"]


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMIN])
def test_no_other_role_manages_users(company, role):
    with pytest.raises(NotAllowed):
        create(NORA, make.viewer(make.user(role)))
    with pytest.raises(NotAllowed):
        people.users(by=make.viewer(make.user(role)))


def test_deactivating_ends_all_sessions(company):
    token = token_of(company.ann_in_east)
    people.deactivate(company.ann_in_east.id, by=company.adam)
    assert not is_in(token)
    people.reactivate(company.ann_in_east.id, by=company.adam)
    assert not is_in(token)


def test_nobody_changes_their_own_role_or_shuts_themselves_out(company):
    other_admin = make.user(Role.ADMIN)
    del other_admin
    with pytest.raises(Refusal, match="Nobody changes their own role"):
        people.set_role(company.admin.id, Role.ANALYST, by=company.adam)
    with pytest.raises(Refusal, match="Nobody changes their own role"):
        people.deactivate(company.admin.id, by=company.adam)


def test_the_last_administrator_stays(company):
    """Adam was made to be shut out by somebody whose own role is gone in the meantime."""
    beth = make.user(Role.ADMIN)
    people.deactivate(beth.id, by=company.adam)
    with pytest.raises(Refusal, match="last active administrator"):
        people.deactivate(company.admin.id, by=make.viewer(beth))
    with pytest.raises(Refusal, match="last active administrator"):
        people.set_role(company.admin.id, Role.ANALYST, by=make.viewer(beth))


def test_an_agent_is_moved_from_a_day_on(company, database):
    people.set_role(
        company.ann_in_east.id,
        Role.AGENT,
        territory_id=company.west.id,
        manager_id=company.wade_manages_west.id,
        by=company.adam,
    )
    with database.connect() as connection:
        spans = connection.execute(
            text(
                "select s.territory_id, s.valid_to is null from agent_assignments s"
                " join agents a on a.id = s.agent_id where a.user_id = :id order by s.valid_from"
            ),
            {"id": company.ann_in_east.id},
        ).all()
    assert spans == [(company.east.id, False), (company.west.id, True)]


def test_an_analyst_who_begins_to_sell_needs_a_territory(company):
    nora = make.user(Role.ANALYST)
    with pytest.raises(Invalid) as refused:
        people.set_role(nora.id, Role.AGENT, by=company.adam)
    assert list(refused.value.fields) == ["territory_id"]
    people.set_role(nora.id, Role.AGENT, territory_id=company.east.id, by=company.adam)
    assert people.user(nora.id, by=company.adam).agent_code


def test_who_changed_the_user_in_between_is_told(company):
    shown = people.user(company.ann_in_east.id, by=company.adam)
    people.set_role(shown.id, Role.SENIOR_AGENT, by=company.adam)
    with pytest.raises(Conflict, match="Adam Admin changed its role"):
        people.deactivate(shown.id, version=shown.version, by=make.viewer(make.user(Role.ADMIN)))


def test_a_reset_ends_sessions_and_gives_a_password_that_must_be_changed(company):
    token = token_of(company.ann_in_east)
    made = people.reset_password(company.ann_in_east.id, by=company.adam)
    assert not is_in(token)
    assert people.user(made.user_id, by=company.adam).must_change_password


def test_ending_sessions_leaves_others_alone(company):
    anns, dans = token_of(company.ann_in_east), token_of(company.dan_in_district)
    assert people.end_sessions(company.ann_in_east.id, by=company.adam) == 1
    assert (is_in(anns), is_in(dans)) == (False, True)


def test_every_change_is_audited_without_names(company, database):
    made = create(NORA, company.adam)
    people.set_role(made.user_id, Role.EXECUTIVE, by=company.adam)
    people.reset_password(made.user_id, by=company.adam)
    people.deactivate(made.user_id, by=company.adam)
    people.reactivate(made.user_id, by=company.adam)
    with database.connect() as connection:
        rows = connection.execute(
            text("select action, details::text from audit_log where entity_id = :id order by id"),
            {"id": made.user_id},
        ).all()
    assert [row.action for row in rows] == [
        "people.create_user",
        "people.set_role",
        "people.reset_password",
        "people.deactivate",
        "people.reactivate",
    ]
    assert not [row for row in rows if "nora" in row.details.lower()]


def test_search_and_filters_narrow_the_list(company):
    assert [one.name for one in people.users("erin", by=company.adam).rows] == ["Erin East"]
    assert people.users(role=Role.MANAGER, by=company.adam).total == 2
    people.deactivate(company.ann_in_east.id, by=company.adam)
    assert [one.name for one in people.users(is_active=False, by=company.adam).rows] == ["Ann Agent"]


def test_a_percent_sign_is_looked_for_as_it_is(company):
    assert people.users("%", by=company.adam).total == 0


def test_an_unknown_user_is_not_found(company):
    with pytest.raises(NotFound):
        people.user(10**9, by=company.adam)
    with pytest.raises(NotFound):
        people.deactivate(10**9, by=company.adam)


def test_the_command_line_makes_the_first_administrator(database):
    made = register(replace(NORA, role=Role.ADMIN), actor=SystemActor(), request_id=new_request_id())
    assert made.password


def test_everything_wrong_with_a_new_user_is_told_at_once(company):
    people.create_user(NORA, request_id=new_request_id(), by=company.adam)
    wrong = people.NewUser("nora.new", "not an address", "Nora", "", Role.AGENT)
    with pytest.raises(Invalid) as caught:
        people.create_user(wrong, request_id=new_request_id(), by=company.adam)
    assert set(caught.value.fields) == {"username", "email", "last_name", "territory_id"}
    nobody = people.NewUser("", "", "", "", None)
    with pytest.raises(Invalid) as caught:
        people.create_user(nobody, request_id=new_request_id(), by=company.adam)
    assert caught.value.fields["role"] == "Choose a role."
    assert set(caught.value.fields) == {"username", "email", "first_name", "last_name", "role"}
