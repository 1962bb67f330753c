"""One company on one screen: what is negotiated with it, and what its people hold."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Select, bindparam, func, select, union_all

from core.access import Permission, Viewer, ViewerKind, action, bound, kind_of, read
from core.access.tables import User
from core.audit.tables import AuditEntry
from core.customers import AccountDetail, account_detail, account_fields, changing
from core.customers.accounts import ENTITY, locked_account, told_account
from core.customers.tables import AccountPerson, Customer
from core.db import unit_of_work
from core.dossiers.archiving import StillNeeded
from core.dossiers.records import Item
from core.dossiers.store import MOST, leads_of, opportunities_of, policies_of
from core.dossiers.views import annual_premium, item_of
from core.kit.dates import utc_now
from core.kit.errors import Invalid
from core.kit.fields import plain_text
from core.kit.money import ZERO
from core.policies import POLICY
from core.policies.tables import Policy
from core.sales import OPPORTUNITY
from core.sales.tables import Lead, Opportunity, OpportunityStage

_ACCOUNT = bindparam("account_id", type_=BigInteger)
_OPEN_DEAL = [OpportunityStage(one) for one in OPPORTUNITY.flagged("open")]
_DONE = {
    "account.create": "entered the account",
    "account.edit": "changed",
    "account.assign": "handed the account over",
    "account.archive": "archived the account",
    "account.restore": "brought the account back",
    "account.add_person": "added a person",
    "account.change_person": "changed a person",
    "account.remove_person": "removed a person",
}


@dataclass(frozen=True, slots=True)
class AccountOverview:
    """One account; deals and policies are those in the viewer's scope, at most 100 of each kind.

    Policies are those of the customers who work there or act for it.
    """

    account: AccountDetail
    items: tuple[Item, ...]
    open_deals: int
    pipeline: Decimal
    in_force: int
    annual_premium: Decimal


@dataclass(frozen=True, slots=True)
class AccountEvent:
    """Something that was done with an account: when, by whom, what."""

    at: datetime
    who: str
    what: str


@read(Permission.CUSTOMERS_VIEW)
def account_overview(key: int | str, *, by: Viewer) -> AccountOverview:
    """An account by id or code with its deals and the policies of its people.

    Raises NotFound outside the scope.
    """
    with unit_of_work() as session:
        account = account_detail(key, by=by)
        statement, given = _statement(kind_of(by)), {**bound(by), "account_id": account.id}
        rows = session.execute(statement, given).all() if statement is not None else []
    items = tuple(item_of(row) for row in rows)
    deals = [one for one in items if one.kind in {"lead", "opportunity"} and one.is_open]
    in_force = [row for row in rows if row.kind == "policy" and row.status in POLICY.flagged("in_force")]
    return AccountOverview(
        account=account,
        items=items,
        open_deals=len(deals),
        pipeline=sum((one.amount for one in deals if one.amount is not None), ZERO),
        in_force=len(in_force),
        annual_premium=sum((annual_premium(row) for row in in_force), ZERO),
    )


@lru_cache(maxsize=50)
def _statement(by: ViewerKind) -> Select[Any] | None:
    arms: list[Select[Any]] = []
    if by.can(Permission.LEADS_VIEW):
        arms += [
            opportunities_of(by, Opportunity.account_id == _ACCOUNT),
            leads_of(by, Lead.account_id == _ACCOUNT),
        ]
    if by.can(Permission.POLICIES_VIEW):
        arms.append(policies_of(by, _members()))
    if not arms:
        return None
    parts = [select(arm.limit(MOST).subquery()) for arm in arms]
    everything = union_all(*parts).subquery("everything")
    owner = func.coalesce(User.first_name + " " + User.last_name, "").label("owner")
    return select(everything, owner).outerjoin(User, User.id == everything.c.owner_id)


def _members() -> ColumnElement[bool]:
    """Policies of those who work for the account or act for it."""
    workers = select(Customer.id).where(Customer.account_id == _ACCOUNT)
    acting = select(AccountPerson.customer_id).where(
        AccountPerson.account_id == _ACCOUNT, AccountPerson.customer_id.is_not(None)
    )
    return Policy.customer_id.in_(workers.union(acting))


@read(Permission.CUSTOMERS_VIEW)
def account_history(account_id: int, *, by: Viewer, limit: int = 100) -> tuple[AccountEvent, ...]:
    """What was done with an account, newest first; NotFound outside the scope."""
    labels = {field.name: field.label.lower() for field in account_fields(utc_now().date())}
    with unit_of_work() as session:
        account = account_detail(account_id, by=by)
        rows = session.execute(
            select(AuditEntry, func.coalesce(User.first_name + " " + User.last_name, "The system"))
            .outerjoin(User, User.id == AuditEntry.actor_id)
            .where(AuditEntry.entity == ENTITY, AuditEntry.entity_id == account.id)
            .order_by(AuditEntry.id.desc())
            .limit(min(limit, MOST))
        ).all()
    return tuple(AccountEvent(entry.at, who, _what(entry, labels)) for entry, who in rows)


def _what(entry: AuditEntry, labels: dict[str, str]) -> str:
    done = _DONE.get(entry.action, entry.action.partition(".")[2].replace("_", " "))
    if entry.action != "account.edit":
        return done
    fields = ", ".join(labels.get(name, name) for name in entry.details.get("changed", {}))
    return f"{done} {fields}".strip()


@action(Permission.CUSTOMERS_EDIT)
def archive_account(
    account_id: int, *, version: int, reason: str, by: Viewer, now: datetime | None = None
) -> None:
    """Put an account away; lists leave it out, and nothing is deleted.

    Raises StillNeeded while something is negotiated with it, and Invalid without a reason.
    """
    why = plain_text(reason, lines=True)
    if not why:
        raise Invalid({"reason": "Say why."})
    with unit_of_work() as session:
        row = locked_account(session, account_id, by=by)
        changing.check_version(session, row, version, (), entity=ENTITY)
        deals = session.scalars(
            select(Opportunity.opportunity_code)
            .where(Opportunity.account_id == row.id, Opportunity.stage.in_(_OPEN_DEAL))
            .order_by(Opportunity.id)
            .limit(5)
        ).all()
        if deals:
            raise StillNeeded(
                f"This account has open opportunities: {', '.join(deals)}.", remedy="Close them first."
            )
        at = now or utc_now()
        details = {"changed": {"archived_at": [None, at.isoformat()]}, "reason": why}
        told_account(session, row, by=by, action="account.archive", details=details)
        row.archived_at = at


@action(Permission.CUSTOMERS_EDIT)
def restore_account(account_id: int, *, version: int, by: Viewer) -> None:
    """Bring an archived account back."""
    with unit_of_work() as session:
        row = locked_account(session, account_id, by=by, with_archived=True)
        changing.check_version(session, row, version, (), entity=ENTITY)
        if row.archived_at is None:
            return
        details = {"changed": {"archived_at": [row.archived_at.isoformat(), None]}}
        told_account(session, row, by=by, action="account.restore", details=details)
        row.archived_at = None
