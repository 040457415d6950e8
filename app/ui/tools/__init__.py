"""What the pointer does on the canvas: one small class per tool."""
