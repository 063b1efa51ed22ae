-- Of the consumer: which events were counted, and the counts. Both change in one transaction.
CREATE TABLE IF NOT EXISTS counted_event (
    run TEXT PRIMARY KEY
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS score_count (
    points INTEGER PRIMARY KEY,
    count  INTEGER NOT NULL
) STRICT;
