"""What is shown of the records that were found: one statement per kind, by primary key."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from sqlalchemy import BigInteger, Select, String, case, cast, func, literal, null, select
from sqlalchemy.dialects.postgresql import array
from sqlalchemy.orm import Session

from core.access.tables import User
from core.catalog.tables import Product
from core.claims.tables import Claim
from core.customers.tables import Customer
from core.policies.tables import Policy
from core.sales.tables import Lead, Opportunity

_NONE = null()


def records(session: Session, found: Iterable[Any]) -> dict[tuple[str, int], Any]:
    """The rows behind what was found, by kind and id."""
    wanted: dict[str, list[int]] = defaultdict(list)
    for row in found:
        wanted[row.kind].append(row.id)
    return {
        (kind, row.id): row for kind, keys in wanted.items() for row in session.execute(_SHOWN[kind](keys))
    }


def _row(
    key: Any,
    code: Any,
    owner_id: Any,
    territory_id: Any,
    *,
    first: Any,
    last: Any = _NONE,
    product: Any = _NONE,
    phone: Any = _NONE,
    born_on: Any = _NONE,
    city: Any = _NONE,
    state: Any = _NONE,
    status: Any = _NONE,
    end_reason: Any = _NONE,
    given_to: tuple[Any, ...] = (),
) -> Select[Any]:
    made: Any = select(
        key.label("id"),
        code.label("code"),
        owner_id.label("owner_id"),
        territory_id.label("territory_id"),
        func.coalesce(User.first_name + " " + User.last_name, "").label("owner"),
        first.label("first_name"),
        last.label("last_name"),
        product.label("product"),
        phone.label("phone"),
        born_on.label("born_on"),
        city.label("city"),
        state.label("state"),
        cast(status, String).label("status"),
        cast(end_reason, String).label("end_reason"),
        array(given_to, type_=BigInteger).label("given_to"),
    )
    return made  # type: ignore[no-any-return]  # the columns' types are of no use to callers


def _customers(keys: list[int]) -> Select[Any]:
    one = Customer
    return (
        _row(
            one.id, one.customer_code, one.agent_id, one.territory_id,
            first=one.first_name, last=one.last_name, phone=one.phone_primary,
            born_on=one.date_of_birth, city=one.city, state=one.state,
            status=case((one.archived_at.is_not(None), literal("archived"))),
        )
        .outerjoin(User, User.id == one.agent_id)
        .where(one.id.in_(keys))
    )  # fmt: skip


def _leads(keys: list[int]) -> Select[Any]:
    one = Lead
    return (
        _row(
            one.id, one.lead_code, one.assigned_to, one.territory_id,
            first=one.first_name, last=one.last_name, phone=one.phone,
            born_on=one.date_of_birth, state=one.state, status=one.status,
        )
        .outerjoin(User, User.id == one.assigned_to)
        .where(one.id.in_(keys))
    )  # fmt: skip


def _opportunities(keys: list[int]) -> Select[Any]:
    one = Opportunity
    return (
        _row(
            one.id, one.opportunity_code, one.assigned_to, one.territory_id,
            first=one.name, status=one.stage,
        )
        .outerjoin(User, User.id == one.assigned_to)
        .where(one.id.in_(keys))
    )  # fmt: skip


def _policies(keys: list[int]) -> Select[Any]:
    one = Policy
    return (
        _row(
            one.id, one.policy_number, one.agent_id, one.territory_id,
            first=Customer.first_name, last=Customer.last_name, product=Product.name,
            status=one.status, end_reason=one.end_reason,
        )
        .join(Customer, Customer.id == one.customer_id)
        .join(Product, Product.id == one.product_id)
        .outerjoin(User, User.id == one.agent_id)
        .where(one.id.in_(keys))
    )  # fmt: skip


def _claims(keys: list[int]) -> Select[Any]:
    one = Claim
    return (
        _row(
            one.id, one.claim_number, one.agent_id, one.territory_id,
            first=Customer.first_name, last=Customer.last_name, product=Product.name,
            status=one.status, given_to=(one.assigned_to, one.approval_passed_to),
        )
        .join(Customer, Customer.id == one.customer_id)
        .join(Policy, Policy.id == one.policy_id)
        .join(Product, Product.id == Policy.product_id)
        .outerjoin(User, User.id == one.agent_id)
        .where(one.id.in_(keys))
    )  # fmt: skip


_SHOWN: Mapping[str, Callable[[list[int]], Select[Any]]] = {
    "customer": _customers,
    "lead": _leads,
    "opportunity": _opportunities,
    "policy": _policies,
    "claim": _claims,
}
