"""The business: rules, lifecycles and stores of the operational PostgreSQL database."""
