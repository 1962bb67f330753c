"""Versions of rate tables: entered by one person, approved by another, priced from a date on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from core import audit
from core.access import Permission, Viewer, action, read
from core.access.tables import User
from core.catalog.rules import LIFE_CATEGORIES, Limits, RateBand, RateTable, RiderTerms
from core.catalog.status import RATE
from core.catalog.tables import Product, ProductRate, ProductRateRow, RateStatus, RiderRate
from core.db import once, unit_of_work
from core.kit.dates import business_date, utc_now
from core.kit.errors import Invalid, NotFound
from core.kit.fields import plain_text
from core.kit.ids import RequestId
from core.kit.settings import settings
from core.kit.wording import ages_told

_RATE_END = Decimal(1_000_000)
LONGEST_RIDER = 100  # rider_rates.name


@dataclass(frozen=True, slots=True)
class NewRates:
    """A rate version as it is entered; fee in US dollars a year, rates as in RateTable."""

    product_id: int
    valid_from: date
    policy_fee: Decimal
    bands: tuple[RateBand, ...]
    riders: tuple[RiderTerms, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class RateVersion:
    """A rate version as the catalogue lists it, newest first."""

    id: int
    product_id: int
    product: str
    version_number: int
    version: int
    status: str
    valid_from: date
    entered_by_id: int | None
    entered_by: str
    decided_by: str
    decided_at: datetime | None
    note: str
    table: RateTable


def check_bands(bands: Sequence[RateBand], *, min_age: int, max_age: int) -> None:
    """Bands cover every age from min_age to max_age once. Raises Invalid (field "bands")."""
    covered_to = min_age - 1
    for index, band in enumerate(sorted(bands, key=lambda one: one.age_from)):
        if band.age_to < band.age_from:
            raise Invalid({"bands": f"The band from {band.age_from} ends at {band.age_to}."})
        if band.rate_per_mille < 0:
            raise Invalid({"bands": f"The rate from age {band.age_from} is below 0."})
        if band.age_from > covered_to + 1:
            gap = ages_told(covered_to + 1, band.age_from - 1)
            raise Invalid({"bands": f"There is no rate for {gap}."})
        if index and band.age_from <= covered_to:
            raise Invalid({"bands": f"Age {band.age_from} stands in two bands."})
        covered_to = max(covered_to, band.age_to)
    if covered_to < max_age:
        raise Invalid({"bands": f"There is no rate for {ages_told(covered_to + 1, max_age)}."})


@read(Permission.CATALOG_VIEW)
def rate_table(product_id: int, on: date, *, by: Viewer) -> RateTable:
    """The approved version in force on a date. Raises NotFound when the product has none."""
    _ = by  # the gate has let them in; rates are everybody's
    with unit_of_work() as session:
        found = in_force(session, product_id, on)
    if found is None:
        raise NotFound("approved rate table for product", product_id)
    return found


def in_force(session: Session, product_id: int, on: date) -> RateTable | None:
    """The approved version that prices on a date, if there is one."""
    row = session.scalars(
        select(ProductRate)
        .where(
            ProductRate.product_id == product_id,
            ProductRate.status.in_(RATE.flagged("prices")),
            ProductRate.valid_from <= on,
        )
        .order_by(ProductRate.valid_from.desc())
        .limit(1)
    ).one_or_none()
    return _table(session, row) if row is not None else None


@read(Permission.CATALOG_VIEW)
def limits(product_id: int, *, by: Viewer) -> Limits:
    """What the product allows. Raises NotFound."""
    _ = by  # as above
    with unit_of_work() as session:
        row = session.get(Product, product_id)
        if row is None:
            raise NotFound("product", product_id)
        return Limits(
            name=row.name,
            is_active=row.is_active,
            min_age=row.min_age,
            max_age=row.max_age,
            min_sum_assured=row.min_sum_assured,
            max_sum_assured=row.max_sum_assured,
            min_term=row.min_term,
            max_term=row.max_term,
            max_maturity_age=row.max_maturity_age,
            unavailable_states=frozenset(row.unavailable_states),
            is_life=row.category in LIFE_CATEGORIES,
        )


@read(Permission.CATALOG_VIEW)
def rate_versions(*, by: Viewer, product_id: int | None = None) -> tuple[RateVersion, ...]:
    """Every version of a product's (or of all) rate tables: those that wait first, then newest."""
    _ = by  # as above
    author, decider = aliased(User), aliased(User)
    statement = (
        select(ProductRate, Product.name, author, decider)
        .join(Product, Product.id == ProductRate.product_id)
        .outerjoin(author, author.id == ProductRate.entered_by)
        .outerjoin(decider, decider.id == ProductRate.approved_by)
        .order_by(
            ProductRate.status.in_(RATE.flagged("waiting")).desc(),
            ProductRate.valid_from.desc(),
            ProductRate.version_number.desc(),
        )
    )
    if product_id is not None:
        statement = statement.where(ProductRate.product_id == product_id)
    with unit_of_work() as session:
        return tuple(
            RateVersion(
                id=row.id,
                product_id=row.product_id,
                product=product,
                version_number=row.version_number,
                version=row.version,
                status=row.status.value,
                valid_from=row.valid_from,
                entered_by_id=row.entered_by,
                entered_by=_name(entered),
                decided_by=_name(decided),
                decided_at=row.decided_at,
                note=row.note or "",
                table=_table(session, row),
            )
            for row, product, entered, decided in session.execute(statement)
        )


@action(Permission.REFERENCE_ADMIN)
def enter_rates(new: NewRates, *, request_id: RequestId, by: Viewer, now: datetime | None = None) -> int:
    """Enter the next version of a product's rates as a draft; the id, once per request.

    Raises NotFound, or Invalid for bands with gaps and overlaps, a date before today, a fee below 0,
    or rates that price then anyhow.
    """
    at = now or utc_now()
    with unit_of_work() as session:

        def make() -> int:
            product = session.get(Product, new.product_id, with_for_update=True)
            if product is None:
                raise NotFound("product", new.product_id)
            _check(new, product, business_date(at, settings().time_zone))
            _refuse_same(session, new)
            row = ProductRate(
                product_id=new.product_id,
                version_number=_next_version(session, new.product_id),
                valid_from=new.valid_from,
                policy_fee=new.policy_fee,
                note=plain_text(new.note, lines=True) or None,
                entered_by=by.user_id,
                status_changed_at=at,
            )
            session.add(row)
            session.flush()
            _add_rows(session, row.id, new)
            audit.born(session, RATE, row.id, status=RATE.start, actor=by, at=at)
            audit.record(
                session,
                actor=by,
                action="product_rate.enter",
                entity=RATE.entity,
                entity_id=row.id,
                details={"product_id": new.product_id, "valid_from": str(new.valid_from)},
            )
            return row.id

        return once(
            session,
            request_id,
            action="catalog.enter_rates",
            content={"new": repr(new)},
            actor_id=by.user_id,
            make=make,
        )


@action(Permission.RATES_APPROVE)
def approve_rates(rate_id: int, *, version: int, by: Viewer, now: datetime | None = None) -> None:
    """Approve somebody else's draft: it prices from its date on.

    Raises NotFound, Conflict, IllegalMove, or Invalid for one's own draft and for a date that is over.
    """
    _decide(rate_id, RateStatus.APPROVED, version=version, by=by, reason="", now=now)


@action(Permission.RATES_APPROVE)
def reject_rates(
    rate_id: int, *, version: int, reason: str, by: Viewer, now: datetime | None = None
) -> None:
    """Reject somebody else's draft, with a reason. Raises as approve_rates."""
    _decide(rate_id, RateStatus.REJECTED, version=version, by=by, reason=reason, now=now)


def _decide(
    rate_id: int,
    to: RateStatus,
    *,
    version: int,
    by: Viewer,
    reason: str,
    now: datetime | None,
) -> None:
    at = now or utc_now()
    with unit_of_work() as session:
        row = session.get(ProductRate, rate_id, with_for_update=True)
        if row is None:
            raise NotFound("rate version", rate_id)
        if to is RateStatus.APPROVED and _is_taken(session, row):
            raise Invalid({"valid_from": f"Another approved version already begins on {row.valid_from}."})
        moved = audit.move(
            session,
            RATE,
            row,
            to=to.value,
            actor=by,
            at=at,
            given={"approver_is_not_author": row.entered_by != by.user_id},
            reason=reason,
            expected_version=version,
            details={"product_id": row.product_id},
        )
        if moved:
            row.approved_by, row.decided_at = by.user_id, at
            if to is RateStatus.APPROVED and row.valid_from < business_date(at, settings().time_zone):
                raise Invalid(
                    {"valid_from": f"These rates were to begin on {row.valid_from}, which is over."},
                    remedy="Reject them, and enter them from a day to come: the old ones priced till now.",
                )


def _check(new: NewRates, product: Product, today: date) -> None:
    problems: dict[str, str] = {}
    if new.valid_from < today:
        problems["valid_from"] = "Rates can't begin in the past: policies were priced by the old ones."
    if new.policy_fee < 0:
        problems["policy_fee"] = "The fee can't be below 0."
    if any(rider.rate < 0 for rider in new.riders):
        problems["riders"] = "A rider's rate can't be below 0."
    if any(_is_too_fine(band.rate_per_mille) for band in new.bands):
        problems["bands"] = "A rate has at most four decimals, and lies below 1,000,000."
    if any(_is_too_fine(rider.rate) for rider in new.riders):
        problems["riders"] = "A rate has at most four decimals, and lies below 1,000,000."
    if any(not 0 < len(plain_text(rider.name)) <= LONGEST_RIDER for rider in new.riders):
        problems["riders"] = f"A rider has a name of at most {LONGEST_RIDER} characters."
    if len({rider.rider_type for rider in new.riders}) < len(new.riders):
        problems["riders"] = "A rider stands there twice."
    try:
        check_bands(new.bands, min_age=product.min_age, max_age=product.max_age)
    except Invalid as invalid:
        problems |= invalid.fields
    if problems:
        raise Invalid(problems)


def _refuse_same(session: Session, new: NewRates) -> None:
    """A version says something new: not what prices on its day anyhow, nor what waits for that day."""
    waiting = session.scalars(
        select(ProductRate).where(
            ProductRate.product_id == new.product_id,
            ProductRate.valid_from == new.valid_from,
            ProductRate.status.in_(RATE.flagged("waiting")),
        )
    )
    for row in waiting:
        if _says_same(_table(session, row), new):
            raise Invalid({"": f"Version {row.version_number}, which waits for approval, says the same."})
    before = in_force(session, new.product_id, new.valid_from)
    if before is not None and _says_same(before, new):
        raise Invalid(
            {"": f"These are the rates of version {before.version_number}, which price then anyhow."},
            remedy="Change what is to change, or close this form.",
        )


def _says_same(table: RateTable, new: NewRates) -> bool:
    bands = sorted(new.bands, key=lambda one: one.age_from)
    riders = sorted(new.riders, key=lambda one: one.rider_type)
    return (
        table.policy_fee == new.policy_fee
        and list(table.bands) == bands
        and sorted(table.riders, key=lambda one: one.rider_type) == riders
    )


def _is_too_fine(rate: Decimal) -> bool:
    """Whether the column would round the rate or not hold it (numeric(10,4))."""
    return not rate.is_finite() or rate != round(rate, 4) or abs(rate) >= _RATE_END


def _is_taken(session: Session, row: ProductRate) -> bool:
    return bool(
        session.scalar(
            select(func.count()).where(
                ProductRate.product_id == row.product_id,
                ProductRate.valid_from == row.valid_from,
                ProductRate.status.in_(RATE.flagged("prices")),
                ProductRate.id != row.id,
            )
        )
    )


def _next_version(session: Session, product_id: int) -> int:
    newest = session.scalar(
        select(func.max(ProductRate.version_number)).where(ProductRate.product_id == product_id)
    )
    return (newest or 0) + 1


def _add_rows(session: Session, rate_id: int, new: NewRates) -> None:
    session.add_all(
        ProductRateRow(
            rate_id=rate_id,
            age_from=band.age_from,
            age_to=band.age_to,
            rate_per_mille=band.rate_per_mille,
        )
        for band in new.bands
    )
    session.add_all(
        RiderRate(
            rate_id=rate_id,
            rider_type=rider.rider_type,
            name=plain_text(rider.name),
            basis=rider.basis,
            rate=rider.rate,
        )
        for rider in new.riders
    )


def _table(session: Session, row: ProductRate) -> RateTable:
    bands = session.scalars(
        select(ProductRateRow).where(ProductRateRow.rate_id == row.id).order_by(ProductRateRow.age_from)
    )
    riders = session.scalars(select(RiderRate).where(RiderRate.rate_id == row.id).order_by(RiderRate.name))
    return RateTable(
        rate_id=row.id,
        version_number=row.version_number,
        valid_from=row.valid_from,
        policy_fee=row.policy_fee,
        bands=tuple(RateBand(b.age_from, b.age_to, b.rate_per_mille) for b in bands),
        riders=tuple(RiderTerms(r.rider_type, r.name, r.basis, r.rate) for r in riders),
    )


def _name(user: User | None) -> str:
    return f"{user.first_name} {user.last_name}" if user else ""
