"""The files to start from, and which column is taken for a row's id."""

from __future__ import annotations

import csv
import io

import pytest

from core import imports
from core.imports.entities import ENTITIES
from core.imports.samples import sample
from core.imports.suggesting import suggest, suggest_key
from tests import factories as make

# Samples of the others name records that have to be there first.
ALONE = (
    "account",
    "customer",
    "lead",
    "lead_source",
    "lost_reason",
    "opportunity",
    "product",
    "territory",
    "user",
)


def header(spec) -> list[str]:
    return next(csv.reader(io.StringIO(sample(spec))))


@pytest.mark.parametrize("spec", ENTITIES.values(), ids=lambda spec: spec.name)
def test_every_heading_of_a_sample_is_recognised(spec):
    assert suggest(spec, header(spec)) == {one.name: one.label for one in spec.fields}


@pytest.mark.parametrize("name", ALONE)
def test_the_row_of_a_sample_can_be_imported(database, tmp_path, name):
    company, spec = make.company(), ENTITIES[name]
    path = tmp_path / "sample.csv"
    path.write_text(imports.sample(name, by=company.adam))
    fields = {
        one.name: {"column": one.label} | ({"date_format": "2026-12-31"} if one.is_date else {})
        for one in spec.fields
    }
    needed = [one.label for one in spec.fields if one.required]
    mapping = {"entity": name, "source": "sample", "key": needed, "fields": fields}
    shown = imports.preview(path, mapping, by=company.adam)
    assert (shown.failures, len(shown.rows)) == ((), 1)


@pytest.mark.parametrize(
    ("names", "found"),
    [
        (["Name", "ID"], ("ID",)),
        (["first_name", "leadId"], ("leadId",)),
        (["Lead code", "Id"], ("Lead code",)),
        (["Phone number", "Postal code", "Product id", "No notes"], ()),
    ],
)
def test_the_id_of_a_row_is_recognised_and_no_other(names, found):
    assert suggest_key(ENTITIES["lead"], names) == found
