"""Claims as an import sees them: losses that were reported, and mostly decided, elsewhere.

Amounts are taken as the file tells them. Whoever brings decided claims in must be allowed to approve
claims. A loss outside its policy's cover is taken in and flagged by the rules of first notice (D20),
never refused: what happened elsewhere has happened. A kind of loss that the policy's product does
not insure is no loss under it, and its row fails. Later decisions are made here, not by a file.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from core.access import Permission
from core.catalog import Category, Line, RiderType
from core.claims import (
    CLAIM,
    REJECTION_REASONS,
    Cover,
    LossType,
    cover_flags,
    insured_losses,
    not_insured,
)
from core.imports.fields import (
    FACTS,
    Change,
    Entity,
    Field,
    Kind,
    Problem,
    Record,
    Revision,
    Rules,
    StatusColumns,
    World,
    labels,
)
from core.kit.dates import start_of_day
from core.kit.money import ZERO

OUR_NUMBER = re.compile(r"CL-\d+")
MOST = 9_999_999_999
PAID = frozenset({"settled", "closed"})


def _status(record: Record) -> str:
    return str(record.get("status") or CLAIM.start)


def _reported(record: Record) -> date:
    told: date = record.get("reported_date") or record["loss_date"]
    return told


def _check(record: Record, world: World) -> Sequence[Problem]:
    status, paid = _status(record), record.get("paid_amount") or ZERO
    approved = record.get("approved_amount")
    label = CLAIM.label(status)
    other_line = _other_line(record, world)
    rules = (
        ("loss_type", bool(other_line), other_line),
        (
            "claim_number",
            OUR_NUMBER.fullmatch(str(record.get("claim_number") or "")) is not None,
            "Numbers like CL-000001 are given here, not by files.",
        ),
        ("reported_date", _reported(record) > world.today, "It is reported in the future."),
        ("reported_date", _reported(record) < record["loss_date"], "It is reported before the loss."),
        (
            "rejection_code",
            status == "rejected" and record.get("rejection_code") is None,
            "A rejected one needs the reason of the rejection.",
        ),
        (
            "approved_amount",
            approved is None and paid > 0,
            "Something was paid, so it needs the amount that was approved.",
        ),
        (
            "approved_amount",
            approved is None and paid == 0 and status in {"approved", "settled"},
            f"It is {label}, so it needs the amount that was approved.",
        ),
        (
            "paid_amount",
            approved is not None and paid > approved,
            "More was paid than was approved.",
        ),
        (
            "paid_amount",
            approved is not None and status in PAID and paid < approved,
            f"It is {label}, but not all of the approved amount was paid.",
        ),
        (
            "reserve_amount",
            status in CLAIM.flagged("closed") and (record.get("reserve_amount") or ZERO) > 0,
            f"A {label.lower()} one has no reserve.",
        ),
    )
    return [Problem(name, told) for name, fires, told in rules if fires]


def _other_line(record: Record, world: World) -> str:
    """What is wrong with the kind of loss on its policy, as at first notice; "" when nothing is."""
    policy, loss_type = _policy(record, world), LossType(record["loss_type"])
    return not_insured(loss_type, _insured(policy)) if policy else ""


def _insured(policy: Mapping[str, Any]) -> tuple[LossType, ...]:
    """What the product covers, with any rider: which ones there were is not asked for."""
    return insured_losses(Category(policy["category"]), tuple(RiderType))


def _complete(record: Record, _id: int, world: World) -> Record:
    policy = _policy(record, world)
    return {
        "customer_id": policy["customer"],
        "agent_id": policy["agent"],
        "territory_id": policy["territory"],
        "reported_date": _reported(record),
        "status": _status(record),
        "status_changed_at": _history(record, world)[-1].at,
        "created_by": world.actor_id,
    }


def _history(record: Record, world: World) -> Sequence[Change]:
    """Reported on its day; whatever it is now since the last day that the file tells."""
    status, born = _status(record), start_of_day(_reported(record), world.zone)
    changes = [Change(None, CLAIM.start, born)]
    if status != CLAIM.start:
        days = [record.get(name) for name in ("closed_on", "settled_on", "decided_on")]
        last = next((day for day in days if day is not None), None)
        at = start_of_day(last, world.zone) if last is not None else born
        changes.append(Change(CLAIM.start, status, max(born, min(at, world.now))))
    return changes


def _hangs(record: Record, new_id: int, world: World) -> Mapping[str, Sequence[Record]]:
    """The event that tells where it comes from with what else the file told, and its flags of cover."""
    flags = cover_flags(_cover(_policy(record, world)), LossType(record["loss_type"]), record["loss_date"])
    return {
        "claim_events": [
            {
                "claim_id": new_id,
                "event_type": "imported",
                "at": world.now,
                "actor_id": world.actor_id,
                "amount": record.get("paid_amount"),
                "note": "Taken over from another system, with what was paid there.",
                "details": json.dumps(record.get(FACTS) or {}),
            }
        ],
        "claim_flags": [
            {
                "claim_id": new_id,
                "kind": flag.kind.value,
                "code": flag.code,
                "points": flag.points,
                "explanation": flag.explanation,
            }
            for flag in flags
        ],
    }


def _policy(record: Record, world: World) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(world.fact("policy", record["policy"]) or "{}")
    return found


def _cover(policy: Mapping[str, Any]) -> Cover:
    """What the rules of cover look at; times of lapse are not among what an import asks for."""
    effective, expiry, ended = (
        date.fromisoformat(policy[name]) if policy[name] else None
        for name in ("effective", "expiry", "ended")
    )
    return Cover(
        line=Line(policy["line"]),
        insured=_insured(policy),
        effective=effective,
        expiry=expiry,
        ended=ended,
        is_issued=policy["issued"],
        sum_assured=Decimal(policy["sum_assured"]),
    )


def _revise(current: Mapping[str, Any], record: Record, _world: World) -> Revision:
    if current["policy_id"] != record["policy"]:
        return Revision(problem="It is a claim on another policy here.")
    if str(current["status"]) != str(record.get("status") or current["status"]):
        told = CLAIM.label(str(current["status"]))
        return Revision(problem=f"It is {told} here; a claim is decided here, not by a file.")
    return Revision({"reported_date": record["reported_date"]} if record.get("reported_date") else {})


CLAIM_ENTITY = Entity(
    name="claim",
    noun="claim",
    plural="claims",
    table="claims",
    permission=Permission.CLAIMS_APPROVE,
    code="claim_number",
    fields=(
        Field("claim_number", "Claim number", limit=30),
        Field("policy", "Policy", Kind.RECORD, "policy_id", required=True, of="policy"),
        Field("claimant_name", "Claimant", limit=100),
        Field("claimant_relation", "Claimant is", limit=50),
        Field("loss_date", "Lost on", Kind.DATE, required=True),
        Field("reported_date", "Reported on", Kind.DATE),
        Field("loss_type", "Kind of loss", Kind.CHOICE, choices=labels(LossType), required=True),
        Field("loss_place", "Place", limit=255),
        Field("description", "What happened"),
        Field("estimated_amount", "Estimated amount", Kind.MONEY, limit=MOST, default=ZERO),
        Field("assessed_amount", "Assessed amount", Kind.MONEY, limit=MOST),
        Field("approved_amount", "Approved amount", Kind.MONEY, limit=MOST),
        Field("paid_amount", "Paid amount", Kind.MONEY, limit=MOST, default=ZERO),
        Field("reserve_amount", "Reserve", Kind.MONEY, limit=MOST, default=ZERO),
        Field(
            "status",
            "Status",
            Kind.CHOICE,
            choices={status.value: status.label for status in CLAIM.statuses},
        ),
        Field("decided_on", "Decided on", Kind.DATE),
        Field("settled_on", "Settled on", Kind.DATE, only=("settled", "closed")),
        Field("closed_on", "Closed on", Kind.DATE, only=("closed",)),
        Field(
            "rejection_code",
            "Why it was rejected",
            Kind.CHOICE,
            choices=dict(REJECTION_REASONS),
            only=("rejected", "closed"),
        ),
        Field("is_fraud_suspected", "Fraud is suspected", Kind.FLAG, default=False),
        Field("notes", "Notes"),
    ),
    status=StatusColumns(CLAIM, "status", "status"),
    derived=(
        "customer_id",
        "agent_id",
        "territory_id",
        "reported_date",
        "status",
        "status_changed_at",
        "created_by",
    ),
    unfollow_sql=(
        "delete from claim_flags where claim_id = any(%(ids)s)",
        "delete from claim_events where claim_id = any(%(ids)s)",
    ),
    rules=Rules(check=_check, complete=_complete, history=_history, revise=_revise, hangs=_hangs),
)
