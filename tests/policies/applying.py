"""From an application to an issued policy, on the day on which these tests play."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

from core import catalog, policies
from core.access import Viewer
from core.catalog import NewRates, RateBand, RiderBasis, RiderTerms, RiderType
from core.kit.dates import business_date
from core.kit.ids import new_request_id
from core.kit.settings import settings
from core.policies import Application, BeneficiaryClass, Draft, PolicyRef, Share
from tests import factories
from tests.factories import Company

NOW = datetime(2026, 11, 21, 15, tzinfo=UTC)
TODAY = date(2026, 11, 21)
SPOUSE = Share(BeneficiaryClass.PRIMARY, "Sam Spouse", "spouse", Decimal(100))


def priced(
    firm: Company,
    underwriter: Viewer,
    bands: tuple[RateBand, ...] = (RateBand(18, 65, Decimal("1.40")),),
    **columns: object,
) -> int:
    product = factories.product(**columns)  # type: ignore[arg-type]
    rates = NewRates(
        product.id,
        TODAY,
        Decimal(60),
        bands,
        (
            RiderTerms(RiderType.WAIVER_OF_PREMIUM, "Waiver", RiderBasis.PERCENT_OF_BASE, Decimal(4)),
            RiderTerms(RiderType.CRITICAL_ILLNESS, "Critical illness", RiderBasis.PER_MILLE, Decimal(2)),
        ),
    )
    rate = catalog.enter_rates(rates, request_id=new_request_id(), by=firm.adam, now=NOW)
    catalog.approve_rates(rate, version=1, by=underwriter, now=NOW)
    return product.id


def submitted(application: Application, by: Viewer) -> PolicyRef:
    return sent(policies.start_draft(application, by=by), by)


def sent(draft: Draft, by: Viewer, *, hands_over: bool = False, now: datetime = NOW) -> PolicyRef:
    """Submit a draft as it is."""
    today = business_date(now, settings().time_zone)
    read = policies.quote(draft.application, by=by, today=today).premium
    return policies.submit_draft(
        draft.id,
        version=draft.version,
        annual=read.annual if read else None,
        hands_over=hands_over,
        by=by,
        now=now,
    )


def issued(application: Application, by: Viewer, underwriter: Viewer) -> PolicyRef:
    ref = submitted(application, by)
    ref = policies.send_to_underwriting(ref.id, version=ref.version, by=by, now=NOW)
    return policies.issue(ref.id, version=ref.version, by=underwriter, now=NOW)
