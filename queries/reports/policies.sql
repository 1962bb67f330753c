-- label: Policies
-- key: record_id
-- column: code | Policy | code
-- column: product | Product | text
-- column: status | Status | text
-- column: agent | Agent | text
-- column: territory | Territory | text
-- column: issue_date | Issued | date
-- column: effective_date | Effective | date
-- column: expiry_date | Expires | date
-- column: annual_premium | Annualised premium | money
-- column: sum_assured | Sum assured | money
select
    'policy' as kind,
    policy.policy_id as record_id,
    policy.policy_number as code,
    product.name as product,
    policy.status,
    agent.name as agent,
    territory.name as territory,
    policy.issue_date,
    policy.effective_date,
    -- cover for life expires at an age that hardly anybody reaches
    case when product.category = 'whole_life' then null else policy.expiry_date end as expiry_date,
    policy.annual_premium,
    policy.sum_assured
from fct_policy as policy
left join dim_product as product on product.product_id = policy.product_id
left join dim_agent as agent on agent.user_id = policy.agent_id
left join dim_territory as territory on territory.territory_id = policy.territory_id
