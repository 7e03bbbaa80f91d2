"""Numbers that PyTorch and the tests draw alike, and digests of tensors: formula.hpp is the same in C++."""
import math

import numpy
import torch

MASK = (1 << 64) - 1
PROJECTIONS = 8


def seed_of(name):
    """FNV-1a."""
    seed = 0xCBF29CE484222325
    for byte in name.encode():
        seed = (seed ^ byte) * 0x100000001B3 & MASK
    return seed


def numbers(name, count):
    """`count` multiples of 2^-21 from -1 up to 1, which a float holds as they are: SplitMix64 from the name's seed."""
    z = numpy.arange(1, count + 1, dtype=numpy.uint64) * numpy.uint64(0x9E3779B97F4A7C15) + numpy.uint64(seed_of(name))
    z = (z ^ z >> numpy.uint64(30)) * numpy.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ z >> numpy.uint64(27)) * numpy.uint64(0x94D049BB133111EB)
    z = z ^ z >> numpy.uint64(31)
    return (z >> numpy.uint64(42)).astype(numpy.float64) / 2**21 - 1


def drawn(name, *shape):
    return torch.from_numpy(numbers(name, math.prod(shape))).reshape(shape)


def tokens(name, vocabulary, *shape):
    """Whole numbers from 0 up to `vocabulary`."""
    return ((drawn(name, *shape) + 1) * (vocabulary / 2)).long()


def put_digest(w, name, values):
    """The record of a tensor: its length, and its projections on drawn directions."""
    v = values.detach().double().reshape(-1)
    directions = drawn(name, PROJECTIONS, v.numel())
    w.record(name, torch.cat([v.norm().reshape(1), directions @ v]))


class Draw:
    """Choices that are the same in every run."""

    def __init__(self, name):
        self.name, self.count = name, 0

    def below(self, n):
        self.count += 1
        return seed_of(f"{self.name}/{self.count}") * 0x9E3779B97F4A7C15 % (1 << 64) * n >> 64

    def of(self, choices):
        return choices[self.below(len(choices))]

    def one_in(self, n):
        return self.below(n) == 0

    def shuffled(self, items):
        items = list(items)
        return [items.pop(self.below(len(items))) for _ in range(len(items))]
