"""From a site's folder of episodes to a published generation of the search index."""
