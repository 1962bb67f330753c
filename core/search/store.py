"""Searches in stages over everything that can be found.

The first stage finds by whole codes, numbers, addresses and names and by their beginnings, the
second by words as parts, the third by names and addresses a slip away, the fourth by one right word
and the likeness of the others, the last by likeness alone; each is one statement of arms, one per index.
Planning is most of the cost of a quick search, so what cannot match is not asked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Select,
    Text,
    and_,
    cast,
    func,
    or_,
    select,
    text,
    union_all,
)
from sqlalchemy.orm import Session, aliased

from core.access import Permission, Viewer
from core.customers.tables import Contact, Customer
from core.kit.fields import like_anywhere
from core.policies.tables import Policy
from core.sales.tables import Lead
from core.search import near_emails
from core.search.arms import (
    ALIKE,
    BEGINNING,
    PART,
    WHOLE,
    Coded,
    Condition,
    Named,
    arm_of,
    coded,
    live,
    mine_of,
    my_leads,
    my_policies,
    named,
    plain,
    starts,
    whole,
)
from core.search.near_names import Whose, near, spellings
from core.search.reading import FEWEST_DIGITS, FEWEST_LETTERS, PHONE_DIGITS, Typed

# With so many hits by a part of a name, likeness is not asked; of several words or an address one is
# enough.
ENOUGH = 5

# Among what begins with the words typed: a last name to the letter before one that begins so.
WHOLE_NAME, NAME_BEGINS = 2.0, 1.0
# So many spellings of a name are looked for with a middle name as well.
MOST_BETWEEN = 4
# More than there can be; in it the place of a spelling is a fraction of a score.
MOST_SPELLED = 1_000.0

# First and last names that are near, by whose they are, looked up when they are first asked for.
Spelled = Callable[[], Mapping[Whose, Sequence[tuple[str, str]]]]

# The plan is made for what was typed: a generic one could not use an index for LIKE.
_PLANNING = text(
    "select set_config('plan_cache_mode', 'force_custom_plan', true),"
    " set_config('pg_trgm.word_similarity_threshold', :words, true),"
    " set_config('pg_trgm.similarity_threshold', '0.5', true)"
)
# How alike words have to be: where another word is right, and where likeness is all there is.
NARROWED, ALONE = "0.3", "0.55"


def found(session: Session, typed: Typed, *, limit: int, by: Viewer) -> list[Any]:
    """The best rows of (kind, id, rank, because, score), each record once.

    A later stage is asked only while the page is short, so most searches are one small statement.
    """
    session.execute(_PLANNING, {"words": NARROWED})
    best: dict[tuple[str, int], Any] = {}
    few = 1 if len(typed.words) > 1 or typed.email else ENOUGH
    spelled = cache(lambda: spellings(session, typed.words, [one.kind for one in named(by)]))
    stages: tuple[tuple[Callable[[], list[Select[Any]]], int], ...] = (
        (lambda: _first(typed, by), limit),
        (lambda: _second(typed, by), limit),
        (lambda: _near_emails(typed, by), few),
        (lambda: _near_last_names(session, typed, by) or _near_names(spelled, typed, by), few),
        (lambda: _one_right(spelled, typed, by), ENOUGH),
        (lambda: _alike(session, typed, by), few),
    )
    for stage, enough in stages:
        if len(best) >= enough or _is_named(best):
            break
        arms = [arm.limit(limit) for arm in stage()]
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
    """The surest first; of those that fit alike the newest."""
    return (row.rank, -row.score, row.kind, -row.id)


def _people(by: Viewer, rank: int, because: str, *where: Condition, score: Any = None) -> Select[Any]:
    """An arm over the viewer's live customers."""
    return arm_of("customer", Customer.id, rank, because, live(), mine_of(by), *where, score=score)


def _alike_in_name(one: Named, *where: Condition, score: Any) -> Select[Any]:
    """An arm over the viewer's records of a kind whose names are like what was typed."""
    return arm_of(one.kind, one.key, ALIKE, "similar name", one.scope, *where, score=score)


def _first(typed: Typed, by: Viewer) -> list[Select[Any]]:
    arms = [*_whole_codes(typed, by), *_code_parts(typed, by)] if typed.codes else []
    if not by.can(Permission.PII_VIEW):
        return arms
    arms += _identified(typed, by)
    arms += [_people(by, BEGINNING, why, condition) for why, condition in _beginnings(typed)]
    arms += _last_names(typed, by)
    if by.can(Permission.LEADS_VIEW):
        arms += _identified_leads(typed, by)
    return arms


def _whole_codes(typed: Typed, by: Viewer) -> list[Select[Any]]:
    """By whole codes and numbers; those of merged customers find the kept one, archived ones too."""
    return [
        whole(one.kind, one.key, "code", one.scope, by, one.code.in_(typed.codes))
        for one in coded(by)
        if _may_be(one, typed)
    ]


def _may_be(one: Coded, typed: Typed) -> bool:
    """Whether any of the codes is one of the kind; policies may have numbers of older systems."""
    return one.kind == "policy" or any(code.startswith(f"{one.prefix}-") for code in typed.codes)


def _code_parts(typed: Typed, by: Viewer) -> list[Select[Any]]:
    """By what a code begins with or holds, the newest first, and by a part of a policy's number."""
    known = {one.prefix: one for one in coded(by)}
    arms = []
    for prefix, digits in typed.code_starts:
        if prefix not in known:
            continue
        one = known[prefix]
        begins = one.code.like(starts(f"{prefix}-{digits}"))
        among = (one.scope, live()) if prefix == "C" else (one.scope,)
        arms.append(arm_of(one.kind, one.own_key, BEGINNING, "code", begins, *among))
        if len(digits) >= FEWEST_LETTERS:
            held = one.code.like(like_anywhere(digits))
            arms.append(
                arm_of(one.kind, one.own_key, PART, "part of its code", held, *among).order_by(
                    one.own_key.desc()
                )
            )
    if typed.policy_part and "P" in known:
        held = Policy.policy_number.like(like_anywhere(typed.policy_part))
        arms.append(arm_of("policy", Policy.id, BEGINNING, "part of its number", held, my_policies(by)))
    return arms


def _identified(typed: Typed, by: Viewer) -> list[Select[Any]]:
    """Customers by what names one person: whole phone, whole e-mail, whole name, birth date."""
    is_whole_number = len(typed.digits) == PHONE_DIGITS
    tests: list[tuple[object, str, Condition]] = [
        (is_whole_number, "phone", Customer.phone_digits == typed.digits),
        (is_whole_number, "second phone", Customer.second_digits == typed.digits),
        (is_whole_number, "further phone", _further(Contact.digits == typed.digits)),
        (typed.email, "e-mail", Customer.email_lower == typed.email),
        (typed.email, "further e-mail", _further(Contact.email_lower == typed.email)),
        (_is_full_name(typed), "name", _has_full_name(Customer.search_name, typed)),
        (typed.born_on and typed.words, "name and date of birth", _born(typed)),
    ]
    arms = [
        whole("customer", Customer.id, why, mine_of(by), by, live(), condition)
        for known, why, condition in tests
        if known
    ]
    if typed.born_on and not typed.words:
        # So many were born on a day that this names nobody: one's own alone.
        arms.append(_people(by, WHOLE, "date of birth", _born(typed)))
    return arms


def _is_full_name(typed: Typed) -> bool:
    return len(typed.words) > 1 and not typed.born_on


def _has_full_name(column: Any, typed: Typed) -> Condition:
    """Has the words typed for a name, the last one first or not."""
    names = {typed.name, " ".join(reversed(typed.words))}
    found: Condition = column.in_([plain(name) for name in sorted(names)])
    return found


def _further(condition: Condition) -> Condition:
    """Who may be reached by a further contact that meets the condition."""
    return and_(Contact.customer_id == Customer.id, condition)


def _born(typed: Typed) -> Condition:
    words = [Customer.search_name.like(plain(like_anywhere(word))) for word in typed.words]
    return and_(Customer.date_of_birth == typed.born_on, *words)


def _identified_leads(typed: Typed, by: Viewer) -> list[Select[Any]]:
    words = (Lead.search_text.like(plain(like_anywhere(word))) for word in typed.words)
    tests: list[tuple[object, str, Condition]] = [
        (len(typed.digits) == PHONE_DIGITS, "phone", Lead.phone_digits == typed.digits),
        (typed.email, "e-mail", func.lower(Lead.email) == typed.email),
        (_is_full_name(typed), "name", _has_full_name(Lead.search_name, typed)),
    ]
    arms = [
        whole("lead", Lead.id, why, my_leads(by), by, condition) for known, why, condition in tests if known
    ]
    if typed.born_on:
        born = and_(Lead.date_of_birth == typed.born_on, *words)
        arms.append(arm_of("lead", Lead.id, WHOLE, "date of birth", my_leads(by), born))
    return arms


def _beginnings(typed: Typed) -> Iterable[tuple[str, Condition]]:
    digits = typed.digits
    if FEWEST_DIGITS <= len(digits) < PHONE_DIGITS:
        yield "phone", Customer.phone_digits.like(starts(digits))
        yield "phone", Customer.phone_reversed.like(starts(digits[::-1]))
    if typed.email:
        yield "e-mail", Customer.email_lower.like(starts(typed.email))
    elif typed.local_part and len(typed.words) == 1:
        yield "e-mail", Customer.email_lower.like(starts(typed.local_part))
    if typed.words and not typed.born_on:
        yield "name", Customer.search_name.like(plain(starts(typed.name)))


def _last_names(typed: Typed, by: Viewer) -> list[Select[Any]]:
    """One word is most often a last name: whole, the newest first, and as its beginning."""
    if len(typed.words) != 1 or typed.born_on:
        return []
    to_the_letter = Customer.search_last_name == plain(typed.name)
    begins = Customer.search_last_name.like(plain(starts(typed.name)))
    return [
        _people(by, BEGINNING, "last name", to_the_letter, score=WHOLE_NAME).order_by(Customer.id.desc()),
        _people(by, BEGINNING, "last name", begins, score=NAME_BEGINS),
    ]


def _second(typed: Typed, by: Viewer) -> list[Select[Any]]:
    """By words as parts of the name, and by digits anywhere in the phone."""
    if not by.can(Permission.PII_VIEW):
        return []
    arms = []
    is_long = any(len(word) >= FEWEST_LETTERS for word in typed.words)
    if is_long and not typed.born_on:
        parts = and_(*(Customer.search_name.like(plain(like_anywhere(word))) for word in typed.words))
        arms.append(_people(by, PART, "name", parts))
        if by.can(Permission.LEADS_VIEW):
            held = and_(*(Lead.search_text.like(plain(like_anywhere(word))) for word in typed.words))
            arms.append(arm_of("lead", Lead.id, PART, "name", my_leads(by), held))
    if FEWEST_DIGITS <= len(typed.digits) < PHONE_DIGITS:
        part = like_anywhere(typed.digits)
        arms.append(_people(by, PART, "phone", Customer.phone_digits.like(part)))
        arms.append(_people(by, PART, "second phone", Customer.second_digits.like(part)))
        arms.append(_people(by, PART, "further phone", _further(Contact.digits.like(part))))
    if begins := typed.email or (typed.local_part if len(typed.words) == 1 else ""):
        further = _further(Contact.email_lower.like(starts(begins)))
        arms.append(_people(by, PART, "further e-mail", further))
    return arms


def _near_last_names(session: Session, typed: Typed, by: Viewer) -> list[Select[Any]]:
    """One word, by last names a slip or two away, the nearest and then the newest first."""
    is_word = len(typed.words) == 1 and typed.name == typed.text
    if not is_word or typed.born_on or not by.can(Permission.PII_VIEW):
        return []
    kinds = named(by)
    known = near(session, typed.name, [one.kind for one in kinds])
    return [
        _alike_in_name(one, one.last_name == name, score=WHOLE_NAME - place / 10).order_by(one.key.desc())
        for one in kinds
        for place, name in enumerate(known[one.kind])
    ]


def _near_emails(typed: Typed, by: Viewer) -> list[Select[Any]]:
    """By addresses a slip away, and by the right local part at another domain."""
    slips = near_emails.near(typed.email)
    if not slips or not by.can(Permission.PII_VIEW):
        return []
    # Looked up apart: with an order and a limit the index of the ids looks cheaper, and nearly all is read.
    one = aliased(Customer)
    known = select(one.id).where(one.email_lower == func.any(cast(slips, ARRAY(Text)))).offset(0)
    elsewhere = Customer.email_lower.like(starts(typed.email.partition("@")[0] + "@"))
    return [
        _people(by, ALIKE, "similar e-mail", condition) for condition in (Customer.id.in_(known), elsewhere)
    ]


def _has_long_words(typed: Typed, by: Viewer) -> bool:
    are_several = len(typed.words) > 1 and any(len(word) >= FEWEST_LETTERS for word in typed.words)
    return are_several and not typed.born_on and by.can(Permission.PII_VIEW)


def _near_names(spelled: Spelled, typed: Typed, by: Viewer) -> list[Select[Any]]:
    """Several words, by first and last names that are near: the nearest and then the newest first."""
    if not _has_long_words(typed, by):
        return []
    arms = []
    for one in named(by):
        if not (pairs := spelled()[one.kind]):
            continue
        names = cast([" ".join(pair) for pair in pairs], ARRAY(Text))
        score = WHOLE_NAME - func.array_position(names, one.name) / MOST_SPELLED
        arm = _alike_in_name(one, one.name == func.any(names), score=score)
        arms.append(arm.order_by(score.desc(), one.key.desc()))
    return arms


def _one_right(spelled: Spelled, typed: Typed, by: Viewer) -> list[Select[Any]]:
    """By several words of which one is right to the letter, and the others are similar.

    The one narrows the index so far that the others may be as unlike as slips in short names are. Where
    none is right, by the nearest names, with a middle name between.
    """
    if not _has_long_words(typed, by):
        return []
    right_ones = set(typed.name.lower().split())
    arms = []
    for one in named(by):
        arms += _beside_a_right_word(one, typed)
        pairs = [names for names in spelled()[one.kind] if right_ones.isdisjoint(names)][:MOST_BETWEEN]
        between = [and_(one.last_name == last, one.name.like(starts(first + " "))) for first, last in pairs]
        if between:
            arm = _alike_in_name(one, or_(*between), score=NAME_BEGINS)
            arms.append(arm.order_by(one.key.desc()))
    return arms


def _beside_a_right_word(one: Named, typed: Typed) -> list[Select[Any]]:
    """Each of the long words in turn taken as right, and the others as similar to the name."""
    score = _likeness(one, typed)
    return [
        _alike_in_name(one,
            one.name.like(plain(like_anywhere(right))),
            *(
                plain(word).op("<%", is_comparison=True)(one.name)
                for place, word in enumerate(typed.words)
                if place != chosen
            ),
            score=score,
        ).order_by(score.desc())
        for chosen, right in enumerate(typed.words)
        if len(right) >= FEWEST_LETTERS
    ]  # fmt: skip


def _likeness(one: Named, typed: Typed) -> ColumnElement[float]:
    name = plain(typed.name)
    found: ColumnElement[float] = func.word_similarity(name, one.name) + func.similarity(name, one.name)
    return found


def _alike(session: Session, typed: Typed, by: Viewer) -> list[Select[Any]]:
    """By likeness of the whole name and of the e-mail's local part."""
    if not by.can(Permission.PII_VIEW) or typed.born_on:
        return []
    session.execute(_PLANNING, {"words": ALONE})
    arms = []
    if any(len(word) >= FEWEST_LETTERS for word in typed.words):
        for one in named(by):
            score = _likeness(one, typed)
            alike = plain(typed.name).op("<%", is_comparison=True)(one.name)
            arms.append(_alike_in_name(one, alike, score=score).order_by(score.desc()))
    if typed.email:
        local = func.lower(typed.local_part)
        score = func.similarity(Customer.email_local, local)
        alike = Customer.email_local.op("%", is_comparison=True)(local)
        arms.append(_people(by, ALIKE, "similar e-mail", alike, score=score).order_by(score.desc()))
    return arms
