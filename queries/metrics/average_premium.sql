-- label: Average premium
-- definition: The annualised premium of the policies issued in the period, divided by their number.
-- counted: policies
-- unit: money
-- measures: flow
-- good: up
-- owner: Head of Underwriting
-- grain: one row per sold policy
-- dims: agent, territory, product
-- rows: policies
-- aggregate: ratio
select
    policy.issue_date as day,
    policy.agent_id,
    policy.territory_id,
    policy.product_id,
    policy.policy_id as record_id,
    policy.annual_premium as numerator,
    1 as denominator
from fct_policy as policy
where policy.is_sale
