-- label: Claims reported
-- definition: The number of claims reported in the period.
-- counted: claims
-- unit: count
-- measures: flow
-- good: down
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
    1 as numerator,
    null as denominator
from fct_claim as claim
