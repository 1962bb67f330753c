"""`./run user`: make sign-ins and reset passwords where nobody can sign in yet."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from sqlalchemy import func, or_, select

from core.access import Role
from core.access.tables import User
from core.audit import SystemActor
from core.db import unit_of_work
from core.kit.errors import NotFound
from core.kit.ids import new_request_id
from core.people.records import NewSignIn, NewUser
from core.people.users import register, renew_password


def main(words: Sequence[str]) -> int:
    """Run one of the commands; the exit code. Raises Refusal."""
    chosen = parser().parse_args(words or ["--help"])
    chosen.run(chosen)
    return 0


def parser() -> argparse.ArgumentParser:
    """What the command line understands."""
    made = argparse.ArgumentParser(prog="./run user", description="Manage sign-ins.")
    commands = made.add_subparsers(required=True, metavar="command")
    _add_create(commands.add_parser("create", help="make a user with an initial password"))
    reset = commands.add_parser("reset-password", help="give a user a new initial password")
    reset.add_argument("username", help="user name or e-mail address")
    reset.set_defaults(run=_reset)
    shown = commands.add_parser("list", help="list the users")
    shown.set_defaults(run=_list)
    return made


def _add_create(create: argparse.ArgumentParser) -> None:
    create.add_argument("username")
    create.add_argument("--email", required=True)
    create.add_argument("--first-name", required=True)
    create.add_argument("--last-name", required=True)
    create.add_argument("--role", required=True, choices=[role.value for role in Role])
    create.add_argument("--phone", default="")
    create.add_argument("--territory", type=int, help="its id; needed for agents and senior agents")
    create.add_argument("--manager", type=int, help="the user id of an agent's manager")
    create.set_defaults(run=_create)


def _create(chosen: argparse.Namespace) -> None:
    new = NewUser(
        username=chosen.username,
        email=chosen.email,
        first_name=chosen.first_name,
        last_name=chosen.last_name,
        role=Role(chosen.role),
        phone=chosen.phone,
        territory_id=chosen.territory,
        manager_id=chosen.manager,
    )
    _tell(register(new, actor=SystemActor(), request_id=new_request_id()))


def _reset(chosen: argparse.Namespace) -> None:
    typed = chosen.username.strip().lower()
    with unit_of_work() as db:
        user_id = db.scalar(
            select(User.id).where(or_(func.lower(User.username) == typed, func.lower(User.email) == typed))
        )
    if user_id is None:
        raise NotFound("user", chosen.username)
    _tell(renew_password(user_id, actor=SystemActor()))


def _tell(made: NewSignIn) -> None:
    print(f"User name         {made.username}")
    print(f"Initial password  {made.password}")
    print("It must be changed at the first sign-in, and is shown only now.")


def _list(_chosen: argparse.Namespace) -> None:
    with unit_of_work() as db:
        rows = db.execute(
            select(User.id, User.username, User.role, User.is_active, User.last_login).order_by(
                User.username
            )
        ).all()
    for row in rows:
        state = "active" if row.is_active else "deactivated"
        seen = f"{row.last_login:%Y-%m-%d %H:%M} UTC" if row.last_login else "never signed in"
        print(f"{row.id:>6}  {row.username:<30} {row.role.value:<13} {state:<12} {seen}")
    if not rows:
        print("There are no users. Make the first: ./run user create ... --role admin")
