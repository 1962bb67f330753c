"""Runs of the refresh that copies PostgreSQL to DuckDB."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, String, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from core.db.base import Base, CreatedAt, Key, reference


class RefreshRun(Base):
    """One row per run: how far it is, and how it ended."""

    __tablename__ = "refresh_runs"

    id: Mapped[Key]
    state: Mapped[str] = mapped_column(String(20), server_default="running", index=True)
    step: Mapped[str] = mapped_column(String(80), server_default="Starting")
    progress: Mapped[int] = mapped_column(server_default="0")
    started_by: Mapped[int | None] = reference("users.id", nullable=True)
    started_at: Mapped[CreatedAt]
    heartbeat_at: Mapped[CreatedAt]
    finished_at: Mapped[datetime | None]
    published_version: Mapped[str | None] = mapped_column(String(40))
    rows_copied: Mapped[int | None] = mapped_column(BigInteger)
    checks: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default="{}")
    message: Mapped[str | None] = mapped_column(Text)
