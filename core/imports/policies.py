"""Policies as an import sees them: contracts that were made elsewhere, with the numbers they have there.

A file tells terms and dates that were true elsewhere, so nothing is priced or underwritten again; what
a status can't be without is asked for. Later moves are made here, by the lifecycle, not by a file; what
a file calls active although its term is over comes as the clock would leave it, the first time and later.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from core.access import Permission
from core.catalog import Category
from core.imports.fields import (
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
from core.kit.fields import text
from core.kit.money import round_cents
from core.kit.wording import day_told
from core.policies import POLICY, Ended, EndReason, PaymentFrequency, PaymentMethod, term_over, told

OUR_NUMBER = re.compile(r"P-\d+")
PENDING = frozenset(POLICY.flagged("pending"))
ENDED = (*POLICY.flagged("ended"), "lapsed")

# What claims ask about a policy: whose it is, and what the rules of cover look at.
_FACT = """json_build_object(
    'customer', customer_id, 'agent', agent_id, 'territory', territory_id,
    'category', (select p.category from products p where p.id = product_id),
    'line', (select c.line from products p join product_categories c using (category)
             where p.id = product_id),
    'effective', effective_date, 'expiry', expiry_date, 'ended', end_date,
    'issued', issue_date is not null and status not in ('applied', 'underwriting'),
    'sum_assured', sum_assured::text)::text"""


def number(value: object) -> str:
    """Reads a policy number; they are kept in capitals, as people look them up."""
    return text(50)(value).upper()


def _told(record: Record) -> str:
    """The status as the file has it."""
    return str(record.get("status") or POLICY.start)


def _over(expires: date | None, record: Record, world: World) -> Ended | None:
    """What becomes of a policy with that first day without cover; None while its term runs."""
    if expires is None or expires > world.today:
        return None
    return term_over(Category(world.fact("product", record["product"]) or Category.TERM))


def _ends(record: Record, world: World) -> Ended | None:
    """How the term of a policy that the file calls active has ended; None while it runs."""
    return _over(record.get("expiry_date"), record, world) if _told(record) == "active" else None


def _status(record: Record, world: World) -> str:
    over = _ends(record, world)
    return over.status if over else _told(record)


def _check(record: Record, world: World) -> Sequence[Problem]:
    problems = []
    if OUR_NUMBER.fullmatch(record["policy_number"]):
        problems.append(Problem("policy_number", "Numbers like P-00000001 are given here, not by files."))
    status = _told(record)
    needed: dict[str, str] = {}
    if status not in PENDING and status != "cancelled":
        needed = {"issue_date": "its issue date", "effective_date": "the day on which cover begins"}
    if status in ENDED:
        needed |= {"end_date": "the day on which cover ends", "end_reason": "the reason why it ends"}
    problems += [
        Problem(name, f"A policy that is {POLICY.label(status)} needs {what}.")
        for name, what in needed.items()
        if record.get(name) is None
    ]
    return [*problems, *_date_problems(record, status, world.today)]


def _date_problems(record: Record, status: str, today: date) -> list[Problem]:
    begins, expires = record.get("effective_date"), record.get("expiry_date")
    ends = record.get("end_date")
    rules = (
        ("application_date", record["application_date"] > today, "It is applied for in the future."),
        ("issue_date", _after(record.get("issue_date"), today), "It is issued in the future."),
        (
            "effective_date",
            status == "active" and _after(begins, today),
            "It is active before cover begins.",
        ),
        (
            "expiry_date",
            begins is not None and expires is not None and expires <= begins,
            "Cover ends before it begins.",
        ),
        ("end_date", _after(begins, ends), "Cover ends before it begins."),
    )
    return [Problem(name, told) for name, fires, told in rules if fires]


def _after(one: date | None, other: date | None) -> bool:
    return one is not None and other is not None and one > other


def _complete(record: Record, _id: int, world: World) -> Record:
    per_year = PaymentFrequency(record["payment_frequency"]).per_year
    over = _ends(record, world)
    return {
        "status": _status(record, world),
        "end_date": record["expiry_date"] if over else record.get("end_date"),
        "end_reason": over.reason if over else record.get("end_reason"),
        "status_changed_at": _history(record, world)[-1].at,
        "territory_id": record.get("territory") or world.territory_of(record.get("owner")),
        "annual_premium": round_cents(record["premium_amount"] * per_year),
        "riders_count": 0,
        "created_by": world.actor_id,
    }


def _history(record: Record, world: World) -> Sequence[Change]:
    """Applied for, issued where it was, and then whatever it is, each on its day."""
    status = _status(record, world)
    changes = [Change(None, POLICY.start, start_of_day(record["application_date"], world.zone))]

    def move(to: str, day: date | None) -> None:
        last = changes[-1]
        at = start_of_day(day, world.zone) if day is not None else last.at
        if to != last.to:
            changes.append(Change(last.to, to, max(last.at, min(at, world.now))))

    if record.get("issue_date") is not None and status not in PENDING:
        move("issued", record["issue_date"])
    if status != _told(record):
        move("active", record.get("effective_date"))
        move(status, record["expiry_date"])
    move(status, record.get("end_date") or record.get("effective_date"))
    return changes


def _revise(current: Mapping[str, Any], record: Record, world: World) -> Revision:
    here = str(current["status"])
    file_says = record.get("status") or here
    if _ran_out(current) and (file_says == "active" or not record.get("status")):
        found = _revised_end(current, record, world)
    elif file_says != here:
        found = _not_moved(current)
    else:
        found = _run_out(current, record, world)
    per_year = PaymentFrequency(record["payment_frequency"]).per_year
    values: dict[str, object] = {"annual_premium": round_cents(record["premium_amount"] * per_year)}
    values |= {name: record[name] for name in ("end_date", "end_reason") if record.get(name)}
    if record.get("territory"):
        values["territory_id"] = record["territory"]
    return replace(found, values={**values, **found.values})


def _ran_out(current: Mapping[str, Any]) -> bool:
    """Whether it ended because its term was over, by the clock or an import."""
    has_ended = str(current["status"]) in POLICY.flagged("ended") and current["end_date"] is not None
    return has_ended and current["end_reason"] in {EndReason.EXPIRED, EndReason.MATURITY}


def _revised_end(current: Mapping[str, Any], record: Record, world: World) -> Revision:
    """The end moves with the term while that is over; no move leads back into force."""
    expires = record.get("expiry_date") or current["end_date"]
    over = _over(expires, record, world)
    if over is None:
        ended = f"{_told_here(current).lower()} here on {day_told(current['end_date'])}"
        return Revision(problem=f"It {ended}; enter the renewal as a new policy.")
    if over.status != str(current["status"]):
        return _not_moved(current)
    return Revision({"end_date": expires, "end_reason": over.reason.value})


def _run_out(current: Mapping[str, Any], record: Record, world: World) -> Revision:
    """What is in force here ends where its term is over now, unless the clock has riders to end with it."""
    expires = record.get("expiry_date") or current.get("expiry_date")
    over = _over(expires, record, world) if str(current["status"]) == "active" else None
    if over is None or expires is None or current["riders_count"]:
        return Revision()
    at = max(current["status_changed_at"], start_of_day(expires, world.zone))
    return Revision(
        {
            "status": over.status,
            "status_changed_at": at,
            "end_date": expires,
            "end_reason": over.reason.value,
        },
        Change("active", over.status, at),
    )


def _not_moved(current: Mapping[str, Any]) -> Revision:
    is_here = f"It is {_told_here(current)} here"
    return Revision(problem=f"{is_here}; a policy's status is changed here, not by a file.")


def _told_here(current: Mapping[str, Any]) -> str:
    return told(str(current["status"]), current["end_reason"])[0]


POLICY_ENTITY = Entity(
    name="policy",
    noun="policy",
    plural="policies",
    table="policies",
    permission=Permission.POLICIES_ISSUE,
    code="policy_number",
    owner="owner",
    territory="territory",
    fields=(
        Field("policy_number", "Policy number", required=True, limit=50, read=number),
        Field("customer", "Customer", Kind.RECORD, "customer_id", required=True, of="customer"),
        Field("product", "Product", Kind.RECORD, "product_id", required=True, of="product"),
        Field("owner", "Agent", Kind.RECORD, "agent_id", required=True, of="user"),
        Field("territory", "Territory", Kind.RECORD, "territory_id", of="territory"),
        Field("application_date", "Applied on", Kind.DATE, required=True),
        Field("issue_date", "Issued on", Kind.DATE),
        Field("effective_date", "Cover begins", Kind.DATE),
        Field("expiry_date", "First day without cover", Kind.DATE),
        Field("end_date", "Cover ended on", Kind.DATE, only=ENDED),
        Field("end_reason", "Why it ended", Kind.CHOICE, choices=labels(EndReason), only=ENDED),
        Field("sum_assured", "Sum assured", Kind.MONEY, required=True, limit=9_999_999_999),
        Field("premium_amount", "Premium per instalment", Kind.MONEY, required=True, limit=99_999_999),
        Field(
            "payment_frequency",
            "Payment frequency",
            Kind.CHOICE,
            choices=labels(PaymentFrequency),
            required=True,
        ),
        Field("payment_method", "Paid by", Kind.CHOICE, choices=labels(PaymentMethod), required=True),
        Field("term_years", "Term in years", Kind.NUMBER, limit=100),
        Field(
            "status",
            "Status",
            Kind.CHOICE,
            choices={status.value: status.label for status in POLICY.statuses},
        ),
        Field("notes", "Notes"),
    ),
    status=StatusColumns(POLICY, "status", "status"),
    derived=(
        "status",
        "status_changed_at",
        "end_date",
        "end_reason",
        "territory_id",
        "annual_premium",
        "riders_count",
        "created_by",
    ),
    fact_sql=_FACT,
    rules=Rules(check=_check, complete=_complete, history=_history, revise=_revise),
)
