"""What every table shares: the metadata, key and time columns, and how PostgreSQL enums are made."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any, ClassVar

from sqlalchemy import BigInteger, DateTime, Enum, ForeignKey, Identity, Integer, MetaData, func
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class Base(DeclarativeBase):
    """Declarative base of every model; Mapped[datetime] is always timestamptz."""

    metadata = metadata
    type_annotation_map: ClassVar[dict[Any, Any]] = {datetime: DateTime(timezone=True)}


Key = Annotated[int, mapped_column(BigInteger, Identity(always=False), primary_key=True)]
CreatedAt = Annotated[
    datetime, mapped_column(DateTime(timezone=True), server_default=func.now(), nullable=False)
]
# The database keeps it: a BEFORE UPDATE trigger set by the migrations.
UpdatedAt = Annotated[
    datetime, mapped_column(DateTime(timezone=True), server_default=func.now(), nullable=False)
]


def reference(
    target: str, *, nullable: bool = False, index: bool = True, unique: bool = False
) -> Mapped[Any]:
    """A bigint foreign key column with a restrictive delete, indexed unless said otherwise."""
    return mapped_column(
        BigInteger,
        ForeignKey(target, ondelete="RESTRICT"),
        nullable=nullable,
        index=(index and not unique) or None,
        unique=unique or None,
    )


def pg_enum(values: type[StrEnum], name: str) -> Enum:
    """A PostgreSQL enum type that holds the values (not the names) of a StrEnum."""
    return Enum(values, name=name, values_callable=lambda e: [m.value for m in e])


class Versioned:
    """Optimistic concurrency: the version grows with each ORM update of the row."""

    version: Mapped[int] = mapped_column(Integer, nullable=False, server_default="1")

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:  # noqa: N805  # SQLAlchemy passes the class
        return {"version_id_col": cls.version}
