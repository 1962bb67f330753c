"""Import templates, runs, what each run touched, and the keys by which it finds rows again."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Index, LargeBinary, String, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from core.db.base import Base, CreatedAt, Key, UpdatedAt, reference


class ImportTemplate(Base):
    """One row per saved mapping of a file's columns to fields."""

    __tablename__ = "import_templates"

    id: Mapped[Key]
    name: Mapped[str] = mapped_column(String(80), unique=True)
    entity: Mapped[str] = mapped_column(String(40))
    mapping: Mapped[dict[str, Any]] = mapped_column(JSONB)
    created_by: Mapped[int | None] = reference("users.id", nullable=True)
    created_at: Mapped[CreatedAt]
    updated_at: Mapped[UpdatedAt]


class ImportRun(Base):
    """One row per import of a file."""

    __tablename__ = "import_runs"

    id: Mapped[Key]
    entity: Mapped[str] = mapped_column(String(40))
    source: Mapped[str] = mapped_column(String(80))
    template: Mapped[str | None] = mapped_column(String(80))
    file_name: Mapped[str] = mapped_column(String(255))
    file_digest: Mapped[str] = mapped_column(String(64))
    mapping: Mapped[dict[str, Any]] = mapped_column(JSONB)
    header: Mapped[list[str]] = mapped_column(JSONB, server_default="[]")
    state: Mapped[str] = mapped_column(String(20), server_default="running")
    rows_total: Mapped[int] = mapped_column(server_default="0")
    # How far the pass is that only checks, where a file is taken whole or not at all.
    rows_checked: Mapped[int] = mapped_column(server_default="0")
    rows_read: Mapped[int] = mapped_column(server_default="0")
    rows_created: Mapped[int] = mapped_column(server_default="0")
    rows_updated: Mapped[int] = mapped_column(server_default="0")
    rows_unchanged: Mapped[int] = mapped_column(server_default="0")
    rows_failed: Mapped[int] = mapped_column(server_default="0")
    message: Mapped[str | None] = mapped_column(Text)
    started_by: Mapped[int | None] = reference("users.id", nullable=True)
    started_at: Mapped[CreatedAt]
    finished_at: Mapped[datetime | None]
    reverted_at: Mapped[datetime | None]
    reverted_by: Mapped[int | None] = reference("users.id", nullable=True)


class ImportFailure(Base):
    """One row per failing cell or row of a run."""

    __tablename__ = "import_errors"

    id: Mapped[Key]
    run_id: Mapped[int] = reference("import_runs.id")
    line: Mapped[int] = mapped_column(BigInteger)
    column: Mapped[str | None] = mapped_column(String(120))
    value: Mapped[str | None] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text)
    # The row as it stands in the file, in the order of its header.
    cells: Mapped[list[str]] = mapped_column(JSONB)


class ImportedRow(Base):
    """One row per record that a run created or changed, with what it was before."""

    __tablename__ = "imported_rows"
    __table_args__ = (Index("ix_imported_rows_entity_entity_id", "entity", "entity_id"),)

    id: Mapped[Key]
    run_id: Mapped[int] = reference("import_runs.id")
    entity: Mapped[str] = mapped_column(String(40))
    entity_id: Mapped[int] = mapped_column(BigInteger)
    before: Mapped[dict[str, Any] | None] = mapped_column(JSONB)


class ImportKey(Base):
    """One row per foreign key of another system: finds the record that it became here."""

    __tablename__ = "import_keys"
    __table_args__ = (
        Index("uq_import_keys_entity_source_key", "entity", "source", "key", unique=True),
        Index("ix_import_keys_entity_entity_id", "entity", "entity_id"),
    )

    id: Mapped[Key]
    entity: Mapped[str] = mapped_column(String(40))
    source: Mapped[str] = mapped_column(String(80))
    key: Mapped[str] = mapped_column(String(255))
    entity_id: Mapped[int] = mapped_column(BigInteger)
    run_id: Mapped[int | None] = reference("import_runs.id", nullable=True)
    # What the row said when it was last imported; null for records that it only referred to.
    digest: Mapped[bytes | None] = mapped_column(LargeBinary(16))
    # What else the row told, by its columns' names, as the file says it.
    facts: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
