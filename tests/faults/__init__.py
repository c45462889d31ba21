"""Publishing broken on purpose."""
