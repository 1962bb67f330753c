-- one row per day, agent, territory and product, as the last refresh wrote it
select
    date,
    agent_id,
    territory_id,
    product_id,
    policies_sold,
    cents(total_premium) as total_premium,
    cents(total_sum_assured) as total_sum_assured
from extracted
