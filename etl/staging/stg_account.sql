-- one row per account
select
    id as account_id,
    account_code as code,
    name,
    industry,
    country,
    agent_id,
    territory_id
from extracted
