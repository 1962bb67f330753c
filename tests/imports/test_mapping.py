"""Mappings: what has to be said before any row is read."""

from __future__ import annotations

import copy
from datetime import date

import pytest

from core.imports import shipped
from core.imports.entities import ENTITIES
from core.imports.errors import BadMapping
from core.imports.fields import Kind
from core.imports.mapping import Source, check_header, read_mapping
from core.imports.suggesting import suggest
from core.imports.values import NotAValue, converter
from tests.imports.deals import DEALS

OPPORTUNITY = {
    "entity": "opportunity",
    "source": "crm",
    "key": ["id"],
    "fields": {
        "name": {"column": "name"},
        "stage": {"column": "stage", "values": {"Open": "prospecting"}},
        "opened_on": {"column": "opened", "date_format": "%Y-%m-%d"},
    },
}


def refusal(change) -> str:
    mapping = copy.deepcopy(OPPORTUNITY)
    change(mapping)
    with pytest.raises(BadMapping) as refused:
        read_mapping(mapping)
    return str(refused.value)


def test_a_whole_mapping_is_read_and_kept_as_it_was():
    assert read_mapping(OPPORTUNITY).as_json() == OPPORTUNITY


def test_a_date_column_without_a_format_is_refused_because_dates_are_never_guessed():
    told = refusal(lambda mapping: mapping["fields"]["opened_on"].pop("date_format"))
    assert told == (
        "The format of Opened on is not stated; dates are never guessed. Say how the file writes"
        " 31 December 2026: 12/31/2026 (month first), 31.12.2026 (day first) or 2026-12-31."
    )


@pytest.mark.parametrize(
    ("example", "written", "day"),
    [
        ("12/31/2026", "02/03/2017", date(2017, 2, 3)),
        ("31.12.26", "02.03.17", date(2017, 3, 2)),
        ("Dec 31, 2026", "Mar 2, 2017", date(2017, 3, 2)),
        ("31 DECEMBER 2026", "2 March 2017", date(2017, 3, 2)),
    ],
)
def test_a_date_format_is_told_by_an_example(example, written, day):
    source = Source(column="opened", date_format=example)
    assert converter(ENTITIES["opportunity"]["opened_on"], source, "UTC")(written, written) == day


@pytest.mark.parametrize("date_format", ["%Y-%m", "%d/%m", "%H:%M", "", "yyyy-mm-dd"])
def test_a_format_that_does_not_tell_year_month_and_day_is_refused(date_format):
    told = refusal(lambda mapping: mapping["fields"]["opened_on"].update(date_format=date_format))
    assert "does not tell year, month and day" in told


def test_a_column_may_write_its_dates_in_several_forms_that_can_be_told_apart():
    forms = ["%m/%d/%y", "%m-%d-%y"]
    content = copy.deepcopy(OPPORTUNITY)
    content["fields"]["opened_on"]["date_format"] = forms
    mapping = read_mapping(content)
    assert mapping.as_json() == content
    read = converter(mapping.spec["opened_on"], mapping.fields["opened_on"], "UTC")
    assert read("", "2/24/11") == date(2011, 2, 24)
    assert read("", "02-03-11") == date(2011, 2, 3)
    with pytest.raises(NotAValue) as told:
        read("", "24/2/11")
    assert str(told.value) == "It is no date like 12/31/26 (month/day/year) or 12-31-26."


def test_two_forms_that_would_read_one_text_as_two_dates_are_refused():
    told = refusal(
        lambda mapping: mapping["fields"]["opened_on"].update(date_format=["%m/%d/%y", "%d/%m/%y"])
    )
    assert "one text would be two dates" in told


def test_only_a_text_can_be_stated_as_untold_and_only_a_date_be_moved():
    told = refusal(lambda mapping: mapping["fields"].update(opened_on={"constant": ""}))
    assert told.startswith("Opened on is no text, so it can't be left untold")
    told = refusal(lambda mapping: mapping["fields"]["name"].update(minus_months="months"))
    assert told.startswith("Name is no date from a column, so it can't be moved.")


def test_columns_that_are_only_kept_and_months_to_go_back_must_be_in_the_file():
    content = copy.deepcopy(OPPORTUNITY)
    content["fields"]["opened_on"]["minus_months"] = "age"
    mapping = read_mapping({**content, "keep": ["colour"]})
    with pytest.raises(BadMapping, match="has no column “colour”"):
        check_header(mapping, ("id", "name", "stage", "opened", "age"), "deals.csv")
    with pytest.raises(BadMapping, match="has no column “age”"):
        check_header(mapping, ("id", "name", "stage", "opened", "colour"), "deals.csv")


def test_a_mapping_that_can_lose_deals_without_a_reason_is_refused_up_front():
    told = refusal(lambda mapping: mapping["fields"]["stage"]["values"].update(Lost="closed_lost"))
    assert told.startswith("A lost one needs its reason. Nothing is mapped to Lost reason.")


def test_a_stage_column_without_a_value_map_can_hold_lost_ones_too():
    told = refusal(lambda mapping: mapping["fields"]["stage"].pop("values"))
    assert "needs its reason" in told


def test_a_required_field_that_nothing_is_mapped_to_is_refused():
    assert "Nothing is mapped to Name" in refusal(lambda mapping: mapping["fields"].pop("name"))


def test_an_unknown_field_is_refused_with_those_there_are():
    assert "There is no field colour" in refusal(
        lambda mapping: mapping["fields"].update(colour={"column": "x"})
    )


def test_an_unknown_setting_is_refused():
    assert "guess" in refusal(lambda mapping: mapping.update(guess_dates=True))


def test_a_value_that_the_field_cannot_have_is_refused():
    assert "Stage can't be “gone”" in refusal(
        lambda mapping: mapping["fields"]["stage"]["values"].update(Gone="gone")
    )


def test_a_field_has_one_source_only():
    assert "exactly one" in refusal(lambda mapping: mapping["fields"]["name"].update(constant="x"))


def test_a_record_that_needs_more_than_a_name_is_not_created_without_it():
    told = refusal(lambda mapping: mapping["fields"].update(product={"column": "product", "create": {}}))
    assert told == "To create a missing product the mapping must give its code."


def test_an_unknown_entity_is_refused():
    assert refusal(lambda mapping: mapping.update(entity="unicorn")).startswith(
        "unicorn can't be imported."
    )


def test_a_column_that_the_file_does_not_have_is_refused():
    with pytest.raises(BadMapping, match=r"deals\.csv has no column “stage”"):
        check_header(read_mapping(OPPORTUNITY), ("id", "name", "opened"), "deals.csv")


def test_every_shipped_template_is_a_mapping_and_every_bundle_is_made_of_them():
    assert set(shipped.bundles()) == {"auto_claims", "ibm_clv", "maven_crm"}
    used = {part.template for parts in shipped.bundles().values() for part in parts}
    assert used == set(shipped.mappings())


def test_the_pipeline_template_without_its_reason_is_refused():
    content = shipped.mappings()["maven_pipeline"].as_json()
    del content["fields"]["lost_reason"]
    with pytest.raises(BadMapping, match="A lost one needs its reason"):
        read_mapping(content)


def test_every_field_of_every_entity_refers_to_what_is_there():
    for entity in ENTITIES.values():
        for field in entity.fields:
            assert (field.kind is Kind.RECORD) == (field.of in ENTITIES), (entity.name, field.name)
        for _status, name, _sentence in entity.demands:
            assert name in entity.names


def test_columns_are_suggested_by_their_names_and_each_once():
    header = ("opportunity_id", "sales_agent", "Product", "account", "deal_stage", "close_date")
    assert suggest(ENTITIES["opportunity"], header) == {
        "account": "account",
        "product": "Product",
        "stage": "deal_stage",
        "closed_on": "close_date",
        "owner": "sales_agent",
    }


def test_names_of_persons_are_suggested_for_first_and_last():
    found = suggest(ENTITIES["lead"], ("First", "Last"))
    assert found == {"first_name": "First", "last_name": "Last"}


def test_every_shipped_template_and_bundle_has_a_title_to_read():
    names = {*shipped.mappings(), *shipped.bundles()}
    assert {*shipped.TITLES} == names
    assert len({shipped.title(one) for one in names}) == len(names)
    assert not [one for one in names if "_" in shipped.title(one)]
    assert shipped.title("Our broker's list") == "Our broker's list"


@pytest.mark.parametrize(
    ("typed", "is_refused"), [("a\0b", True), (r"a\u0000b", False), (r"\\u0000", False)]
)
def test_only_the_character_that_no_text_can_hold_is_refused(typed, is_refused):
    mapping = {**DEALS, "source": typed}
    if is_refused:
        with pytest.raises(BadMapping, match="no text can have"):
            read_mapping(mapping)
    else:
        assert read_mapping(mapping).source == typed
