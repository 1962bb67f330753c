"""Users, agents, territories, the business calendar and saved views."""

from core.people.account import change_password, end_my_session, my_sessions, sign_out_everywhere
from core.people.viewers import viewer_of

__all__ = [
    "change_password",
    "end_my_session",
    "my_sessions",
    "sign_out_everywhere",
    "viewer_of",
]
