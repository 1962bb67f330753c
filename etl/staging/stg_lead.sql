-- one row per lead
select
    id as lead_id,
    lead_code as code,
    customer_id,
    account_id,
    source_id,
    product_interest as product_id,
    assigned_to as agent_id,
    territory_id,
    lost_reason_id,
    state,
    priority,
    status,
    furthest_status,
    reopen_count,
    cents(expected_premium) as expected_premium,
    created_at,
    business_date(created_at) as created_on,
    business_date(status_changed_at) as stage_since,
    business_date(closed_at) as closed_on
from extracted
