"""Questions put to the read models, each answered at the clocks asked for, from one snapshot."""
