-- label: Claims
-- key: record_id
-- column: code | Claim | code
-- column: product | Product | text
-- column: status | Status | text
-- column: agent | Agent | text
-- column: territory | Territory | text
-- column: loss_date | Loss | date
-- column: reported_date | Reported | date
-- column: estimated_amount | Estimated | money
-- column: paid_amount | Paid | money
select
    'claim' as kind,
    claim.claim_id as record_id,
    claim.claim_number as code,
    product.name as product,
    claim.status,
    agent.name as agent,
    territory.name as territory,
    claim.loss_date,
    claim.reported_date,
    claim.estimated_amount,
    claim.paid_amount
from fct_claim as claim
left join dim_product as product on product.product_id = claim.product_id
left join dim_agent as agent on agent.user_id = claim.agent_id
left join dim_territory as territory on territory.territory_id = claim.territory_id
