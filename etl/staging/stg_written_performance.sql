-- one row per agent and day, as the last refresh wrote it
select
    agent_id,
    metric_date,
    leads_assigned,
    leads_contacted,
    appointments_scheduled,
    appointments_completed,
    proposals_sent,
    policies_sold,
    cents(premium_collected) as premium_collected,
    cents(commission_earned) as commission_earned,
    calls_made,
    emails_sent,
    cents(conversion_rate) as conversion_rate
from extracted
