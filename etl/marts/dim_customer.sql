-- one row per customer, by code; no name, contact or birth date
-- key: customer_id
-- refers: agent_id to dim_agent.user_id; territory_id to dim_territory.territory_id; account_id to dim_account.account_id
-- holds: stg_customer
select
    customer_id,
    code,
    state,
    source,
    agent_id,
    territory_id,
    account_id,
    is_archived,
    created_on
from stg_customer
order by created_on, customer_id
