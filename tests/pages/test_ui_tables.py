import json
from decimal import Decimal

import pytest

from core.access import Role
from pages._ui import format as fmt
from pages._ui import tables
from pages._ui.tables import Column
from tests import factories as make

# Pixels of a table on a screen of 1440, and of the boxes that select its rows.
ROOM, BOXES = 1037, 33


def test_a_table_is_as_high_as_its_rows_until_it_would_push_the_buttons_out_of_sight():
    assert tables.tall(15) == "content"
    assert tables.tall(16) == tables.tall(500) == 561


def test_a_table_tells_percentages_as_tiles_and_charts_do():
    ratios = [Decimal("0.14645"), Decimal("0.14650"), Decimal(0), Decimal(-1), None]
    column = Column("change", "Change", "percent")
    shown = tables.as_table([{"change": one} for one in ratios], [column])["change"].to_pylist()
    assert [None if one is None else f"{one:.1f}%" for one in shown] == [
        None if one is None else fmt.percent(one) for one in ratios
    ]


def pinned(*columns):
    return [one.name for one in tables.in_sight(columns) if one.pinned]


def test_the_first_column_stays_in_sight_when_a_table_scrolls_sideways():
    assert pinned(Column("outcome", "Outcome"), Column("started", "Started")) == ["outcome"]


def test_a_table_that_names_what_stays_in_sight_keeps_to_it():
    assert pinned(Column("now", "Now"), Column("code", "Code", pinned=True)) == ["code"]


def test_who_sees_only_their_own_rows_is_not_told_whose_they_are(database):
    company, columns = make.company(), (Column("code", "Code"), Column("agent", "Agent"))

    def seen_by(viewer):
        return [one.name for one in tables.without_owner(columns, viewer, owner="agent")]

    assert seen_by(company.ann) == ["code"]
    assert seen_by(company.erin) == ["code", "agent"]
    assert seen_by(make.viewer(company.executive)) == ["code", "agent"]


@pytest.mark.page
@pytest.mark.parametrize(
    ("page", "role", "last", "room"),
    [
        ("pages/policies/policies.py", Role.MANAGER, "agent", ROOM - BOXES),
        ("pages/claims/queue.py", Role.MANAGER, "line", ROOM - BOXES),
        ("pages/admin/agents.py", Role.ADMIN, "joined_on", ROOM),
        ("pages/admin/users.py", Role.ADMIN, "last_login", ROOM),
    ],
)
def test_what_matters_of_a_list_stands_whole_on_a_laptop(app_test, signed_in, page, role, last, room):
    company = make.company()
    make.claim(make.policy(company.ann_in_east))
    person = company.erin_manages_east if role is Role.MANAGER else make.user(role)
    (table,) = signed_in(app_test, person, page=page).dataframe
    widths = {name: one.get("width") for name, one in json.loads(table.proto.columns).items()}
    upto = list(widths)[: list(widths).index(last) + 1]
    assert sum(widths[name] for name in upto) <= room
