-- one row per lead or opportunity.
-- created_on: the day of entry, or an opportunity's earlier opening. expected_value: expected premium
-- or estimated value; null where nobody has said. weighted_value: open ones only, unrounded, so that
-- sums are rounded once. won_value: won ones only; of a lead, its expected premium. days_to_close:
-- from opening, else creation. furthest_rank: the furthest stage ever reached; lost is none.
-- first_contact_at: the first outbound follow-up done.
-- key: kind, deal_id
-- refers: kind, stage to dim_stage.kind, stage; agent_id to dim_agent.user_id
-- refers: territory_id to dim_territory.territory_id; product_id to dim_product.product_id
-- refers: source_id to dim_source.source_id; account_id to dim_account.account_id
-- refers: customer_id to dim_customer.customer_id; lost_reason_id to dim_lost_reason.lost_reason_id
-- holds: stg_lead, stg_opportunity
-- sum: expected_value = stg_lead.expected_premium + stg_opportunity.estimated_value
with
contact as (
    select
        followup.lead_id,
        min(followup.completed_at) as first_contact_at
    from stg_followup as followup
    inner join stg_status as status
        on status.entity = 'followup' and status.status = followup.status
    where followup.direction = 'outbound' and list_contains(status.flags, 'done')
    group by followup.lead_id
),

deal as (
    select
        'lead' as kind,
        lead.lead_id as deal_id,
        lead.code,
        coalesce(product.name, lead.code) as title,
        lead.agent_id,
        lead.territory_id,
        lead.product_id,
        lead.source_id,
        lead.account_id,
        lead.customer_id,
        lead.lead_id,
        lead.lost_reason_id,
        lead.state,
        lead.priority,
        lead.status as stage,
        lead.furthest_status as furthest_stage,
        lead.stage_since,
        lead.reopen_count,
        lead.created_at,
        lead.created_on,
        lead.created_on as opened_on,
        null::date as expected_close_on,
        lead.closed_on,
        lead.expected_premium as expected_value,
        lead.expected_premium as value_if_won,
        contact.first_contact_at
    from stg_lead as lead
    left join stg_product as product on product.product_id = lead.product_id
    left join contact on contact.lead_id = lead.lead_id
    union all
    select
        'opportunity' as kind,
        opportunity.opportunity_id as deal_id,
        opportunity.code,
        opportunity.name as title,
        opportunity.agent_id,
        opportunity.territory_id,
        opportunity.product_id,
        opportunity.source_id,
        opportunity.account_id,
        opportunity.customer_id,
        opportunity.lead_id,
        opportunity.lost_reason_id,
        null as state,
        opportunity.priority,
        opportunity.stage,
        opportunity.furthest_stage,
        opportunity.stage_since,
        opportunity.reopen_count,
        opportunity.created_at,
        least(opportunity.opened_on, opportunity.created_on) as created_on,
        opportunity.opened_on,
        opportunity.expected_close_on,
        opportunity.closed_on,
        opportunity.estimated_value as expected_value,
        opportunity.won_value as value_if_won,
        null::timestamp as first_contact_at
    from stg_opportunity as opportunity
)

select
    deal.kind,
    deal.deal_id,
    deal.code,
    deal.title,
    deal.agent_id,
    deal.territory_id,
    deal.product_id,
    deal.source_id,
    deal.account_id,
    deal.customer_id,
    deal.lead_id,
    deal.lost_reason_id,
    deal.state,
    deal.priority,
    deal.stage,
    deal.stage_since,
    greatest(
        if(stage.is_lost, 1, stage.rank),
        if(furthest.is_lost, 1, furthest.rank)
    ) as furthest_rank,
    stage.is_open,
    stage.is_won,
    stage.is_lost,
    deal.reopen_count,
    deal.created_at,
    deal.created_on,
    date_trunc('month', deal.created_on)::date as created_month,
    deal.opened_on,
    deal.expected_close_on,
    deal.closed_on,
    date_trunc('month', deal.closed_on)::date as closed_month,
    deal.expected_value,
    case when stage.is_won then deal.value_if_won end as won_value,
    case when stage.is_open then (deal.expected_value * stage.weight)::decimal(18, 6) end as weighted_value,
    (deal.closed_on - coalesce(deal.opened_on, deal.created_on))::integer as days_to_close,
    deal.first_contact_at,
    date_diff('minute', deal.created_at, deal.first_contact_at)::integer as minutes_to_contact
from deal
left join dim_stage as stage on stage.kind = deal.kind and stage.stage = deal.stage
left join dim_stage as furthest on furthest.kind = deal.kind and furthest.stage = deal.furthest_stage
order by deal.created_on, deal.kind, deal.deal_id
