"""The routes, a module for each resource. They are thin: clocks in, one question, one answer out."""
