"""The search over HTTP: the page, the JSON endpoint, the search box."""
