"""The documented sign-ins of demo mode: one per role, with one password for all."""

from __future__ import annotations

from dataclasses import dataclass

PASSWORD = "harbor-lantern-demo"  # noqa: S105 - published on purpose; demo mode only
USERNAMES = {
    "agent": "agent",
    "senior_agent": "senior",
    "manager": "manager",
    "admin": "admin",
    "support": "support",
    "underwriter": "underwriter",
    "executive": "executive",
    "analyst": "analyst",
    "customer": "customer",
}


@dataclass(frozen=True, slots=True)
class SignIn:
    """How to sign in as one of the roles."""

    role: str
    username: str
    password: str
    name: str
