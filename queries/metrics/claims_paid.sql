-- label: Paid on claims
-- definition: What has been paid by now on the claims reported in the period.
-- counted: claims
-- unit: money
-- measures: flow
-- good: neutral
-- owner: Head of Claims
-- grain: one row per claim
-- dims: agent, territory, product
-- rows: claims
select
    claim.reported_date as day,
    claim.agent_id,
    claim.territory_id,
    claim.product_id,
    claim.claim_id as record_id,
    claim.paid_amount as numerator,
    null as denominator
from fct_claim as claim
