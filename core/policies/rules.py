"""Pure rules of policies: numbers, terms, beneficiaries, riders and the end of cover."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from core.documents import DocumentType
from core.kit.dates import add_months
from core.kit.errors import Invalid
from core.kit.fields import plain_text
from core.kit.ids import business_code
from core.kit.wording import day_told
from core.policies.tables import BeneficiaryClass, EndReason

WHOLE = Decimal("100.00")
LONGEST = {"name": 100, "relation": 50}  # the columns of policy_beneficiaries
EARLIEST_BIRTH = date(1900, 1, 1)

# Categories whose cover runs for a year; the others run for the chosen term.
YEARLY = frozenset({"health", "auto", "property"})
# Neither yearly nor for life: how long it runs is chosen.
TERMED = frozenset({"term", "endowment", "ulip"})
MATURING = frozenset({"endowment", "ulip"})
# Their term is reckoned up to an age that hardly anybody reaches: people are told no date of expiry.
FOR_LIFE = frozenset({"whole_life"})

# How far ahead cover may begin (D): prices and limits are those of its first day.
MOST_DAYS_AHEAD = 180

# Why an application, and why a policy ends by cancelling it; the other reasons are those of other moves.
APPLICATION_ENDS = (EndReason.WITHDRAWN, EndReason.FRAUD)
POLICY_ENDS = (
    EndReason.CUSTOMER,
    EndReason.FREE_LOOK,
    EndReason.SURRENDER,
    EndReason.FRAUD,
    EndReason.RENEWED,
)
# As if there had never been cover.
UNDOING = frozenset({EndReason.FREE_LOOK, EndReason.FRAUD})
# Days for a free look (domain.md section 3: 10 to 30 from delivery, which is not recorded: from issue),
# and for which an end that came by letter may lie back (D: as long as the grace).
FREE_LOOK_DAYS = 30
MOST_DAYS_BACK = 31

# The largest sum assured on which a role decides (domain.md section 1, Order); who else issues has none.
DECIDES_UP_TO: Mapping[str, Decimal] = {"underwriter": Decimal(1_000_000)}

# A lapsed policy may be reinstated for three years (domain.md section 3, Alabama 27-15-3).
REINSTATEMENT_YEARS = 3


def policy_number(number: int) -> str:
    """The number of the n-th policy, such as P-00000123."""
    return business_code("P", number, width=8)


def expiry_date(effective: date, term_years: int) -> date:
    """The first day without cover: the anniversary at the end of the term."""
    return add_months(effective, 12 * term_years)


def wrong_begin(begins: date, today: date) -> str:
    """What is wrong with a first day of cover, if anything."""
    if begins < today:
        return "Cover can't begin in the past."
    latest = today + timedelta(days=MOST_DAYS_AHEAD)
    if begins > latest:
        return f"Cover can begin on {day_told(latest)} at the latest, {MOST_DAYS_AHEAD} days ahead."
    return ""


def earliest_change(begins: date, today: date, *, days_back: int = 0) -> date:
    """The earliest date of a change of cover that was issued; of cover that is to come, its first day.

    What is past was covered as it was.
    """
    return max(begins, today - timedelta(days=days_back))


def may_decide(role: str, sum_assured: Decimal) -> bool:
    """Whether one who issues policies may issue one of such a sum."""
    return sum_assured <= DECIDES_UP_TO.get(role, sum_assured)


def term_of(category: str, chosen: int | None, *, age: int) -> int:
    """Years of cover: one for yearly products, the chosen term, else up to age 100 for life."""
    if category in YEARLY:
        return 1
    return chosen if chosen is not None else max(1, 100 - age)


@dataclass(frozen=True, slots=True)
class Share:
    """A beneficiary as entered; the share in percent of the class with two decimals."""

    beneficiary_class: BeneficiaryClass
    name: str
    relation: str
    share_pct: Decimal
    date_of_birth: date | None = None


def cleaned(shares: Sequence[Share]) -> tuple[Share, ...]:
    """The same beneficiaries with their texts as they are kept."""
    return tuple(
        replace(share, name=plain_text(share.name), relation=plain_text(share.relation)) for share in shares
    )


def check_shares(shares: Sequence[Share], *, today: date) -> None:
    """Shares per class add up to 100.00 %, and there is no contingent without a primary.

    Raises Invalid (field "beneficiaries", or "beneficiaries.N.field" for the N-th row).
    """
    problems = {
        f"beneficiaries.{index}.{field}": told
        for index, share in enumerate(cleaned(shares))
        for field, told in _problems_of(share, today)
    }
    sums = {
        kind: sum((s.share_pct for s in shares if s.beneficiary_class is kind), Decimal(0))
        for kind in BeneficiaryClass
    }
    for kind, total in sums.items():
        named = any(share.beneficiary_class is kind for share in shares)
        if named and total != WHOLE:
            problems["beneficiaries"] = (
                f"The shares of the {kind.value} beneficiaries add up to {total:.2f} %,"
                f" not to 100.00 %: {_off_by(total)}."
            )
    has_primary = any(s.beneficiary_class is BeneficiaryClass.PRIMARY for s in shares)
    if shares and not has_primary:
        problems["beneficiaries"] = "A contingent beneficiary needs a primary one before them."
    if problems:
        raise Invalid(problems)


def _problems_of(share: Share, today: date) -> Iterator[tuple[str, str]]:
    """(field, what is wrong with it) of one beneficiary."""
    if not share.name:
        yield "name", "Enter the beneficiary's name."
    if not share.relation:
        yield "relation", "Say how they are related."
    for field, most in LONGEST.items():
        if (length := len(getattr(share, field))) > most:
            yield field, f"At most {most} characters fit here; this has {length}."
    if not 0 < share.share_pct <= WHOLE:
        yield "share_pct", "A share lies between 0.01 and 100 %."
    elif share.share_pct != share.share_pct.quantize(Decimal("0.01")):
        yield "share_pct", "A share has at most two decimals."
    if share.date_of_birth is not None and not EARLIEST_BIRTH <= share.date_of_birth <= today:
        yield "date_of_birth", f"A date of birth lies between {day_told(EARLIEST_BIRTH)} and today."


def _off_by(total: Decimal) -> str:
    missing = WHOLE - total
    return f"{missing:.2f} missing" if missing > 0 else f"{-missing:.2f} too many"


def summary_of(shares: Sequence[Share]) -> tuple[str | None, str | None]:
    """(name, relation) of the first primary beneficiary, as the policy's own columns hold them."""
    for share in shares:
        if share.beneficiary_class is BeneficiaryClass.PRIMARY:
            return share.name, share.relation
    return None, None


@dataclass(frozen=True, slots=True)
class Term:
    """From when until when, exclusive, a policy covers; an application has no more than its date."""

    begins: date
    expires: date | None = None
    ended: date | None = None
    issued: date | None = None
    is_application: bool = False


def wrong_end(
    reason: EndReason | None, end_date: date | None, term: Term, *, today: date
) -> dict[str, str]:
    """What is wrong with a cancellation, by field; of what is not said yet, nothing.

    It has a reason of its kind, and ends cover within the days for that reason. None ends it ahead; a
    fraud and a free look (domain.md section 3) may undo it from its first day.
    """
    told = {
        "end_reason": _wrong_reason(reason, term, today) if reason else "",
        "end_date": _wrong_day(reason, end_date, term, today) if end_date else "",
    }
    return {name: text for name, text in told.items() if text}


def _wrong_reason(reason: EndReason, term: Term, today: date) -> str:
    if reason not in (APPLICATION_ENDS if term.is_application else POLICY_ENDS):
        return "That is not a reason to cancel."
    last = (term.issued or term.begins) + timedelta(days=FREE_LOOK_DAYS)
    if reason is EndReason.FREE_LOOK and today > last:
        return f"The free look ended on {day_told(last)}: it lasts {FREE_LOOK_DAYS} days from the issue."
    return ""


def _wrong_day(reason: EndReason | None, end_date: date, term: Term, today: date) -> str:
    latest = max(today, term.begins)
    if end_date < term.begins:
        what = "It was applied for" if term.is_application else "Cover begins"
        return f"{what} on {day_told(term.begins)}; it can't end before."
    for day, told in ((term.ended, "Cover ended on"), (term.expires, "Cover expires on")):
        if day is not None and end_date > day:
            return f"{told} {day_told(day)} anyway; it can't end after."
        latest = min(latest, day or latest)
    if end_date > latest:
        return f"The latest day is {day_told(latest)}: cancel on the day itself, not ahead."
    earliest = latest - timedelta(days=MOST_DAYS_BACK)
    is_free = term.is_application or reason is None or reason in UNDOING
    if end_date < earliest and not is_free:
        told = f"The earliest day is {day_told(earliest)}, {MOST_DAYS_BACK} days back"
        return f"{told}; for fraud it is earlier."
    return ""


def reinstatable_until(lapsed_on: date, expires: date | None) -> date:
    """The last day on which a policy that lapsed then can be reinstated: within its term, if it has one.

    `expires` is the first day without cover, None for cover for life.
    """
    latest = add_months(lapsed_on, 12 * REINSTATEMENT_YEARS)
    return latest if expires is None else min(latest, expires - timedelta(days=1))


def within_reinstatement_window(lapsed_on: date | None, expires: date | None, today: date) -> bool:
    """Whether a lapsed policy can still be reinstated."""
    return lapsed_on is not None and today <= reinstatable_until(lapsed_on, expires)


def missing_terms(state: Mapping[str, object]) -> dict[str, str]:
    """What an application still lacks, by field, in words."""
    asks = {
        "customer_id": "Choose the customer.",
        "product_id": "Choose the product.",
        "sum_assured": "Enter the sum assured.",
        "payment_frequency": "Choose how often the premium is paid.",
        "payment_method": "Choose how the premium is paid.",
    }
    return {name: ask for name, ask in asks.items() if state.get(name) in (None, "")}


# From which sum on a life is examined, and from which beyond that age (domain.md section 1, Order).
EXAMINED_ABOVE = Decimal(250_000)
EXAMINED_ABOVE_WHEN_OLDER = Decimal(100_000)
OLDER = 50


def asked_documents(*, is_life: bool, age: int, sum_assured: Decimal | None) -> dict[DocumentType, str]:
    """The documents that an application needs, each with why: proofs for KYC, and an examination."""
    asked = {
        DocumentType.ID_PROOF: "the identity check needs it",
        DocumentType.ADDRESS_PROOF: "the identity check needs it",
    }
    if is_life and sum_assured is not None:
        if sum_assured > EXAMINED_ABOVE:
            asked[DocumentType.MEDICAL_REPORT] = f"the sum assured is above ${EXAMINED_ABOVE:,.0f}"
        elif age > OLDER and sum_assured > EXAMINED_ABOVE_WHEN_OLDER:
            asked[DocumentType.MEDICAL_REPORT] = (
                f"the age is above {OLDER} and the sum assured above ${EXAMINED_ABOVE_WHEN_OLDER:,.0f}"
            )
    return asked
