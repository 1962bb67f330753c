-- one row per claim; incurred_amount = paid + reserve
-- key: claim_id
-- refers: policy_id to fct_policy.policy_id; customer_id to dim_customer.customer_id
-- refers: agent_id to dim_agent.user_id; territory_id to dim_territory.territory_id
-- holds: stg_claim
-- sum: estimated_amount = stg_claim.estimated_amount
-- sum: approved_amount = stg_claim.approved_amount
-- sum: incurred_amount = stg_claim.paid_amount + stg_claim.reserve_amount
select
    claim.claim_id,
    claim.claim_number,
    claim.policy_id,
    claim.customer_id,
    policy.product_id,
    claim.agent_id,
    claim.territory_id,
    claim.loss_type,
    claim.status,
    list_contains(status.flags, 'open') as is_open,
    list_contains(status.flags, 'decided') as is_decided,
    claim.loss_date,
    claim.reported_date,
    date_trunc('month', claim.reported_date)::date as reported_month,
    claim.documents_complete_on,
    claim.decided_on,
    claim.settled_on,
    claim.closed_on,
    claim.estimated_amount,
    claim.assessed_amount,
    claim.approved_amount,
    claim.paid_amount,
    claim.reserve_amount,
    (claim.paid_amount + claim.reserve_amount)::decimal(18, 2) as incurred_amount,
    claim.rejection_code,
    claim.fraud_points,
    claim.is_fraud_suspected
from stg_claim as claim
inner join stg_status as status on status.entity = 'claim' and status.status = claim.status
inner join stg_policy as policy on policy.policy_id = claim.policy_id
order by claim.reported_date, claim.claim_id
