"""Products: to choose from, and as administrators keep them. In use or not, they are only retired."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import exists, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from core import audit
from core.access import Permission, Viewer, action, read
from core.catalog import rates
from core.catalog.fields import PRODUCT_FIELDS, check_product
from core.catalog.status import RATE
from core.catalog.tables import Category, PremiumType, Product, ProductCategory, ProductRate
from core.db import once, unit_of_work
from core.kit.dates import business_date, utc_now
from core.kit.errors import Invalid, NotFound
from core.kit.fields import clean
from core.kit.ids import RequestId
from core.kit.settings import settings

ENTITY = "product"


@dataclass(frozen=True, slots=True)
class ProductChoice:
    """A product to choose: its code, name and category."""

    id: int
    code: str
    name: str
    category: str
    category_name: str
    is_active: bool


@dataclass(frozen=True, slots=True)
class ProductRecord:
    """A product as it is kept; amounts in US dollars, terms and ages in years, commission in percent.

    `waiting_rates` counts its rate versions that nobody has decided on.
    """

    id: int
    version: int
    product_code: str
    name: str
    category: Category
    category_name: str
    line: str
    description: str | None
    min_sum_assured: Decimal
    max_sum_assured: Decimal
    min_term: int | None
    max_term: int | None
    min_age: int
    max_age: int
    max_maturity_age: int | None
    premium_type: PremiumType
    commission_year1: Decimal
    commission_year2: Decimal
    commission_renewal: Decimal
    unavailable_states: tuple[str, ...]
    launch_date: date | None
    is_active: bool
    waiting_rates: int


@read(Permission.CATALOG_VIEW)
def products(*, by: Viewer, with_inactive: bool = False) -> tuple[ProductChoice, ...]:
    """Every product that is sold, by name; all that ever were with `with_inactive`."""
    _ = by  # products are everybody's
    statement = (
        select(Product, ProductCategory.name)
        .join(ProductCategory, ProductCategory.category == Product.category)
        .order_by(Product.name)
    )
    if not with_inactive:
        statement = statement.where(Product.is_active)
    with unit_of_work() as session:
        return tuple(
            ProductChoice(
                row.id, row.product_code, row.name, row.category.value, category_name, row.is_active
            )
            for row, category_name in session.execute(statement)
        )


@read(Permission.CATALOG_VIEW)
def product_records(*, by: Viewer) -> tuple[ProductRecord, ...]:
    """Every product in full, those that are sold first, by name."""
    _ = by  # as above
    waiting = (
        select(func.count())
        .select_from(ProductRate)
        .where(ProductRate.product_id == Product.id, ProductRate.status.in_(RATE.flagged("waiting")))
        .scalar_subquery()
    )
    statement = (
        select(Product, ProductCategory, waiting)
        .join(ProductCategory, ProductCategory.category == Product.category)
        .order_by(Product.is_active.desc(), Product.name, Product.id)
    )
    with unit_of_work() as session:
        return tuple(_record(*row) for row in session.execute(statement))


def _record(row: Product, category: ProductCategory, waiting: int) -> ProductRecord:
    own: dict[str, Any] = {name: getattr(row, name) for name in ("id", "version", "is_active")}
    for field in PRODUCT_FIELDS:
        own[field.name] = getattr(row, field.name)
    own["unavailable_states"] = tuple(row.unavailable_states)
    return ProductRecord(
        **own, category_name=category.name, line=category.line.value, waiting_rates=waiting
    )


@action(Permission.REFERENCE_ADMIN)
def create_product(values: Mapping[str, object], *, request_id: RequestId, by: Viewer) -> int:
    """Enter a product; its id, once per request. It sells once it has approved rates.

    Raises Invalid with a message per field.
    """
    every: dict[str, object] = {field.name: None for field in PRODUCT_FIELDS}
    cleaned = clean(PRODUCT_FIELDS, {**every, **values})
    check_product(cleaned)
    try:
        with unit_of_work() as session:

            def make() -> int:
                _check_code(session, str(cleaned["product_code"]), other_than=None)
                row = Product(**_columns(cleaned))
                session.add(row)
                session.flush()
                _note(session, "product.create", row.id, by=by, changed={"product_code": row.product_code})
                return row.id

            return once(
                session,
                request_id,
                action="catalog.create_product",
                content=cleaned,
                actor_id=by.user_id,
                make=make,
            )
    except IntegrityError as error:
        raise Invalid({"product_code": "Another product has just taken this code."}) from error


@action(Permission.REFERENCE_ADMIN)
def edit_product(product_id: int, values: Mapping[str, object], *, version: int, by: Viewer) -> None:
    """Change some fields of a product.

    Raises NotFound, Conflict, or Invalid with a message per field: also when the rates of today
    would leave an age without a rate.
    """
    cleaned = clean(PRODUCT_FIELDS, values)
    with unit_of_work() as session:
        row = _locked(session, product_id, version)
        new = _columns(cleaned)
        changed = {name: value for name, value in new.items() if getattr(row, name) != value}
        if not changed:
            return
        check_product({field.name: getattr(row, field.name) for field in PRODUCT_FIELDS} | changed)
        if "product_code" in changed:
            _check_code(session, str(changed["product_code"]), other_than=product_id)
        told = {name: [_plain(getattr(row, name)), _plain(value)] for name, value in changed.items()}
        for name, value in changed.items():
            setattr(row, name, value)
        if {"min_age", "max_age"} & changed.keys():
            _check_rates_cover(session, row)
        _note(session, "product.edit", product_id, by=by, changed=told)


@action(Permission.REFERENCE_ADMIN)
def retire_product(product_id: int, *, version: int, by: Viewer) -> None:
    """Sell a product no more; its policies go on. Raises NotFound, Conflict."""
    _set_active(product_id, is_active=False, version=version, by=by)


@action(Permission.REFERENCE_ADMIN)
def reactivate_product(product_id: int, *, version: int, by: Viewer) -> None:
    """Sell a retired product again. Raises NotFound, Conflict."""
    _set_active(product_id, is_active=True, version=version, by=by)


def _set_active(product_id: int, *, is_active: bool, version: int, by: Viewer) -> None:
    with unit_of_work() as session:
        row = _locked(session, product_id, version)
        if row.is_active == is_active:
            return
        row.is_active = is_active
        verb = "product.reactivate" if is_active else "product.retire"
        _note(session, verb, product_id, by=by, changed={"is_active": is_active})


def _locked(session: Session, product_id: int, version: int) -> Product:
    row = session.get(Product, product_id, with_for_update=True)
    if row is None:
        raise NotFound("product", product_id)
    audit.check_version(session, ENTITY, "product", row, version)
    return row


def _columns(cleaned: Mapping[str, object]) -> dict[str, Any]:
    """The cleaned values as the columns hold them; left blank, these three have a meaning."""
    columns = dict(cleaned)
    blank: dict[str, object] = {"unavailable_states": [], "premium_type": PremiumType.LEVEL}
    for name, value in blank.items():
        if name in columns and columns[name] is None:
            columns[name] = value
    return columns


def _check_code(session: Session, code: str, *, other_than: int | None) -> None:
    taken = exists().where(
        func.upper(Product.product_code) == code.upper(), Product.id != (other_than or 0)
    )
    if session.scalar(select(taken)):
        raise Invalid({"product_code": "Another product has this code."})


def _check_rates_cover(session: Session, row: Product) -> None:
    table = rates.in_force(session, row.id, business_date(utc_now(), settings().time_zone))
    if table is None:
        return
    try:
        rates.check_bands(table.bands, min_age=row.min_age, max_age=row.max_age)
    except Invalid as invalid:
        raise Invalid(
            {"max_age": f"The rates of today do not cover these ages. {invalid.fields['bands']}"},
            remedy="Enter rates for the ages first, and have them approved.",
        ) from None


def _plain(value: object) -> object:
    if isinstance(value, (list, bool, int)) or value is None:
        return value
    return str(value)


def _note(
    session: Session, what: str, product_id: int, *, by: Viewer, changed: Mapping[str, object]
) -> None:
    audit.record(
        session,
        actor=by,
        action=what,
        entity=ENTITY,
        entity_id=product_id,
        details={"changed": dict(changed)},
    )
