"""The kinds of developments, a module for each family. `domain/catalogue.py` lists them."""
