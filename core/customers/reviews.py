"""When a verified identity is looked at again: the facts that it depends on may change any day.

The months between reviews follow the money-laundering band (domain.md section 7), so the date is
reckoned anew from the last verification whenever the band changes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, cast, func, or_, select
from sqlalchemy.dialects.postgresql import JSONPATH
from sqlalchemy.orm import Session

from core.audit.tables import StatusChange
from core.customers.risk import PRODUCT, REVIEW_MONTHS, Laundering, Reason, laundering
from core.customers.status import KYC
from core.customers.tables import Customer, KycStatus
from core.kit.dates import add_months, business_date
from core.kit.settings import settings

_AML = "aml"
# Of the reasons that a record keeps the one that its products gave, or null: see kept_product.
KEPT_PRODUCT = func.jsonb_path_query_first(
    Customer.risk_reasons, cast(f'$[*] ? (@.score == "{_AML}" && @.code == "{PRODUCT}")', JSONPATH)
)


def is_due(by_day: date) -> ColumnElement[bool]:
    """Customers whose review is due by a day, and those whose verification has expired.

    Those whose check was started anew wait no longer.
    """
    return or_(
        Customer.kyc_status == KycStatus.EXPIRED,
        and_(Customer.kyc_status == KycStatus.VERIFIED, Customer.kyc_review_on <= by_day),
    )


def kept(row: Customer) -> Laundering:
    """The score by the facts on the record, with the products as they were when it was scored last."""
    return laundering(kept_product(row.risk_reasons), is_pep=row.is_pep, country=row.country)


def kept_product(reasons: Iterable[Mapping[str, Any]] | None) -> Reason | None:
    """What the products said when a record was scored last, by the reasons that it keeps."""
    for one in reasons or ():
        if one["score"] == _AML and one["code"] == PRODUCT:
            return Reason(one["code"], one["label"], one["points"])
    return None


def renew(session: Session, row: Customer, before: Laundering, after: Laundering) -> dict[str, object]:
    """Keep the new score of a locked customer and the date that follows; what changed, for the log.

    A date that was set nearer than the band asks for, because a proof was withdrawn, is not put off.
    """
    if row.risk_reasons is not None and before != after:
        others = [one for one in row.risk_reasons if one["score"] != _AML]
        row.risk_reasons = [*others, *told(_AML, after.reasons)]
    if row.kyc_status is not KycStatus.VERIFIED or before.band is after.band:
        return {}
    verified_on = _verified_on(session, row)
    earlier = row.kyc_review_on
    found = add_months(verified_on, REVIEW_MONTHS[after.band])
    if earlier is not None and earlier != add_months(verified_on, REVIEW_MONTHS[before.band]):
        found = min(earlier, found)
    row.kyc_review_on = found
    return {} if found == earlier else {"kyc_review_on": [str(earlier), str(found)]}


def told(which: str, reasons: tuple[Reason, ...]) -> list[dict[str, object]]:
    """Reasons of a score as the record keeps them."""
    return [{"score": which, "code": one.code, "label": one.label, "points": one.points} for one in reasons]


def _verified_on(session: Session, row: Customer) -> date:
    at = session.scalar(
        select(func.max(StatusChange.at)).where(
            StatusChange.entity == KYC.entity,
            StatusChange.entity_id == row.id,
            StatusChange.to_status == KycStatus.VERIFIED,
        )
    )
    return business_date(at or row.status_changed_at, settings().time_zone)
