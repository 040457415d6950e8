"""Many photos: a folder tree worked through, on one machine or several, and resumed where it stopped."""
