"""The domain of Seekcast: episodes, moments, queries, answers, and the engine behind one seam.

Imports nothing of `index` (which fills the engine) or `web` (which shows its answers).
"""
