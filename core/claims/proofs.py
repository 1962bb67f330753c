"""Which documents prove a loss, and which of them somebody still has to send or to verify."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from core.claims.tables import LossType
from core.documents import AskedDocument, DocumentRow
from core.documents.papers import MEDICAL

FORM = "claim_form"
DOCUMENT_KINDS = (
    FORM, "police_report", "invoice", "receipt", "photo", "expert_report", "death_certificate", MEDICAL,
    "other",
)  # fmt: skip

# What a loss of the kind is proven by (D; domain.md section 6 gives the lines and not the papers).
REQUIRED: Mapping[LossType, tuple[str, ...]] = {
    LossType.DEATH: (FORM, "death_certificate"),
    LossType.CRITICAL_ILLNESS: (FORM, MEDICAL),
    LossType.DISABILITY: (FORM, MEDICAL),
    LossType.HOSPITALISATION: (FORM, MEDICAL, "invoice"),
    LossType.OUTPATIENT: (FORM, "invoice"),
    LossType.COLLISION: (FORM, "photo", "invoice"),
    LossType.COMPREHENSIVE: (FORM, "photo", "invoice"),
    LossType.BODILY_INJURY: (FORM, "police_report", MEDICAL),
    LossType.PROPERTY_DAMAGE: (FORM, "photo", "invoice"),
    LossType.THEFT: (FORM, "police_report"),
    LossType.FIRE: (FORM, "photo", "expert_report"),
    LossType.WATER: (FORM, "photo", "invoice"),
    LossType.WEATHER: (FORM, "photo", "invoice"),
    LossType.LIABILITY: (FORM, "expert_report"),
    LossType.OTHER: (FORM,),
}


def missing(loss_type: LossType, verified: Collection[str]) -> tuple[str, ...]:
    """The required kinds of which no document has been verified."""
    return tuple(kind for kind in REQUIRED[loss_type] if kind not in verified)


def asked(loss_type: LossType, rows: Sequence[DocumentRow]) -> tuple[AskedDocument, ...]:
    """Every required kind with the best document that there is, one that is verified before others."""
    found = []
    for kind in REQUIRED[loss_type]:
        there = [one for one in rows if one.kind == kind]
        best = next((one for one in there if one.is_verified), there[0] if there else None)
        found.append(AskedDocument(kind, "", best))
    return tuple(found)
