"""Video: faces followed from frame to frame, so that their reconstructions do not flicker."""
