"""Status machines as data: what may follow what, who may do it, and what it needs.

A context declares its statuses in status.py; `core.audit.moves.move` performs a checked move
with history and audit in one transaction. Pages draw buttons from `Lifecycle.options`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from core.kit.errors import IllegalMove, Invalid, NotAllowed


class Tone(StrEnum):
    """How a status is coloured."""

    NEUTRAL = "neutral"
    INFO = "info"
    GOOD = "good"
    WARNING = "warning"
    BAD = "bad"


SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Need:
    """Something that must be there before a move: a value by name, with the sentence that asks."""

    name: str
    ask: str


@dataclass(frozen=True, slots=True)
class Move:
    """One permitted change of status. `roles` holds role values, or "system" for the clock."""

    to: str
    roles: frozenset[str]
    needs: tuple[Need, ...] = ()
    needs_reason: bool = False
    verb: str = ""


@dataclass(frozen=True, slots=True)
class MoveOption:
    """A move as it is offered to somebody, with what it needs and what of that is not there yet."""

    to: str
    label: str
    verb: str
    tone: Tone
    needs: tuple[Need, ...]
    missing: tuple[Need, ...]
    needs_reason: bool


@dataclass(frozen=True, slots=True)
class Status:
    """One row of a lifecycle: a status, how it looks, what may follow, and what it means."""

    value: str
    label: str
    tone: Tone
    moves: tuple[Move, ...] = ()
    flags: frozenset[str] = frozenset()
    rots_after_days: int | None = None


@dataclass(frozen=True, slots=True)
class Lifecycle:
    """All statuses of one entity; the first is where a new one starts."""

    entity: str
    noun: str
    statuses: tuple[Status, ...]
    _by_value: dict[str, Status] = field(init=False, repr=False, compare=False, hash=False)

    def __post_init__(self) -> None:
        by_value = {status.value: status for status in self.statuses}
        for status in self.statuses:
            for move in status.moves:
                if move.to not in by_value:
                    raise ValueError(f"{self.entity}: {status.value} leads to unknown {move.to}")
        object.__setattr__(self, "_by_value", by_value)

    @property
    def start(self) -> str:
        """The status of a new one."""
        return self.statuses[0].value

    @property
    def values(self) -> tuple[str, ...]:
        """Every status value, in order."""
        return tuple(status.value for status in self.statuses)

    def __getitem__(self, value: str) -> Status:
        return self._by_value[value]

    def label(self, value: str) -> str:
        """What people call the status."""
        return self._by_value[value].label

    def flagged(self, flag: str) -> tuple[str, ...]:
        """Values of the statuses that carry a flag, such as "open" or "in_force"."""
        return tuple(status.value for status in self.statuses if flag in status.flags)

    def moves(self, frm: str, role: str) -> tuple[Move, ...]:
        """The moves that the role may make from a status."""
        return tuple(move for move in self._by_value[frm].moves if role in move.roles)

    def options(
        self, frm: str, role: str, given: Mapping[str, object] | None = None
    ) -> tuple[MoveOption, ...]:
        """The moves of a role from a status, to offer; without `given` nothing counts as missing."""
        return tuple(
            MoveOption(
                to=move.to,
                label=self.label(move.to),
                verb=move.verb,
                tone=self[move.to].tone,
                needs=move.needs,
                missing=tuple(
                    need for need in move.needs if given is not None and not _present(given, need.name)
                ),
                needs_reason=move.needs_reason,
            )
            for move in self.moves(frm, role)
        )

    def check(self, frm: str, to: str, *, role: str, given: Mapping[str, object], reason: str = "") -> Move:
        """The move, when it exists, the role may make it and nothing that it needs is missing.

        Raises IllegalMove with the legal ones, NotAllowed, or Invalid with every missing field.
        """
        legal = self.moves(frm, role)
        move = next((m for m in self._by_value[frm].moves if m.to == to), None)
        if move is None:
            target = self._by_value[to].label if to in self._by_value else to
            raise IllegalMove(
                f"A {self.noun} can't go from {self.label(frm)} to {target}.",
                legal=[self.label(m.to) for m in legal],
            )
        if role not in move.roles:
            raise NotAllowed(
                f"Your role can't move a {self.noun} from {self.label(frm)} to {self.label(to)}.",
                remedy=_who_can(move.roles),
            )
        missing = {need.name: need.ask for need in move.needs if not _present(given, need.name)}
        if move.needs_reason and not reason.strip():
            missing["reason"] = "Say why."
        if missing:
            raise Invalid(missing)
        return move


def _present(given: Mapping[str, object], name: str) -> bool:
    value = given.get(name)
    return value is not None and value is not False and value != ""


def _who_can(roles: Iterable[str]) -> str:
    people = sorted(role.replace("_", " ") for role in roles if role != SYSTEM)
    return f"Ask a {' or '.join(people)}." if people else "The system does this by itself."
