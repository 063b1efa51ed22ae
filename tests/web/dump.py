"""Prints all that a data folder of `naru serve` holds: the rows of its databases, and its files."""

import hashlib
import pathlib
import sqlite3
import sys

data = pathlib.Path(sys.argv[1])
for name in ["index.db", "services.db"]:
    database = sqlite3.connect(f"file:{data / name}?mode=ro", uri=True, timeout=10)
    for line in database.iterdump():
        print(name, line.replace("\n", " "))
for path in sorted(data.rglob("*")):
    if path.is_file() and ".db" not in path.suffix:
        print(path.relative_to(data), hashlib.sha256(path.read_bytes()).hexdigest())
