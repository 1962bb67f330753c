"""Viewer: who is asking. A required argument of every read and write."""

from __future__ import annotations

from dataclasses import dataclass, field

from core.access.roles import GRANTS, SEES_ALL_ROWS, Permission, Role


@dataclass(frozen=True, slots=True)
class Viewer:
    """A signed-in person with role and row scope.

    `agent_ids` are the user ids whose rows are theirs to see (their own, and for managers the
    reporting line), `territory_ids` the territories (the subtree of those that they manage).
    """

    user_id: int
    username: str
    name: str
    role: Role
    agent_ids: frozenset[int] = frozenset()
    territory_ids: frozenset[int] = frozenset()
    customer_id: int | None = None
    must_change_password: bool = False
    session_id: int | None = None
    permissions: frozenset[Permission] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "permissions", GRANTS[self.role])

    @property
    def role_name(self) -> str:
        """The role's value, as written to history and audit."""
        return self.role.value

    @property
    def sees_all(self) -> bool:
        """Whether every row is in scope."""
        return self.role in SEES_ALL_ROWS

    @property
    def sees_others(self) -> bool:
        """Whether rows of more than one owner may be in scope."""
        return self.sees_all or len(self.agent_ids) > 1 or bool(self.territory_ids)

    def can(self, permission: Permission) -> bool:
        """Whether the role includes the permission."""
        return permission in self.permissions

    def free_text(self, text: str | None, *, instead: str = "") -> str:
        """What somebody wrote: it may name persons, and is kept from those who may not see their data."""
        return (text or "") if self.can(Permission.PII_VIEW) else instead

    @property
    def scope_key(self) -> tuple[object, ...]:
        """What this viewer's rows depend on; part of the key of every cache."""
        if self.sees_all:
            return ("all", self.can(Permission.PII_VIEW))
        return (
            self.role_name,
            tuple(sorted(self.agent_ids)),
            tuple(sorted(self.territory_ids)),
            self.customer_id,
        )
