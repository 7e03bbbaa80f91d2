#!/usr/bin/env python3
"""Writes losses and their gradients beside this file: losses.txt, losses_more.txt.

usage: make_losses.py [DIRECTORY]      (needs PyTorch >= 1.13; Debian: python3-torch)
"""
import torch
import torch.nn.functional as F

from records import Writer, uniform, write


# ---- losses: mean over the batch, and the gradient with respect to the output -------------------

def recorder(w):
    """put(name, y, target, value): a loss of the output y, and its gradient."""
    def put(name, y, target, value):
        (gradient,) = torch.autograd.grad(value, y)
        w.record(name + "/output", y)
        w.record(name + "/target", target.double())
        w.record(name + "/value", value)
        w.record(name + "/gradient", gradient)
    return put


def losses(directory):
    w = Writer(directory, "losses.txt")
    g = torch.Generator().manual_seed(3)

    put = recorder(w)

    for rows, columns in [(1, 1), (3, 2), (5, 7), (1, 10), (13, 10), (4, 33)]:
        case = f"/{rows}x{columns}"
        y = uniform(g, rows, columns, low=-3, high=3).requires_grad_()
        t = uniform(g, rows, columns, low=-2, high=2)
        put("mean_squared_error" + case, y, t, F.mse_loss(y, t))
        t_equal = t.clone()
        t_equal[-1, -1] = y.detach()[-1, -1]                        # the kink
        put("mean_absolute_error" + case, y, t_equal, F.l1_loss(y, t_equal))
        z = uniform(g, rows, columns, low=-40, high=40).requires_grad_()
        bits = (torch.rand(rows, columns, generator=g) < 0.5).double()
        put("binary_cross_entropy" + case, z, bits, F.binary_cross_entropy_with_logits(z, bits))
        soft_bits = uniform(g, rows, columns, low=0, high=1)
        put("binary_cross_entropy_soft" + case, y, soft_bits, F.binary_cross_entropy_with_logits(y, soft_bits))
        if columns == 1:
            continue
        z = uniform(g, rows, columns, low=-6, high=6).requires_grad_()
        labels = torch.randint(0, columns, (rows,), generator=g)
        soft = F.softmax(uniform(g, rows, columns, low=-2, high=2), dim=-1)
        put("softmax_cross_entropy_label" + case, z, labels, F.cross_entropy(z, labels))
        put("softmax_cross_entropy_soft" + case, z, soft, F.cross_entropy(z, soft))
        put("softmax_cross_entropy_label_smoothing_0.1" + case, z, labels, F.cross_entropy(z, labels, label_smoothing=0.1))
        put("softmax_cross_entropy_soft_smoothing_0.1" + case, z, soft, F.cross_entropy(z, soft, label_smoothing=0.1))
        hot = uniform(g, rows, columns, low=-300, high=300).requires_grad_()
        put("softmax_cross_entropy_label_extreme" + case, hot, labels, F.cross_entropy(hot, labels))
    w.close()


def losses_more(directory):
    w = Writer(directory, "losses_more.txt")
    g = torch.Generator().manual_seed(13)

    put = recorder(w)

    for rows, columns in [(1, 1), (3, 2), (5, 7), (1, 10), (13, 10), (4, 33)]:
        case = f"/{rows}x{columns}"
        y = uniform(g, rows, columns, low=-3, high=3).requires_grad_()
        t = uniform(g, rows, columns, low=-2, high=2)
        t[-1, -1] = y.detach()[-1, -1]                              # exact
        t[0, 0] = y.detach()[0, 0] + 1                              # where huber's pieces meet
        put("huber" + case, y, t, F.huber_loss(y, t))
        put("huber_0.5" + case, y, t, F.huber_loss(y, t, delta=0.5))
        put("huber_2.5" + case, y, t, F.huber_loss(y, t, delta=2.5))
        put("log_cosh" + case, y, t, torch.log(torch.cosh(y - t)).mean())
        far = uniform(g, rows, columns, low=-300, high=300).requires_grad_()
        put("log_cosh_far" + case, far, t, torch.log(torch.cosh(far - t)).mean())
        sides = (torch.rand(rows, columns, generator=g) < 0.5).double() * 2 - 1
        put("hinge" + case, y, sides, F.relu(1 - sides * y).mean())
        z = uniform(g, rows, columns, low=-6, high=6)
        logarithms = F.log_softmax(z, dim=-1).requires_grad_()
        soft = F.softmax(uniform(g, rows, columns, low=-2, high=2), dim=-1)
        if columns > 1:
            soft[0, 0] = 0                                          # adds nothing
        put("kl_divergence" + case, logarithms, soft, F.kl_div(logarithms, soft, reduction="batchmean"))
        labels = torch.randint(0, columns, (rows,), generator=g)
        put("negative_log_likelihood" + case, logarithms, labels, F.nll_loss(logarithms, labels))
    w.close()


if __name__ == "__main__":
    write(losses, losses_more)
