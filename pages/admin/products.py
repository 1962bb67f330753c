"""Products: what may be sold, within which limits and at which rates."""

from __future__ import annotations

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core import catalog
from core.access import Permission, Viewer
from core.kit.lifecycle import Tone
from core.kit.wording import range_told
from pages._ui import filters, forms, guard, page, tables
from pages._ui import format as fmt
from pages.admin._parts import product_forms, rate_versions, records

OPEN = "product"
SOLD, RETIRED = "Sold", "Retired"
STATES = [filters.Option("sold", SOLD), filters.Option("retired", RETIRED)]
RATES = [filters.Option("waiting", "Waiting for approval")]
COLUMNS = (
    tables.Column("product_code", "Code", kind="open", pinned=True, width=110),
    tables.Column("name", "Name"),
    tables.Column("category_name", "Category"),
    tables.Column("state", "State", kind="tag", tones={SOLD: Tone.GOOD, RETIRED: Tone.NEUTRAL}),
    tables.Column("waiting_rates", "Rates waiting", kind="int"),
    tables.Column("ages", "Ages"),
    tables.Column("min_sum_assured", "Least sum", kind="money"),
    tables.Column("max_sum_assured", "Most sum", kind="money"),
)


def list_products(every: tuple[catalog.ProductRecord, ...], viewer: Viewer) -> None:
    """The filters and the table of products."""
    with page.head("Products", "What is sold, within which limits and at which rates"):
        if viewer.can(Permission.REFERENCE_ADMIN) and st.button(
            "New product", icon=":material/add:", type="primary"
        ):
            forms.renew("new_product")
            product_forms.new_product()
    with filters.bar():
        words = filters.text("Search", key="q", placeholder="Name or code").casefold()
        category = filters.choose("Category", product_forms.CATEGORIES, key="category")
        state = filters.choose("State", STATES, key="state")
        waiting = filters.choose("Rates", RATES, key="rates_state")
    rows = [
        one
        for one in every
        if words in f"{one.name} {one.product_code}".casefold()
        and category in {None, one.category.value}
        and state in {None, "sold" if one.is_active else "retired"}
        and (waiting is None or one.waiting_rates)
    ]
    st.caption(fmt.counted(len(rows), "product"))
    tables.show(
        [_row(one) for one in rows],
        COLUMNS,
        key="products",
        empty_sentence="No product matches these filters.",
        export_as="products" if viewer.can(Permission.EXPORT) else None,
    )
    records.follow("products", rows, OPEN)


def _row(one: catalog.ProductRecord) -> dict[str, object]:
    names = ("product_code", "name", "category_name", "min_sum_assured", "max_sum_assured")
    return {
        **{name: getattr(one, name) for name in names},
        "state": SOLD if one.is_active else RETIRED,
        "waiting_rates": one.waiting_rates or None,
        "ages": range_told(one.min_age, one.max_age),
    }


def one_product(one: catalog.ProductRecord, viewer: Viewer) -> None:
    """One product: its limits, its rates, and what may be done with it."""
    records.back("All products", OPEN)
    actions, told = page.head(fmt.plain(one.name), fmt.plain(one.product_code)), st.container()
    with actions:
        page.tag(*((SOLD, Tone.GOOD) if one.is_active else (RETIRED, Tone.NEUTRAL)))
        if viewer.can(Permission.REFERENCE_ADMIN):
            _retire(one, viewer, told)
    product_forms.facts(one)
    rate_versions.show(one, viewer)
    if viewer.can(Permission.REFERENCE_ADMIN):
        page.section("Limits and commission")
        with st.container(width=640):
            product_forms.edit_product(one, viewer)


def _retire(one: catalog.ProductRecord, viewer: Viewer, told: DeltaGenerator) -> None:
    if one.is_active:
        if st.button("Retire", icon=":material/archive:"):
            product_forms.ask_to_retire(one)
    else:
        records.press(
            "Sell again",
            ":material/undo:",
            lambda: catalog.reactivate_product(one.id, version=one.version, by=viewer),
            f"{one.name} is sold again",
            told=told,
        )


viewer = guard.viewer(Permission.RATES_APPROVE)
products = catalog.product_records(by=viewer)
chosen = records.opened(OPEN, products)
if chosen is None:
    list_products(products, viewer)
else:
    one_product(chosen, viewer)
