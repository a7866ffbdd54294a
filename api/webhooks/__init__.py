"""Webhooks by the Standard Webhooks specification: what is sent, where it may go, and who sends it."""
