"""The menus and all their actions: one table a menu, put together in `table.py`."""
