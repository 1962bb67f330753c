-- one row per follow-up. Its deal is the opportunity, else the lead; its territory is the deal's,
-- else the customer's.
-- key: followup_id
-- refers: deal_kind, deal_id to fct_deal.kind, deal_id; customer_id to dim_customer.customer_id
-- refers: agent_id to dim_agent.user_id; territory_id to dim_territory.territory_id
-- holds: stg_followup
-- sum: duration_minutes = stg_followup.duration_minutes
with
followup as (
    select
        *,
        coalesce(opportunity_id, lead_id) as deal_id,
        case
            when opportunity_id is not null then 'opportunity'
            when lead_id is not null then 'lead'
        end as deal_kind
    from stg_followup
)

select
    followup.followup_id,
    followup.deal_kind,
    followup.deal_id,
    followup.customer_id,
    followup.agent_id,
    coalesce(deal.territory_id, customer.territory_id) as territory_id,
    followup.type,
    followup.direction,
    followup.status,
    followup.scheduled_on,
    followup.completed_on,
    list_contains(status.flags, 'done') as is_completed,
    followup.duration_minutes
from followup
inner join stg_status as status on status.entity = 'followup' and status.status = followup.status
left join fct_deal as deal on deal.kind = followup.deal_kind and deal.deal_id = followup.deal_id
left join stg_customer as customer on customer.customer_id = followup.customer_id
order by followup.completed_on, followup.followup_id
