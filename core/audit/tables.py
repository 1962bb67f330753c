"""The audit log and the status history; both only ever grow."""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger, Index, LargeBinary, String, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from core.db.base import Base, CreatedAt, Key


class AuditEntry(Base):
    """One row per thing done. A trigger chains the hashes and refuses changes and deletes."""

    __tablename__ = "audit_log"
    __table_args__ = (
        Index("ix_audit_log_entity_entity_id_id", "entity", "entity_id", "id"),
        Index("ix_audit_log_actor_id_id", "actor_id", "id"),
        Index("ix_audit_log_action_id", "action", "id"),
        Index("ix_audit_log_at", "at"),
    )

    id: Mapped[Key]
    at: Mapped[CreatedAt]
    actor_id: Mapped[int | None] = mapped_column(BigInteger)
    actor_role: Mapped[str] = mapped_column(String(30))
    action: Mapped[str] = mapped_column(String(80))
    entity: Mapped[str] = mapped_column(String(40))
    entity_id: Mapped[int | None] = mapped_column(BigInteger)
    reference: Mapped[str | None] = mapped_column(String(40))
    details: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default="{}")
    hash: Mapped[bytes] = mapped_column(LargeBinary(32))


class StatusChange(Base):
    """One row per status change of any entity that has a lifecycle."""

    __tablename__ = "status_history"
    __table_args__ = (
        Index("ix_status_history_entity_entity_id_id", "entity", "entity_id", "id"),
        Index("ix_status_history_entity_to_status_at", "entity", "to_status", "at"),
    )

    id: Mapped[Key]
    entity: Mapped[str] = mapped_column(String(40))
    entity_id: Mapped[int] = mapped_column(BigInteger)
    from_status: Mapped[str | None] = mapped_column(String(40))
    to_status: Mapped[str] = mapped_column(String(40))
    actor_id: Mapped[int | None] = mapped_column(BigInteger)
    actor_role: Mapped[str] = mapped_column(String(30))
    at: Mapped[CreatedAt]
    reason: Mapped[str | None] = mapped_column(Text)
