"""Policy entries that agents have begun and not sent in yet."""

from __future__ import annotations

import json
from decimal import Decimal

import numpy as np

from core.demo.columns import Ints, moments, pick, words
from core.demo.company import DEMO_AGENT, DEMO_SENIOR, NEVER
from core.demo.days import DAY, HOUR
from core.demo.products import PRODUCTS
from core.demo.world import World
from core.policies import STEPS, Application, PaymentFrequency
from core.policies.records import to_state

# Every so manieth agent has one; those of the demo sign-ins always do.
EVERY = 4
_TERM = next(index for index, product in enumerate(PRODUCTS) if product.code == "TRM-L")
_COVER = (100_000, 250_000, 400_000)
# As far as a draft without documents can have come.
_SEEN = STEPS[1:4]


def write_drafts(world: World, rng: np.random.Generator, customer: Ints, agent: Ints) -> None:
    """One of a customer's for some agents; `agent` keeps `customer`, element by element."""
    keepers, first = np.unique(agent, return_index=True)
    working = world.company.agents.left[keepers] == NEVER
    wanted = working & ((keepers % EVERY == 1) | np.isin(keepers, (DEMO_AGENT, DEMO_SENIOR)))
    row = first[wanted]
    count = len(row)
    step = np.arange(count) % len(_SEEN)
    cover = rng.integers(0, len(_COVER), count)
    states = [
        _state(world, int(customer[one]), _COVER[amount], knows_terms=bool(at))
        for one, amount, at in zip(row, cover, step, strict=True)
    ]
    at = (world.days.now - rng.integers(1, 9, count)) * DAY + 10 * HOUR
    ids = world.sink.ids("policy_drafts", count)
    made = moments(world.days.utc(at))
    world.sink.write(
        "policy_drafts",
        {
            "id": ids,
            "owner_id": world.agent_user[agent[row]],
            "customer_id": customer[row],
            "request_id": [f"demo-draft-{one}" for one in ids],
            "step": pick(words(_SEEN), step),
            "state": states,
            "created_at": made,
            "updated_at": made,
        },
    )


def _state(world: World, customer: int, cover: int, *, knows_terms: bool) -> str:
    begun = Application(customer_id=customer)
    if knows_terms:
        begun = Application(
            customer_id=customer,
            product_id=int(world.product_id[_TERM]),
            sum_assured=Decimal(cover).quantize(Decimal("0.01")),
            term_years=20,
            payment_frequency=PaymentFrequency.MONTHLY,
        )
    return json.dumps(to_state(begun))
