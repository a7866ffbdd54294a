"""The `palimpsest` command. It asks the same services as the HTTP routes and prints what they answer.

`main.py` has the command itself, `commands/` a module for each group, `tables/` what people see. Whatever
is slow to import is imported inside the commands, so that `palimpsest --help` stays quick.
"""
