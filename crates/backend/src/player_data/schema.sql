-- Times are milliseconds since 1970.

CREATE TABLE IF NOT EXISTS dataset (
    player      TEXT NOT NULL,
    name        TEXT NOT NULL,
    sync_count  INTEGER NOT NULL,
    forgotten   INTEGER NOT NULL,
    records     INTEGER NOT NULL,
    bytes       INTEGER NOT NULL,
    modified_at INTEGER NOT NULL,
    PRIMARY KEY (player, name)
) STRICT, WITHOUT ROWID;

-- value IS NULL: the record was removed, and the removal is still remembered.
CREATE TABLE IF NOT EXISTS record (
    player      TEXT NOT NULL,
    dataset     TEXT NOT NULL,
    key         TEXT NOT NULL,
    value       TEXT,
    sync_count  INTEGER NOT NULL,
    modified_at INTEGER NOT NULL,
    PRIMARY KEY (player, dataset, key),
    FOREIGN KEY (player, dataset) REFERENCES dataset (player, name) ON DELETE CASCADE
) STRICT;

-- Where the sync counts of a player's next new dataset begin.
CREATE TABLE IF NOT EXISTS dataset_floor (
    player     TEXT PRIMARY KEY,
    sync_count INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
