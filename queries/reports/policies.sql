-- label: Policies
-- key: record_id
-- column: code | Policy | code
-- column: product | Product | text
-- column: status | Status | text
-- column: agent | Agent | text
-- column: territory | Territory | text
-- column: issue_date | Issued | date
-- column: effective_date | Cover begins | date
-- column: cover_ends | Cover ends | date
-- column: annual_premium | Annualised premium | money
-- column: sum_assured | Sum assured | money
select
    'policy' as kind,
    policy.policy_id as record_id,
    policy.policy_number as code,
    product.name as product,
    -- as the list of policies tells it: what never began or ran out is cancelled by its status alone
    case
        when
            policy.status = 'cancelled'
            and policy.end_reason in ('declined', 'withdrawn', 'expired', 'renewed')
            then policy.end_reason
        else policy.status
    end as status,
    agent.name as agent,
    territory.name as territory,
    policy.issue_date,
    policy.effective_date,
    -- cover for life expires at an age that hardly anybody reaches; what was never issued has none
    case
        when policy.end_date is not null and policy.issue_date is null then null
        when policy.end_date is not null then policy.end_date
        when product.category = 'whole_life' then null
        else policy.expiry_date
    end as cover_ends,
    policy.annual_premium,
    policy.sum_assured
from fct_policy as policy
left join dim_product as product on product.product_id = policy.product_id
left join dim_agent as agent on agent.user_id = policy.agent_id
left join dim_territory as territory on territory.territory_id = policy.territory_id
