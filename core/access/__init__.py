"""Who is asking and what they may do: roles, permissions, viewers, row scope, sign-in."""

from core.access.gate import Gate, action, read, require
from core.access.roles import GRANTS, SEES_ALL_ROWS, Permission, Role
from core.access.scope import in_scope, is_in_scope
from core.access.viewer import Viewer

__all__ = [
    "GRANTS",
    "SEES_ALL_ROWS",
    "Gate",
    "Permission",
    "Role",
    "Viewer",
    "action",
    "in_scope",
    "is_in_scope",
    "read",
    "require",
]
