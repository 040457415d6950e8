"""What leaves the case: pictures that say what they are, and the record of how they came about."""
