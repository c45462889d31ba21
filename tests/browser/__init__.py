"""The search box and the page in a real browser."""
