-- one row per member of staff
select
    id as user_id,
    first_name || ' ' || last_name as name,
    role,
    is_active
from extracted
