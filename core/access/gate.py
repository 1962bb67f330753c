"""Marks every front-door function with the permission it takes, and checks it at each call."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Literal, ParamSpec, TypeVar

from core.access.roles import GRANTS, Permission
from core.access.viewer import Viewer
from core.kit.errors import NotAllowed
from core.kit.logs import logger

P = ParamSpec("P")
R = TypeVar("R")

log = logger(__name__)


@dataclass(frozen=True, slots=True)
class Gate:
    """What guards a front-door function."""

    name: str
    kind: Literal["action", "read"]
    permission: Permission


def action(permission: Permission) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """A function that changes something; its viewer comes as `by=`."""
    return _gate("action", permission)


def read(permission: Permission) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """A function that reads; its viewer comes as `by=`."""
    return _gate("read", permission)


def _gate(
    kind: Literal["action", "read"], permission: Permission
) -> Callable[[Callable[P, R]], Callable[P, R]]:
    def decorate(function: Callable[P, R]) -> Callable[P, R]:
        context = function.__module__.removeprefix("core.").split(".")[0]
        gate = Gate(f"{context}.{function.__name__}", kind, permission)

        @wraps(function)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
            viewer = kwargs.get("by")
            if not isinstance(viewer, Viewer):
                raise TypeError(f"{gate.name} needs by=viewer")
            require(viewer, permission, what=gate.name)
            return function(*args, **kwargs)

        guarded.__gate__ = gate  # type: ignore[attr-defined]  # read by the access test
        return guarded

    return decorate


def require(viewer: Viewer, permission: Permission, *, what: str = "") -> None:
    """Raises NotAllowed, and logs the denial, when the viewer lacks the permission."""
    if viewer.can(permission):
        return
    log.warning(
        "access_denied",
        user_id=viewer.user_id,
        role=viewer.role_name,
        permission=permission.name.lower(),
        what=what,
    )
    holders = sorted(role.label.lower() for role in GRANTS if permission in GRANTS[role])
    raise NotAllowed(
        f"As {viewer.role.label.lower()} you can't {permission.value}.",
        remedy=f"Roles that can: {', '.join(holders)}.",
    )
