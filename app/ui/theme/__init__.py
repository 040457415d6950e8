"""How the window looks: colours, spacing, type and the style sheet made from them."""
