-- one row per lost reason
select
    id as lost_reason_id,
    name,
    category,
    is_active
from extracted
