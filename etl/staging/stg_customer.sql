-- one row per customer
select
    id as customer_id,
    customer_code as code,
    state,
    source,
    agent_id,
    territory_id,
    account_id,
    archived_at is not null as is_archived,
    business_date(created_at) as created_on
from extracted
