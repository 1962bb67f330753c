"""PostgreSQL to DuckDB: extract, staging, marts, checks, publication. Run by `python -m etl`."""
