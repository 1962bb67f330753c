-- one row per agent and day on which anything happened; written back to PostgreSQL.
-- leads_assigned: leads entered that day that are the agent's now. leads_contacted, proposals_sent:
-- leads that entered that stage that day, each once. appointments_scheduled: booked for that day,
-- whatever came of them; appointments_completed: took place that day. policies_sold: issued that day;
-- premium_collected: their annualised premium, until premiums are billed (docs/decisions/0008).
-- commission_earned: of the periods that begin that day, every type, adjustments with their sign.
-- calls_made, emails_sent: outbound follow-ups completed that day. conversion_rate: of the leads that
-- closed that day, the percentage that was won; 0 on a day on which none closed.
-- key: agent_id, metric_date
-- refers: agent_id to dim_agent.user_id
-- sum: policies_sold = fct_policy.is_sale
-- sum: commission_earned = fct_commission.commission_amount
with
entered as (
    select
        agent_id,
        created_on as metric_date,
        count(*) as leads_assigned
    from fct_deal
    where kind = 'lead'
    group by all
),

moved as (
    select
        agent_id,
        changed_on as metric_date,
        count(distinct deal_id) filter (where to_stage = 'contacted') as leads_contacted,
        count(distinct deal_id) filter (where to_stage = 'proposal') as proposals_sent
    from fct_stage_change
    where kind = 'lead' and to_stage in ('contacted', 'proposal')
    group by all
),

booked as (
    select
        agent_id,
        scheduled_on as metric_date,
        count(*) as appointments_scheduled
    from fct_appointment
    group by all
),

met as (
    select
        agent_id,
        held_on as metric_date,
        count(*) as appointments_completed
    from fct_appointment
    where is_completed
    group by all
),

sold as (
    select
        agent_id,
        issue_date as metric_date,
        count(*) as policies_sold,
        sum(annual_premium) as premium_collected
    from fct_policy
    where is_sale
    group by all
),

earned as (
    select
        agent_id,
        period_start as metric_date,
        sum(commission_amount) as commission_earned
    from fct_commission
    group by all
),

reached as (
    select
        agent_id,
        completed_on as metric_date,
        count(*) filter (where type = 'call') as calls_made,
        count(*) filter (where type = 'email') as emails_sent
    from fct_followup
    where is_completed and direction = 'outbound' and type in ('call', 'email')
    group by all
),

closed as (
    select
        agent_id,
        closed_on as metric_date,
        count(*) filter (where is_won) as won,
        count(*) as closed
    from fct_deal
    where kind = 'lead' and (is_won or is_lost)
    group by all
),

happened as (
    select * from entered
    union all by name
    select * from moved
    union all by name
    select * from booked
    union all by name
    select * from met
    union all by name
    select * from sold
    union all by name
    select * from earned
    union all by name
    select * from reached
    union all by name
    select * from closed
)

select
    agent_id,
    metric_date,
    coalesce(sum(leads_assigned), 0)::integer as leads_assigned,
    coalesce(sum(leads_contacted), 0)::integer as leads_contacted,
    coalesce(sum(appointments_scheduled), 0)::integer as appointments_scheduled,
    coalesce(sum(appointments_completed), 0)::integer as appointments_completed,
    coalesce(sum(proposals_sent), 0)::integer as proposals_sent,
    coalesce(sum(policies_sold), 0)::integer as policies_sold,
    coalesce(sum(premium_collected), 0)::decimal(18, 2) as premium_collected,
    coalesce(sum(commission_earned), 0)::decimal(18, 2) as commission_earned,
    coalesce(sum(calls_made), 0)::integer as calls_made,
    coalesce(sum(emails_sent), 0)::integer as emails_sent,
    coalesce(
        (sum(won)::decimal(18, 0) * 100 / nullif(sum(closed), 0)), 0
    )::decimal(5, 2) as conversion_rate
from happened
where agent_id is not null and metric_date is not null
group by agent_id, metric_date
order by metric_date, agent_id
