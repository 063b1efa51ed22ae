-- `player` is whoever is counted: also an address, or all together.
CREATE TABLE IF NOT EXISTS allowance (
    player TEXT NOT NULL,
    action TEXT NOT NULL,
    window INTEGER NOT NULL,
    taken  INTEGER NOT NULL,
    PRIMARY KEY (player, action)
) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS allowance_by_time ON allowance (window);
