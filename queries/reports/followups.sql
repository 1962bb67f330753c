-- label: Follow-ups
-- key: record_id
-- column: code | Code | code
-- column: title | About | text
-- column: type | Type | text
-- column: direction | Direction | text
-- column: status | Status | text
-- column: agent | Agent | text
-- column: scheduled_on | Planned | date
-- column: completed_on | Completed | date
-- column: duration_minutes | Minutes | int
select
    followup.deal_kind as kind,
    followup.followup_id as record_id,
    deal.code,
    deal.title,
    followup.type,
    followup.direction,
    followup.status,
    agent.name as agent,
    followup.scheduled_on,
    followup.completed_on,
    followup.duration_minutes
from fct_followup as followup
left join fct_deal as deal on deal.kind = followup.deal_kind and deal.deal_id = followup.deal_id
left join dim_agent as agent on agent.user_id = followup.agent_id
