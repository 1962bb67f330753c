from types import SimpleNamespace

import pytest

from core.kit.lifecycle import Tone
from pages._ui.board import Card, Column, More, Moved, Opened, event_of, payload

CARD = Card(
    id="7",
    version=3,
    code="L-000007",
    title="<img src=x onerror=alert(1)>",
    product="Auto",
    premium="$1,200",
    priority="High",
    stage_days="21 d",
    rotting=True,
    due="3 days ago",
    overdue=True,
    owner="J. Chen",
    moves=("contacted", "lost", "hidden"),
)
COLUMNS = (
    Column("new", "New", count="1", total="$1.2K", cards=(CARD,), left=4999, tone=Tone.INFO),
    Column("contacted", "Contacted", count="0"),
    Column("lost", "Lost", count="0", asks=True),
)


def sent():
    return payload(COLUMNS, version=5, label="Leads", height="400px")


def answer(**triggers):
    return SimpleNamespace(**({"move": None, "open": None, "more": None} | triggers))


def test_a_card_may_only_go_to_columns_that_are_shown():
    assert sent()["columns"][0]["cards"][0]["moves"] == ["contacted", "lost"]


def test_names_are_sent_as_they_are_and_become_text_in_the_browser():
    assert sent()["columns"][0]["cards"][0]["title"] == CARD.title


def test_a_card_is_read_out_with_what_is_urgent_about_it():
    assert sent()["columns"][0]["cards"][0]["spoken"].split(", ", 2)[2] == (
        "Auto, $1,200, priority High, follow-up overdue, 3 days ago, 21 d in stage, too long, owner J. Chen"
    )


def test_a_column_tells_how_many_cards_are_not_loaded():
    new, contacted, _ = sent()["columns"]
    assert new["left_text"] == "Show more (4,999 left)"
    assert contacted["left_text"] == ""


def test_a_move_carries_the_version_that_the_person_was_looking_at():
    move = {"card": "7", "from": "new", "to": "contacted", "version": 2}
    assert event_of(answer(move=move), COLUMNS) == Moved("7", "new", "contacted", 2)


def test_a_move_of_a_card_that_somebody_took_away_still_reaches_the_core():
    move = {"card": "99", "from": "new", "to": "contacted", "version": 2}
    assert event_of(answer(move=move), COLUMNS) == Moved("99", "new", "contacted", 2)


@pytest.mark.parametrize(
    "move",
    [
        {"card": "7", "from": "new", "to": "nowhere", "version": 2},
        {"card": "7", "from": "nowhere", "to": "new", "version": 2},
        {"card": 7, "from": "new", "to": "contacted", "version": 2},
        {"card": "7", "from": "new", "to": "contacted", "version": "2"},
        {"card": "7", "from": ["new"], "to": "contacted", "version": 2},
        {"card": "7"},
        "7",
        [],
    ],
)
def test_a_move_of_another_form_is_dropped(move):
    assert event_of(answer(move=move), COLUMNS) is None


def test_opening_a_card_and_asking_for_more_are_events():
    assert event_of(answer(open={"card": "7"}), COLUMNS) == Opened("7")
    assert event_of(answer(more={"column": "new"}), COLUMNS) == More("new")
    assert event_of(answer(more={"column": "nowhere"}), COLUMNS) is None


def test_no_gesture_is_no_event():
    assert event_of(answer(), COLUMNS) is None
