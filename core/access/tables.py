"""Users, their server-side sessions, and what the sign-in throttle remembers."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index, String, Text
from sqlalchemy.dialects.postgresql import INET
from sqlalchemy.orm import Mapped, mapped_column

from core.access.roles import Role
from core.db.base import Base, CreatedAt, Key, UpdatedAt, Versioned, pg_enum, reference


class User(Versioned, Base):
    """One row per person who signs in."""

    __tablename__ = "users"

    id: Mapped[Key]
    username: Mapped[str] = mapped_column(String(50), unique=True)
    email: Mapped[str] = mapped_column(String(100), unique=True)
    password_hash: Mapped[str] = mapped_column(String(255))
    first_name: Mapped[str] = mapped_column(String(50))
    last_name: Mapped[str] = mapped_column(String(50))
    phone: Mapped[str | None] = mapped_column(String(20))
    role: Mapped[Role] = mapped_column(pg_enum(Role, "user_role"), index=True)
    is_active: Mapped[bool] = mapped_column(server_default="true", default=True)
    last_login: Mapped[datetime | None]
    must_change_password: Mapped[bool] = mapped_column(server_default="false", default=False)
    password_changed_at: Mapped[datetime | None]
    # Invented by demo data, whose password is published.
    is_demo: Mapped[bool] = mapped_column(server_default="false", default=False)
    # Set for the role customer only; customers live above this layer, so the key is by name.
    customer_id: Mapped[int | None] = mapped_column(
        BigInteger,
        ForeignKey("customers.id", ondelete="RESTRICT", use_alter=True),
        index=True,
    )
    created_at: Mapped[CreatedAt]
    updated_at: Mapped[UpdatedAt]


class UserSession(Base):
    """One row per sign-in; the cookie holds the token, the row only its SHA-256."""

    __tablename__ = "user_sessions"

    id: Mapped[Key]
    user_id: Mapped[int] = reference("users.id")
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    # The one-time code that the browser swaps for the cookie; emptied by the swap.
    claim_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    claim_expires_at: Mapped[datetime | None]
    created_at: Mapped[CreatedAt]
    last_seen_at: Mapped[CreatedAt]
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    end_reason: Mapped[str | None] = mapped_column(String(40))
    ip_address: Mapped[str | None] = mapped_column(INET)
    user_agent: Mapped[str | None] = mapped_column(Text)


class SignInAttempt(Base):
    """One row per attempt; account and address are stored as keyed digests."""

    __tablename__ = "sign_in_attempts"
    __table_args__ = (
        Index("ix_sign_in_attempts_account_at", "account", "at"),
        Index("ix_sign_in_attempts_address_at", "address", "at"),
    )

    id: Mapped[Key]
    account: Mapped[str] = mapped_column(String(64))
    address: Mapped[str] = mapped_column(String(64))
    at: Mapped[CreatedAt]
    succeeded: Mapped[bool]
