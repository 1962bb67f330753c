-- label: Policies issued
-- definition: The number of policies issued in the period.
-- counted: policies
-- unit: count
-- measures: flow
-- good: up
-- owner: Head of Underwriting
-- grain: one row per sold policy
-- dims: agent, territory, product
-- rows: policies
-- aggregate: sum
select
    policy.issue_date as day,
    policy.agent_id,
    policy.territory_id,
    policy.product_id,
    policy.policy_id as record_id,
    1 as numerator,
    null as denominator
from fct_policy as policy
where policy.is_sale
