"""Hostile and odd strings go through forms and search as text: kept or refused, never run or lost."""

from __future__ import annotations

import json
from datetime import date

import pytest

from core import customers, search
from core.db import unit_of_work
from core.kit.errors import Invalid, Refusal
from core.kit.fields import plain_text
from core.kit.ids import new_request_id
from core.kit.settings import ROOT
from tests import factories as make

FOLDER = ROOT.parent / "shared" / "data" / "robustness"
pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason="the robustness strings are not here")


# Of our own, where the set is not here.
OWN = (
    "'; drop table customers; --", "' or '1'='1", "<script>alert(1)</script>", "{{7*7}}", "line\nline",
    "<img src=x onerror=alert(1)>", "=1+1", "@sum(1)", "+1", "-1", "**bold** _it_ $x$", "null", "0x1F",
    "[link](javascript:alert(1))", "Ω≈ç√∫", "שלום", "田中さん", "\u202eevil", "a\u200bb", "%_%", "\\",
)  # fmt: skip


def strings() -> list[str]:
    """The set's texts, or some of our own where it is not here."""
    if not FOLDER.is_dir():
        return list(OWN)
    lines = [
        line
        for name in ("sqli_subset.txt", "xss_subset.txt", "csv_formula_injection.txt")
        for line in (FOLDER / name).read_text(encoding="utf-8", errors="replace").splitlines()
        if line.strip()
    ]
    return [*json.loads((FOLDER / "blns.json").read_text(encoding="utf-8")), *lines]


def new(**changes: str) -> customers.NewCustomer:
    given = {
        "first_name": "Carl",
        "last_name": "Customer",
        "date_of_birth": date(1980, 1, 1),
        "gender": "male",
        "phone_primary": "212 555 0123",
        "address_line1": "1 Main Street",
        "city": "Columbus",
        "state": "OH",
        "postal_code": "43085",
    }
    return customers.NewCustomer(**{**given, **changes})


def test_every_string_is_kept_as_it_is_or_refused_and_search_only_searches(database):
    company = make.company()
    by, kept, refused = company.ann, 0, 0
    assert len(strings()) > 500
    everything = strings()[::3]  # of the others, test_robust_actions.py has its share
    with unit_of_work():
        one = make.customer(agent=company.ann_in_east)
        for typed in everything:
            search.search(typed, by=by)
            search.customers_by(search.Criteria(name=typed, city=typed), by=by)
            customers.find(typed, by=by)
            try:
                customers.add_note(one.id, typed, request_id=new_request_id(), by=by)
            except Invalid:
                refused += 1
            else:
                kept += 1
                [newest] = customers.notes(one.id, by=by, limit=1)
                assert newest.body == plain_text(typed, lines=True)
    assert kept > refused


def test_a_new_customer_keeps_every_string_whole_or_is_refused(database):
    by = make.company().ann
    for typed in strings()[::5]:
        try:
            made = customers.create_customer(
                new(first_name=typed, city=typed, notes=typed),
                request_id=new_request_id(),
                by=by,
                duplicates_reason="Test",
            )
        except Refusal:
            continue
        found = customers.customer(made.id, by=by)
        assert found.first_name == plain_text(typed)
        assert found.notes == plain_text(typed, lines=True)
