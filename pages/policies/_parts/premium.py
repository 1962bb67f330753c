"""The premium line by line, the same way in the entry and on the policy."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import streamlit as st

from core.catalog import Premium, RiderBasis, RiderTerms
from core.kit.dates import add_months
from pages._ui import format as fmt
from pages._ui import terms

PER_YEAR = {1: "a year", 2: "every half year", 4: "a quarter", 12: "a month"}


def quoted(premium: Premium) -> None:
    """The lines of a quote, their sum, and the instalment with what paying in parts costs."""
    _table(((line.label, line.formula, line.annual) for line in premium.lines), premium.annual)
    _instalment(premium.instalment, premium.instalments_a_year, premium.modal_loading)


def kept(lines: Iterable[Mapping[str, Any]], annual: Decimal, *, instalment: Decimal, times: int) -> None:
    """The lines that a policy was priced by, with what is paid now."""
    rows = [(str(one["label"]), str(one["formula"]), Decimal(one["annual"])) for one in lines]
    if rows:
        priced = sum((row[2] for row in rows), Decimal(0))
        _table(rows, priced)
        if priced != annual:
            st.caption(f"With later changes it is {fmt.plain(fmt.money(annual))} a year now.")
    _instalment(instalment, times, instalment * times - annual)


def _table(rows: Iterable[tuple[str, str, Decimal]], annual: Decimal) -> None:
    told = ["| Premium | How it comes about | A year |", "|:--|:--|--:|"]
    told += [
        f"| {fmt.plain(label)} | :small[:gray[{fmt.plain(formula)}]] | {fmt.plain(fmt.money(amount))} |"
        for label, formula, amount in rows
    ]
    told.append(f"| **Together** | | **{fmt.plain(fmt.money(annual))}** |")
    st.markdown("\n".join(told))


def _instalment(amount: Decimal, times: int, loading: Decimal) -> None:
    told = f"**{fmt.plain(fmt.money(amount))}** {PER_YEAR[times]}"
    if loading > 0:
        told += f" :small[:gray[(paying in parts costs {fmt.plain(fmt.money(loading))} a year)]]"
    st.markdown(told)


def term(years: int | None, *, is_for_life: bool) -> str:
    """How long cover lasts; "" when nobody has said so."""
    if is_for_life:
        return "Whole life"
    return fmt.counted(years, "year") if years else ""


def span(begins: date | None, ends: date | None, *, is_yearly: bool) -> str:
    """How long cover lasts by its dates, where nobody named a term; "" when one of them is not known.

    Cover for a year that lasts several was renewed after each; that it will be again is not said.
    """
    if begins is None or ends is None:
        return ""
    months = 12 * (ends.year - begins.year) + ends.month - begins.month
    if add_months(begins, months) != ends:
        return fmt.days((ends - begins).days)
    years, rest = divmod(months, 12)
    if rest:
        return fmt.counted(months, "month")
    if is_yearly and years > 1:
        return f"1 year, renewed {fmt.counted(years - 1, 'time')}"
    return fmt.counted(years, "year")


def paid(frequency: str, method: str) -> str:
    """How the premium is paid, such as "Monthly, credit card"."""
    return f"{terms.label(frequency)}, {terms.label(method).lower()}"


def rider_rate(one: RiderTerms) -> str:
    """What a rider costs, in words."""
    if one.basis is RiderBasis.PER_MILLE:
        return f"{_per_mille(one.rate)} a year per $1,000"
    return f"{one.rate.normalize():f} % of the base premium"


def _per_mille(amount: Decimal) -> str:
    """A rate with its cents, and with more digits where it has them."""
    whole, _, cents = f"{amount.normalize():f}".partition(".")
    return f"${whole}.{cents:0<2}"
