#!/usr/bin/env python3
"""Writes labels.txt beside this file: losses of outputs (steps, classes), as PyTorch computes them in double precision.

usage: make_labels.py [DIRECTORY]      (needs PyTorch >= 1.13; Debian: python3-torch)
LOSS/NxLxC/output, target, value and gradient, as in losses.txt: cross-entropy and likelihood on (N·L, C), with a label
or a distribution a step, the others on (N, L, C).
"""
import torch
import torch.nn as nn
import torch.nn.functional as F

from records import Writer, uniform, write


def labels_of_steps(directory):
    w = Writer(directory, "labels.txt")
    g = torch.Generator().manual_seed(5)

    def put(name, output, target, value):
        gradient, = torch.autograd.grad(value, output)
        for what, numbers in ("output", output), ("target", target), ("value", value), ("gradient", gradient):
            w.record(f"{name}/{what}", numbers)

    for samples, steps, classes in (1, 1, 5), (1, 4, 3), (3, 5, 7), (1, 3, 16), (2, 3, 19), (4, 2, 1):
        case = f"/{samples}x{steps}x{classes}"
        z = uniform(g, samples, steps, classes, low=-3, high=3).requires_grad_()
        rows = z.reshape(samples * steps, classes)
        labels = torch.randint(classes, (samples * steps,), generator=g)
        soft = torch.softmax(uniform(g, samples * steps, classes), dim=1)
        target = uniform(g, samples, steps, classes, low=-3, high=3)
        for smoothing in 0, 0.1:
            tail = f"_smoothing_{smoothing}" if smoothing else ""
            put("softmax_cross_entropy_labels" + tail + case, z, labels, F.cross_entropy(rows, labels, label_smoothing=smoothing))
            put("softmax_cross_entropy_soft" + tail + case, z, soft, F.cross_entropy(rows, soft, label_smoothing=smoothing))
        logs = torch.log_softmax(rows, dim=1).detach().reshape(z.shape).requires_grad_()
        put("negative_log_likelihood" + case, logs, labels, F.nll_loss(logs.reshape(rows.shape), labels))
        put("mean_squared_error" + case, z, target, F.mse_loss(z, target))
        put("kl_divergence" + case, logs, soft, F.kl_div(logs, soft.reshape(z.shape), reduction="batchmean"))
    w.close()


if __name__ == "__main__":
    write(labels_of_steps)
