"""The networks. Each file names the paper it follows."""
