"""What the arms of a search are made of: one select over one index, in scope and with its rank."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Float, Integer, Select, String, and_, cast, func, literal, select

from core.access import Permission, Viewer, in_scope
from core.claims.store import visible as visible_claims
from core.claims.tables import Claim
from core.customers.tables import Customer
from core.kit.fields import like_anywhere
from core.policies.tables import Policy
from core.sales.tables import Lead, Opportunity
from core.search.near_names import Whose

# Whole identifications come first, then beginnings, parts and likeness.
WHOLE, BEGINNING, PART, ALIKE = range(4)

Condition = ColumnElement[bool]


def arm_of(
    kind: str, key: ColumnElement[Any] | Any, rank: int, because: str, *where: Condition, score: Any = None
) -> Select[Any]:
    """One arm: the records of a kind that meet the conditions, why, and how well."""
    return select(
        literal(kind).label("kind"),
        key.label("id"),
        literal(rank).label("rank"),
        cast(literal(because), String).label("because"),
        (cast(score if score is not None else literal(0), Float)).label("score"),
    ).where(*where)


def whole(
    kind: str, key: Any, because: str, scope: Condition, by: Viewer, *where: Condition
) -> Select[Any]:
    """By what names one record: in anybody's book, the viewer's own first."""
    if by.sees_all:
        return arm_of(kind, key, WHOLE, because, *where)
    is_own = cast(func.coalesce(scope, False), Integer)
    return arm_of(kind, key, WHOLE, because, *where, score=is_own).order_by(is_own.desc())


KEPT = func.coalesce(Customer.merged_into_id, Customer.id)


def live() -> Condition:
    """Customers that are neither archived nor merged."""
    return and_(Customer.archived_at.is_(None), Customer.merged_into_id.is_(None))


def mine_of(by: Viewer) -> Condition:
    """Customers in the viewer's scope."""
    return in_scope(by, Customer.agent_id, Customer.territory_id)


def my_leads(by: Viewer) -> Condition:
    """Leads in the viewer's scope."""
    return in_scope(by, Lead.assigned_to, Lead.territory_id)


@dataclass(frozen=True, slots=True)
class Named:
    """One kind of record that has a person's name: its columns, and which are to be found by likeness."""

    kind: Whose
    key: Any
    name: Any
    last_name: Any
    scope: Condition


def named(by: Viewer) -> list[Named]:
    """The kinds that the viewer may see; none without personal data."""
    if not by.can(Permission.PII_VIEW):
        return []
    one, other = Customer, Lead
    kinds = [
        Named("customer", one.id, one.search_name, one.search_last_name, and_(live(), mine_of(by))),
        Named("lead", other.id, other.search_name, other.search_last_name, my_leads(by)),
    ]
    return kinds if by.can(Permission.LEADS_VIEW) else kinds[:1]


def my_policies(by: Viewer) -> Condition:
    """Policies in the viewer's scope."""
    return in_scope(by, Policy.agent_id, Policy.territory_id)


@dataclass(frozen=True, slots=True)
class Coded:
    """One kind of record that has codes: their prefix and column, its ids, and what is in scope.

    By `key` a whole code of a merged customer finds the kept one.
    """

    kind: str
    prefix: str
    code: Any
    own_key: Any
    key: Any
    scope: Condition


def coded(by: Viewer) -> list[Coded]:
    """The kinds that the viewer may see."""
    deals = in_scope(by, Opportunity.assigned_to, Opportunity.territory_id)
    kinds = (
        (Permission.CUSTOMERS_VIEW, "customer", "C", Customer.customer_code, Customer.id, mine_of(by)),
        (Permission.LEADS_VIEW, "lead", "L", Lead.lead_code, Lead.id, my_leads(by)),
        (Permission.LEADS_VIEW, "opportunity", "O", Opportunity.opportunity_code, Opportunity.id, deals),
        (Permission.POLICIES_VIEW, "policy", "P", Policy.policy_number, Policy.id, my_policies(by)),
        (Permission.CLAIMS_VIEW, "claim", "CL", Claim.claim_number, Claim.id, visible_claims(by)),
    )
    return [
        Coded(kind, prefix, code, own_key, KEPT if kind == "customer" else own_key, scope)
        for permission, kind, prefix, code, own_key, scope in kinds
        if by.can(permission)
    ]


def starts(value: str) -> str:
    """A pattern for LIKE of what begins with the value."""
    return like_anywhere(value)[1:]


def plain(value: str) -> ColumnElement[str]:
    """The value without accents and in lower case, as the searched columns are."""
    return func.plain_text(value)
