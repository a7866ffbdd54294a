"""The commands, a module for each group. They are thin: options in, one question or use case, words out."""
