"""Pure rules of claims: cover at the loss date, fraud points, authority, reserve and closing."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from core.access import Role
from core.catalog.tables import Category, Line, RiderType
from core.claims.tables import LossType
from core.kit.dates import add_months
from core.kit.fields import plain_text
from core.kit.money import ZERO, Money, round_cents
from core.kit.wording import day_told

# Seed: decided within ten business days.
TARGET_BUSINESS_DAYS = 10

# Points from which on a claim goes to investigation (domain.md section 6); never to rejection.
INVESTIGATE_FROM = 40

# Days from the beginning of cover in which a loss of the kind is not covered (D).
WAITING_DAYS: Mapping[LossType, int] = {
    LossType.CRITICAL_ILLNESS: 90,
    LossType.HOSPITALISATION: 30,
    LossType.OUTPATIENT: 30,
}

# A life policy can be contested within two years of issue or reinstatement (domain.md section 6).
CONTESTABLE_MONTHS = 24

_OF_LIFE = (LossType.DEATH,)
# What a product of a category insures, without riders.
_LOSSES: Mapping[Category, tuple[LossType, ...]] = {
    Category.TERM: _OF_LIFE,
    Category.WHOLE_LIFE: _OF_LIFE,
    Category.ENDOWMENT: _OF_LIFE,
    Category.ULIP: _OF_LIFE,
    Category.HEALTH: (LossType.HOSPITALISATION, LossType.OUTPATIENT, LossType.OTHER),
    Category.AUTO: (
        LossType.COLLISION,
        LossType.COMPREHENSIVE,
        LossType.BODILY_INJURY,
        LossType.PROPERTY_DAMAGE,
        LossType.THEFT,
        LossType.FIRE,
        LossType.WEATHER,
        LossType.LIABILITY,
        LossType.OTHER,
    ),
    Category.PROPERTY: (
        LossType.FIRE,
        LossType.WATER,
        LossType.WEATHER,
        LossType.THEFT,
        LossType.PROPERTY_DAMAGE,
        LossType.LIABILITY,
        LossType.OTHER,
    ),
}
# What a rider adds; one for accidental death pays more for a loss that is insured anyway.
_LOSS_OF_RIDER: Mapping[RiderType, LossType] = {
    RiderType.CRITICAL_ILLNESS: LossType.CRITICAL_ILLNESS,
    RiderType.DISABILITY: LossType.DISABILITY,
    RiderType.WAIVER_OF_PREMIUM: LossType.DISABILITY,
}


def insured_losses(category: Category, riders: Collection[RiderType] = ()) -> tuple[LossType, ...]:
    """The kinds of loss that a product of a category covers, with those that riders add."""
    added = [loss for rider, loss in _LOSS_OF_RIDER.items() if rider in riders]
    return tuple(dict.fromkeys([*_LOSSES[category], *added]))


def not_insured(loss_type: LossType, insured: Collection[LossType]) -> str:
    """That a kind of loss is not insured by a policy, with those that are; "" when it is."""
    if loss_type in insured:
        return ""
    told = loss_type.value.replace("_", " ").capitalize()
    own = ", ".join(one.value.replace("_", " ") for one in insured)
    return f"{told} is not insured by this policy; it covers: {own}."


REJECTION_REASONS: Mapping[str, str] = {
    "NOT_COVERED": "The loss is not covered by the policy",
    "OUTSIDE_PERIOD": "The loss lies outside the period of cover",
    "WAITING_PERIOD": "The loss lies within the waiting period",
    "EXCLUSION": "An exclusion of the policy applies",
    "NON_DISCLOSURE": "Facts that mattered were not disclosed",
    "NO_PROOF": "The loss was not proven",
    "DUPLICATE": "The loss was already settled",
    "FRAUD": "Fraud was established by the investigation",
}

# The flags, or a likely duplicate, that speak for a reason of rejection, and what is said without any.
_BACKED_BY: Mapping[str, tuple[frozenset[str], str]] = {
    "OUTSIDE_PERIOD": (
        frozenset({"NOT_ISSUED", "BEFORE_COVER", "AFTER_EXPIRY", "AFTER_END", "LAPSED"}),
        "The cover check found the loss within the period of cover.",
    ),
    "WAITING_PERIOD": (
        frozenset({"WAITING_PERIOD"}),
        "The cover check found the loss outside any waiting period.",
    ),
    "DUPLICATE": (frozenset({"DUPLICATE"}), "No other claim on the policy looks like the same loss."),
}
_BREAKS_OFF = re.compile(r"\bbecause[\s.,:;…]*(\n\s*\n|\Z)", re.IGNORECASE)


def contradiction(code: str, fired: Collection[str]) -> str:
    """What speaks against a reason of rejection: none of the flags that it rests on has fired."""
    flags, told = _BACKED_BY.get(code, (frozenset[str](), ""))
    return "" if flags & set(fired) else told


def breaks_off(letter: str) -> bool:
    """Whether a letter of rejection leaves open why."""
    return _BREAKS_OFF.search(letter) is not None


# How many characters fit into what is typed about a claim, by field.
LONGEST: Mapping[str, int] = {
    "claimant_name": 100,
    "claimant_relation": 50,
    "loss_place": 255,
    "description": 4000,
    "payee": 100,
    "payment_reference": 60,
    "title": 200,
    "note": 4000,
    "reason": 1000,
    "explanation": 1000,
    "new_evidence": 1000,
    "letter_text": 4000,
}


def overlong(**texts: str) -> dict[str, str]:
    """Of the fields with their texts, those that hold more than fits, with what is wrong."""
    found = {name: len(plain_text(text, lines=True)) for name, text in texts.items()}
    return {
        name: f"At most {LONGEST[name]:,} characters fit here; this has {length:,}."
        for name, length in found.items()
        if length > LONGEST[name]
    }


# The most that a claim's amounts hold, US dollars.
MOST = Decimal("9999999999.99")


def amount_problem(amount: Decimal) -> str:
    """Why an amount can't be kept with a claim, whichever it is; "" when it can."""
    if not amount.is_finite():
        return "Enter an amount."
    if abs(amount) > MOST:
        return f"At most ${MOST:,.2f} fits here."
    return "" if round_cents(amount) == amount else "Enter an amount in whole cents."


class FlagKind(StrEnum):
    """What a flag warns of."""

    COVER = "cover"
    FRAUD = "fraud"


@dataclass(frozen=True, slots=True)
class Flag:
    """A rule that fired: its code, points when it counts towards fraud, and the sentence."""

    kind: FlagKind
    code: str
    points: int
    explanation: str


@dataclass(frozen=True, slots=True)
class Cover:
    """What the rules need to know of a policy and its past; amounts in US dollars.

    `insured` are the kinds of loss that it covers at the date of loss.
    """

    line: Line
    insured: tuple[LossType, ...]
    effective: date | None
    expiry: date | None
    ended: date | None
    is_issued: bool
    sum_assured: Decimal
    reinstatements: tuple[date, ...] = ()
    lapsed_spans: tuple[tuple[date, date | None], ...] = ()
    last_beneficiary_change: date | None = None
    riders_sum: Decimal = ZERO

    @property
    def limit(self) -> Decimal | None:
        """The most that one claim is worth: the sum assured and riders; None where no sum is known.

        domain.md section 6 pays at most the limit in every line.
        """
        return self.sum_assured + self.riders_sum if self.sum_assured > 0 else None

    def reinstated_before(self, day: date) -> date | None:
        """The last reinstatement up to a day; what came after it says nothing of that day."""
        return max((one for one in self.reinstatements if one <= day), default=None)


def cover_flags(cover: Cover, loss_type: LossType, loss_date: date) -> list[Flag]:
    """Every cover rule that a loss on a date breaks or that needs a look (D20)."""
    if not cover.is_issued or cover.effective is None:
        return [Flag(FlagKind.COVER, "NOT_ISSUED", 0, "The policy was never issued.")]
    waiting = WAITING_DAYS.get(loss_type, 0)
    since = max(cover.effective, cover.reinstated_before(loss_date) or cover.effective)
    is_expired = cover.expiry is not None and loss_date >= cover.expiry
    is_ended = cover.ended is not None and loss_date >= cover.ended
    rules = (
        (
            loss_date < cover.effective,
            "BEFORE_COVER",
            f"Cover began on {day_told(cover.effective)}, after the loss.",
        ),
        (is_expired, "AFTER_EXPIRY", f"Cover expired on {_day(cover.expiry)}, before the loss."),
        (
            is_ended and not is_expired,
            "AFTER_END",
            f"Cover ended on {_day(cover.ended)}, before the loss.",
        ),
        *(
            (
                lapsed <= loss_date and (back is None or loss_date < back),
                "LAPSED",
                f"The policy was lapsed from {day_told(lapsed)} on.",
            )
            for lapsed, back in cover.lapsed_spans
        ),
        (
            0 <= (loss_date - cover.effective).days < waiting,
            "WAITING_PERIOD",
            f"The loss lies within the waiting period of {waiting} days.",
        ),
        (
            cover.line is Line.LIFE and since <= loss_date < add_months(since, CONTESTABLE_MONTHS),
            "CONTESTABLE",
            f"The policy can be contested: it runs since {day_told(since)}.",
        ),
        (
            loss_type not in cover.insured,
            "OTHER_LINE",
            "The policy did not insure this kind of loss at that date.",
        ),
    )
    return [Flag(FlagKind.COVER, code, 0, told) for fires, code, told in rules if fires]


def _day(value: date | None) -> str:
    return day_told(value) if value else ""


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What the fraud rules look at besides the policy; amounts in US dollars."""

    loss_date: date
    reported_date: date
    amount: Decimal
    claims_in_24_months: int
    has_cash_receipts: bool = False


# Thresholds of the fraud rules (domain.md section 6).
EARLY_DAYS = 60
MANY_CLAIMS = 3
LATE_DAYS = 30
NEAR_LIMIT = Decimal("0.9")
BENEFICIARY_DAYS = 90


# The flag that somebody raises by hand, and what it tells where their words are not shown.
ANOMALY, SOME_ANOMALY = "DOCUMENT_ANOMALY", "Something is wrong with a document."
ANOMALY_POINTS = 20


def anomaly(told: str) -> Flag:
    """The flag of a document in which somebody has found something wrong, in their words."""
    return Flag(FlagKind.FRAUD, ANOMALY, ANOMALY_POINTS, told)


def fraud_flags(cover: Cover, facts: Circumstances) -> list[Flag]:
    """The fraud rules that fire, with their points (domain.md section 6). They never reject.

    An anomaly of a document is not among them: somebody has to see it (`anomaly`).
    """
    since_start = _days_since(cover.effective, facts.loss_date)
    late = (facts.reported_date - facts.loss_date).days
    share = facts.amount / cover.limit if cover.limit else Decimal(0)
    rules = (
        (
            0 <= since_start < EARLY_DAYS,
            "EARLY_LOSS",
            25,
            f"The loss came {since_start} days after cover began.",
        ),
        (
            facts.claims_in_24_months >= MANY_CLAIMS,
            "MANY_CLAIMS",
            20,
            f"It is claim number {facts.claims_in_24_months} within 24 months.",
        ),
        (
            0 <= _days_since(cover.reinstated_before(facts.loss_date), facts.loss_date) < EARLY_DAYS,
            "AFTER_REINSTATEMENT",
            15,
            f"The loss came within {EARLY_DAYS} days of a reinstatement.",
        ),
        (late > LATE_DAYS, "LATE_REPORT", 10, f"It was reported {late} days after the loss."),
        (share >= NEAR_LIMIT, "NEAR_LIMIT", 10, f"The amount is {share:.0%} of the limit."),
        (
            0 <= _days_since(cover.last_beneficiary_change, facts.loss_date) < BENEFICIARY_DAYS,
            "BENEFICIARY_CHANGED",
            15,
            f"A beneficiary changed within {BENEFICIARY_DAYS} days before the loss.",
        ),
        (facts.has_cash_receipts, "CASH_RECEIPTS", 5, "The receipts were paid in cash."),
    )
    return [Flag(FlagKind.FRAUD, code, worth, told) for fires, code, worth, told in rules if fires]


def _days_since(day: date | None, until: date) -> int:
    return (until - day).days if day is not None else -1


def points(flags: Sequence[Flag]) -> int:
    """Sum of the fraud points."""
    return sum(flag.points for flag in flags)


@dataclass(frozen=True, slots=True)
class Authority:
    """Up to which cumulative amount of one claim a role may approve alone; US dollars."""

    role: Role
    line: Line
    max_amount: Decimal


@dataclass(frozen=True, slots=True)
class LimitChange:
    """A limit that somebody set, from what to what; None where the role approves nothing."""

    role: Role
    line: Line
    by: int | None
    before: Decimal | None
    after: Decimal | None


def limits_for(
    user_id: int, limits: Sequence[Authority], changes: Sequence[LimitChange]
) -> list[Authority]:
    """The limits as they count for somebody: without what they raised themselves (four eyes).

    `changes` come oldest first. What somebody else has set since counts again, and so does what they
    lowered themselves.
    """
    found = []
    for limit in limits:
        counted: Decimal | None = limit.max_amount
        set_ = [one for one in changes if (one.role, one.line) == (limit.role, limit.line)]
        for place, one in enumerate(set_):
            counted = one.before if place == 0 else counted
            is_raise = counted is None or (one.after is not None and one.after > counted)
            if not (is_raise and one.by == user_id):
                counted = one.after
        if counted is not None:
            found.append(Authority(limit.role, limit.line, min(counted, limit.max_amount)))
    return found


def waits_for_second(limit: Authority, changes: Sequence[LimitChange]) -> int | None:
    """Who raised a limit that does not count for them before somebody else has set it too.

    It can only be who set it last: what somebody else set later counts for all others.
    """
    of_limit = [one for one in changes if (one.role, one.line) == (limit.role, limit.line)]
    last = of_limit[-1].by if of_limit else None
    if last is None or limits_for(last, [limit], of_limit) == [limit]:
        return None
    return last


class Ruling(StrEnum):
    """What an approval amounts to."""

    APPROVED = "approved"
    FIRST_OF_TWO = "first_of_two"
    PASSED_ON = "passed_on"


def rule_on_approval(
    total: Decimal,
    line: Line,
    role: Role,
    limits: Sequence[Authority],
    *,
    has_first_approval: bool,
) -> Ruling:
    """What it means that a role approves a claim's cumulative total (D12).

    The total counts everything ever approved on the claim, so splitting a payment does not help.
    Above the highest limit of the line two holders of that highest limit are needed.
    """
    of_line = [limit for limit in limits if limit.line is line]
    highest = max((limit.max_amount for limit in of_line), default=ZERO)
    own = max((limit.max_amount for limit in of_line if limit.role is role), default=None)
    if own is None or own < min(total, highest):
        return Ruling.PASSED_ON
    if total <= own or has_first_approval:
        return Ruling.APPROVED
    return Ruling.FIRST_OF_TWO


def roles_with_authority(total: Decimal, line: Line, limits: Sequence[Authority]) -> tuple[Role, ...]:
    """Roles that may approve the total (or be one of the two), the lowest sufficient limit first."""
    of_line = sorted((limit for limit in limits if limit.line is line), key=lambda limit: limit.max_amount)
    highest = of_line[-1].max_amount if of_line else Decimal(0)
    return tuple(limit.role for limit in of_line if limit.max_amount >= min(total, highest))


def hand_in(
    user_id: int,
    *,
    reported_by: int | None,
    assessed_by: int | None,
    agent_id: int | None,
    first_approved_by: int | None,
) -> str:
    """What somebody had to do with a claim, and so can't decide it, after "You"; "" for nothing."""
    took_part = (
        (reported_by, "reported it"),
        (assessed_by, "assessed it"),
        (agent_id, "are the agent of its policy"),
        (first_approved_by, "gave the first approval"),
    )
    return " and ".join(what for who, what in took_part if who == user_id)


def reserve_after_payment(reserve: Decimal, paid: Decimal) -> Money:
    """A payment takes its amount from the reserve, down to 0 (domain.md section 6)."""
    return Money(max(reserve - paid, ZERO))


def still_open(*, reserve: Decimal, approved: Decimal, paid: Decimal, open_tasks: int) -> list[str]:
    """What keeps a claim from closing (D21), in words; nothing means it may close."""
    found = []
    if reserve > 0:
        found.append(f"a reserve of ${reserve:,.2f}")
    if approved > paid:
        found.append(f"${approved - paid:,.2f} approved and not paid")
    if open_tasks:
        found.append(f"{open_tasks} open task{'s' if open_tasks > 1 else ''}")
    return found
