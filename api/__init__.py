"""FastAPI over the read models and the ledger: routes, settings, errors, and the one composition root."""
