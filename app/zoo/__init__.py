"""Models from outside: fetched, checked against their cards, put into the user's own zoo, removed."""
