"""Imported by the process that trials are forked from: what each would have to load again."""

from search.wordlists import load_wordlists

load_wordlists()
