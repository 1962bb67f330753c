"""Rows of customers: themselves, further contacts, identity checks, consents and notes."""

from __future__ import annotations

import numpy as np

from core.demo.columns import (
    Bools,
    Column,
    Ints,
    choose,
    dates,
    digits,
    joined,
    moments,
    optional,
    pick,
    words,
)
from core.demo.days import DAY, plus_months
from core.demo.documents import write_proofs
from core.demo.history import Steps
from core.demo.kin import families, write_relations
from core.demo.leads import SOURCES
from core.demo.people import AREA_CODE, GENDER, INCOME, MARITAL, OCCUPATION, People, addresses
from core.demo.risks import Book, assessed
from core.demo.world import SUPPORT, UNDERWRITER, World

SOURCE = words([s.name for s in SOURCES])
KINDS = words(["mobile", "email"])
KYC_STATUSES = ("not_started", "pending", "verified", "rejected", "expired")
KYC = words(KYC_STATUSES)
NOT_STARTED, PENDING, VERIFIED, REJECTED, EXPIRED = range(5)
REASONS = (
    "",
    "The proof of identity is not legible.",
    "Holds a public office; the source of the money was looked at.",
)
# As many as there can have been when every year has one.
REVIEWS = 7
MARRIED = 1
# Seconds from the entry of a customer to their first application.
BEFORE_SALE = 600
CHANNELS = words(["email", "phone", "post"])
PURPOSES = words(["service", "marketing"])
CONSENT_TEXT = "2024-01"
NOTES = words(
    [
        "Pays on the first of the month.",
        "Moved last year, new address confirmed.",
        "Prefers letters to e-mail.",
        "Wants a yearly review in January.",
        "Son is about to get his driving licence.",
        "Asked about a lower deductible.",
    ]
)


def write_customers(
    world: World,
    rng: np.random.Generator,
    people: People,
    ids: Ints,
    agent: Ints,
    source: Ints,
    first_sale: Ints,
    accounts: Ints,
    book: Book,
) -> None:
    """Write them with everything that belongs to a person rather than to a policy.

    Risks are scored as of today, by what they hold and have claimed.
    """
    count, company = len(ids), world.company
    area = company.agents.area_on(agent, first_sale // DAY)
    keeper = company.present(agent)
    occupation = rng.integers(0, len(OCCUPATION), count)
    age = (world.days.now - people.born) / 365.25
    single = np.interp(age, [20, 30, 45, 80], [0.9, 0.5, 0.2, 0.1])
    marital = np.where(rng.random(count) < single, 0, np.searchsorted([0.8, 0.95], rng.random(count)) + 1)
    at = moments(world.days.utc(first_sale - BEFORE_SALE))
    employed = rng.random(count) < 0.06
    is_pep = rng.random(count) < 0.002
    entered = (first_sale - BEFORE_SALE) // DAY
    risks = assessed(world.days, people.born, entered, occupation, is_pep, book)
    identity, was_verified = _identity(world, rng, agent, first_sale, risks.review_months, is_pep)
    kyc, since = identity.last()
    review = plus_months(since // DAY, risks.review_months)
    kin = families(people)
    marital[kin.couples()] = MARRIED
    world.sink.write(
        "customers",
        {
            "id": ids,
            "customer_code": joined("C-", digits(world.sink.codes("customer_code_seq", count), 6)),
            "first_name": people.first_name,
            "last_name": people.last_name,
            "date_of_birth": dates(people.born),
            "gender": pick(GENDER, people.gender),
            "email": people.email,
            "phone_primary": people.phone,
            **addresses(rng, people, kin.homes(count)),
            "country": "USA",
            "occupation": pick(OCCUPATION, occupation),
            "income_range": pick(INCOME, occupation, rng.random(count) < 0.08),
            "marital_status": pick(MARITAL, marital),
            "has_children": (marital > 0) & (rng.random(count) < 0.6),
            "source": pick(SOURCE, source),
            "agent_id": world.agent_user[keeper],
            "territory_id": world.territory_id[area],
            "account_id": optional(accounts[rng.integers(0, len(accounts), count)], ~employed),
            "kyc_status": pick(KYC, kyc),
            "status_changed_at": moments(world.days.utc(since)),
            "kyc_review_on": dates(review, kyc != VERIFIED),
            "is_pep": is_pep,
            "risk_score": optional(risks.score, ~was_verified),
            "risk_band": pick(risks.band, np.arange(count), ~was_verified),
            "risk_reasons": pick(risks.reasons, np.arange(count), ~was_verified),
            "created_at": at,
            "updated_at": moments(world.days.utc(since)),
        },
    )
    identity.write(world, "customer", ids, KYC_STATUSES, REASONS)
    is_proven = (kyc == VERIFIED) | (kyc == EXPIRED)
    write_proofs(world, rng, ids, agent, first_sale, is_proven, kyc == NOT_STARTED)
    write_relations(world, kin, ids, first_sale)
    _write_contacts(world, rng, people, ids, first_sale)
    _write_consents(world, rng, ids, agent, first_sale)
    _write_notes(world, rng, ids, agent, first_sale)


def _identity(
    world: World,
    rng: np.random.Generator,
    agent: Ints,
    first_sale: Ints,
    review_months: Ints,
    is_pep: Bools,
) -> tuple[Steps, Bools]:
    """The identity check: started by the agent, passed by support, looked at again when it is due.

    Who was ever verified comes with it. Of a politically exposed person a senior decides.
    """
    count, midnight = len(first_sale), world.days.midnight
    seller, role = world.agent_user[agent], world.agent_role[agent]
    desk, seniors = world.user_id[world.company.support], world.user_id[world.company.underwriters]
    checker = np.where(
        is_pep, seniors[rng.integers(0, len(seniors), count)], desk[rng.integers(0, len(desk), count)]
    )
    by = {
        "actor": checker,
        "role": np.where(is_pep, UNDERWRITER, SUPPORT),
        "reason": np.where(is_pep, 2, 0),
    }
    wanted = choose(rng, count, [0.04, 0.05])
    steps = Steps(count)
    steps.add(NOT_STARTED, first_sale - BEFORE_SALE, actor=seller, role=role)
    steps.add(PENDING, first_sale, where=wanted != 0, actor=seller, role=role)
    checked_at = first_sale + 2 * DAY
    refused = (wanted == 1) & (checked_at < midnight)
    steps.add(REJECTED, checked_at, where=refused, actor=checker, role=by["role"], reason=1)
    was_verified = (wanted == 2) & (checked_at < midnight)
    steps.add(VERIFIED, checked_at, where=was_verified, **by)
    # Now and then nobody looks again in time.
    overlooked = rng.random(count) < 0.06
    passed = was_verified
    for _ in range(REVIEWS):
        due = plus_months(checked_at // DAY, review_months) * DAY + checked_at % DAY
        passed = passed & (due < midnight)
        steps.add(EXPIRED, due, where=passed)
        checked_at = due + 3 * DAY
        passed = passed & ~overlooked & (checked_at < midnight)
        steps.add(PENDING, due + DAY, where=passed, actor=seller, role=role)
        steps.add(VERIFIED, checked_at, where=passed, **by)
    return steps, was_verified


def _write_contacts(world: World, rng: np.random.Generator, people: People, ids: Ints, since: Ints) -> None:
    for kind, share, values in ((0, 0.4, people.phone), (1, 0.2, people.email)):
        row = np.flatnonzero(rng.random(len(ids)) < share)
        value: Column = values.take(row)
        if kind == 1:
            value = joined("work.", value)
        else:
            area = pick(AREA_CODE, people.city[row])
            value = joined("+1 ", area, "-555-", digits(rng.integers(0, 10_000, len(row)), 4))
        at = moments(world.days.utc(since[row]))
        world.sink.write(
            "contacts",
            {
                "id": world.sink.ids("contacts", len(row)),
                "customer_id": ids[row],
                "contact_type": pick(KINDS, np.full(len(row), kind)),
                "contact_value": value,
                "is_preferred": rng.random(len(row)) < 0.3,
                "is_valid": rng.random(len(row)) < 0.97,
                "created_at": at,
                "updated_at": at,
            },
        )


def _write_consents(world: World, rng: np.random.Generator, ids: Ints, agent: Ints, since: Ints) -> None:
    """Service by e-mail from nearly everybody, marketing from half; a few withdrew it later."""
    nearly, half = rng.random(len(ids)) < 0.97, rng.random(len(ids)) < 0.5
    withdrew = half & (rng.random(len(ids)) < 0.12) & (since < world.days.midnight - 90 * DAY)
    for where, purpose, granted, delay in (
        (nearly, 0, True, 0),
        (half, 1, True, 0),
        (withdrew, 1, False, 60 * DAY),
    ):
        row = np.flatnonzero(where)
        world.sink.write(
            "consents",
            {
                "id": world.sink.ids("consents", len(row)),
                "customer_id": ids[row],
                "channel": pick(CHANNELS, np.zeros(len(row), dtype=np.int64)),
                "purpose": pick(PURPOSES, np.full(len(row), purpose)),
                "is_granted": granted,
                "text_version": CONSENT_TEXT,
                "at": moments(world.days.utc(since[row] + delay)),
                "recorded_by": world.agent_user[agent[row]],
            },
        )


def _write_notes(world: World, rng: np.random.Generator, ids: Ints, agent: Ints, since: Ints) -> None:
    row = np.flatnonzero((rng.random(len(ids)) < 0.12) & (since < world.days.midnight - 30 * DAY))
    world.sink.write(
        "customer_notes",
        {
            "id": world.sink.ids("customer_notes", len(row)),
            "customer_id": ids[row],
            "body": pick(NOTES, rng.integers(0, len(NOTES), len(row))),
            "created_by": world.agent_user[agent[row]],
            "created_at": moments(world.days.utc(since[row] + 20 * DAY)),
        },
    )
