-- Times are milliseconds since 1970.

CREATE TABLE IF NOT EXISTS player (
    account    TEXT PRIMARY KEY,
    email      TEXT NOT NULL,
    created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
