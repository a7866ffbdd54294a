"""What feeds, rebuilds and verifies the projections, all of them in the same way."""
