"""One file per kind of training; each follows :class:`training.engine.Task`."""
