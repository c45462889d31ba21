"""Numbers of things as people read them."""


def plural(count: int, one: str, many: str = "") -> str:
    """`1 episode`, `3,064 moments`; `many` where it is more than an s that is added to `one`."""
    return f"{count:,} {one if count == 1 else many or f'{one}s'}"
