"""The case in the window: what keeps it, and what shows it."""
