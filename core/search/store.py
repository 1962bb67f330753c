"""One staged statement over everything that can be searched.

The first stage finds by whole codes, numbers, addresses and names and by their beginnings, the
second by words as parts, the third by likeness. A later stage runs only while the page is short:
its conditions stand behind a count of what the stages before have found (facts.md, Search).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    Float,
    Row,
    Select,
    String,
    and_,
    case,
    cast,
    func,
    literal,
    null,
    select,
    text,
    union_all,
)
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session

from core.access import Permission, Viewer, in_scope
from core.access.tables import User
from core.catalog.tables import Product
from core.claims.tables import Claim
from core.customers.tables import Customer
from core.kit.fields import like_anywhere
from core.policies.tables import Policy
from core.sales.tables import Lead, Opportunity
from core.search.reading import FEWEST_DIGITS, FEWEST_LETTERS, PHONE_DIGITS, Typed

# Whole identifications come first, then beginnings, parts and likeness.
WHOLE, BEGINNING, PART, ALIKE = range(4)
FOREIGN_MOST = 5

Condition = ColumnElement[bool]

# The plan is made for what was typed: a generic one could not use an index for LIKE.
_PLANNING = text(
    "select set_config('plan_cache_mode', 'force_custom_plan', true),"
    " set_config('pg_trgm.word_similarity_threshold', '0.55', true),"
    " set_config('pg_trgm.similarity_threshold', '0.5', true)"
)


def found(session: Session, typed: Typed, *, limit: int, by: Viewer) -> list[Row[Any]]:
    """Rows of (kind, id, rank, score, because, is_visible and what is shown), best first."""
    session.execute(_PLANNING)
    return list(session.execute(statement(typed, limit=limit, by=by)))


def statement(typed: Typed, *, limit: int, by: Viewer) -> Select[Any]:
    """The staged statement for one reading of the text and one viewer."""
    stages: list[CTE] = []
    for number, arms in enumerate((_first(typed, by), _second(typed, by), _third(typed, by))):
        guarded = [_limited(arm, limit, stages) for arm in arms]
        if number == 0 and not by.sees_all:
            guarded += [arm.limit(FOREIGN_MOST) for arm in _foreign(typed, by)]
        if guarded:
            stages.append(union_all(*guarded).cte(f"stage_{number}").prefix_with("materialized"))
    everything = union_all(*(select(stage) for stage in stages)).subquery("everything")
    best = (
        select(everything)
        .ext(distinct_on(everything.c.kind, everything.c.id))
        .order_by(everything.c.kind, everything.c.id, everything.c.rank, everything.c.score.desc())
        .subquery("best")
    )
    page = (
        select(best)
        .order_by(best.c.rank, best.c.score.desc(), best.c.kind, best.c.id)
        .limit(limit)
        .cte("page")
        .prefix_with("materialized")
    )
    return _shown(page)


def _limited(arm: Select[Any], limit: int, before: Sequence[CTE]) -> Select[Any]:
    for stage in before:
        counted = select(func.count()).select_from(stage).scalar_subquery()
        arm = arm.where(counted < limit)
    return arm.limit(limit)


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


_KEPT = func.coalesce(Customer.merged_into_id, Customer.id)


def _live() -> Condition:
    return and_(Customer.archived_at.is_(None), Customer.merged_into_id.is_(None))


def _mine(by: Viewer) -> Condition:
    return in_scope(by, Customer.agent_id, Customer.territory_id)


def _my_leads(by: Viewer) -> Condition:
    return in_scope(by, Lead.assigned_to, Lead.territory_id)


def _starts(value: str) -> str:
    """A pattern for LIKE of what begins with the value."""
    return like_anywhere(value)[1:]


def _plain(value: str) -> ColumnElement[str]:
    return func.plain_text(value)


def _first(typed: Typed, by: Viewer) -> list[Select[Any]]:
    arms = _codes(typed, by)
    if not by.can(Permission.PII_VIEW):
        return arms
    mine, live = _mine(by), _live()
    person = [
        *_identified(typed, mine),
        *(
            _arm("customer", Customer.id, BEGINNING, why, live, mine, condition)
            for why, condition in _beginnings(typed)
        ),
    ]
    arms += person
    if by.can(Permission.LEADS_VIEW):
        arms += _identified_leads(typed, _my_leads(by))
    return arms


def _codes(typed: Typed, by: Viewer) -> list[Select[Any]]:
    """By code or number: whole ones, also of merged and archived customers, then beginnings."""
    arms = [
        _arm("customer", _KEPT, WHOLE, "code", Customer.customer_code.in_(typed.codes), _mine(by)),
    ]
    coded: list[tuple[Permission, str, Any, Any, Condition]] = [
        (Permission.LEADS_VIEW, "lead", Lead.id, Lead.lead_code, _my_leads(by)),
        (
            Permission.LEADS_VIEW,
            "opportunity",
            Opportunity.id,
            Opportunity.opportunity_code,
            in_scope(by, Opportunity.assigned_to, Opportunity.territory_id),
        ),
        (
            Permission.POLICIES_VIEW,
            "policy",
            Policy.id,
            Policy.policy_number,
            in_scope(by, Policy.agent_id, Policy.territory_id),
        ),
        (
            Permission.CLAIMS_VIEW,
            "claim",
            Claim.id,
            Claim.claim_number,
            in_scope(by, Claim.agent_id, Claim.territory_id),
        ),
    ]
    for permission, kind, key, code, scope in coded:
        if by.can(permission):
            arms.append(_arm(kind, key, WHOLE, "code", code.in_(typed.codes), scope))
    for start in typed.code_starts:
        prefix = start.partition("-")[0]
        if prefix == "C":
            begins = Customer.customer_code.like(_starts(start))
            arms.append(_arm("customer", Customer.id, BEGINNING, "code", begins, _live(), _mine(by)))
        elif prefix == "CL" and by.can(Permission.CLAIMS_VIEW):
            scope = in_scope(by, Claim.agent_id, Claim.territory_id)
            arms.append(
                _arm("claim", Claim.id, BEGINNING, "code", Claim.claim_number.like(_starts(start)), scope)
            )
    if typed.policy_part and by.can(Permission.POLICIES_VIEW):
        held = Policy.policy_number.like(like_anywhere(typed.policy_part))
        scope = in_scope(by, Policy.agent_id, Policy.territory_id)
        arms.append(_arm("policy", Policy.id, BEGINNING, "part of its number", held, scope))
    return arms


def _identified(typed: Typed, scope: Condition) -> list[Select[Any]]:
    """Customers by what names one person: whole phone, whole e-mail, whole name, birth date."""
    tests: list[tuple[object, str, Condition]] = [
        (len(typed.digits) == PHONE_DIGITS, "phone", Customer.phone_digits == typed.digits),
        (typed.email, "e-mail", Customer.email_lower == typed.email),
        (
            len(typed.words) > 1 and not typed.born_on,
            "name",
            Customer.search_name == _plain(typed.name),
        ),
        (typed.born_on, "date of birth", _born(typed)),
    ]
    return [
        _arm("customer", Customer.id, WHOLE, why, _live(), scope, condition)
        for known, why, condition in tests
        if known
    ]


def _born(typed: Typed) -> Condition:
    words = [Customer.search_name.like(_plain(like_anywhere(word))) for word in typed.words]
    return and_(Customer.date_of_birth == typed.born_on, *words)


def _identified_leads(typed: Typed, scope: Condition) -> list[Select[Any]]:
    tests: list[tuple[object, str, Condition]] = [
        (len(typed.digits) == PHONE_DIGITS, "phone", Lead.phone_digits == typed.digits),
        (typed.email, "e-mail", func.lower(Lead.email) == typed.email),
        (
            typed.born_on,
            "date of birth",
            and_(
                Lead.date_of_birth == typed.born_on,
                *(Lead.search_text.like(_plain(like_anywhere(word))) for word in typed.words),
            ),
        ),
    ]
    return [_arm("lead", Lead.id, WHOLE, why, scope, condition) for known, why, condition in tests if known]


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


def _foreign(typed: Typed, by: Viewer) -> list[Select[Any]]:
    """Customers and leads outside the scope by what names one record, so that the owner is known."""
    outside = ~func.coalesce(_mine(by), False)
    arms = [
        _arm("customer", _KEPT, WHOLE, "code", Customer.customer_code.in_(typed.codes), outside),
        *_identified(typed, outside),
    ]
    if by.can(Permission.LEADS_VIEW):
        others = ~func.coalesce(_my_leads(by), False)
        arms += [
            _arm("lead", Lead.id, WHOLE, "code", Lead.lead_code.in_(typed.codes), others),
            *_identified_leads(typed, others),
        ]
    if by.can(Permission.POLICIES_VIEW):
        others = ~func.coalesce(in_scope(by, Policy.agent_id, Policy.territory_id), False)
        arms.append(_arm("policy", Policy.id, WHOLE, "code", Policy.policy_number.in_(typed.codes), others))
    if by.can(Permission.CLAIMS_VIEW):
        others = ~func.coalesce(in_scope(by, Claim.agent_id, Claim.territory_id), False)
        arms.append(_arm("claim", Claim.id, WHOLE, "code", Claim.claim_number.in_(typed.codes), others))
    return arms


def _shown(page: CTE) -> Select[Any]:
    """The rows of the page with what is shown of them, whichever table they come from."""
    owner_id = func.coalesce(
        Customer.agent_id, Lead.assigned_to, Opportunity.assigned_to, Claim.agent_id, Policy.agent_id
    )
    territory_id = func.coalesce(
        Customer.territory_id,
        Lead.territory_id,
        Opportunity.territory_id,
        Claim.territory_id,
        Policy.territory_id,
    )
    status = case(
        (page.c.kind == "lead", cast(Lead.status, String)),
        (page.c.kind == "opportunity", cast(Opportunity.stage, String)),
        (page.c.kind == "policy", cast(Policy.status, String)),
        (page.c.kind == "claim", cast(Claim.status, String)),
        (Customer.archived_at.is_not(None), "archived"),
        else_=null(),
    )
    holder = Customer.__table__.alias("holder")
    return (
        select(
            page.c.kind,
            page.c.id,
            page.c.rank,
            page.c.because,
            func.coalesce(
                Customer.customer_code,
                Lead.lead_code,
                Opportunity.opportunity_code,
                Claim.claim_number,
                Policy.policy_number,
            ).label("code"),
            func.coalesce(Customer.first_name, Lead.first_name, holder.c.first_name).label("first_name"),
            func.coalesce(Customer.last_name, Lead.last_name, holder.c.last_name).label("last_name"),
            Opportunity.name.label("deal"),
            Product.name.label("product"),
            func.coalesce(Customer.phone_primary, Lead.phone).label("phone"),
            func.coalesce(Customer.date_of_birth, Lead.date_of_birth).label("born_on"),
            func.coalesce(Customer.city, "").label("city"),
            func.coalesce(Customer.state, Lead.state).label("state"),
            status.label("status"),
            func.coalesce(User.first_name + " " + User.last_name, "").label("owner"),
            owner_id.label("owner_id"),
            territory_id.label("territory_id"),
        )
        .select_from(page)
        .outerjoin(Customer, and_(page.c.kind == "customer", Customer.id == page.c.id))
        .outerjoin(Lead, and_(page.c.kind == "lead", Lead.id == page.c.id))
        .outerjoin(Opportunity, and_(page.c.kind == "opportunity", Opportunity.id == page.c.id))
        .outerjoin(Claim, and_(page.c.kind == "claim", Claim.id == page.c.id))
        .outerjoin(
            Policy,
            Policy.id == case((page.c.kind == "policy", page.c.id), else_=Claim.policy_id),
        )
        .outerjoin(Product, Product.id == Policy.product_id)
        .outerjoin(holder, holder.c.id == Policy.customer_id)
        .outerjoin(User, User.id == owner_id)
        .order_by(page.c.rank, page.c.score.desc(), page.c.kind, page.c.id)
    )
