-- Times are milliseconds since 1970.

CREATE TABLE IF NOT EXISTS run (
    id            TEXT PRIMARY KEY,
    player        TEXT NOT NULL,
    seed          INTEGER NOT NULL,
    rules_version INTEGER NOT NULL,
    issued_at     INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS run_by_time ON run (issued_at);

-- A player's last runs and the time that they have taken, in JSON, and how often that has changed.
CREATE TABLE IF NOT EXISTS playing (
    player  TEXT PRIMARY KEY,
    runs    TEXT NOT NULL,
    version INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

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
