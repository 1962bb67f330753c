"""Demo data: an invented insurance seller with five years of history, and its sign-ins."""

from sqlalchemy import text

from core.db import unit_of_work
from core.demo.sign_ins import PASSWORD, USERNAMES, SignIn
from core.demo.story import Progress, fill, is_filled, require_mode

__all__ = ["PASSWORD", "Progress", "SignIn", "fill", "is_filled", "require_mode", "sign_ins"]


def sign_ins() -> list[SignIn]:
    """One sign-in per role, in the order in which people meet them."""
    with unit_of_work() as session:
        found = session.execute(
            text(
                "select username, first_name || ' ' || last_name as name from users"
                " where username = any(:names)"
            ),
            {"names": list(USERNAMES.values())},
        )
        name_of = {row.username: row.name for row in found}
    return [
        SignIn(role, username, PASSWORD, name_of[username])
        for role, username in USERNAMES.items()
        if username in name_of
    ]
