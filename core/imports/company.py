"""The company's own records as an import sees them: users, agents, territories, products, lists.

Imported users can't sign in: their password hash is no hash until an administrator sets one.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from core.access import Permission, Role
from core.catalog import Category, PremiumType
from core.imports.fields import Entity, Field, Kind, Problem, Record, Revision, Rules, World, labels
from core.kit.fields import email, phone
from core.people import AgentStatus
from core.sales import LostCategory, SourceType

NO_PASSWORD = "!"  # noqa: S105  # no hash begins like this, so nothing matches it
IMPORTABLE_ROLES = {role.value: role.label for role in (Role.AGENT, Role.SENIOR_AGENT, Role.MANAGER)}


def _slug(text: str, joint: str) -> str:
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return joint.join(re.findall(r"[A-Za-z0-9]+", plain))


def _check_user(record: Record, _world: World) -> Sequence[Problem]:
    if len(str(record["name"]).split()) < 2:  # noqa: PLR2004  # a first and a last name
        return [Problem("name", "Give a first and a last name.")]
    first, last = _names(record)
    too_long = [name for name in (first, last) if len(name) > 50]  # noqa: PLR2004  # users.first_name
    return [Problem("name", "A name has at most 50 characters.")] if too_long else []


def _names(record: Record) -> tuple[str, str]:
    *first, last = str(record["name"]).split()
    return " ".join(first), last


def _complete_user(record: Record, new_id: int, world: World) -> Record:
    first, last = _names(record)
    username = record.get("username") or _slug(f"{first} {last}", ".").lower()[:40] or f"user.{new_id}"
    if not record.get("username") and world.is_taken("user", username):
        username = f"{username}.{new_id}"
    return {
        "first_name": first,
        "last_name": last,
        "username": username,
        "email": record.get("email") or f"{username}@imported.invalid",
        "password_hash": NO_PASSWORD,
        "must_change_password": True,
    }


def _revise_user(_current: Mapping[str, Any], record: Record, _world: World) -> Revision:
    first, last = _names(record)
    given = {name: record[name] for name in ("username", "email") if record.get(name)}
    return Revision({"first_name": first, "last_name": last, **given})


def _revise_code(column: str) -> Callable[[Mapping[str, Any], Record, World], Revision]:
    def revise(_current: Mapping[str, Any], record: Record, _world: World) -> Revision:
        return Revision({column: record[column]} if record.get(column) else {})

    return revise


def _complete_agent(record: Record, new_id: int, _world: World) -> Record:
    return {"agent_code": record.get("agent_code") or f"AG-{new_id:05d}"}


def _complete_territory(record: Record, new_id: int, world: World) -> Record:
    code = record.get("code") or _slug(str(record["name"]), "-").upper()[:20] or f"T-{new_id}"
    if not record.get("code") and world.is_taken("territory", code):
        code = f"{code[:12]}-{new_id}"
    return {"code": code}


# The span of today that a changed agent has outgrown: never in force when it began today, else over
# today. A move that is planned stays, and the new span lasts until its day.
_DROP_TODAYS_ASSIGNMENT = """
delete from agent_assignments s using agents a
where s.agent_id = a.id
  and a.id = any(%(ids)s)
  and not s.is_planned
  and s.valid_from >= %(today)s
  and (s.territory_id, s.reporting_manager_id) is distinct from (a.territory_id, a.reporting_manager_id)
"""
_END_ASSIGNMENT = """
update agent_assignments s set valid_to = %(today)s
from agents a
where s.agent_id = a.id
  and a.id = any(%(ids)s)
  and not s.is_planned
  and s.valid_from < %(today)s
  and (s.valid_to is null or s.valid_to > %(today)s)
  and (s.territory_id, s.reporting_manager_id) is distinct from (a.territory_id, a.reporting_manager_id)
"""
_BEGIN_ASSIGNMENT = """
insert into agent_assignments (agent_id, territory_id, reporting_manager_id, valid_from, valid_to)
select
    a.id,
    a.territory_id,
    a.reporting_manager_id,
    coalesce(
        (select max(s.valid_to) from agent_assignments s where s.agent_id = a.id and not s.is_planned),
        a.joined_on
    ),
    (select min(s.valid_from) from agent_assignments s where s.agent_id = a.id and s.is_planned)
from agents a
where a.id = any(%(ids)s)
  and not exists (
      select from agent_assignments s
      where s.agent_id = a.id
        and (not s.is_planned or s.valid_from <= %(today)s)
        and (s.valid_to is null or s.valid_to > %(today)s)
  )
"""

USER = Entity(
    name="user",
    noun="user",
    plural="users",
    table="users",
    permission=Permission.USERS_ADMIN,
    code="username",
    name_sql="first_name || ' ' || last_name",
    fields=(
        Field("name", "Full name", column=None, required=True, limit=100),
        Field("username", "Username", limit=50),
        Field("email", "E-mail", limit=100, read=email),
        Field("phone", "Phone", limit=20, read=phone),
        Field("role", "Role", Kind.CHOICE, choices=IMPORTABLE_ROLES, required=True),
    ),
    derived=("first_name", "last_name", "username", "email", "password_hash", "must_change_password"),
    rules=Rules(check=_check_user, complete=_complete_user, revise=_revise_user),
)

AGENT = Entity(
    name="agent",
    noun="agent",
    plural="agents",
    table="agents",
    permission=Permission.USERS_ADMIN,
    code="agent_code",
    name_sql="(select u.first_name || ' ' || u.last_name from users u where u.id = user_id)",
    name_field="user",
    fields=(
        Field("user", "User", Kind.RECORD, "user_id", required=True, of="user"),
        Field("agent_code", "Agent code", limit=50),
        Field("territory", "Territory", Kind.RECORD, "territory_id", required=True, of="territory"),
        Field("reporting_manager", "Manager", Kind.RECORD, "reporting_manager_id", of="user"),
        Field("license_number", "License number", limit=100),
        Field("qualification", "Qualification", limit=100),
        Field("target_monthly", "Monthly target", Kind.MONEY, limit=9_999_999_999, default=0),
        Field("joined_on", "Joined on", Kind.DATE, required=True),
        Field("status", "Status", Kind.CHOICE, choices=labels(AgentStatus), default="active"),
    ),
    derived=("agent_code",),
    rules=Rules(complete=_complete_agent, revise=_revise_code("agent_code")),
    follow_sql=(_DROP_TODAYS_ASSIGNMENT, _END_ASSIGNMENT, _BEGIN_ASSIGNMENT),
    unfollow_sql=("delete from agent_assignments where agent_id = any(%(ids)s)",),
)

TERRITORY = Entity(
    name="territory",
    noun="territory",
    plural="territories",
    table="territories",
    permission=Permission.REFERENCE_ADMIN,
    code="code",
    name_sql="name",
    fields=(
        Field("name", "Name", required=True, limit=100),
        Field("code", "Code", limit=20),
        Field("parent", "Part of", Kind.RECORD, "parent_territory_id", of="territory"),
        Field("manager", "Manager", Kind.RECORD, "manager_id", of="user"),
        Field("description", "Description"),
    ),
    derived=("code",),
    stub={},
    rules=Rules(complete=_complete_territory, revise=_revise_code("code")),
)

PRODUCT = Entity(
    name="product",
    noun="product",
    plural="products",
    table="products",
    permission=Permission.REFERENCE_ADMIN,
    code="product_code",
    name_sql="name",
    fields=(
        Field("product_code", "Code", required=True, limit=20),
        Field("name", "Name", required=True, limit=100),
        Field("category", "Category", Kind.CHOICE, choices=labels(Category), required=True),
        Field("description", "Description"),
        Field("min_sum_assured", "Smallest sum assured", Kind.MONEY, required=True, limit=9_999_999_999),
        Field("max_sum_assured", "Largest sum assured", Kind.MONEY, required=True, limit=9_999_999_999),
        Field("min_age", "Youngest age", Kind.NUMBER, required=True, limit=150),
        Field("max_age", "Oldest age", Kind.NUMBER, required=True, limit=150),
        Field("min_term", "Shortest term", Kind.NUMBER, limit=100),
        Field("max_term", "Longest term", Kind.NUMBER, limit=100),
        Field("premium_type", "Premium type", Kind.CHOICE, choices=labels(PremiumType), default="level"),
        Field("commission_year1", "Commission, year 1 (%)", Kind.MONEY, required=True, limit=100),
        Field("commission_year2", "Commission, year 2 (%)", Kind.MONEY, required=True, limit=100),
        Field("commission_renewal", "Commission, later (%)", Kind.MONEY, required=True, limit=100),
        Field("launch_date", "Launched on", Kind.DATE),
    ),
)

LOST_REASON = Entity(
    name="lost_reason",
    noun="lost reason",
    plural="lost reasons",
    table="lost_reasons",
    permission=Permission.REFERENCE_ADMIN,
    name_sql="name",
    fact_sql="category::text",
    stub={"category": "other"},
    fields=(
        Field("name", "Name", required=True, limit=100),
        Field("category", "Category", Kind.CHOICE, choices=labels(LostCategory), required=True),
        Field("description", "Description"),
    ),
)

LEAD_SOURCE = Entity(
    name="lead_source",
    noun="lead source",
    plural="lead sources",
    stub={"type": "other"},
    table="lead_sources",
    permission=Permission.REFERENCE_ADMIN,
    name_sql="name",
    fields=(
        Field("name", "Name", required=True, limit=100),
        Field("type", "Type", Kind.CHOICE, choices=labels(SourceType), required=True),
        Field("cost_per_lead", "Cost per lead", Kind.MONEY, limit=999_999),
        Field("description", "Description"),
    ),
)
