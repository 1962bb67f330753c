"""Rows of status_history, in the order in which every record went through its statuses."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from core.demo.columns import Bools, Column, Ints, moments, optional, pick, words
from core.demo.world import NOBODY, ROLE_WORDS, SYSTEM, World


@dataclass
class Steps:
    """Possible changes of records, one row per record and one column per change, in time order."""

    count: int
    to: list[Ints] = field(default_factory=list)
    at: list[Ints] = field(default_factory=list)
    actor: list[Ints] = field(default_factory=list)
    role: list[Ints] = field(default_factory=list)
    reason: list[Ints] = field(default_factory=list)
    happens: list[Bools] = field(default_factory=list)

    def add(
        self,
        to: Ints | int,
        at: Ints,
        *,
        where: Bools | None = None,
        actor: Ints | int = NOBODY,
        role: Ints | int = SYSTEM,
        reason: Ints | int = 0,
    ) -> None:
        """One more change: to a status, at a local second, by a user id in a role."""
        for kept, value in ((self.to, to), (self.actor, actor), (self.role, role), (self.reason, reason)):
            kept.append(np.broadcast_to(np.asarray(value, dtype=np.int64), self.count))
        self.at.append(at)
        # A copy: callers go on narrowing theirs.
        self.happens.append(np.ones(self.count, dtype=bool) if where is None else where.copy())

    def last(self) -> tuple[Ints, Ints]:
        """(status, local second) of the last change of each record."""
        to, at = np.stack(self.to, axis=1), np.stack(self.at, axis=1)
        happens = np.stack(self.happens, axis=1)
        column = happens.shape[1] - 1 - np.argmax(happens[:, ::-1], axis=1)
        rows = np.arange(self.count)
        return to[rows, column], at[rows, column]

    def write(
        self,
        world: World,
        entity: str,
        ids: Ints,
        statuses: tuple[str, ...],
        reasons: tuple[str, ...] = ("",),
    ) -> None:
        """Append them; reason 0 is none."""
        happens = np.stack(self.happens, axis=1).ravel()
        entity_id = np.repeat(ids, len(self.to))[happens]

        def flat(columns: list[Ints]) -> Ints:
            return np.stack(columns, axis=1).ravel()[happens]

        to, actor, reason = flat(self.to), flat(self.actor), flat(self.reason)
        is_first = np.ones(len(entity_id), dtype=bool)
        is_first[1:] = entity_id[1:] != entity_id[:-1]
        vocabulary: Column = words(statuses)
        world.sink.write(
            "status_history",
            {
                "id": world.sink.ids("status_history", len(entity_id)),
                "entity": entity,
                "entity_id": entity_id,
                "from_status": pick(vocabulary, np.roll(to, 1), is_first),
                "to_status": pick(vocabulary, to),
                "actor_id": optional(actor, actor == NOBODY),
                "actor_role": pick(ROLE_WORDS, flat(self.role)),
                "at": moments(world.days.utc(flat(self.at))),
                "reason": pick(words(reasons), reason, reason == 0),
            },
        )
