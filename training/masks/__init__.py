"""Synthetic masks: shapes drawn from landmarks, and worn masks rendered onto faces."""
