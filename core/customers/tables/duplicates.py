"""Records of one person: comparisons, pairs, decisions and merges."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, Index, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from core.db.base import Base, CreatedAt, Key, reference


class CustomerMerge(Base):
    """One row per merge: which record went into which, and what was moved, so it can be undone."""

    __tablename__ = "customer_merges"

    id: Mapped[Key]
    kept_id: Mapped[int] = reference("customers.id")
    merged_id: Mapped[int] = reference("customers.id")
    moved: Mapped[dict[str, Any]] = mapped_column(JSONB)
    reason: Mapped[str | None] = mapped_column(Text)
    merged_by: Mapped[int | None] = reference("users.id", nullable=True)
    merged_at: Mapped[CreatedAt]
    undone_by: Mapped[int | None] = reference("users.id", nullable=True)
    undone_at: Mapped[datetime | None]


class NotDuplicate(Base):
    """One row per pair that somebody looked at and found to be two people; lower id first."""

    __tablename__ = "not_duplicates"
    __table_args__ = (
        CheckConstraint("first_id < second_id", name="lower_id_first"),
        Index("uq_not_duplicates_first_id_second_id", "first_id", "second_id", unique=True),
    )

    id: Mapped[Key]
    first_id: Mapped[int] = reference("customers.id", index=False)
    second_id: Mapped[int] = reference("customers.id")
    decided_by: Mapped[int | None] = reference("users.id", nullable=True)
    decided_at: Mapped[CreatedAt]


class DuplicateRun(Base):
    """One row per comparison of all customers with one another: how far it is, and how it ended."""

    __tablename__ = "duplicate_runs"

    id: Mapped[Key]
    started_by: Mapped[int | None] = reference("users.id", nullable=True)
    started_at: Mapped[CreatedAt]
    heartbeat_at: Mapped[CreatedAt]
    finished_at: Mapped[datetime | None]
    progress: Mapped[int] = mapped_column(server_default="0")
    compared: Mapped[int | None]
    found: Mapped[int | None]
    # Why it failed; empty when it did not.
    message: Mapped[str | None] = mapped_column(Text)


class DuplicatePair(Base):
    """One row per pair that the last comparison held for one person; lower id first."""

    __tablename__ = "duplicate_pairs"
    __table_args__ = (
        CheckConstraint("first_id < second_id", name="lower_id_first"),
        Index("ix_duplicate_pairs_run_id_id", "run_id", "id"),
    )

    id: Mapped[Key]
    run_id: Mapped[int] = reference("duplicate_runs.id", index=False)
    first_id: Mapped[int] = reference("customers.id")
    second_id: Mapped[int] = reference("customers.id")
    bits: Mapped[float]
    reasons: Mapped[list[str]] = mapped_column(JSONB)
