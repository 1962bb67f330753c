"""Leads and opportunities as an import sees them.

Closing is held to the same rules as on the board, on every row (quality.md D1): a lost one needs its
reason, and a note where the reason is of the category other; a won one needs its value and whom it
is with. What the other moves need is not asked again: a file tells what was true elsewhere, and
the next move here asks for what is missing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from functools import lru_cache, reduce
from typing import Any

from core.access import Permission
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
)
from core.kit.dates import business_date, start_of_day
from core.kit.lifecycle import Lifecycle
from core.kit.wording import day_told
from core.sales import LEAD, OPPORTUNITY, further, lead_fields, opportunity_fields

LOST_REASON = "A lost one needs its reason."
LOST_NOTE = "The reason is of the category other: it needs a note that says what it was."
PRIORITIES = {"low": "Low", "medium": "Medium", "high": "High"}

_day_start = lru_cache(maxsize=4096)(start_of_day)


def _choices(lifecycle: Lifecycle) -> Mapping[str, str]:
    return {status.value: status.label for status in lifecycle.statuses}


def _closing_problems(
    record: Record, world: World, *, status: str, closed: tuple[str, str], began: date | None
) -> list[Problem]:
    """What a close date and a lost reason must agree with; `closed` is (won, lost)."""
    problems = []
    closed_on = record.get("closed_on")
    if isinstance(closed_on, datetime):
        closed_on = business_date(closed_on, world.zone)
    if status in closed and closed_on is None:
        problems.append(Problem("closed_on", "A closed one needs its close date."))
    if status not in closed and closed_on is not None:
        problems.append(Problem("closed_on", "It has a close date but is still open."))
    if closed_on is not None and closed_on > world.today:
        problems.append(Problem("closed_on", "The close date lies in the future."))
    if closed_on is not None and began is not None and closed_on < began:
        problems.append(Problem("closed_on", f"It closes before it begins on {day_told(began)}."))
    if status == closed[1]:
        reason = record.get("lost_reason")
        if reason is None:
            problems.append(Problem("lost_reason", LOST_REASON))
        elif world.fact("lost_reason", reason) == "other" and not record.get("lost_note"):
            problems.append(Problem("lost_note", LOST_NOTE))
    return problems


def _check_lead(record: Record, world: World) -> Sequence[Problem]:
    status = str(record.get("status") or LEAD.start)
    created = record.get("created_on")
    began = business_date(created, world.zone) if created else None
    problems = _closing_problems(record, world, status=status, closed=("won", "lost"), began=began)
    if status == "won":
        problems += [
            Problem(name, f"A won lead needs its {label}.")
            for name, label in (
                ("customer", "customer"),
                ("product_interest", "product"),
                ("expected_premium", "expected premium"),
            )
            if record.get(name) is None
        ]
    if began is not None and began > world.today:
        problems.append(Problem("created_on", "It is created in the future."))
    return problems


def _complete_lead(record: Record, _id: int, world: World) -> Record:
    history = _lead_history(record, world)
    return {
        "status": str(record.get("status") or LEAD.start),
        "status_changed_at": history[-1].at,
        "furthest_status": _furthest(LEAD, history),
        "created_at": history[0].at,
        "territory_id": record.get("territory") or world.territory_of(record.get("owner")),
        "created_by": world.actor_id,
        "contact_consent_at": history[0].at if record.get("contact_consent") else None,
    }


def _lead_history(record: Record, world: World) -> Sequence[Change]:
    closed = record.get("closed_on")
    born = record.get("created_on") or (min(closed, world.now) if closed else world.now)
    return _path(LEAD, str(record.get("status") or LEAD.start), born=born, closed=closed)


def _check_opportunity(record: Record, world: World) -> Sequence[Problem]:
    stage = str(record.get("stage") or OPPORTUNITY.start)
    problems = _closing_problems(
        record,
        world,
        status=stage,
        closed=("closed_won", "closed_lost"),
        began=record.get("opened_on"),
    )
    if stage == "closed_won":
        if record.get("won_value") is None:
            problems.append(Problem("won_value", "A won opportunity needs the value that was agreed."))
        if not any(record.get(party) for party in ("account", "customer", "lead")):
            problems.append(Problem("account", "A won opportunity needs its account, customer or lead."))
    return problems


def _complete_opportunity(record: Record, _id: int, world: World) -> Record:
    history = _opportunity_history(record, world)
    return {
        "stage": str(record.get("stage") or OPPORTUNITY.start),
        "status_changed_at": history[-1].at,
        "furthest_stage": _furthest(OPPORTUNITY, history),
        "created_at": history[0].at,
        "territory_id": record.get("territory") or world.territory_of(record.get("owner")),
        "created_by": world.actor_id,
    }


def _opportunity_history(record: Record, world: World) -> Sequence[Change]:
    """Born when the selling began; an opportunity that somebody has engaged in was qualified then."""
    opened, closed = record.get("opened_on"), record.get("closed_on")
    opened_at = _day_start(opened, world.zone) if opened else None
    closed_at = _day_start(closed, world.zone) if closed else None
    born = record.get("created_on") or opened_at or closed_at or world.now
    stage = str(record.get("stage") or OPPORTUNITY.start)
    through = "qualification" if opened_at and stage not in {"prospecting", "qualification"} else None
    return _path(OPPORTUNITY, stage, born=born, closed=closed_at, through=through, engaged=opened_at)


def _path(
    lifecycle: Lifecycle,
    status: str,
    *,
    born: datetime,
    closed: datetime | None,
    through: str | None = None,
    engaged: datetime | None = None,
) -> Sequence[Change]:
    changes = [Change(None, lifecycle.start, born)]
    if through is not None:
        changes.append(Change(lifecycle.start, through, max(born, engaged or born)))
    if status != changes[-1].to:
        last = changes[-1].at
        changes.append(Change(changes[-1].to, status, max(last, closed or engaged or last)))
    return changes


def _furthest(lifecycle: Lifecycle, history: Sequence[Change]) -> str:
    """The furthest status that was reached; being lost is no progress (domain.md section 8)."""
    return _furthest_of(lifecycle.entity, tuple(change.to for change in history))


@lru_cache(maxsize=256)
def _furthest_of(entity: str, path: tuple[str, ...]) -> str:
    lifecycle = LEAD if entity == LEAD.entity else OPPORTUNITY
    return reduce(lambda best, status: further(lifecycle, best, status), path, lifecycle.start)


def _revise(status: StatusColumns) -> Callable[[Mapping[str, Any], Record, World], Revision]:
    """A row that is told anew may move an open deal; what is closed here is not opened by a file."""
    lifecycle = status.lifecycle

    def revise(current: Mapping[str, Any], record: Record, world: World) -> Revision:
        values = {"territory_id": record["territory"]} if record.get("territory") else {}
        frm, to = str(current[status.column]), str(record.get(status.field) or current[status.column])
        if frm == to:
            return Revision(values)
        if "open" not in lifecycle[frm].flags:
            return Revision(problem=f"It is {lifecycle.label(frm)} here; an import does not reopen it.")
        closed = record.get("closed_on")
        if closed is not None and not isinstance(closed, datetime):
            closed = _day_start(closed, world.zone)
        at = max(current["status_changed_at"], closed or world.now)
        furthest = further(lifecycle, str(current[status.furthest]), to)
        values |= {status.column: to, "status_changed_at": at, status.furthest: furthest}
        return Revision(values, Change(frm, to, at))

    return revise


_LEAD_STATUS = StatusColumns(LEAD, "status", "status", "furthest_status")
_OPPORTUNITY_STATUS = StatusColumns(OPPORTUNITY, "stage", "stage", "furthest_stage")

LEAD_ENTITY = Entity(
    name="lead",
    noun="lead",
    plural="leads",
    table="leads",
    permission=Permission.LEADS_EDIT,
    code="lead_code",
    owner="owner",
    territory="territory",
    fields=(
        Field("first_name", "First name", required=True, limit=50),
        Field("last_name", "Last name", required=True, limit=50),
        Field("company_name", "Company", limit=100),
        Field("email", "E-mail", limit=100),
        Field("phone", "Phone", limit=20),
        Field("date_of_birth", "Date of birth", Kind.DATE),
        Field("state", "State", limit=50),
        Field("contact_consent", "May be contacted", Kind.FLAG, default=False),
        Field("source", "Source", Kind.RECORD, "source_id", required=True, of="lead_source"),
        Field("product_interest", "Product", Kind.RECORD, of="product"),
        Field("expected_premium", "Expected premium", Kind.MONEY, limit=99_999_999),
        Field("expected_sum_assured", "Expected sum assured", Kind.MONEY, limit=9_999_999_999),
        Field("status", "Status", Kind.CHOICE, choices=_choices(LEAD)),
        Field("created_on", "Created on", Kind.DAY_START, None),
        Field("closed_on", "Closed on", Kind.DAY_START, "closed_at"),
        Field("priority", "Priority", Kind.CHOICE, choices=PRIORITIES, default="medium"),
        Field("owner", "Owner", Kind.RECORD, "assigned_to", of="user"),
        Field("territory", "Territory", Kind.RECORD, "territory_id", of="territory"),
        Field("customer", "Customer", Kind.RECORD, "customer_id", of="customer"),
        Field("account", "Account", Kind.RECORD, "account_id", of="account"),
        Field(
            "lost_reason", "Lost reason", Kind.RECORD, "lost_reason_id", of="lost_reason", only=("lost",)
        ),
        Field("lost_note", "Note on the loss", only=("lost",)),
        Field("notes", "Notes"),
    ),
    status=_LEAD_STATUS,
    derived=(
        "status",
        "status_changed_at",
        "furthest_status",
        "created_at",
        "territory_id",
        "created_by",
        "contact_consent_at",
    ),
    demands=(
        ("lost", "lost_reason", LOST_REASON),
        ("won", "customer", "A won lead needs its customer."),
    ),
    rules=Rules(lead_fields, _check_lead, _complete_lead, _lead_history, _revise(_LEAD_STATUS)),
)

OPPORTUNITY_ENTITY = Entity(
    name="opportunity",
    noun="opportunity",
    plural="opportunities",
    table="opportunities",
    permission=Permission.LEADS_EDIT,
    code="opportunity_code",
    owner="owner",
    territory="territory",
    fields=(
        Field("name", "Name", required=True, limit=120),
        Field("account", "Account", Kind.RECORD, "account_id", of="account"),
        Field("customer", "Customer", Kind.RECORD, "customer_id", of="customer"),
        Field("lead", "Lead", Kind.RECORD, "lead_id", of="lead"),
        Field("product", "Product", Kind.RECORD, "product_id", of="product"),
        Field("source", "Source", Kind.RECORD, "source_id", of="lead_source"),
        Field("stage", "Stage", Kind.CHOICE, choices=_choices(OPPORTUNITY)),
        Field("estimated_value", "Estimated value", Kind.MONEY, limit=9_999_999_999),
        Field("won_value", "Won value", Kind.MONEY, limit=9_999_999_999, only=("closed_won",)),
        Field("expected_close_date", "Expected close date", Kind.DATE),
        Field("created_on", "Created on", Kind.DAY_START, None),
        Field("opened_on", "Opened on", Kind.DATE),
        Field("closed_on", "Closed on", Kind.DATE),
        Field("priority", "Priority", Kind.CHOICE, choices=PRIORITIES, default="medium"),
        Field("owner", "Owner", Kind.RECORD, "assigned_to", of="user"),
        Field("territory", "Territory", Kind.RECORD, "territory_id", of="territory"),
        Field(
            "lost_reason",
            "Lost reason",
            Kind.RECORD,
            "lost_reason_id",
            of="lost_reason",
            only=("closed_lost",),
        ),
        Field("lost_note", "Note on the loss", only=("closed_lost",)),
        Field("notes", "Notes"),
    ),
    status=_OPPORTUNITY_STATUS,
    derived=(
        "stage",
        "status_changed_at",
        "furthest_stage",
        "created_at",
        "territory_id",
        "created_by",
    ),
    demands=(
        ("closed_lost", "lost_reason", LOST_REASON),
        ("closed_won", "won_value", "A won opportunity needs the value that was agreed."),
    ),
    rules=Rules(
        opportunity_fields,
        _check_opportunity,
        _complete_opportunity,
        _opportunity_history,
        _revise(_OPPORTUNITY_STATUS),
    ),
)
