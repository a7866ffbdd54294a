"""Following the log over HTTP: one reader of the log for the process, and a stream for each client."""
