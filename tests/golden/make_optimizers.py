#!/usr/bin/env python3
"""Writes what optimizers and schedules do beside this file: training.txt, optimizers_more.txt, schedules.txt.

usage: make_optimizers.py [DIRECTORY]      (needs PyTorch >= 1.13; Debian: python3-torch)
"""
import torch
import torch.nn.functional as F

from records import Writer, uniform, write


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
    write(training, more_optimizers, schedules)
