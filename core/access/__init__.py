"""Who is asking and what they may do: roles, permissions, viewers, row scope, sign-in."""

from core.access import passwords, sessions
from core.access.gate import Gate, action, read, require
from core.access.roles import GRANTS, SEES_ALL_ROWS, Permission, Role
from core.access.scope import ViewerKind, bound, in_scope, is_in_scope, kind_of
from core.access.sign_in import Identified, SignInRefused, identify, open_session
from core.access.throttle import TooManyAttempts
from core.access.viewer import Viewer

__all__ = [
    "GRANTS",
    "SEES_ALL_ROWS",
    "Gate",
    "Identified",
    "Permission",
    "Role",
    "SignInRefused",
    "TooManyAttempts",
    "Viewer",
    "ViewerKind",
    "action",
    "bound",
    "identify",
    "in_scope",
    "is_in_scope",
    "kind_of",
    "open_session",
    "passwords",
    "read",
    "require",
    "sessions",
]
