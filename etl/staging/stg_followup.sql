-- one row per follow-up
select
    id as followup_id,
    lead_id,
    customer_id,
    opportunity_id,
    agent_id,
    type,
    direction,
    status,
    completed_at,
    business_date(scheduled_at) as scheduled_on,
    business_date(completed_at) as completed_on,
    duration_minutes
from extracted
