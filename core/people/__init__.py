"""Users, agents, territories, the business calendar and saved views."""

from core.people.account import change_password, end_my_session, my_sessions, sign_out_everywhere
from core.people.company import ManagerChoice, agents, calendar, managers, territories
from core.people.records import (
    AgentRecord,
    NewSignIn,
    NewUser,
    SavedView,
    TerritoryRecord,
    UserPage,
    UserRecord,
)
from core.people.saved_views import delete_view, save_view, saved_views
from core.people.tables import AgentStatus
from core.people.users import (
    SELLING,
    create_user,
    deactivate,
    end_sessions,
    reactivate,
    reset_password,
    sessions_of,
    set_role,
    user,
    users,
)
from core.people.viewers import viewer_of

__all__ = [
    "SELLING",
    "AgentRecord",
    "AgentStatus",
    "ManagerChoice",
    "NewSignIn",
    "NewUser",
    "SavedView",
    "TerritoryRecord",
    "UserPage",
    "UserRecord",
    "agents",
    "calendar",
    "change_password",
    "create_user",
    "deactivate",
    "delete_view",
    "end_my_session",
    "end_sessions",
    "managers",
    "my_sessions",
    "reactivate",
    "reset_password",
    "save_view",
    "saved_views",
    "sessions_of",
    "set_role",
    "sign_out_everywhere",
    "territories",
    "user",
    "users",
    "viewer_of",
]
