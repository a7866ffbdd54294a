"""Other people's event stores, each in an environment of its own, never in the product's."""
