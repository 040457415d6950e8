"""The few dialogs: export, model cards, shortcuts, about."""
