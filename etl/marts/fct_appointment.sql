-- one row per appointment. Its deal is the opportunity, else the lead; its territory is the deal's,
-- else the customer's. held_on: the day on which a completed one took place.
-- key: appointment_id
-- refers: deal_kind, deal_id to fct_deal.kind, deal_id; customer_id to dim_customer.customer_id
-- refers: agent_id to dim_agent.user_id; territory_id to dim_territory.territory_id
-- holds: stg_appointment
with
appointment as (
    select
        *,
        coalesce(opportunity_id, lead_id) as deal_id,
        case
            when opportunity_id is not null then 'opportunity'
            when lead_id is not null then 'lead'
        end as deal_kind
    from stg_appointment
)

select
    appointment.appointment_id,
    appointment.deal_kind,
    appointment.deal_id,
    appointment.customer_id,
    appointment.agent_id,
    coalesce(deal.territory_id, customer.territory_id) as territory_id,
    appointment.type,
    appointment.mode,
    appointment.status,
    appointment.scheduled_on,
    case
        when list_contains(status.flags, 'done')
            then coalesce(appointment.held_on, appointment.scheduled_on)
    end as held_on,
    list_contains(status.flags, 'done') as is_completed,
    appointment.planned_minutes
from appointment
inner join stg_status as status
    on status.entity = 'appointment' and status.status = appointment.status
left join fct_deal as deal on deal.kind = appointment.deal_kind and deal.deal_id = appointment.deal_id
left join stg_customer as customer on customer.customer_id = appointment.customer_id
order by appointment.scheduled_on, appointment.appointment_id
