-- one row per day, agent, territory and product with a sale; written back to PostgreSQL.
-- policies_sold: policies issued that day, whatever became of them. total_premium: annualised.
-- key: date, agent_id, territory_id, product_id
-- sum: policies_sold = fct_policy.is_sale
select
    issue_date as date,
    agent_id,
    territory_id,
    product_id,
    count(*)::integer as policies_sold,
    sum(annual_premium)::decimal(18, 2) as total_premium,
    sum(sum_assured)::decimal(18, 2) as total_sum_assured
from fct_policy
where is_sale
group by all
order by date, agent_id, territory_id, product_id
