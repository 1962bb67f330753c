"""Documents of customers; files themselves lie in the storage folder under generated names."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import BigInteger, CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from core.db.base import Base, CreatedAt, Key, UpdatedAt, pg_enum, reference


class DocumentType(StrEnum):
    """What a document proves."""

    ID_PROOF = "id_proof"
    ADDRESS_PROOF = "address_proof"
    INCOME_PROOF = "income_proof"
    APPLICATION = "application"
    MEDICAL_REPORT = "medical_report"
    POLICY_CONTRACT = "policy_contract"
    OTHER = "other"


class Withdrawable:
    """A document that may be withdrawn: when, by whom and why; null for all others."""

    withdrawn_at: Mapped[datetime | None]
    withdrawn_by: Mapped[int | None] = reference("users.id", nullable=True)
    withdrawn_reason: Mapped[str | None] = mapped_column(String(255))


def withdrawal_is_whole() -> CheckConstraint:
    """Somebody has withdrawn what is withdrawn."""
    return CheckConstraint("(withdrawn_at is null) = (withdrawn_by is null)", name="withdrawal_is_whole")


class CustomerDocument(Withdrawable, Base):
    """One row per file of a customer."""

    __tablename__ = "customer_documents"
    __table_args__ = (withdrawal_is_whole(),)

    id: Mapped[Key]
    customer_id: Mapped[int] = reference("customers.id")
    policy_id: Mapped[int | None] = reference("policies.id", nullable=True)
    # The entry that it was uploaded in; with its submission the document belongs to the policy too.
    draft_id: Mapped[int | None] = reference("policy_drafts.id", nullable=True)
    document_type: Mapped[DocumentType] = mapped_column(pg_enum(DocumentType, "document_type"))
    document_name: Mapped[str] = mapped_column(String(100))
    file_path: Mapped[str] = mapped_column(String(255))
    upload_date: Mapped[CreatedAt]
    uploaded_by: Mapped[int] = reference("users.id")
    verified: Mapped[bool] = mapped_column(server_default="false", default=False)
    verified_by: Mapped[int | None] = reference("users.id", nullable=True)
    verified_at: Mapped[datetime | None]
    notes: Mapped[str | None] = mapped_column(String(255))
    content_type: Mapped[str | None] = mapped_column(String(100))
    size_bytes: Mapped[int | None] = mapped_column(BigInteger)
    sha256: Mapped[str | None] = mapped_column(String(64))
    expires_on: Mapped[date | None] = mapped_column(index=True)
    updated_at: Mapped[UpdatedAt]
