"""Speed, side by side: `make bench`, that is `python -m tests.bench`. docs/speed.md has figures.

archives.py   what is searched: real, multiplied and generated shows (seeded)
queries.py    what is asked: drawn from a show by rules (seeded)
peers/        who answers: ours, plain Whoosh, SQLite FTS5, tantivy, MiniSearch
timing.py     answering, alternating between peers; means and percentiles by class of query
costs.py      building, publishing, size, memory, cold start: each in a process of its own
load.py       requests per second over HTTP
tables.py     all of it as text and as Markdown
"""
