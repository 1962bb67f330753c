-- one row per policy. annual_premium: one instalment times the instalments a year (riders are part
-- of the instalment). is_sale: it was issued, whatever became of it. is_in_force: cover runs.
-- key: policy_id
-- refers: customer_id to dim_customer.customer_id; product_id to dim_product.product_id
-- refers: agent_id to dim_agent.user_id; territory_id to dim_territory.territory_id
-- refers: lead_id to stg_lead.lead_id
-- holds: stg_policy
-- sum: premium_amount = stg_policy.premium_amount
-- sum: sum_assured = stg_policy.sum_assured
select
    policy.policy_id,
    policy.policy_number,
    policy.customer_id,
    policy.product_id,
    policy.agent_id,
    policy.territory_id,
    policy.lead_id,
    policy.application_date,
    policy.issue_date,
    date_trunc('month', policy.issue_date)::date as issue_month,
    policy.effective_date,
    policy.expiry_date,
    policy.end_date,
    policy.end_reason,
    policy.status,
    list_contains(status.flags, 'in_force') as is_in_force,
    list_contains(status.flags, 'sale') and policy.issue_date is not null as is_sale,
    policy.payment_frequency,
    policy.payment_method,
    policy.premium_amount,
    (policy.premium_amount * frequency.per_year)::decimal(18, 2) as annual_premium,
    policy.sum_assured,
    policy.riders_count,
    policy.total_rider_premium,
    policy.is_archived
from stg_policy as policy
inner join stg_status as status on status.entity = 'policy' and status.status = policy.status
inner join stg_frequency as frequency on frequency.frequency = policy.payment_frequency
order by policy.issue_date, policy.policy_id
