"""What is worked out ahead for the places that were touched: from facts that are read and folded once."""
