#!/usr/bin/env bash
# Two databases, each of a user who sees only that one: Airflow's, and the ledger.
# Runs once, when the cluster is empty; on a server without containers run it as in install-on-a-server.md.
set -euo pipefail

for name in airflow palermo; do
    password="$(<"/run/secrets/${name}_database_password")"
    psql --set ON_ERROR_STOP=1 --quiet --username "${POSTGRES_USER:-postgres}" --dbname postgres <<SQL
CREATE ROLE ${name} LOGIN PASSWORD '${password}';
CREATE DATABASE ${name} OWNER ${name};
REVOKE ALL ON DATABASE ${name} FROM PUBLIC;
SQL
done
