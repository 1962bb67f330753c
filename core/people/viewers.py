"""From a session's token to the Viewer: one statement, asked anew at every run of a page."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import TextClause, text

from core.access import Role, Viewer, sessions
from core.db import unit_of_work
from core.kit import ids
from core.kit.settings import settings

# A manager's line and area are walked in the database over reporting_manager_id, manager_id and
# parent_territory_id; `union` ends the walk where somebody has closed a circle.
_VIEWER: TextClause = text("""
with recursive asking as (
    select
        s.id as session_id,
        s.last_seen_at,
        u.id as user_id,
        u.username,
        u.first_name || ' ' || u.last_name as name,
        u.role,
        u.customer_id,
        u.must_change_password
    from user_sessions s
    inner join users u on u.id = s.user_id
    where s.token_hash = :token_hash
      and s.claim_hash is null
      and s.ended_at is null
      and s.expires_at > :now
      and s.last_seen_at > :idle_since
      and u.is_active
      and (not u.is_demo or :is_demo)
),
line as (
    select user_id from asking where role = 'manager'
    union
    select a.user_id from agents a inner join line l on l.user_id = a.reporting_manager_id
),
area as (
    select t.id from territories t inner join asking q on q.user_id = t.manager_id
    where q.role = 'manager'
    union
    select t.id from territories t inner join area p on p.id = t.parent_territory_id
)
select
    asking.*,
    array(select user_id from line) as line,
    array(select id from area) as area
from asking
""")

_OWN_BOOK = frozenset({Role.AGENT, Role.SENIOR_AGENT})


def viewer_of(token: str | None, *, now: datetime) -> Viewer | None:
    """Who holds the token of a live session, with role and scope as they are now; None for nobody.

    A deactivated user, an invented one outside demo mode, a session that is over or idle for too long, and
    an unknown token are nobody.
    """
    if not token:
        return None
    idle = timedelta(minutes=settings().session_idle_minutes)
    with unit_of_work() as db:
        found = db.execute(
            _VIEWER,
            {
                "token_hash": ids.digest(token),
                "now": now,
                "idle_since": now - idle,
                "is_demo": settings().is_demo,
            },
        ).one_or_none()
        if found is None:
            return None
        if now - found.last_seen_at >= timedelta(seconds=sessions.SEEN_SECONDS):
            sessions.saw(found.session_id, now=now)
    role = Role(found.role)
    return Viewer(
        user_id=found.user_id,
        username=found.username,
        name=found.name,
        role=role,
        agent_ids=frozenset({found.user_id}) if role in _OWN_BOOK else frozenset(found.line),
        territory_ids=frozenset(found.area),
        customer_id=found.customer_id,
        must_change_password=found.must_change_password,
        session_id=found.session_id,
    )
