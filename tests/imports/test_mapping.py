"""Mappings: what has to be said before any row is read."""

from __future__ import annotations

import copy

import pytest

from core.imports import shipped
from core.imports.entities import ENTITIES
from core.imports.errors import BadMapping
from core.imports.fields import Kind
from core.imports.mapping import check_header, read_mapping
from core.imports.suggesting import suggest

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
    assert told.startswith("The format of Opened on is not stated; dates are never guessed.")


@pytest.mark.parametrize("date_format", ["%Y-%m", "%d/%m", "%H:%M", "", "yyyy-mm-dd"])
def test_a_format_that_does_not_tell_year_month_and_day_is_refused(date_format):
    told = refusal(lambda mapping: mapping["fields"]["opened_on"].update(date_format=date_format))
    assert "does not tell year, month and day" in told


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
    assert set(shipped.mappings()) == {
        "maven_accounts",
        "maven_pipeline",
        "maven_products",
        "maven_sales_teams",
    }
    for parts in shipped.bundles().values():
        assert all(part.template in shipped.mappings() for part in parts)


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
