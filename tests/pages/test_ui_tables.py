from pages._ui import tables
from pages._ui.tables import Column


def test_a_table_is_as_high_as_its_rows_until_it_would_push_the_buttons_out_of_sight():
    assert tables.tall(15) == "content"
    assert tables.tall(16) == tables.tall(500) == 561


def pinned(*columns):
    return [one.name for one in tables.in_sight(columns) if one.pinned]


def test_the_first_column_stays_in_sight_when_a_table_scrolls_sideways():
    assert pinned(Column("outcome", "Outcome"), Column("started", "Started")) == ["outcome"]


def test_a_table_that_names_what_stays_in_sight_keeps_to_it():
    assert pinned(Column("now", "Now"), Column("code", "Code", pinned=True)) == ["code"]
