"""Up to which cumulative amount a role may approve a claim alone, by line of business."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import audit
from core.access import GRANTS, Permission, Role, Viewer, action, read
from core.access.tables import User
from core.audit.tables import AuditEntry
from core.catalog.tables import Line
from core.claims.rules import MOST, Authority, LimitChange, waits_for_second
from core.claims.tables import ClaimAuthority
from core.db import unit_of_work
from core.kit.errors import Conflict, Invalid
from core.kit.fields import amount

ENTITY = "claim_authority"
# The roles that may approve claims at all; a limit for any other would have no effect.
APPROVING_ROLES = tuple(role for role in Role if Permission.CLAIMS_APPROVE in GRANTS[role])
_read_amount = amount(MOST)


@dataclass(frozen=True, slots=True)
class AuthorityLimit:
    """One role and line; without an amount the role approves nothing there. Version 0 is no row.

    `raised_by` names whoever raised it for their own role, as long as it does not count for them: until
    somebody else sets it too.
    """

    role: Role
    line: Line
    max_amount: Decimal | None
    version: int
    raised_by: str = ""
    raised_by_id: int | None = None


@read(Permission.REFERENCE_ADMIN)
def authority_limits(*, by: Viewer) -> tuple[AuthorityLimit, ...]:
    """Every approving role and line, with its limit or none."""
    del by  # the limits are everybody's
    with unit_of_work() as session:
        known = {(row.role, row.line): row for row in session.scalars(select(ClaimAuthority))}
        changes = {line: limit_changes(session, line) for line in Line}
        raised = {key: _raiser(session, row, changes[row.line]) for key, row in known.items()}
    found = []
    for role in APPROVING_ROLES:
        for line in Line:
            row, person = known.get((role, line)), raised.get((role, line))
            found.append(
                AuthorityLimit(
                    role,
                    line,
                    row.max_amount if row else None,
                    row.version if row else 0,
                    f"{person.first_name} {person.last_name}" if person else "",
                    person.id if person else None,
                )
            )
    return tuple(found)


def limit_changes(session: Session, line: Line) -> list[LimitChange]:
    """Who set which limit of a line, oldest first, as the audit log has it."""
    entries = session.scalars(
        select(AuditEntry)
        .where(AuditEntry.entity == ENTITY, AuditEntry.details["line"].astext == line.value)
        .order_by(AuditEntry.id)
    )
    return [
        LimitChange(Role(one.details["role"]), line, one.actor_id, *_amounts(one.details))
        for one in entries
    ]


def _amounts(details: Mapping[str, Any]) -> tuple[Decimal | None, Decimal | None]:
    before, after = (None if one is None else Decimal(one) for one in details["changed"]["max_amount"])
    return before, after


def _raiser(session: Session, row: ClaimAuthority, changes: Sequence[LimitChange]) -> User | None:
    """Who raised the limit of their own role and waits for somebody else to set it too."""
    raiser = waits_for_second(Authority(row.role, row.line, row.max_amount), changes)
    person = session.get(User, raiser) if raiser is not None else None
    return person if person is not None and person.role == row.role else None


@action(Permission.REFERENCE_ADMIN)
def set_authority(
    role: Role, line: Line, max_amount: Decimal | str | None, *, version: int, by: Viewer
) -> None:
    """Set, change or (with None) take away the limit of a role in a line.

    The same amount once more confirms what somebody else raised, who may go by it from then on.
    `version` is that of the limit as it was shown. Raises Conflict, or Invalid for an amount that is
    none, for one that changes nothing and for a role that approves no claims.
    """
    if role not in APPROVING_ROLES:
        raise Invalid({"role": f"{role.label} approves no claims."})
    limit = _read_amount(max_amount) if max_amount not in {None, ""} else None
    with unit_of_work() as session:
        row = session.scalars(
            select(ClaimAuthority)
            .where(ClaimAuthority.role == role, ClaimAuthority.line == line)
            .with_for_update()
        ).one_or_none()
        before = row.max_amount if row else None
        if row is not None:
            audit.check_version(session, ENTITY, "limit", row, version)
        elif version:
            raise Conflict("Somebody has taken this limit away since you opened the page.")
        if before == limit:
            _check_confirms(session, row, by)
        if row is None:
            row = ClaimAuthority(role=role, line=line, max_amount=limit)
            session.add(row)
            session.flush()
        elif limit is None:
            session.delete(row)
        else:
            row.max_amount = limit
        told = {"max_amount": [_plain(before), _plain(limit)]}
        audit.record(
            session,
            actor=by,
            action="claim_authority.set",
            entity=ENTITY,
            entity_id=row.id,
            details={"changed": told, "role": role.value, "line": line.value},
        )


def _check_confirms(session: Session, row: ClaimAuthority | None, by: Viewer) -> None:
    """Raises Invalid when setting a limit once more says nothing new: it confirms no colleague's raise."""
    raiser = _raiser(session, row, limit_changes(session, row.line)) if row is not None else None
    if raiser is None:
        raise Invalid({"max_amount": "That is the limit already: nothing was changed."})
    if raiser.id == by.user_id:
        raise Invalid({"max_amount": "You raised it to this yourself: a colleague has to confirm it."})


def _plain(value: Decimal | None) -> str | None:
    return None if value is None else f"{value:.2f}"
