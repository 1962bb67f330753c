"""Tables of the mechanisms: once-only ids and numbering counters."""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger, String
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from core.db.base import Base, CreatedAt


class OnceKey(Base):
    """One row per once-only request: what it asked and what it was answered."""

    __tablename__ = "once_keys"

    request_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    action: Mapped[str] = mapped_column(String(80))
    fingerprint: Mapped[str] = mapped_column(String(64))
    answer: Mapped[Any] = mapped_column(JSONB, nullable=True)
    actor_id: Mapped[int | None] = mapped_column(BigInteger)
    created_at: Mapped[CreatedAt]


class CodeCounter(Base):
    """One row per series of gapless numbers; its row lock is what keeps them gapless."""

    __tablename__ = "code_counters"

    series: Mapped[str] = mapped_column(String(40), primary_key=True)
    last_number: Mapped[int] = mapped_column(BigInteger, server_default="0")
