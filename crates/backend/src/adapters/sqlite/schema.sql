-- Times are milliseconds since 1970.

CREATE TABLE IF NOT EXISTS run (
    id            TEXT PRIMARY KEY,
    player        TEXT NOT NULL,
    seed          INTEGER NOT NULL,
    rules_version INTEGER NOT NULL,
    issued_at     INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS run_by_time ON run (issued_at);

-- The primary key is what makes a run count once.
CREATE TABLE IF NOT EXISTS score (
    run       TEXT PRIMARY KEY,
    player    TEXT NOT NULL,
    points    INTEGER NOT NULL,
    at        INTEGER NOT NULL,
    recording BLOB NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS best (
    player     TEXT PRIMARY KEY,
    nickname   TEXT,
    points     INTEGER NOT NULL,
    reached_at INTEGER NOT NULL,
    run        TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS best_in_order ON best (points DESC, reached_at, run);

-- The change stream: a row stays until the consumer has acknowledged it.
CREATE TABLE IF NOT EXISTS score_event (
    seq    INTEGER PRIMARY KEY AUTOINCREMENT,
    run    TEXT NOT NULL UNIQUE,
    points INTEGER NOT NULL
) STRICT;

-- Of the consumer: which events were counted, and the counts. Both change in one transaction.
CREATE TABLE IF NOT EXISTS counted_event (
    run TEXT PRIMARY KEY
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS score_count (
    points INTEGER PRIMARY KEY,
    count  INTEGER NOT NULL
) STRICT;

-- `player` is whoever is counted: also an address, or all together.
CREATE TABLE IF NOT EXISTS allowance (
    player TEXT NOT NULL,
    action TEXT NOT NULL,
    window INTEGER NOT NULL,
    taken  INTEGER NOT NULL,
    PRIMARY KEY (player, action)
) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS allowance_by_time ON allowance (window);

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

CREATE TABLE IF NOT EXISTS player (
    account    TEXT PRIMARY KEY,
    email      TEXT NOT NULL,
    created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- A player's last runs and the time that they have taken, in JSON, and how often that has changed.
CREATE TABLE IF NOT EXISTS playing (
    player  TEXT PRIMARY KEY,
    runs    TEXT NOT NULL,
    version INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
