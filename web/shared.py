"""What the processes of one server share: numbers in memory that is mapped before they are forked.

Each process writes only its own row, so nothing has to be locked between them, and nothing can stay
locked when one is killed; whoever wants the whole adds up the rows. A process that dies leaves its
row to the one that takes its place.
"""

import mmap
from dataclasses import dataclass


@dataclass(slots=True)
class Worker:
    """Which of how many processes this is; `number` is set after the fork."""

    count: int = 1
    number: int = 0


def shared_numbers(count: int) -> "memoryview[float]":
    """So many floats, all 0, that this process and those forked from it read and write."""
    return memoryview(mmap.mmap(-1, count * 8)).cast("d")


class SharedRows:
    """A row of `width` numbers for each process."""

    def __init__(self, worker: Worker, width: int) -> None:
        self._worker = worker
        self._width = width
        self._numbers = shared_numbers(worker.count * width)

    def own(self) -> "memoryview[float]":
        """This process's row, to be written under whatever lock its threads need."""
        first = self._worker.number * self._width
        return self._numbers[first : first + self._width]

    def total(self, column: int) -> float:
        """The sum of a column over all processes."""
        return sum(self._numbers[column :: self._width])

    def column(self, column: int) -> list[float]:
        """A column, process by process."""
        return list(self._numbers[column :: self._width])
