#!/usr/bin/env python3
"""Writes negative_sampling.txt beside this file: the loss of word2vec as it is published, by PyTorch's log-sigmoid.

usage: make_negative_sampling.py [DIRECTORY]      (needs PyTorch >= 1.13; Debian: python3-torch)
"""
import torch
import torch.nn.functional as F

from records import Writer, write


def negative_sampling(directory):
    w = Writer(directory, "negative_sampling.txt")
    generator = torch.Generator().manual_seed(31)
    for rows, columns in [(1, 1), (3, 2), (5, 7), (1, 10), (13, 10), (4, 33)]:
        case = f"negative_sampling/{rows}x{columns}"
        drawn = torch.rand(rows, columns, generator=generator) * 16 - 8
        y = (torch.round(drawn * 1e4) / 1e4).requires_grad_()
        target = torch.zeros(rows, columns)
        target[:, 0] = 1
        value = (-F.logsigmoid(y[:, 0]) - F.logsigmoid(-y[:, 1:]).sum(dim=1)).mean()
        value.backward()
        w.record(case + "/output", y)
        w.record(case + "/target", target)
        w.record(case + "/value", value)
        w.record(case + "/gradient", y.grad)
    w.close()


if __name__ == "__main__":
    write(negative_sampling)
