-- one row per policy
select
    id as policy_id,
    policy_number,
    customer_id,
    product_id,
    agent_id,
    territory_id,
    lead_id,
    application_date,
    issue_date,
    effective_date,
    expiry_date,
    end_date,
    end_reason,
    status,
    payment_frequency,
    payment_method,
    cents(premium_amount) as premium_amount,
    cents(sum_assured) as sum_assured,
    riders_count,
    cents(total_rider_premium) as total_rider_premium,
    archived_at is not null as is_archived
from extracted
