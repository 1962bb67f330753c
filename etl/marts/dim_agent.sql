-- one row per member of staff who owns, manages or has an agent profile
-- key: user_id
-- refers: territory_id to dim_territory.territory_id; manager_user_id to dim_agent.user_id
with
owner as (
    select user_id from stg_agent
    union
    select manager_user_id from stg_agent
    union
    select manager_id from stg_territory
    union
    select agent_id from stg_account
    union
    select agent_id from stg_customer
    union
    select agent_id from stg_lead
    union
    select agent_id from stg_opportunity
    union
    select agent_id from stg_followup
    union
    select agent_id from stg_appointment
    union
    select agent_id from stg_policy
    union
    select agent_id from stg_claim
    union
    select agent_id from stg_commission
)

select
    person.user_id,
    profile.agent_code,
    person.name,
    person.role,
    profile.territory_id,
    profile.manager_user_id,
    manager.name as manager_name,
    profile.joined_on,
    profile.status,
    profile.target_monthly,
    profile.commission_tier,
    person.is_active
from owner
inner join stg_user as person on person.user_id = owner.user_id
left join stg_agent as profile on profile.user_id = person.user_id
left join stg_user as manager on manager.user_id = profile.manager_user_id
order by person.user_id
