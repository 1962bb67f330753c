-- one row per commission, adjustments with their sign; the territory is the policy's
-- key: commission_id
-- refers: policy_id to fct_policy.policy_id; agent_id to dim_agent.user_id
-- refers: territory_id to dim_territory.territory_id
-- holds: stg_commission
-- sum: commission_amount = stg_commission.commission_amount
-- sum: premium_amount = stg_commission.premium_amount
select
    commission.commission_id,
    commission.policy_id,
    policy.product_id,
    commission.agent_id,
    policy.territory_id,
    commission.type,
    commission.status,
    commission.period_start,
    date_trunc('month', commission.period_start)::date as period_month,
    commission.period_end,
    commission.payment_date,
    commission.premium_amount,
    commission.commission_rate,
    commission.commission_amount
from stg_commission as commission
inner join stg_policy as policy on policy.policy_id = commission.policy_id
order by commission.period_start, commission.commission_id
