"""What the timeline takes from what is recorded of a customer, of their policies and of their claims.

Changes of the record itself are in the audit log, which names fields and keeps no personal values.
What has a source of its own (documents, consents, notes, moves of the KYC check) is left to that.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import date
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from sqlalchemy import BigInteger, String, case, or_, select
from sqlalchemy import cast as as_type

from core.access import Permission, Viewer, in_scope
from core.access.tables import User
from core.audit.tables import AuditEntry
from core.claims.tables import Claim, ClaimEvent
from core.customers import changing, rules
from core.dossiers.arms import Arm, event_row
from core.dossiers.store import THEIRS
from core.kit.wording import day_told
from core.policies.tables import Policy, PolicyChange

RECORD, CHANGE, FILE = "p", "q", "r"
_GIVES = "|"

_RECORDED: Mapping[str, str] = MappingProxyType(
    {
        "customer.edit": "changed",
        "customer.score": "scored the risk anew",
        "customer.assign": "handed the customer over",
        "customer.carry": "moved the customer to another territory",
        "customer.archive": "archived the customer",
        "customer.restore": "brought the customer back",
        "customer.undo_merge": "undid a merge",
        "customer.merge": "merged this record into another one",
        "customer.add_contact": "added a way to reach them",
        "customer.change_contact": "changed a way to reach them",
        "customer.remove_contact": "removed a way to reach them",
        "customer.relate": "added a relation",
        "customer.unrelate": "removed a relation",
        "customer.not_duplicate": "decided that another record is somebody else",
    }
)
_CHANGED: Mapping[str, str] = MappingProxyType(
    {
        "payment": "changed the payments of",
        "beneficiaries": "changed the beneficiaries of",
        "rider_added": "added a rider to",
        "rider_ended": "ended a rider of",
    }
)
# Moves and payments of claims have sources of their own.
_FILED: Mapping[str, str] = MappingProxyType(
    {
        "note": "wrote a note on claim {code}",
        "reserve": "changed the reserve of claim {code} by",
        "assigned": "handed claim {code} over",
        "document": "filed a document of claim {code}",
        "task_done": "did a task of claim {code}",
        "flag": "flagged claim {code}",
        "first_approval": "approved claim {code} as the first of two",
        "passed_on": "passed the approval of claim {code} on",
    }
)


def of_the_record(_: Viewer) -> list[Arm]:
    """Edits, ways to reach, relations, handing over, archiving: the audit rows of the customer."""
    told = AuditEntry.details
    to = as_type(told["changed"]["agent_id"][1].astext, BigInteger)
    owner = select(User.first_name + " " + User.last_name).where(User.id == to).scalar_subquery()
    is_ours = or_(
        AuditEntry.action != "customer.merge",
        # The kept record has the merge itself.
        as_type(told["merged"].astext, BigInteger) == THEIRS,
    )
    return [
        event_row(
            "customer", RECORD, AuditEntry.id, AuditEntry.at, AuditEntry.actor_id,
            AuditEntry.action + _GIVES + as_type(told, String), told["reason"].astext,
            code=case((AuditEntry.action == "customer.assign", owner), else_=""),
        ).where(
            AuditEntry.entity == changing.ENTITY,
            AuditEntry.entity_id == THEIRS,
            AuditEntry.action.in_(_RECORDED),
            is_ours,
        )
    ]  # fmt: skip


def of_policies(by: Viewer) -> list[Arm]:
    """Dated changes of policies in scope, when they were entered."""
    if not by.can(Permission.POLICIES_VIEW):
        return []
    return [
        event_row(
            "policy", CHANGE, PolicyChange.id, PolicyChange.created_at, PolicyChange.created_by,
            PolicyChange.kind + _GIVES + as_type(PolicyChange.effective_date, String),
            PolicyChange.reason, record="policy", code=Policy.policy_number,
        )
        .join(Policy, Policy.id == PolicyChange.policy_id)
        .where(Policy.customer_id == THEIRS, in_scope(by, Policy.agent_id, Policy.territory_id))
    ]  # fmt: skip


def of_claims(by: Viewer) -> list[Arm]:
    """What is in the files of claims in scope, with reserves by how much they changed."""
    if not by.can(Permission.CLAIMS_VIEW):
        return []
    return [
        event_row(
            "claim", FILE, ClaimEvent.id, ClaimEvent.at, ClaimEvent.actor_id, ClaimEvent.event_type,
            ClaimEvent.note, record="claim", code=Claim.claim_number,
            amount=case((ClaimEvent.event_type == "reserve", ClaimEvent.amount)),
        )
        .join(Claim, Claim.id == ClaimEvent.claim_id)
        .where(
            Claim.customer_id == THEIRS,
            ClaimEvent.event_type.in_(_FILED),
            in_scope(by, Claim.agent_id, Claim.territory_id),
        )
    ]  # fmt: skip


def _record(row: Any) -> str:
    action, _, details = row.what.partition(_GIVES)
    told = json.loads(details)
    if action == "customer.assign" and row.code:
        return f"handed the customer over to {row.code}"
    if action != "customer.edit":
        return _RECORDED[action]
    labels = _labels()
    names = [labels.get(name, name.replace("_", " ")) for name in told.get("changed", {})]
    return f"changed {', '.join(names)}"


@lru_cache(maxsize=1)
def _labels() -> dict[str, str]:
    found = {one.name: one.label.lower() for one in rules.editable_fields(date.max)}
    return {**found, "kyc_review_on": "the date of the next KYC review"}


def _change(row: Any) -> str:
    kind, _, day = row.what.partition(_GIVES)
    done = _CHANGED.get(kind, f"changed the {kind.replace('_', ' ')} of")
    return f"{done} policy {row.code} from {day_told(date.fromisoformat(day))} on"


def _file(row: Any) -> str:
    return _FILED[row.what].format(code=row.code)


_TOLD: Mapping[str, Callable[[Any], str]] = MappingProxyType(
    {RECORD: _record, CHANGE: _change, FILE: _file}
)


def told(row: Any) -> str | None:
    """What a row of these sources says; None for one of another."""
    read = _TOLD.get(row.tie[0])
    return read(row) if read else None
