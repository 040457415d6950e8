"""Revisage: hypotheses of the face under a mask, for forensic image analysts."""

__version__ = "0.1.0"
