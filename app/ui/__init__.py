"""The Qt window. It drives :mod:`app.workbench` and holds no image maths of its own."""
