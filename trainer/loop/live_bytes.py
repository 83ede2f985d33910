"""Counts the bytes that tensors hold while a piece of work runs, on any device and without its allocator's help."""

import weakref
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from typing import Any

from torch import Tensor
from torch.utils._python_dispatch import TorchDispatchMode


class LiveBytes(TorchDispatchMode):
    """Inside it, the memory of every tensor that an operation makes is counted until nothing holds it any more.

    Memory that was there before counts for nothing, and a view counts for nothing beside the tensor that it shows.
    """

    def __init__(self) -> None:
        """Start at 0 bytes."""
        super().__init__()  # type: ignore[no-untyped-call]  # torch's own
        self.live = 0
        """Bytes that are held now."""
        self.timeline: list[int] = []
        """Bytes that were held after each operation; equal work on tensors of another size has a timeline as long."""
        self._known: dict[int, weakref.ref[Any]] = {}
        """The memory of tensors by its address in torch, for as long as it is held."""

    def __torch_dispatch__(
        self,
        func: Callable[..., Any],
        types: Iterable[type],
        args: tuple[Any, ...] = (),
        kwargs: Mapping[str, Any] | None = None,
    ) -> Any:
        """Run an operation and count what it makes."""
        del types
        named = kwargs or {}
        for given in _tensors((*args, *named.values())):
            self._know(given, counts=False)
        made = func(*args, **named)
        for tensor in _tensors((made,)):
            self._know(tensor, counts=True)
        self.timeline.append(self.live)
        return made

    def _know(self, tensor: Tensor, *, counts: bool) -> None:
        storage: Any = tensor.untyped_storage()
        key = int(storage._cdata)
        if key not in self._known:
            size = int(storage.nbytes()) if counts else 0
            self._known[key] = weakref.ref(storage, partial(self._forget, key, size))
            self.live += size

    def _forget(self, key: int, size: int, _: object) -> None:
        del self._known[key]
        self.live -= size


def _tensors(items: Iterable[Any]) -> Iterator[Tensor]:
    """The tensors among arguments or results of an operation, also those in its lists."""
    for item in items:
        if isinstance(item, Tensor):
            yield item
        elif isinstance(item, list | tuple):
            yield from _tensors(item)
