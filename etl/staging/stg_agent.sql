-- one row per agent profile
select
    id as profile_id,
    user_id,
    agent_code,
    territory_id,
    reporting_manager_id as manager_user_id,
    joined_on,
    commission_tier,
    status,
    cents(target_monthly) as target_monthly
from extracted
