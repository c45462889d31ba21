"""The tests: sentences about Seekcast, on real files, servers and browsers."""
