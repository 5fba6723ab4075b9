"""The journal's schema as ordered changes. A released one is never edited: a new one is added below it."""

from __future__ import annotations

from cockpit.adapters.journal.sqlite_library import Database, Migrations

JOURNAL = Migrations("journal")

# In the file's header: tells our journal from any other SQLite file. Spells "cOCk".
APPLICATION_ID = 0x634F436B

_V1 = (
    # Subjects and names of facts repeat without end, so a row holds their numbers.
    "CREATE TABLE words (id INTEGER PRIMARY KEY, text ANY NOT NULL UNIQUE) STRICT",
    """CREATE TABLE observations (
        id INTEGER PRIMARY KEY,
        subject INTEGER NOT NULL REFERENCES words (id),
        fact INTEGER NOT NULL REFERENCES words (id),
        shape INTEGER NOT NULL,
        value ANY NOT NULL,
        provenance INTEGER NOT NULL,
        at REAL NOT NULL,
        note ANY
    ) STRICT""",
    # The last known state, so that the start needs no walk over millions of rows: for each fact the newest
    # observation, and the one with which its present value began.
    """CREATE TABLE newest (
        subject INTEGER NOT NULL REFERENCES words (id),
        fact INTEGER NOT NULL REFERENCES words (id),
        began INTEGER NOT NULL REFERENCES observations (id),
        observation INTEGER NOT NULL REFERENCES observations (id),
        PRIMARY KEY (subject, fact)
    ) STRICT, WITHOUT ROWID""",
    # `observation` is the last one before the run was written: the facts of the run, folded, end there.
    """CREATE TABLE runs (
        number INTEGER PRIMARY KEY,
        id TEXT NOT NULL UNIQUE,
        started REAL NOT NULL,
        ended REAL,
        seconds REAL NOT NULL,
        cancelled INTEGER NOT NULL,
        stopped INTEGER NOT NULL,
        level TEXT NOT NULL,
        headline TEXT NOT NULL,
        flows TEXT NOT NULL,
        reasons TEXT NOT NULL,
        lanes TEXT NOT NULL,
        program TEXT NOT NULL,
        catalogue TEXT NOT NULL,
        observation INTEGER NOT NULL,
        digest TEXT NOT NULL,
        chain TEXT NOT NULL
    ) STRICT""",
    """CREATE TABLE results (
        run INTEGER NOT NULL REFERENCES runs (number) ON DELETE CASCADE,
        place INTEGER NOT NULL,
        check_id TEXT NOT NULL,
        lane TEXT NOT NULL,
        title TEXT NOT NULL,
        footprint TEXT NOT NULL,
        bearing TEXT NOT NULL,
        progress TEXT NOT NULL,
        level TEXT NOT NULL,
        answer TEXT NOT NULL,
        provenance TEXT NOT NULL,
        at REAL,
        since REAL,
        seconds REAL NOT NULL,
        detail TEXT NOT NULL,
        diagnosis TEXT NOT NULL,
        not_tested INTEGER NOT NULL,
        remedy TEXT NOT NULL,
        action TEXT NOT NULL,
        PRIMARY KEY (run, place)
    ) STRICT, WITHOUT ROWID""",
    "CREATE TABLE about (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID",
    f"PRAGMA application_id = {APPLICATION_ID}",
)


@JOURNAL()
def v1_observations_and_runs(db: Database) -> None:
    """Observations, the last known state, runs with their results, and who wrote the file."""
    for statement in _V1:
        db.execute(statement)


def names(migrations: Migrations) -> set[str]:
    """Return the names of all changes that this program knows."""
    return {migration.name for migration in migrations.pending(Database(memory=True, execute_plugins=False))}
