-- one row per account (a company); the names of its people are not here
-- key: account_id
-- refers: agent_id to dim_agent.user_id; territory_id to dim_territory.territory_id
-- holds: stg_account
select
    account_id,
    code,
    name,
    industry,
    country,
    agent_id,
    territory_id
from stg_account
order by account_id
