-- one row per commission
select
    id as commission_id,
    policy_id,
    agent_id,
    commission_type as type,
    status,
    period_start,
    period_end,
    payment_date,
    cents(premium_amount) as premium_amount,
    cents(commission_rate) as commission_rate,
    cents(commission_amount) as commission_amount
from extracted
