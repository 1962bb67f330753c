"""Documents of customers and claims: every row opens a real file that says what it stands for."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np

from core.claims.proofs import FORM, REQUIRED
from core.claims.tables import LossType
from core.demo.claims import LOSS_TYPES, Claims
from core.demo.columns import Bools, Column, Ints, moments, optional
from core.demo.days import DAY, in_office_hours
from core.demo.policies import Policies
from core.demo.world import World

FOLDER = "demo"
# (document type, file name, title)
PROOFS = (
    ("id_proof", "driving-licence.pdf", "Driving licence"),
    ("address_proof", "utility-bill.pdf", "Utility bill"),
)
CONTRACT = ("policy_contract", "policy-contract.pdf", "Policy contract")
CLAIM_PAPERS = (
    ("claim_form", "claim-form.pdf", "Claim form"),
    ("police_report", "police-report.pdf", "Police report"),
    ("invoice", "invoice.pdf", "Invoice"),
    ("photo", "photos.pdf", "Photos of the damage"),
    ("expert_report", "expert-report.pdf", "Report of an expert"),
    ("medical_report", "medical-report.pdf", "Medical report"),
    ("death_certificate", "death-certificate.pdf", "Death certificate"),
)
# How many of the papers have come in while they are still collected.
ARRIVED = 0.6


def make_files(storage: Path) -> None:
    """Write the files that the rows point to, into the folder `demo` of the storage."""
    folder = storage / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    for _, name, title in (*PROOFS, CONTRACT, *CLAIM_PAPERS):
        (folder / name).write_bytes(pdf(title))


def pdf(title: str) -> bytes:
    """A one-page PDF (ISO 32000-1, 7.5) with the title and the word demo on it."""
    content = (
        f"BT /F1 24 Tf 72 700 Td ({title}) Tj 0 -40 Td /F1 12 Tf (Demo data: an invented document.) Tj ET"
    )
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        (
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R"
            " /Resources << /Font << /F1 5 0 R >> >> >>"
        ),
        f"<< /Length {len(content)} >>\nstream\n{content}\nendstream",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    body, starts = b"%PDF-1.4\n", []
    for number, text in enumerate(objects, start=1):
        starts.append(len(body))
        body += f"{number} 0 obj\n{text}\nendobj\n".encode("ascii")
    table = "".join(f"{start:010d} 00000 n \n" for start in starts)
    size = len(objects) + 1
    trailer = f"trailer\n<< /Size {size} /Root 1 0 R >>\nstartxref\n{len(body)}\n%%EOF\n"
    return body + f"xref\n0 {size}\n0000000000 65535 f \n{table}{trailer}".encode("ascii")


def _file(paper: tuple[str, str, str]) -> dict[str, Column]:
    """What every row says of its file."""
    kind, name, title = paper
    content = pdf(title)
    return {
        "document_type": kind,
        "document_name": title,
        "file_path": f"{FOLDER}/{name}",
        "content_type": "application/pdf",
        "size_bytes": len(content),
        "sha256": hashlib.sha256(content).hexdigest(),
    }


def write_proofs(
    world: World,
    rng: np.random.Generator,
    customer: Ints,
    agent: Ints,
    since: Ints,
    is_verified: Bools,
    has_none: Bools,
) -> None:
    """Proofs of identity and address; those of customers whose identity is verified were looked at."""
    for paper in PROOFS:
        row = np.flatnonzero(~has_none)
        verified = is_verified[row]
        checker = _someone(world.user_id[world.company.support], rng, len(row))
        at = since[row]
        world.sink.write(
            "customer_documents",
            {
                "id": world.sink.ids("customer_documents", len(row)),
                "customer_id": customer[row],
                **_file(paper),
                "upload_date": moments(world.days.utc(at)),
                "uploaded_by": world.agent_user[agent[row]],
                "verified": verified,
                "verified_by": optional(checker, ~verified),
                "verified_at": moments(world.days.utc(at + DAY), ~verified),
                "updated_at": moments(world.days.utc(np.where(verified, at + DAY, at))),
            },
        )


def write_contracts(world: World, rng: np.random.Generator, policies: Policies) -> None:
    """Contracts of issued policies, put there by the underwriters."""
    row = np.flatnonzero(policies.is_issued & (rng.random(len(policies)) < 0.8))
    at = in_office_hours(policies.issue[row] * DAY + DAY // 2)
    world.sink.write(
        "customer_documents",
        {
            "id": world.sink.ids("customer_documents", len(row)),
            "customer_id": policies.customer[row],
            "policy_id": policies.id[row],
            **_file(CONTRACT),
            "upload_date": moments(world.days.utc(at)),
            "uploaded_by": _someone(world.user_id[world.company.underwriters], rng, len(row)),
            "updated_at": moments(world.days.utc(at)),
        },
    )


def write_claim_papers(world: World, rng: np.random.Generator, claims: Claims) -> None:
    """The papers that each loss asks for, verified by somebody else before it was assessed.

    Of claims whose papers are being collected some are still to come.
    """
    asked_for = claims.times[:, 0] < world.days.midnight
    checked = claims.times[:, 2] < world.days.midnight
    arrived = asked_for & (checked | (rng.random(len(claims)) < ARRIVED))
    support = world.user_id[world.company.support]
    pick = rng.integers(0, len(support), len(claims))
    for paper in CLAIM_PAPERS:
        kind = paper[0]
        needs = np.array([kind in REQUIRED[LossType(loss)] for loss in LOSS_TYPES.to_pylist()])
        row = np.flatnonzero((asked_for if kind == FORM else arrived) & needs[claims.peril])
        at, done = claims.times[row, 0], checked[row]
        checker = support[(pick[row] + 1) % len(support)]
        world.sink.write(
            "claim_documents",
            {
                "id": world.sink.ids("claim_documents", len(row)),
                "claim_id": claims.id[row],
                **_file(paper),
                "upload_date": moments(world.days.utc(at)),
                "uploaded_by": support[pick[row]],
                "verified": done,
                "verified_by": optional(checker, ~done),
                "verified_at": moments(world.days.utc(at + 3_600), ~done),
                "updated_at": moments(world.days.utc(at)),
            },
        )


def _someone(users: Ints, rng: np.random.Generator, count: int) -> Ints:
    return users[rng.integers(0, len(users), count)]
