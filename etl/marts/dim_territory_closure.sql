-- one row per territory and each of its ancestors, itself included
-- key: ancestor_id, territory_id
-- refers: ancestor_id to dim_territory.territory_id; territory_id to dim_territory.territory_id
select
    unnest(path) as ancestor_id,
    territory_id
from dim_territory
order by ancestor_id, territory_id
