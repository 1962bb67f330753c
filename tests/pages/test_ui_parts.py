import json
import tomllib
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

ROOT = Path(__file__).parents[2]
THEME = tomllib.loads((ROOT / ".streamlit/config.toml").read_text())


def parts_page():
    from datetime import UTC, datetime

    import streamlit as st

    from core.kit.errors import Conflict, Refusal
    from pages._ui import empty, errors, kpi, page, tables
    from pages._ui.board import Card, Column, board

    at = datetime(2025, 11, 21, 16, 5, tzinfo=UTC)
    page.head("Pipeline", "Leads by status")
    page.stale_banner(at, failed_at=at, zone="America/New_York", reference="7KQ2-MX9D")
    st.session_state.asked = kpi.tiles(
        [kpi.Tile("won", "Won value", "$1.2M", delta="-3", good=True, formula="sum")], key="k"
    )
    st.session_state.rows = tables.show(
        [{"a": 1}, {"a": 2}], [tables.Column("a", "A", "int")], key="t", select="many"
    )
    tables.show([], [tables.Column("a", "A")], key="none", empty_sentence="No leads yet.")
    empty.state("Nothing due.", action=("Plan one", lambda: st.session_state.update(planned=1)))
    with errors.told() as outcome:
        raise Conflict("Somebody was faster.", who="J. *Chen*", at=at, changes=[("Status", "Won")])
    st.session_state.refused = not outcome.ok
    with errors.told("flash"):
        raise Refusal("No.", remedy="Wait.")
    board([Column("new", "New", "1", cards=(Card("1", 1, "L-1", "Ann"),))], key="b", version=1)


def failing_page():
    from pages._ui import errors

    errors.unexpected(ValueError("select * from secrets where phone = '555'"))


@pytest.fixture
def at():
    return AppTest.from_function(parts_page, default_timeout=20).run()


@pytest.mark.page
def test_a_page_has_exactly_one_heading_of_the_first_level(at):
    assert not at.exception
    assert [one.value for one in at.title] == ["Pipeline"]


@pytest.mark.page
def test_figures_of_a_failed_refresh_say_of_when_they_are(at):
    assert at.warning[0].value == ("The figures are those of Nov 21, 2025, 11:05 AM. Reference 7KQ2-MX9D.")


@pytest.mark.page
def test_a_tile_asks_for_its_rows_in_one_run(at):
    at.button(key="k.won.rows").click().run()
    assert at.session_state.asked == "won"
    assert at.run().session_state.asked is None


@pytest.mark.page
def test_a_selection_beyond_the_rows_is_dropped(at):
    at.session_state["t"] = {"selection": {"rows": [1, 7], "columns": [], "cells": []}}
    assert at.run().session_state.rows == [1]


@pytest.mark.page
def test_a_table_without_rows_says_so(at):
    assert r"**No leads yet\.**" in [one.value for one in at.markdown]


@pytest.mark.page
def test_an_empty_state_offers_the_next_action(at):
    next(one for one in at.button if one.label == "Plan one").click().run()
    assert at.session_state.planned == 1


@pytest.mark.page
def test_a_conflict_tells_who_changed_what(at):
    shown = at.error[0].value
    assert at.session_state.refused
    assert r"Changed by J\. \*Chen\*, Nov 21, 2025" in shown
    assert "- Status: **Won**" in shown


@pytest.mark.page
def test_a_refusal_kept_for_the_next_run_is_told_there(at):
    assert [one.value for one in at.toast] == []
    assert [one.value for one in at.run().toast] == [r"No\. Wait\."]


@pytest.mark.page
def test_the_board_is_drawn_again_by_another_session(at):
    assert not AppTest.from_function(parts_page, default_timeout=20).run().exception


@pytest.mark.page
def test_an_unexpected_error_shows_a_reference_and_no_details(capfd):
    shown = AppTest.from_function(failing_page, default_timeout=20).run().error[0].value
    assert "reference **" in shown
    assert "secrets" not in shown


def contrast(one, other):
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def luminance(color):
    parts = [int(color[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_text_links_and_button_labels_are_readable(mode):
    look = THEME["theme"][mode]
    for background in (look["backgroundColor"], look["secondaryBackgroundColor"]):
        assert contrast(look["textColor"], background) >= 7
        assert contrast(look["linkColor"], background) >= 4.5
    assert contrast(look["primaryColor"], "#FFFFFF") >= 4.5
    assert contrast(look["primaryColor"], look["backgroundColor"]) >= 3


@pytest.mark.parametrize("mode", ["light", "dark"])
@pytest.mark.parametrize("tone", ["red", "orange", "yellow", "green", "blue", "violet", "gray"])
def test_tags_are_readable_on_their_own_ground_and_on_the_page(mode, tone):
    look = THEME["theme"][mode]
    text = look[f"{tone}TextColor"]
    for background in (f"{tone}BackgroundColor", "backgroundColor", "secondaryBackgroundColor"):
        assert contrast(text, look[background]) >= 4.5, background


def test_every_option_of_the_configuration_exists_in_streamlit():
    from streamlit import config

    known = set(config.get_config_options())
    sections = {
        f"{section}.{name}" for section, values in THEME.items() if section != "theme" for name in values
    }
    assert sections - known == set()


def test_no_font_or_icon_comes_from_elsewhere():
    for face in THEME["theme"]["fontFaces"]:
        assert face["url"].startswith("/assets/")
        assert (ROOT / "pages/_ui" / face["url"].lstrip("/")).exists()


def test_months_under_bars_tell_the_year_where_it_changes():
    def script():
        from pages._ui import charts

        charts.bars(["Nov 2025", "Dec 2025", "Jan 2026", "Feb 2026"], [1, 2, 3, 4], key="bars")

    app = AppTest.from_function(script).run()
    axis = json.loads(app.get("plotly_chart")[0].proto.spec)["layout"]["xaxis"]
    assert axis["ticktext"] == ["Nov<br>2025", "Dec", "Jan<br>2026", "Feb"]


def test_years_of_two_bars_side_by_side_do_not_run_into_each_other():
    def script():
        from pages._ui import charts

        charts.bars(["Dec 2025", "Jan 2026", "Feb 2026"], [1, 2, 3], key="bars")

    app = AppTest.from_function(script).run()
    axis = json.loads(app.get("plotly_chart")[0].proto.spec)["layout"]["xaxis"]
    assert axis["ticktext"] == ["Dec", "Jan<br>2026", "Feb"]


def test_lying_bars_leave_room_for_what_is_told_behind_them_and_a_funnel_fills_its_box():
    def script():
        from pages._ui import charts

        charts.ranking(["Ann"], [31427.93], key="ranking", kind="money", notes=["+14.6%"])
        charts.funnel(["New", "Won"], [9, 3], key="funnel")

    app = AppTest.from_function(script).run()
    ranking, funnel = (json.loads(one.proto.spec)["layout"] for one in app.get("plotly_chart"))
    assert ranking["xaxis"]["range"][1] > 31427.93 * 1.9
    assert funnel["height"] > 300
