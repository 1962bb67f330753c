-- one row per territory; path leads from the root to the territory itself.
-- Its office is the territory one level below the root, or the root where there are several roots.
-- key: territory_id
-- refers: parent_id to dim_territory.territory_id
-- holds: stg_territory
with recursive
territory as (
    select * from stg_territory
),

root as (
    select count(*) as roots from territory where parent_id is null
),

branch as (
    select
        territory_id,
        0 as depth,
        [territory_id] as path
    from territory
    where parent_id is null
    union all
    select
        child.territory_id,
        parent.depth + 1 as depth,
        list_append(parent.path, child.territory_id) as path
    from territory as child
    inner join branch as parent on parent.territory_id = child.parent_id
),

placed as (
    select
        branch.*,
        branch.path[if(root.roots = 1, least(branch.depth, 1), 0) + 1] as office_id
    from branch
    cross join root
)

select
    placed.territory_id,
    territory.code,
    territory.name,
    territory.parent_id,
    placed.depth,
    placed.path,
    placed.office_id,
    office.name as office_name,
    territory.manager_id as manager_user_id,
    territory.is_active
from placed
inner join territory on territory.territory_id = placed.territory_id
inner join territory as office on office.territory_id = placed.office_id
order by placed.territory_id
