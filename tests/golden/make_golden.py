#!/usr/bin/env python3
"""Writes the golden values beside this file: what PyTorch computes, in double precision, from fixed seeds.

usage: make_golden.py [DIRECTORY]      (needs PyTorch >= 1.13; Debian: python3-torch)
Every file is a list of records `name count value...`, one a line; see README.md.
"""
import os
import sys

import torch
import torch.nn as nn
import torch.nn.functional as F

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


# ---- layers that measure their input, and learned slopes: fifty updates, then inference ------------

def layers(directory):
    w = Writer(directory, "layers.txt")
    torch.manual_seed(6)
    net = nn.Sequential(nn.Linear(7, 13), nn.BatchNorm1d(13), nn.ReLU(), nn.Linear(13, 11), nn.LayerNorm(11),
                        nn.PReLU(11), nn.Linear(11, 5), nn.PReLU(), nn.BatchNorm1d(5)).double()
    g = torch.Generator().manual_seed(7)
    x, target = uniform(g, 9, 7, low=-2, high=2), uniform(g, 9, 5)
    w.record("x", x)
    w.record("target", target)
    named = lambda: [(k, v) for k, v in net.state_dict().items() if "num_batches" not in k]
    for name, value in named():
        w.record("initial/" + name, value)
    # Not Adam: it divides rounding errors by each other where a gradient is 0, as that of a bias before batch norm is.
    optimizer = torch.optim.SGD(net.parameters(), lr=0.1, momentum=0.9)
    losses = []
    for _ in range(50):
        optimizer.zero_grad()
        loss = F.mse_loss(net(x), target)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    w.record("loss", torch.tensor(losses))
    for name, value in named():
        w.record("final/" + name, value)
    net.eval()
    w.record("inference", net(x))
    w.close()


# ---- norms of images and signals, slopes of channels and poolings: thirty updates, then inference ---

def image_norms(directory):
    w = Writer(directory, "image_norms.txt")
    nets = {
        "image": ((4, 7, 6), 2, [nn.BatchNorm2d(4), nn.GroupNorm(2, 4), nn.PReLU(4), nn.MaxPool2d(2, 1), nn.LayerNorm([4, 6, 5]), nn.PReLU(),
                                 nn.AvgPool2d((3, 2), 2, (1, 0)), nn.GroupNorm(4, 4), nn.Tanh(), nn.MaxPool2d(3, 2, 1), nn.Flatten(),
                                 nn.LayerNorm(8), nn.Linear(8, 2)]),
        "signal": ((6, 11), 3, [nn.GroupNorm(3, 6), nn.PReLU(6), nn.LayerNorm(11), nn.AvgPool1d(3, 2, 1), nn.BatchNorm1d(6), nn.Tanh(), nn.MaxPool1d(2),
                                nn.GroupNorm(1, 6), nn.AdaptiveAvgPool1d(1), nn.Flatten(), nn.GroupNorm(2, 6), nn.Linear(6, 3)]),
    }
    for seed, (name, (shape, outputs, modules)) in enumerate(nets.items()):
        torch.manual_seed(70 + seed)
        net = nn.Sequential(*modules)
        for p in net.parameters():                                  # every place of a parameter tells itself from the others
            p.data += 0.3 * torch.rand_like(p)
        g = torch.Generator().manual_seed(80 + seed)
        x, target = uniform(g, 9, *shape, low=-2, high=2), uniform(g, 9, outputs)
        w.record(name + "/x", x)
        w.record(name + "/target", target)
        named = lambda: [(k, v) for k, v in net.state_dict().items() if "num_batches" not in k]
        for key, value in named():
            w.record(name + "/initial/" + key, value)
        optimizer = torch.optim.SGD(net.parameters(), lr=0.05, momentum=0.9)
        losses = []
        for _ in range(30):
            optimizer.zero_grad()
            loss = F.mse_loss(net(x), target)
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
        w.record(name + "/loss", torch.tensor(losses))
        for key, value in named():
            w.record(name + "/final/" + key, value)
        net.eval()
        w.record(name + "/inference", net(x))
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


# ---- dense: forward and all gradients ------------------------------------------------------------

def dense(directory):
    w = Writer(directory, "dense.txt")
    g = torch.Generator().manual_seed(4)
    for batch, inputs, outputs in [(1, 1, 1), (2, 3, 5), (4, 13, 7), (1, 17, 31), (5, 33, 10), (3, 6, 65), (19, 16, 16)]:
        case = f"{batch}x{inputs}x{outputs}"
        x = uniform(g, batch, inputs).requires_grad_()
        weight = uniform(g, outputs, inputs).requires_grad_()
        bias = uniform(g, outputs).requires_grad_()
        upstream = uniform(g, batch, outputs)
        y = F.linear(x, weight, bias)
        dx, dw, db = torch.autograd.grad(y, [x, weight, bias], upstream)
        for name, value in [("x", x), ("weight", weight), ("bias", bias), ("upstream", upstream), ("y", y), ("dx", dx), ("dweight", dw), ("dbias", db)]:
            w.record(f"{case}/{name}", value)
    w.close()


# ---- optimizers: fifty full-batch steps of three networks -------------------------------------------

NETWORKS = {   # sizes, activation, loss, batch
    "tanh_7_13_5": ([7, 13, 5], torch.tanh, F.mse_loss, 11),
    "gelu_3_17_9_2": ([3, 17, 9, 2], F.gelu, F.mse_loss, 6),
    "relu_5_33_4": ([5, 33, 4], F.relu, F.cross_entropy, 9),
}

OPTIMIZERS = {
    "sgd": lambda p: torch.optim.SGD(p, lr=0.1),
    "momentum": lambda p: torch.optim.SGD(p, lr=0.05, momentum=0.9),
    "nesterov": lambda p: torch.optim.SGD(p, lr=0.05, momentum=0.9, nesterov=True),
    "adam": lambda p: torch.optim.Adam(p, lr=0.01),
    "adamw": lambda p: torch.optim.AdamW(p, lr=0.01, weight_decay=0.05),
}

STEPS = 50


def training(directory):
    w = Writer(directory, "training.txt")
    g = torch.Generator().manual_seed(5)
    for name, (sizes, activation, loss, batch) in NETWORKS.items():
        initial = []
        for k, n in zip(sizes, sizes[1:]):
            bound = k ** -0.5
            initial += [uniform(g, n, k, low=-bound, high=bound), uniform(g, n, low=-bound, high=bound)]
        x = uniform(g, batch, sizes[0])
        labels = loss is F.cross_entropy
        t = torch.randint(0, sizes[-1], (batch,), generator=g) if labels else uniform(g, batch, sizes[-1])
        w.record(name + "/x", x)
        w.record(name + "/target", t.double())
        names = [f"{2 * i}.{kind}" for i in range(len(sizes) - 1) for kind in ("weight", "bias")]   # as in nn.Sequential
        for parameter, value in zip(names, initial):
            w.record(f"{name}/initial/{parameter}", value)
        for rule, make in OPTIMIZERS.items():
            p = [v.clone().requires_grad_() for v in initial]
            optimizer = make(p)
            curve = []
            for step in range(STEPS):
                h = x
                for i in range(0, len(p), 2):
                    h = F.linear(h, p[i], p[i + 1])
                    if i + 2 < len(p):
                        h = activation(h)
                value = loss(h, t)
                curve.append(value.item())
                optimizer.zero_grad()
                value.backward()
                if step == 0 and rule == "sgd":
                    w.record(name + "/output", h)                   # before the first update
                    for parameter, v in zip(names, p):
                        w.record(f"{name}/gradient/{parameter}", v.grad)
                optimizer.step()
            w.record(f"{name}/{rule}/loss", curve)                  # loss before each update
            for parameter, value in zip(names, p):
                w.record(f"{name}/{rule}/final/{parameter}", value)
    w.close()


class DocumentedNAdam(torch.optim.NAdam):
    """NAdam as PyTorch documents it and as 2.0 computes it: 1.13 multiplies the product of momenta twice by the last one."""

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            (beta1, beta2), decay, rate, epsilon = group["betas"], group["momentum_decay"], group["lr"], group["eps"]
            for p in group["params"]:
                s = self.state[p]
                if not s:
                    s.update(step=0, product=1.0, m=torch.zeros_like(p), v=torch.zeros_like(p))
                s["step"] += 1
                now = beta1 * (1 - 0.5 * 0.96 ** (s["step"] * decay))
                after = beta1 * (1 - 0.5 * 0.96 ** ((s["step"] + 1) * decay))
                s["product"] *= now
                s["m"].mul_(beta1).add_(p.grad, alpha=1 - beta1)
                s["v"].mul_(beta2).addcmul_(p.grad, p.grad, value=1 - beta2)
                root = (s["v"] / (1 - beta2 ** s["step"])).sqrt().add_(epsilon)
                p.addcdiv_(p.grad, root, value=-rate * (1 - now) / (1 - s["product"]))
                p.addcdiv_(s["m"], root, value=-rate * after / (1 - s["product"] * after))


# ---- more optimizers: two hundred full-batch steps of one network -----------------------------------

def more_optimizers(directory):
    w = Writer(directory, "optimizers_more.txt")
    g = torch.Generator().manual_seed(6)
    sizes, batch, steps = [7, 13, 5], 12, 200
    names = [f"{2 * i}.{kind}" for i in range(2) for kind in ("weight", "bias")]
    initial = []
    for k, n in zip(sizes, sizes[1:]):
        bound = k ** -0.5
        initial += [uniform(g, n, k, low=-bound, high=bound), uniform(g, n, low=-bound, high=bound)]
    x, t = uniform(g, batch, sizes[0]), uniform(g, batch, sizes[-1])
    w.record("x", x)
    w.record("target", t)
    for parameter, value in zip(names, initial):
        w.record("initial/" + parameter, value)

    def loss_of(p, rows=slice(None)):
        return F.mse_loss(F.linear(torch.tanh(F.linear(x[rows], p[0], p[1])), p[2], p[3]), t[rows])

    def by_norm(p):
        torch.nn.utils.clip_grad_norm_(p, 0.05)

    def by_value(p):
        torch.nn.utils.clip_grad_value_(p, 0.01)

    def nothing(p):
        pass

    o = torch.optim
    rules = {
        "adagrad": (lambda p: o.Adagrad(p, lr=0.05), nothing),
        "rmsprop": (lambda p: o.RMSprop(p, lr=0.01), nothing),
        "adadelta": (lambda p: o.Adadelta(p, lr=1, rho=0.9), nothing),
        "adamax": (lambda p: o.Adamax(p, lr=0.01), nothing),
        "nadam": (lambda p: DocumentedNAdam(p, lr=0.002), nothing),
        "adam_l2": (lambda p: o.Adam(p, lr=0.01, weight_decay=0.02), nothing),
        "adam_weight_decay": (lambda p: o.AdamW(p, lr=0.01, weight_decay=0.05), nothing),
        "momentum_l2": (lambda p: o.SGD(p, lr=0.05, momentum=0.9, weight_decay=0.02), nothing),
        "sgd_clip_by_global_norm": (lambda p: o.SGD(p, lr=0.5), by_norm),
        "sgd_clip_by_value": (lambda p: o.SGD(p, lr=0.5), by_value),
        "adam_clip_by_global_norm": (lambda p: o.Adam(p, lr=0.01), by_norm),
    }
    for rule, (make, clip) in rules.items():
        p = [v.clone().requires_grad_() for v in initial]
        optimizer = make(p)
        curve = []
        for step in range(steps):
            optimizer.zero_grad()
            value = loss_of(p)
            curve.append(value.item())
            value.backward()
            clip(p)
            optimizer.step()
        w.record(f"{rule}/loss", curve[::10])                        # loss before every tenth update
        for parameter, value in zip(names, p):
            w.record(f"{rule}/final/{parameter}", value)

    # One update from the mean of the gradients of two batches of six.
    p = [v.clone().requires_grad_() for v in initial]
    optimizer = o.Adam(p, lr=0.01)
    for step in range(steps):
        optimizer.zero_grad()
        for rows in (slice(0, 6), slice(6, 12)):
            (loss_of(p, rows) / 2).backward()
        optimizer.step()
    for parameter, value in zip(names, p):
        w.record(f"adam_accumulate_gradients/final/{parameter}", value)
    w.close()


# ---- schedules: the rate of each of some hundred updates --------------------------------------------

def schedules(directory):
    w = Writer(directory, "schedules.txt")
    s = torch.optim.lr_scheduler
    steps = 300

    def put(name, rate, make, steps=steps):
        optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=rate, momentum=0.5)
        scheduler = make(optimizer)
        rates = []
        for _ in range(steps):
            rates.append(optimizer.param_groups[0]["lr"])
            optimizer.step()
            scheduler.step()
        w.record(name, rates)

    put("step_decay", 0.3, lambda o: s.StepLR(o, step_size=40, gamma=0.5))
    put("exponential_decay", 0.3, lambda o: s.ExponentialLR(o, gamma=0.98))
    put("polynomial", 0.3, lambda o: s.PolynomialLR(o, total_iters=250, power=2.0))
    put("cyclic_triangular", 0.3, lambda o: s.CyclicLR(o, base_lr=0.01, max_lr=0.2, step_size_up=35, cycle_momentum=False))
    put("cosine_annealing", 0.3, lambda o: s.CosineAnnealingLR(o, T_max=250, eta_min=0.01), steps=251)
    put("cosine_warm_restarts", 0.3, lambda o: s.CosineAnnealingWarmRestarts(o, T_0=40, T_mult=1, eta_min=0.01))
    put("cosine_warm_restarts_longer", 0.3, lambda o: s.CosineAnnealingWarmRestarts(o, T_0=20, T_mult=2, eta_min=0.01))
    put("one_cycle", 0.3, lambda o: s.OneCycleLR(o, max_lr=0.3, total_steps=301, pct_start=0.3))
    put("linear_warmup", 0.3, lambda o: s.LinearLR(o, start_factor=1 / 50, total_iters=49))
    put("linear_warmup_cosine_annealing", 0.3, lambda o: s.SequentialLR(o, [
        s.LinearLR(o, start_factor=1 / 50, total_iters=49), s.CosineAnnealingLR(o, T_max=200, eta_min=0.01)], milestones=[50]), steps=251)

    # A loss that falls, stays, falls by less than the threshold, and jumps.
    g = torch.Generator().manual_seed(7)
    losses = [2.0 / (1 + epoch // 7) + 0.05 * torch.rand(1, generator=g).item() for epoch in range(120)]
    for name, settings in {"reduce_on_plateau": dict(factor=0.5, patience=3), "reduce_on_plateau_0": dict(factor=0.9, patience=0, threshold=0.01)}.items():
        optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=0.3)
        scheduler = s.ReduceLROnPlateau(optimizer, eps=0, **settings)
        rates = []
        for value in losses:
            rates.append(optimizer.param_groups[0]["lr"])
            scheduler.step(value)
        w.record(name, rates)
    w.record("reduce_on_plateau/loss", losses)
    w.close()


if __name__ == "__main__":
    where = sys.argv[1] if len(sys.argv) > 1 else os.path.dirname(os.path.abspath(__file__))
    for make in (activations, softmaxes, losses, losses_more, layers, image_norms, dense, training, more_optimizers, schedules):
        make(where)
    print("written with PyTorch", torch.__version__)
