-- one row per appointment
select
    id as appointment_id,
    lead_id,
    customer_id,
    opportunity_id,
    agent_id,
    appointment_type as type,
    mode,
    status,
    business_date(scheduled_datetime) as scheduled_on,
    business_date(actual_datetime) as held_on,
    date_diff('minute', scheduled_datetime, ends_at)::integer as planned_minutes
from extracted
