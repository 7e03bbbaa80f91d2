#!/usr/bin/env python3
"""Writes the values and derivatives of activations beside this file: activations.txt, softmax.txt.

usage: make_activations.py [DIRECTORY]      (needs PyTorch >= 1.13; Debian: python3-torch)
"""
import torch
import torch.nn.functional as F

from records import Writer, uniform, write


# ---- activations: value and derivative ---------------------------------------------------------

ACTIVATIONS = {
    "identity": lambda x: x * 1,
    "sigmoid": torch.sigmoid,
    "hard_sigmoid": F.hardsigmoid,
    "tanh": torch.tanh,
    "hard_tanh": F.hardtanh,
    "relu": F.relu,
    "relu6": F.relu6,
    "leaky_relu": F.leaky_relu,                                     # slope 0.01
    "leaky_relu_0.2": lambda x: F.leaky_relu(x, 0.2),
    "elu": F.elu,                                                   # alpha 1
    "elu_0.5": lambda x: F.elu(x, 0.5),
    "selu": F.selu,
    "celu": F.celu,                                                 # alpha 1
    "gelu": F.gelu,
    "gelu_tanh": lambda x: F.gelu(x, approximate="tanh"),
    "silu": F.silu,
    "mish": F.mish,
    "softplus": lambda x: F.softplus(x, threshold=1000),            # the formula itself, without PyTorch's cut at 20
    "softsign": F.softsign,
    "hard_swish": F.hardswish,
}


def activations(directory):
    w = Writer(directory, "activations.txt")
    even = [-12 + 24 * i / 40 for i in range(41)]
    special = [0.0, 1.0, -1.0, 3.0, -3.0, 6.0, 1e-8, -1e-8, 1e-3, -1e-3, 0.1, -0.1, 0.5, -0.5, 20.0, -20.0, 30.0, -30.0]
    x = torch.tensor(sorted(set(even + special)))
    w.record("x", x)
    for name, function in ACTIVATIONS.items():
        y = function(x)
        # One by one: at 3 the vectors of PyTorch's hard_swish give the derivative 1, its scalars the 1.5 of their formula.
        points = [point.clone().requires_grad_() for point in x]
        derivative = torch.stack([torch.autograd.grad(function(point), point)[0] for point in points])
        w.record(name + "/value", y)
        w.record(name + "/derivative", derivative)
    s = x[x != 0]                                 # what the step is at 0 is a convention: left open
    w.record("step/x", s)
    w.record("step/value", torch.heaviside(s, torch.zeros(1)))
    w.close()


# ---- softmax and log_softmax over the last axis ------------------------------------------------

def softmaxes(directory):
    w = Writer(directory, "softmax.txt")
    g = torch.Generator().manual_seed(2)
    for rows, columns, scale in [(1, 1, 1.0), (3, 2, 2.0), (5, 10, 3.0), (2, 17, 30.0), (4, 33, 1.0)]:
        case = f"{rows}x{columns}"
        x = uniform(g, rows, columns, low=-scale, high=scale).requires_grad_()
        upstream = uniform(g, rows, columns)
        w.record(case + "/x", x)
        w.record(case + "/upstream", upstream)
        for name, function in [("softmax", F.softmax), ("log_softmax", F.log_softmax)]:
            y = function(x, dim=-1)
            (gradient,) = torch.autograd.grad(y, x, upstream)
            w.record(f"{case}/{name}/value", y)
            w.record(f"{case}/{name}/gradient", gradient)
    w.close()


if __name__ == "__main__":
    write(activations, softmaxes)
