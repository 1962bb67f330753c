-- one row per status change of a lead or opportunity that still exists; from_stage is null at its
-- entry. Agent and territory are those that the deal has now.
-- key: change_id
-- refers: kind, deal_id to fct_deal.kind, deal_id; agent_id to dim_agent.user_id
-- refers: kind, to_stage to dim_stage.kind, stage
select
    change.change_id,
    change.kind,
    change.deal_id,
    change.from_stage,
    change.to_stage,
    change.changed_on,
    change.changed_at,
    deal.agent_id,
    deal.territory_id
from stg_stage_change as change
inner join fct_deal as deal on deal.kind = change.kind and deal.deal_id = change.deal_id
order by change.changed_on, change.change_id
