"""What a version of rates changes against the one before: by ages, by rider, and in the fee."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from core.catalog.rules import RateTable
from core.catalog.tables import RiderBasis
from core.kit.wording import ages_told


class RateUnit(StrEnum):
    """What a rate is counted in (domain.md section 2)."""

    OF_SUM_ASSURED = "$ a year per $1,000 of the sum assured"
    OF_OWN_SUM = "$ a year per $1,000 of the rider's own sum"
    OF_BASE_PREMIUM = "% of the base premium"
    DOLLARS = "$ a year"


_RIDER_UNITS = {
    RiderBasis.PER_MILLE: RateUnit.OF_OWN_SUM,
    RiderBasis.PERCENT_OF_BASE: RateUnit.OF_BASE_PREMIUM,
}


@dataclass(frozen=True, slots=True)
class RateChange:
    """One line of a comparison; a rate is None where a version has none, the ratio where it can't be."""

    label: str
    before: Decimal | None
    after: Decimal | None
    unit: RateUnit

    @property
    def ratio(self) -> Decimal | None:
        """How much is added, as a share of what it was."""
        if self.before is None or self.after is None or self.before == 0:
            return None
        return (self.after - self.before) / self.before

    @property
    def is_changed(self) -> bool:
        """Whether the two differ."""
        return self.before != self.after


def rate_changes(before: RateTable | None, after: RateTable) -> tuple[RateChange, ...]:
    """Every stretch of ages on which neither table changes its rate, then riders, then the fee."""
    old, new = _by_age(before), _by_age(after)
    found: list[RateChange] = []
    start: int | None = None
    ages = range(min((*old, *new), default=0), max((*old, *new), default=-1) + 1)
    for age in ages:
        start = age if start is None else start
        here, next_one = (old.get(age), new.get(age)), (old.get(age + 1), new.get(age + 1))
        if here == next_one and age + 1 in ages:
            continue
        if here != (None, None):
            label = ages_told(start, age).capitalize()
            found.append(RateChange(label, *here, RateUnit.OF_SUM_ASSURED))
        start = None
    return (*found, *_rider_changes(before, after), _fee_change(before, after))


def _by_age(table: RateTable | None) -> dict[int, Decimal]:
    return {
        age: band.rate_per_mille
        for band in (table.bands if table else ())
        for age in range(band.age_from, band.age_to + 1)
    }


def _rider_changes(before: RateTable | None, after: RateTable) -> list[RateChange]:
    old = {(one.rider_type, one.basis): one for one in (before.riders if before else ())}
    new = {(one.rider_type, one.basis): one for one in after.riders}
    return [
        RateChange(
            (new.get(key) or old[key]).name,
            old[key].rate if key in old else None,
            new[key].rate if key in new else None,
            _RIDER_UNITS[key[1]],
        )
        for key in {**old, **new}
    ]


def _fee_change(before: RateTable | None, after: RateTable) -> RateChange:
    fee = before.policy_fee if before else None
    return RateChange("Policy fee", fee, after.policy_fee, RateUnit.DOLLARS)
