"""Searches in stages over everything that can be found.

The first stage finds by whole codes, numbers, addresses and names and by their beginnings, the
second by words as parts, the third by likeness; each is one statement of arms, one per index.
Planning is most of the cost of a quick search, so what cannot match is not asked.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Float,
    Select,
    String,
    and_,
    cast,
    func,
    literal,
    select,
    text,
    union_all,
)
from sqlalchemy.orm import Session

from core.access import Permission, Viewer, in_scope
from core.claims.tables import Claim
from core.customers.tables import Customer
from core.kit.fields import like_anywhere
from core.policies.tables import Policy
from core.sales.tables import Lead, Opportunity
from core.search.reading import FEWEST_DIGITS, FEWEST_LETTERS, PHONE_DIGITS, Typed

# Whole identifications come first, then beginnings, parts and likeness.
WHOLE, BEGINNING, PART, ALIKE = range(4)

# With so many hits by a part of a name, likeness is not asked; by all of several words one is enough.
ENOUGH = 5

Condition = ColumnElement[bool]

# The plan is made for what was typed: a generic one could not use an index for LIKE.
_PLANNING = text(
    "select set_config('plan_cache_mode', 'force_custom_plan', true),"
    " set_config('pg_trgm.word_similarity_threshold', '0.55', true),"
    " set_config('pg_trgm.similarity_threshold', '0.5', true)"
)


def found(session: Session, typed: Typed, *, limit: int, by: Viewer) -> list[Any]:
    """The best rows of (kind, id, rank, because, score), each record once.

    A later stage is asked only while the page is short, so most searches are one small statement.
    """
    session.execute(_PLANNING)
    best: dict[tuple[str, int], Any] = {}
    for stage in (_first, _second, _third):
        enough = limit if stage is not _third else 1 if len(typed.words) > 1 else ENOUGH
        if len(best) >= enough or _is_named(best):
            break
        arms = [arm.limit(limit) for arm in stage(typed, by)]
        if not arms:
            continue
        for row in session.execute(union_all(*arms) if len(arms) > 1 else arms[0]):
            key = (row.kind, row.id)
            if key not in best or _order(row) < _order(best[key]):
                best[key] = row
    return sorted(best.values(), key=_order)[:limit]


def _is_named(best: Mapping[tuple[str, int], Any]) -> bool:
    """Whether a code, phone, e-mail or full name has found its record: then nothing else is meant."""
    return any(row.rank == WHOLE for row in best.values())


def _order(row: Any) -> tuple[object, ...]:
    return (row.rank, -row.score, row.kind, row.id)


def _arm(
    kind: str, key: ColumnElement[Any] | Any, rank: int, because: str, *where: Condition, score: Any = None
) -> Select[Any]:
    return select(
        literal(kind).label("kind"),
        key.label("id"),
        literal(rank).label("rank"),
        cast(literal(because), String).label("because"),
        (cast(score if score is not None else literal(0), Float)).label("score"),
    ).where(*where)


def _whole(
    kind: str, key: Any, because: str, scope: Condition, by: Viewer, *where: Condition
) -> Select[Any]:
    """By what names one record: in anybody's book, the viewer's own first."""
    arm = _arm(kind, key, WHOLE, because, *where)
    return arm if by.sees_all else arm.order_by(func.coalesce(scope, False).desc())


_KEPT = func.coalesce(Customer.merged_into_id, Customer.id)


def _live() -> Condition:
    return and_(Customer.archived_at.is_(None), Customer.merged_into_id.is_(None))


def _mine(by: Viewer) -> Condition:
    return in_scope(by, Customer.agent_id, Customer.territory_id)


def _my_leads(by: Viewer) -> Condition:
    return in_scope(by, Lead.assigned_to, Lead.territory_id)


def _my_policies(by: Viewer) -> Condition:
    return in_scope(by, Policy.agent_id, Policy.territory_id)


def _my_claims(by: Viewer) -> Condition:
    return in_scope(by, Claim.agent_id, Claim.territory_id)


def _starts(value: str) -> str:
    """A pattern for LIKE of what begins with the value."""
    return like_anywhere(value)[1:]


def _plain(value: str) -> ColumnElement[str]:
    return func.plain_text(value)


def _first(typed: Typed, by: Viewer) -> list[Select[Any]]:
    arms = [*_whole_codes(typed, by), *_code_parts(typed, by)] if typed.codes else []
    if not by.can(Permission.PII_VIEW):
        return arms
    mine, live = _mine(by), _live()
    arms += _identified(typed, by)
    arms += [
        _arm("customer", Customer.id, BEGINNING, why, live, mine, condition)
        for why, condition in _beginnings(typed)
    ]
    if by.can(Permission.LEADS_VIEW):
        arms += _identified_leads(typed, by)
    return arms


def _whole_codes(typed: Typed, by: Viewer) -> list[Select[Any]]:
    """By whole codes and numbers; those of merged customers find the kept one, archived ones too."""
    coded: tuple[tuple[Permission, str, Any, Any, Condition], ...] = (
        (Permission.CUSTOMERS_VIEW, "customer", _KEPT, Customer.customer_code, _mine(by)),
        (Permission.LEADS_VIEW, "lead", Lead.id, Lead.lead_code, _my_leads(by)),
        (
            Permission.LEADS_VIEW,
            "opportunity",
            Opportunity.id,
            Opportunity.opportunity_code,
            in_scope(by, Opportunity.assigned_to, Opportunity.territory_id),
        ),
        (Permission.POLICIES_VIEW, "policy", Policy.id, Policy.policy_number, _my_policies(by)),
        (Permission.CLAIMS_VIEW, "claim", Claim.id, Claim.claim_number, _my_claims(by)),
    )
    return [
        _whole(kind, key, "code", scope, by, code.in_(typed.codes))
        for permission, kind, key, code, scope in coded
        if by.can(permission) and _may_be(kind, typed)
    ]


_PREFIX = {"customer": "C-", "lead": "L-", "opportunity": "O-", "policy": "P", "claim": "CL-"}


def _may_be(kind: str, typed: Typed) -> bool:
    """Whether any of the codes is one of the kind; policies may have numbers of older systems."""
    return kind == "policy" or any(code.startswith(_PREFIX[kind]) for code in typed.codes)


def _code_parts(typed: Typed, by: Viewer) -> list[Select[Any]]:
    """By the beginning of a code, and by a part of a policy's number."""
    arms = []
    for start in typed.code_starts:
        prefix = start.partition("-")[0]
        if prefix == "C":
            begins = Customer.customer_code.like(_starts(start))
            arms.append(_arm("customer", Customer.id, BEGINNING, "code", begins, _live(), _mine(by)))
        elif prefix == "CL" and by.can(Permission.CLAIMS_VIEW):
            begins = Claim.claim_number.like(_starts(start))
            arms.append(_arm("claim", Claim.id, BEGINNING, "code", begins, _my_claims(by)))
    if typed.policy_part and by.can(Permission.POLICIES_VIEW):
        held = Policy.policy_number.like(like_anywhere(typed.policy_part))
        arms.append(_arm("policy", Policy.id, BEGINNING, "part of its number", held, _my_policies(by)))
    return arms


def _identified(typed: Typed, by: Viewer) -> list[Select[Any]]:
    """Customers by what names one person: whole phone, whole e-mail, whole name, birth date."""
    is_full_name = len(typed.words) > 1 and not typed.born_on
    tests: list[tuple[object, str, Condition]] = [
        (len(typed.digits) == PHONE_DIGITS, "phone", Customer.phone_digits == typed.digits),
        (typed.email, "e-mail", Customer.email_lower == typed.email),
        (is_full_name, "name", Customer.search_name == _plain(typed.name)),
        (typed.born_on and typed.words, "name and date of birth", _born(typed)),
    ]
    arms = [
        _whole("customer", Customer.id, why, _mine(by), by, _live(), condition)
        for known, why, condition in tests
        if known
    ]
    if typed.born_on and not typed.words:
        # So many were born on a day that this names nobody: one's own alone.
        arms.append(_arm("customer", Customer.id, WHOLE, "date of birth", _live(), _mine(by), _born(typed)))
    return arms


def _born(typed: Typed) -> Condition:
    words = [Customer.search_name.like(_plain(like_anywhere(word))) for word in typed.words]
    return and_(Customer.date_of_birth == typed.born_on, *words)


def _identified_leads(typed: Typed, by: Viewer) -> list[Select[Any]]:
    words = (Lead.search_text.like(_plain(like_anywhere(word))) for word in typed.words)
    tests: list[tuple[object, str, Condition]] = [
        (len(typed.digits) == PHONE_DIGITS, "phone", Lead.phone_digits == typed.digits),
        (typed.email, "e-mail", func.lower(Lead.email) == typed.email),
    ]
    arms = [
        _whole("lead", Lead.id, why, _my_leads(by), by, condition)
        for known, why, condition in tests
        if known
    ]
    if typed.born_on:
        born = and_(Lead.date_of_birth == typed.born_on, *words)
        arms.append(_arm("lead", Lead.id, WHOLE, "date of birth", _my_leads(by), born))
    return arms


def _beginnings(typed: Typed) -> Iterable[tuple[str, Condition]]:
    digits = typed.digits
    if FEWEST_DIGITS <= len(digits) < PHONE_DIGITS:
        yield "phone", Customer.phone_digits.like(_starts(digits))
        yield "phone", Customer.phone_reversed.like(_starts(digits[::-1]))
    if typed.email:
        yield "e-mail", Customer.email_lower.like(_starts(typed.email))
    elif typed.local_part and len(typed.words) == 1:
        yield "e-mail", Customer.email_lower.like(_starts(typed.local_part))
    if typed.words and not typed.born_on:
        yield "name", Customer.search_name.like(_plain(_starts(typed.name)))


def _second(typed: Typed, by: Viewer) -> list[Select[Any]]:
    """By words as parts of the name, and by digits anywhere in the phone."""
    if not by.can(Permission.PII_VIEW):
        return []
    arms = []
    mine, live = _mine(by), _live()
    is_long = any(len(word) >= FEWEST_LETTERS for word in typed.words)
    if is_long and not typed.born_on:
        parts = and_(*(Customer.search_name.like(_plain(like_anywhere(word))) for word in typed.words))
        arms.append(_arm("customer", Customer.id, PART, "name", live, mine, parts))
        if by.can(Permission.LEADS_VIEW):
            held = and_(*(Lead.search_text.like(_plain(like_anywhere(word))) for word in typed.words))
            arms.append(_arm("lead", Lead.id, PART, "name", _my_leads(by), held))
    if FEWEST_DIGITS <= len(typed.digits) < PHONE_DIGITS:
        held = Customer.phone_digits.like(like_anywhere(typed.digits))
        arms.append(_arm("customer", Customer.id, PART, "phone", live, mine, held))
    return arms


def _third(typed: Typed, by: Viewer) -> list[Select[Any]]:
    """By likeness of the name and of the e-mail's local part."""
    if not by.can(Permission.PII_VIEW) or typed.born_on:
        return []
    arms = []
    mine, live = _mine(by), _live()
    if any(len(word) >= FEWEST_LETTERS for word in typed.words):
        name = _plain(typed.name)
        score = func.word_similarity(name, Customer.search_name) + func.similarity(
            name, Customer.search_name
        )
        arms.append(
            _arm(
                "customer", Customer.id, ALIKE, "similar name", live, mine,
                name.op("<%", is_comparison=True)(Customer.search_name), score=score,
            ).order_by(score.desc())
        )  # fmt: skip
    if typed.email:
        local = func.lower(typed.local_part)
        score = func.similarity(Customer.email_local, local)
        alike = Customer.email_local.op("%", is_comparison=True)(local)
        arms.append(
            _arm("customer", Customer.id, ALIKE, "similar e-mail", live, mine, alike, score=score).order_by(
                score.desc()
            )
        )
    return arms
