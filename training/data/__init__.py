"""Reading the public data sets and packing them for training."""
