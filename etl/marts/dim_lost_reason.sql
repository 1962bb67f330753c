-- one row per lost reason
-- key: lost_reason_id
-- holds: stg_lost_reason
select
    lost_reason_id,
    name,
    category,
    is_active
from stg_lost_reason
order by lost_reason_id
