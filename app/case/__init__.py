"""The case: records of what was asked for and what came of it."""
