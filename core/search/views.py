"""Searches, in scope and masked by role."""

from __future__ import annotations

from datetime import datetime
from typing import Any, cast

from core.access import Permission, Viewer, is_in_scope, read
from core.claims import CLAIM
from core.customers.tables import Customer
from core.db import unit_of_work
from core.kit.dates import business_date, utc_now
from core.kit.masking import initial, masked_phone
from core.kit.settings import settings
from core.kit.wording import day_told
from core.policies import told
from core.sales import LEAD, OPPORTUNITY
from core.search import criteria, reading, shown, store
from core.search.records import Criteria, Found, Hit, Hits, SearchKind

MANY = 50
# Of records outside the scope so many are told.
FOREIGN_MOST = 5
COUNTED = 10_000
_LIFECYCLES = {"lead": LEAD, "opportunity": OPPORTUNITY, "claim": CLAIM}


@read(Permission.CUSTOMERS_VIEW)
def search(text: str, *, by: Viewer, limit: int = 20, now: datetime | None = None) -> Hits:
    """Whatever the text may stand for, exact codes first; at most `limit`, up to 50 (quality.md D9).

    Records outside the scope are found only by what names one (code, whole phone, e-mail or name,
    birth date), and of them only whose they are is told; slips are forgiven in one's own book alone, in
    names of customers and of leads. Without personal data to see, codes alone
    are searched. Codes of merged customers find the record that was kept.
    """
    today = business_date(now or utc_now(), settings().time_zone)
    typed = reading.read(text, today=today)
    if not typed.text:
        return Hits((), has_more=False)
    size = max(1, min(limit, MANY))
    with unit_of_work() as session:
        found = store.found(session, typed, limit=size, by=by)
        known = shown.records(session, found)
    hits = [_hit(row, known[row.kind, row.id], by) for row in found]
    own = [hit for hit in hits if hit.is_visible]
    foreign = [hit for hit in hits if not hit.is_visible][:FOREIGN_MOST]
    return Hits((*own, *foreign), has_more=len(found) >= size)


@read(Permission.CUSTOMERS_VIEW)
def customers_by(
    wanted: Criteria, *, by: Viewer, after: int | None = None, limit: int = 50
) -> tuple[tuple[Found, ...], int, int | None]:
    """Customers in scope by several fields: a page, how many match, where to go on.

    More than COUNTED are not counted: then there is one more than that.

    Names and birth dates are searched only for viewers who may see them.
    """
    size = max(1, min(limit, 500))
    if not by.can(Permission.PII_VIEW):
        wanted = _impersonal(wanted)
    with unit_of_work() as session:
        found = criteria.page(session, wanted, after=after, limit=size + 1, by=by)
        total = criteria.count(session, wanted, most=COUNTED + 1, by=by)
    rows = tuple(_found(row, owner, by) for row, owner in found[:size])
    return rows, total, rows[-1].id if len(found) > size else None


def _impersonal(wanted: Criteria) -> Criteria:
    return Criteria(
        state=wanted.state,
        kyc_statuses=wanted.kyc_statuses,
        risk_bands=wanted.risk_bands,
        agent_ids=wanted.agent_ids,
        account_id=wanted.account_id,
        created_from=wanted.created_from,
        created_to=wanted.created_to,
        with_archived=wanted.with_archived,
        in_force=wanted.in_force,
        review_by=wanted.review_by,
    )


def _hit(found: Any, row: Any, by: Viewer) -> Hit:
    kind = cast(SearchKind, found.kind)
    if not is_in_scope(by, row.owner_id, row.territory_id) and by.user_id not in row.given_to:
        return Hit(kind, None, "", "", "", row.owner or "nobody yet", found.because, is_visible=False)
    return Hit(
        kind=kind,
        id=found.id,
        code=row.code,
        title=_title(kind, row, by),
        detail=_detail(kind, row, by),
        owner=row.owner,
        because=found.because,
        is_visible=True,
    )


def _title(kind: SearchKind, row: Any, by: Viewer) -> str:
    if kind == "opportunity":
        return str(row.first_name) if by.can(Permission.PII_VIEW) else "Opportunity"
    if by.can(Permission.PII_VIEW):
        return f"{row.first_name or ''} {row.last_name or ''}".strip()
    return f"{initial(row.first_name)} {initial(row.last_name)}".strip()


def _detail(kind: SearchKind, row: Any, by: Viewer) -> str:
    """What tells two hits of one name apart: birth date, phone and place, or product and status."""
    may = by.can(Permission.PII_VIEW)
    parts: list[str] = []
    if kind in {"customer", "lead"}:
        phone = (row.phone or "") if may else masked_phone(row.phone)
        born = f"born {day_told(row.born_on)}" if row.born_on and may else ""
        place = ", ".join(part for part in (row.city if may else "", row.state) if part)
        parts += [born, phone, place]
    parts.append(row.product or "")
    if row.status:
        parts.append(_status(kind, row))
    return " · ".join(part for part in parts if part)


def _status(kind: SearchKind, row: Any) -> str:
    if kind == "customer":
        return "archived"
    return told(row.status, row.end_reason)[0] if kind == "policy" else _LIFECYCLES[kind].label(row.status)


def _found(row: Customer, owner: str, by: Viewer) -> Found:
    may = by.can(Permission.PII_VIEW)
    first, last = row.first_name, row.last_name
    return Found(
        id=row.id,
        code=row.customer_code,
        name=f"{first} {last}" if may else f"{initial(first)} {initial(last)}",
        born_on=row.date_of_birth if may else None,
        phone=row.phone_primary if may else masked_phone(row.phone_primary),
        city=row.city if may else "",
        state=row.state,
        kyc_status=row.kyc_status.value,
        risk_band=row.risk_band.value if row.risk_band else "",
        owner=owner,
        created_on=business_date(row.created_at, settings().time_zone),
        is_archived=row.archived_at is not None,
    )
