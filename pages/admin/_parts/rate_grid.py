"""The tables in which rates are typed: as text, so that no rate passes through a float."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any

import pandas as pd
import streamlit as st

from core import catalog
from core.kit.errors import Invalid
from pages._ui import forms, terms

RIDERS = {terms.label(one): one for one in catalog.RiderType}
BASES = {
    "$ per $1,000 of its own sum": catalog.RiderBasis.PER_MILLE,
    "% of the base premium": catalog.RiderBasis.PERCENT_OF_BASE,
}
BASIS_LABELS = {basis: label for label, basis in BASES.items()}
RIDER_LABELS = {rider: label for label, rider in RIDERS.items()}
BAND_COLUMNS = ["From age", "To age", "Rate"]
RIDER_COLUMNS = ["Rider", "Name", "Rate", "Taken as"]


def bands(form: forms.Form) -> pd.DataFrame:
    """The table of age bands; it starts with those of the form's table."""
    table: catalog.RateTable | None = form.start("table")
    start = [
        (str(one.age_from), str(one.age_to), f"{one.rate_per_mille.normalize():f}")
        for one in (table.bands if table else ())
    ]
    st.markdown("**Rates by age**, in dollars a year per \\$1,000 of the sum assured; both ages included")
    edited = st.data_editor(
        pd.DataFrame(start, columns=BAND_COLUMNS, dtype="string"),
        num_rows="dynamic",
        hide_index=True,
        key=f"bands.{form.request_id}",
        height=240,
    )
    found: pd.DataFrame = form.drawn("bands", edited, label="Rates by age")
    return found


def riders(form: forms.Form) -> pd.DataFrame:
    """The table of riders; it starts with those of the form's table."""
    table: catalog.RateTable | None = form.start("table")
    start = [
        (RIDER_LABELS[one.rider_type], one.name, f"{one.rate.normalize():f}", BASIS_LABELS[one.basis])
        for one in (table.riders if table else ())
    ]
    st.markdown("**Riders** that are offered, with what they cost a year")
    edited = st.data_editor(
        pd.DataFrame(start, columns=RIDER_COLUMNS, dtype="string"),
        num_rows="dynamic",
        hide_index=True,
        key=f"riders.{form.request_id}",
        column_config={
            "Rider": st.column_config.SelectboxColumn(options=list(RIDERS)),
            "Taken as": st.column_config.SelectboxColumn(options=list(BASES)),
        },
    )
    found: pd.DataFrame = form.drawn("riders", edited, label="Riders")
    return found


def read_bands(frame: pd.DataFrame) -> tuple[catalog.RateBand, ...]:
    """The age bands as typed. Raises Invalid naming the row and the column."""
    return tuple(
        catalog.RateBand(
            _number("bands", number, row, "From age", whole=True),
            _number("bands", number, row, "To age", whole=True),
            _number("bands", number, row, "Rate"),
        )
        for number, row in _rows(frame)
    )


def read_riders(frame: pd.DataFrame) -> tuple[catalog.RiderTerms, ...]:
    """The riders as typed. Raises Invalid naming the row and the column."""
    return tuple(_rider(number, row) for number, row in _rows(frame))


def _rider(number: int, row: dict[str, str]) -> catalog.RiderTerms:
    for column in ("Rider", "Taken as"):
        if row[column] not in (RIDERS if column == "Rider" else BASES):
            raise Invalid({"riders": f"Row {number}: choose “{column}”."})
    return catalog.RiderTerms(
        RIDERS[row["Rider"]],
        row["Name"][:100] or row["Rider"],
        BASES[row["Taken as"]],
        _number("riders", number, row, "Rate"),
    )


def _rows(frame: pd.DataFrame) -> list[tuple[int, dict[str, str]]]:
    """The rows that are not blank, counted from 1 as they stand on the screen."""
    rows = [
        {name: "" if pd.isna(value) else str(value).strip() for name, value in row.items()}
        for row in frame.to_dict("records")
    ]
    return [(number, row) for number, row in enumerate(rows, 1) if any(row.values())]


def _number(field: str, number: int, row: dict[str, str], column: str, *, whole: bool = False) -> Any:
    typed = row[column]
    try:
        found = Decimal(typed.replace(",", ""))
    except InvalidOperation:
        told = f"“{typed}” is not a number" if typed else "it is missing"
        raise Invalid({field: f"Row {number}, {column}: {told}."}) from None
    if not found.is_finite() or (whole and not (found == int(found) and 0 <= found <= 150)):  # noqa: PLR2004
        raise Invalid({field: f"Row {number}, {column}: “{typed}” can't be used."})
    return int(found) if whole else found
