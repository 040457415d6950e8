"""Showing pictures of any size: shared camera, pyramids, layers, and the widget that paints them."""
