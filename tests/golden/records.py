"""How every script here writes: files of records `name count value...`, in double precision, on one thread; see README.md."""
import os
import sys

import torch

torch.set_num_threads(1)
torch.set_default_dtype(torch.float64)


def shortest(value):
    """The fewest digits that read back as the same double."""
    text = repr(value)
    return text[:-2] if text.endswith(".0") else text


class Writer:
    def __init__(self, directory, file):
        self.out = open(os.path.join(directory, file), "w")

    def record(self, name, values):
        if torch.is_tensor(values):
            values = values.detach().reshape(-1).tolist()
        assert " " not in name
        self.out.write(" ".join([name, str(len(values))] + [shortest(v) for v in values]) + "\n")

    def close(self):
        self.out.close()


def uniform(generator, *shape, low=-1.0, high=1.0):
    """Uniform numbers with four decimals: short in the file, and exactly the number that stands there."""
    return torch.round((torch.rand(*shape, generator=generator) * (high - low) + low) * 1e4) / 1e4


def write(*subjects):
    """Runs functions of a directory: the one that the command line names, or this one."""
    where = sys.argv[1] if len(sys.argv) > 1 else os.path.dirname(os.path.abspath(__file__))
    for make in subjects:
        make(where)
    print("written with PyTorch", torch.__version__)
