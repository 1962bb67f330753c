"""One customer on one screen: who this is, and what to do next."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from core import customers
from core.access import Permission, Viewer, read
from core.claims import CLAIM
from core.db import unit_of_work
from core.dossiers import rules, store
from core.dossiers.records import Item, Overview
from core.kit.dates import business_date, utc_now
from core.kit.lifecycle import Lifecycle
from core.kit.money import ZERO
from core.kit.settings import settings
from core.policies import POLICY, PaymentFrequency, told
from core.sales import APPOINTMENT, FOLLOWUP, LEAD, OPPORTUNITY

LIFECYCLES: Mapping[str, Lifecycle] = {
    "policy": POLICY,
    "lead": LEAD,
    "opportunity": OPPORTUNITY,
    "claim": CLAIM,
    "followup": FOLLOWUP,
    "appointment": APPOINTMENT,
}
_OPEN_FLAG = {"policy": "in_force", "lead": "open", "opportunity": "open", "claim": "open"}


@read(Permission.CUSTOMERS_VIEW)
def overview(key: int | str, *, by: Viewer, now: datetime | None = None) -> Overview:
    """A customer by id or code with everything they have, in two statements.

    Raises NotFound outside the scope; a merged customer's code gives who was kept.
    """
    at = now or utc_now()
    today = business_date(at, settings().time_zone)
    with unit_of_work() as session:
        customer = customers.customer(key, by=by, now=at)
        rows, outside = store.items(session, customer.id, by=by)
    items = tuple(item_of(row) for row in rows)
    in_force = [row for row in rows if row.kind == "policy" and row.status in POLICY.flagged("in_force")]
    sold = [row for row in rows if row.kind == "policy" and row.status in POLICY.flagged("sale")]
    return Overview(
        customer=customer,
        items=items,
        lifetime_premium=sum((_premium_due(row, today) for row in sold), ZERO),
        annual_premium=sum((annual_premium(row) for row in in_force), ZERO),
        in_force=len(in_force),
        open_claims=sum(one.kind == "claim" and one.is_open for one in items),
        open_deals=sum(one.kind in {"lead", "opportunity"} and one.is_open for one in items),
        outside=outside,
        next_step=rules.next_step(customer, items, at, today, outside=sum(outside.values())),
    )


def _premium_due(row: Any, today: Any) -> Decimal:
    per_year = PaymentFrequency(row.frequency).per_year
    return rules.premium_due(row.amount, per_year, row.begins, row.ends, today)


def annual_premium(row: Any) -> Decimal:
    """What a policy's row costs a year, in US dollars."""
    if row.annual is not None:
        return Decimal(row.annual)
    return Decimal(row.amount) * PaymentFrequency(row.frequency).per_year


def item_of(row: Any) -> Item:
    """A row of the statement as it crosses the front door."""
    lifecycle = LIFECYCLES[row.kind]
    flag = _OPEN_FLAG.get(row.kind)
    described = lifecycle[row.status]
    label, tone = described.label, described.tone
    if row.kind == "policy":
        label, tone = told(row.status, row.end_reason)
    return Item(
        kind=row.kind,
        id=row.id,
        code=row.code,
        title=_words(row.title) if row.kind not in {"policy", "lead", "opportunity"} else row.title,
        status=row.status,
        status_label=label,
        tone=tone,
        is_open=flag is None or row.status in lifecycle.flagged(flag),
        amount=row.amount,
        on=row.on_date,
        at=row.at,
        owner=row.owner,
    )


def _words(value: str) -> str:
    return value.replace("_", " ").capitalize()
