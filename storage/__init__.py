"""The only package that opens artefacts: zones, Parquet in and out, the ledger, the audit trail."""
