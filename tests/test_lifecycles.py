"""Every pair of statuses of every entity, for every role, through the mechanism that moves them.

The table below says what may follow what a second time, apart from the declared rows (domain.md
section 1): a changed row in a status.py has to be changed here as well, or this fails.
"""

from __future__ import annotations

import importlib
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, func, select

from core import audit
from core.access import Role
from core.audit.tables import AuditEntry, StatusChange
from core.db import unit_of_work
from core.kit.errors import Conflict, IllegalMove, Invalid, NotAllowed
from core.kit.lifecycle import SYSTEM, Lifecycle

NOW = datetime(2026, 3, 16, 15, 0, tzinfo=UTC)
CORE = Path(__file__).resolve().parents[1] / "core"
ROLES = (*(role.value for role in Role), SYSTEM)

GROUPS = {
    "clock": {SYSTEM},
    "sellers": {"agent", "senior_agent", "manager", "admin"},
    "leaders": {"manager", "admin"},
    "issuers": {"underwriter", "manager", "admin"},
    "issuers+clock": {"underwriter", "manager", "admin", SYSTEM},
    "entering": {"agent", "senior_agent", "manager", "admin", "underwriter"},
    "entering+clock": {"agent", "senior_agent", "manager", "admin", "underwriter", SYSTEM},
    "handlers": {"support", "manager", "admin"},
    "handlers+clock": {"support", "manager", "admin", SYSTEM},
    "checking": {"agent", "senior_agent", "manager", "support", "admin"},
    "verifying": {"senior_agent", "manager", "support", "admin", "underwriter"},
    "reporting": {"support", "agent", "senior_agent", "manager", "admin"},
}
# from > to, who may, and an asterisk where a reason has to be given.
TABLE = {
    "lead": """
        new > contacted sellers             new > lost sellers
        contacted > qualified sellers       contacted > lost sellers
        contacted > new leaders *
        qualified > proposal sellers        qualified > lost sellers
        qualified > contacted leaders *     qualified > new leaders *
        proposal > won sellers              proposal > lost sellers
        proposal > qualified leaders *      proposal > contacted leaders *
        proposal > new leaders *
        lost > contacted leaders *
    """,
    "opportunity": """
        prospecting > qualification sellers     prospecting > closed_lost sellers
        qualification > proposal sellers        qualification > closed_lost sellers
        qualification > prospecting leaders *
        proposal > negotiation sellers          proposal > closed_lost sellers
        proposal > qualification leaders *      proposal > prospecting leaders *
        negotiation > closed_won sellers        negotiation > closed_lost sellers
        negotiation > proposal leaders *        negotiation > qualification leaders *
        negotiation > prospecting leaders *
        closed_lost > qualification leaders *
    """,
    "followup": """
        planned > completed sellers     planned > missed clock      planned > cancelled sellers
        missed > completed sellers
    """,
    "appointment": """
        scheduled > completed sellers   scheduled > no_show sellers
        scheduled > cancelled sellers   scheduled > rescheduled sellers
    """,
    "policy": """
        applied > underwriting entering     applied > cancelled entering *
        underwriting > issued issuers       underwriting > cancelled entering *
        issued > active issuers+clock       issued > cancelled entering *
        active > lapsed clock               active > cancelled entering+clock *
        active > matured issuers+clock      active > claimed issuers+clock
        lapsed > active issuers             lapsed > cancelled issuers+clock *
        lapsed > claimed issuers+clock      cancelled > claimed issuers+clock
    """,
    "claim": """
        submitted > documents handlers              submitted > investigation handlers+clock *
        submitted > withdrawn reporting *
        documents > investigation handlers+clock *  documents > assessed handlers
        documents > rejected handlers               documents > withdrawn reporting *
        investigation > assessed handlers           investigation > rejected handlers
        investigation > withdrawn reporting *
        assessed > approved handlers                assessed > rejected handlers
        assessed > investigation handlers+clock *   assessed > withdrawn reporting *
        approved > settled handlers                 approved > assessed leaders *
        rejected > closed handlers                  rejected > reopened leaders *
        settled > closed handlers
        closed > reopened leaders *
        reopened > assessed handlers                reopened > investigation handlers+clock *
        reopened > withdrawn reporting *
    """,
    "customer": """
        not_started > pending checking
        pending > verified verifying        pending > rejected verifying *
        verified > expired clock
        rejected > pending checking         expired > pending checking
    """,
    "product_rate": """
        draft > approved issuers        draft > rejected issuers *
    """,
    "refresh_run": """
        running > succeeded clock       running > failed clock
    """,
}


def declared() -> dict[str, Lifecycle]:
    found: dict[str, Lifecycle] = {}
    for path in sorted(CORE.glob("*/status.py")):
        module = importlib.import_module(f"core.{path.parent.name}.status")
        for value in vars(module).values():
            if isinstance(value, Lifecycle):
                found[value.entity] = value
    return found


LIFECYCLES = declared()


def expected(entity: str) -> dict[tuple[str, str], tuple[set[str], bool]]:
    """(from, to) -> who may, and whether a reason is needed."""
    words = TABLE[entity].split()
    moves: dict[tuple[str, str], tuple[set[str], bool]] = {}
    while words:
        frm, _, to, who, *words = words
        needs_reason = words[:1] == ["*"]
        words = words[1:] if needs_reason else words
        moves[frm, to] = (GROUPS[who], needs_reason)
    return moves


@dataclass
class Row:
    """A record as the mechanism sees it."""

    status: StrEnum
    id: int = 1
    version: int = 1
    status_changed_at: datetime = field(default=datetime(2026, 1, 1, tzinfo=UTC))


@dataclass(frozen=True)
class Somebody:
    role_name: str
    user_id: int | None = None


def row(lifecycle: Lifecycle, status: str) -> Row:
    statuses: Any = StrEnum("Statuses", {value: value for value in lifecycle.values})
    return Row(statuses(status))


def everything(lifecycle: Lifecycle) -> dict[str, object]:
    """All that any move of the lifecycle needs."""
    return {need.name: "given" for s in lifecycle.statuses for move in s.moves for need in move.needs}


def outcome(session: Any, lifecycle: Lifecycle, frm: str, to: str, role: str) -> str:
    record = row(lifecycle, frm)
    try:
        moved = audit.move(
            session,
            lifecycle,
            record,
            to=to,
            actor=Somebody(role),
            at=NOW,
            given=everything(lifecycle),
            reason="Because",
        )
    except IllegalMove as refused:
        lists_legal = list(refused.legal) == [lifecycle.label(m.to) for m in lifecycle.moves(frm, role)]
        return "illegal" if lists_legal else "illegal, but the legal ones are not listed"
    except NotAllowed:
        return "not allowed"
    assert record.status.value == to
    assert (record.status_changed_at == NOW) == moved
    return "moved" if moved else "nothing"


def test_the_table_knows_every_lifecycle_and_no_other():
    assert TABLE.keys() == LIFECYCLES.keys()


@pytest.mark.parametrize("entity", sorted(TABLE))
def test_every_pair_of_statuses_for_every_role(database: Engine, entity: str):
    lifecycle, allowed = LIFECYCLES[entity], expected(entity)
    found, wanted = {}, {}
    with unit_of_work() as session:
        for frm in lifecycle.values:
            for to in lifecycle.values:
                for role in ROLES:
                    found[frm, to, role] = outcome(session, lifecycle, frm, to, role)
                    wanted[frm, to, role] = (
                        "nothing"
                        if frm == to
                        else "illegal"
                        if (frm, to) not in allowed
                        else "moved"
                        if role in allowed[frm, to][0]
                        else "not allowed"
                    )
    assert found == wanted
    made = list(found.values()).count("moved")
    with unit_of_work() as session:
        history = select(func.count()).select_from(StatusChange).where(StatusChange.entity == entity)
        log = select(func.count()).select_from(AuditEntry).where(AuditEntry.action == f"{entity}.move")
        assert (session.scalar(history), session.scalar(log)) == (made, made)


@pytest.mark.parametrize("entity", sorted(TABLE))
def test_no_move_passes_without_each_of_the_things_that_it_needs(database: Engine, entity: str):
    lifecycle = LIFECYCLES[entity]
    for status in lifecycle.statuses:
        for move in status.moves:
            actor = Somebody(min(move.roles))
            for need in move.needs:
                given = {name: v for name, v in everything(lifecycle).items() if name != need.name}
                with unit_of_work() as session, pytest.raises(Invalid) as refused:
                    audit.move(
                        session,
                        lifecycle,
                        row(lifecycle, status.value),
                        to=move.to,
                        actor=actor,
                        at=NOW,
                        given=given,
                        reason="Because",
                    )
                assert refused.value.fields == {need.name: need.ask}


@pytest.mark.parametrize("entity", sorted(TABLE))
def test_a_reason_is_asked_for_exactly_where_the_table_says(database: Engine, entity: str):
    lifecycle = LIFECYCLES[entity]
    for (frm, to), (roles, needs_reason) in expected(entity).items():
        record = row(lifecycle, frm)
        refused = False
        with unit_of_work() as session:
            try:
                audit.move(
                    session,
                    lifecycle,
                    record,
                    to=to,
                    actor=Somebody(min(roles)),
                    at=NOW,
                    given=everything(lifecycle),
                    reason="  ",
                )
            except Invalid as no:
                refused = set(no.fields) == {"reason"}
        assert (refused, record.status.value) == ((True, frm) if needs_reason else (False, to))


@pytest.mark.parametrize("entity", sorted(TABLE))
def test_a_record_that_has_moved_on_is_not_moved(database: Engine, entity: str):
    lifecycle = LIFECYCLES[entity]
    (frm, to), (roles, _) = next(iter(expected(entity).items()))
    with unit_of_work() as session, pytest.raises(Conflict):
        audit.move(
            session,
            lifecycle,
            row(lifecycle, frm),
            to=to,
            actor=Somebody(min(roles)),
            at=NOW,
            given=everything(lifecycle),
            reason="Because",
            expected_version=2,
        )
