"""What people see in a terminal: tables and sentences made from the answers of HTTP, in neutral words."""
