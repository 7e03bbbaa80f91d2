#!/usr/bin/env python3
"""Writes negative_sampling.txt beside this file: the loss of word2vec as it is published, by PyTorch's log-sigmoid.

usage: make_negative_sampling.py [DIRECTORY]      (needs PyTorch >= 1.13; Debian: python3-torch)
"""
import os
import sys

import torch
import torch.nn.functional as F

torch.set_num_threads(1)
torch.set_default_dtype(torch.float64)


def shortest(value):
    text = repr(value)
    return text[:-2] if text.endswith(".0") else text


directory = sys.argv[1] if len(sys.argv) > 1 else os.path.dirname(os.path.abspath(__file__))
generator = torch.Generator().manual_seed(31)
with open(os.path.join(directory, "negative_sampling.txt"), "w") as out:
    def record(name, values):
        values = values.detach().reshape(-1).tolist()
        out.write(" ".join([name, str(len(values))] + [shortest(v) for v in values]) + "\n")

    for rows, columns in [(1, 1), (3, 2), (5, 7), (1, 10), (13, 10), (4, 33)]:
        case = f"negative_sampling/{rows}x{columns}"
        drawn = torch.rand(rows, columns, generator=generator) * 16 - 8
        y = (torch.round(drawn * 1e4) / 1e4).requires_grad_()
        target = torch.zeros(rows, columns)
        target[:, 0] = 1
        value = (-F.logsigmoid(y[:, 0]) - F.logsigmoid(-y[:, 1:]).sum(dim=1)).mean()
        value.backward()
        record(case + "/output", y)
        record(case + "/target", target)
        record(case + "/value", value)
        record(case + "/gradient", y.grad)
