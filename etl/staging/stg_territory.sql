-- one row per territory
select
    id as territory_id,
    name,
    code,
    manager_id,
    parent_territory_id as parent_id,
    is_active
from extracted
