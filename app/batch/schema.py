"""The journal's tables, and what its rows must be to count as something."""

from __future__ import annotations

SCHEMA = """
CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS photo (
    id INTEGER PRIMARY KEY,
    folder BLOB NOT NULL,           -- relative to the tree, as the file system spells it
    name BLOB NOT NULL,             -- empty for a folder that could not be read
    size INTEGER NOT NULL,
    modified INTEGER NOT NULL,      -- nanoseconds since 1970
    scan INTEGER NOT NULL,          -- the last walk that saw it
    wish BLOB NOT NULL,             -- stem that it would like for its results, compared without case
    stem BLOB,                      -- stem that it has, and keeps
    taken BLOB,                     -- the same, compared without case
    state TEXT NOT NULL CHECK (state IN ('waiting', 'begun', 'done', 'failed')),
    own TEXT NOT NULL DEFAULT '',   -- request under which all of its names were found free, or its own
    request TEXT NOT NULL DEFAULT '',
    done_size INTEGER, done_modified INTEGER, sha256 TEXT NOT NULL DEFAULT '',
    files TEXT NOT NULL DEFAULT '[]', -- names of its results
    mine TEXT NOT NULL DEFAULT '[]',  -- names of all results it ever had, of earlier orders too
    status TEXT NOT NULL DEFAULT '', error TEXT NOT NULL DEFAULT '',
    tried INTEGER NOT NULL DEFAULT 0, -- the last walk after which it was worked on
    details TEXT NOT NULL DEFAULT '{}',
    UNIQUE (folder, name), UNIQUE (folder, taken));
CREATE INDEX IF NOT EXISTS photo_wish ON photo (folder, wish);
"""

TO_DO = (
    "scan = :scan AND name != x'' AND (state IN ('waiting', 'begun')"
    " OR state = 'failed' AND scan != tried OR state = 'done' AND"
    " (request != :request OR done_size != size OR done_modified != modified))"
)
"""What is to do, for a request and after a walk."""

UNREADABLE = "tried = scan AND state = 'failed'"
"""What the last walk could not look at; true only before the work."""
