#!/usr/bin/env python3
"""Writes what PyTorch computes of image layers, in double precision: images.txt beside this file, and the layers as C++.

usage: make_images.py [TESTS_DIRECTORY]      (needs PyTorch >= 1.13; Debian: python3-torch)
Nothing is random: geometries, inputs and parameters are drawn by `numbers`, which formula.hpp repeats. See README.md.
"""
import math
import os
import sys
import warnings

import torch
import torch.nn as nn

from formula import Draw, drawn, put_digest
from modules import GlobalPool, Reshape
from records import Writer

warnings.filterwarnings("ignore", "Using padding='same' with even kernel")   # it is slow

CHANNELS = [1, 3, 6, 8, 16, 17]
FILTERS = CHANNELS + [4, 12, 20, 33]


class Case:
    """A layer twice: as PyTorch computes it, and as it is written in C++."""

    def __init__(self, kind, shape, layer, module, tags=()):
        self.kind, self.shape, self.layer, self.module, self.tags = kind, shape, layer, module, set(tags)
        self.batch, self.name = 2, None


# ---- options, spelled in any order, equal pairs as one number or as two ---------------------------------------

def option(draw, name, values):
    numbers = values[:1] if len(set(values)) == 1 and draw.one_in(2) else values
    return f"la::{name}<{', '.join(map(str, numbers))}>"


def spelled(draw, layer, first, options):
    return f"la::{layer}<{', '.join(first + draw.shuffled(options))}>" if first or options else f"la::{layer}"


def divisors(n):
    return [d for d in range(2, n + 1) if n % d == 0]


# ---- convolutions ------------------------------------------------------------------------------------------

FEATURES = ["plain", "stride", "padding", "same", "asymmetric", "dilation", "groups", "depthwise", "leaping", "all", "depthwise_stride", "pointwise"]


def convolution(kind, index):
    """One geometry of conv2d, conv1d or conv_transpose2d, drawn again until it fits."""
    axes = 1 if kind == "conv1d" else 2
    transposed = kind == "conv_transpose2d"
    feature = FEATURES[index % len(FEATURES)]
    if transposed and feature == "same":
        feature = "output_padding"
    draw = Draw(f"{kind}/{index}")
    asymmetric = axes == 2 and (feature in ("asymmetric", "all") or draw.one_in(3))

    def each(choices):
        values = tuple(draw.of(choices) for _ in range(axes))
        return values if asymmetric else (values[0],) * axes

    while True:
        channels, filters = draw.of(CHANNELS), draw.of(FILTERS)
        extent = tuple(draw.of(range(5, 14)) for _ in range(axes))
        groups = 1
        kernel, stride, dilation, padding, after = each([2, 3, 4, 5] if feature == "same" else [1, 2, 3, 3, 4, 5]), (1,) * axes, (1,) * axes, (0,) * axes, (0,) * axes
        if feature in ("stride", "all", "depthwise_stride") or (feature in ("padding", "groups", "output_padding") and draw.one_in(3)):
            stride = each([2, 2, 3])
        if feature == "leaping":
            kernel = each([1, 2])
            stride = tuple(k + draw.of([1, 2]) for k in kernel)
        if feature == "pointwise":
            kernel = (1,) * axes
            stride = each([1, 2]) if draw.one_in(2) else stride
        if feature in ("padding", "all", "stride") or draw.one_in(4):
            padding = each([0, 1, 1, 2, 3])
        if feature in ("dilation", "all") or (feature in ("same", "depthwise") and draw.one_in(3)):
            dilation = each([2, 2, 3])
        if feature.startswith("depthwise") or (feature == "same" and draw.one_in(4)):
            groups, filters = channels, channels * draw.of([1, 1, 1, 2])
        elif feature == "groups" or (feature in ("all", "pointwise") and draw.one_in(2)):
            common = divisors(math.gcd(channels, filters))
            if not common:
                continue
            groups = draw.of(common)
        if feature in ("groups", "depthwise", "depthwise_stride") and groups == 1:
            continue
        if feature == "same":
            padding = (0,) * axes
        if feature == "output_padding":
            if max(stride) == 1:
                continue
            after = tuple(draw.of(range(s)) for s in stride) if asymmetric else (draw.of(range(min(stride))),) * axes
            if max(after) == 0:
                continue
        reach = [d * (k - 1) + 1 for d, k in zip(dilation, kernel)]
        if transposed:
            out = [(n - 1) * s - 2 * p + r + a for n, s, p, r, a in zip(extent, stride, padding, reach, after)]
            if min(out) < 1 or max(out) > 32:
                continue
        elif feature != "same" and any(n + 2 * p < r for n, p, r in zip(extent, padding, reach)):
            continue
        if feature == "asymmetric" and axes == 2 and kernel[0] == kernel[1] and stride[0] == stride[1]:
            continue
        if groups == 1 and channels * filters > 300 and kernel[0] * kernel[-1] > 9:
            continue
        break

    bias = not draw.one_in(4)
    options = [option(draw, "kernel", kernel)]
    for name, values, default in [("stride", stride, 1), ("padding", padding, 0), ("dilation", dilation, 1), ("output_padding", after, 0)]:
        if any(v != default for v in values):
            options.append(option(draw, name, values))
    if feature == "same":
        options.append("la::same_padding")
    if groups > 1:
        options.append(f"la::groups<{groups}>")
    if not bias:
        options.append("la::no_bias")

    settings = dict(stride=stride, dilation=dilation, groups=groups, bias=bias)
    settings["padding"] = "same" if feature == "same" else padding
    if transposed:
        settings["output_padding"] = after
    module = {"conv2d": nn.Conv2d, "conv1d": nn.Conv1d, "conv_transpose2d": nn.ConvTranspose2d}[kind](channels, filters, kernel, **settings)
    tags = [feature]
    tags += ["leaps"] if any(s > k for s, k in zip(stride, kernel)) else []
    tags += ["depthwise"] if groups == channels == filters and groups > 1 else []
    tags += ["grouped"] if groups > 1 else []
    tags += ["dilated"] if max(dilation) > 1 else []
    for what, values in [("kernel", kernel), ("stride", stride), ("padding", padding), ("dilation", dilation)]:
        tags += [f"two_{what}s"] if len(set(values)) > 1 else []
    tags += ["beyond_padding"] if any(p >= r for p, r in zip(padding, reach)) else []
    tags += ["larger_than_image"] if any(r > n for r, n in zip(reach, extent)) else []
    tags += ["even_kernel_same"] if feature == "same" and any(d * (k - 1) % 2 for d, k in zip(dilation, kernel)) else []
    tags += ["no_bias"] if not bias else []
    tags += ["odd"] if all(n % 2 for n in extent) else []
    tags += ["one_channel"] if channels == 1 else []
    return Case(kind, (channels,) + extent, spelled(draw, kind, [str(filters)], options), module, tags)


# ---- pools ---------------------------------------------------------------------------------------------

# Window, stride (the window where it is None), padding.
POOLS = [((2, 2), None, (0, 0)), ((3, 3), (2, 2), (1, 1)), ((3, 3), (1, 1), (1, 1)), ((3, 2), None, (0, 0)), ((2, 3), (1, 2), (1, 1)),
         ((2, 2), (3, 3), (0, 0)), ((1, 4), (5, 1), (0, 2)), ((4, 4), None, (2, 2)), ((3, 3), (2, 1), (1, 0)), ((5, 5), None, (0, 0)),
         ((2, 2), (1, 1), (0, 0)), ((1, 1), (2, 2), (0, 0))]


def pool(kind, index):
    axes = int(kind[-2])
    draw = Draw(f"{kind}/{index}")
    shape = (CHANNELS[index % len(CHANNELS)],) + tuple(draw.of(range(5, 14)) for _ in range(axes))
    kernel, stride, padding = (v and v[-axes:] for v in POOLS[index])
    options = []
    if stride:
        options.append(option(draw, "stride", stride))
    if max(padding):
        options.append(option(draw, "padding", padding))
    first = str(kernel[0]) if len(set(kernel)) == 1 else f"la::extent{{{kernel[0]}, {kernel[1]}}}"
    module = {"max_pool2d": nn.MaxPool2d, "max_pool1d": nn.MaxPool1d, "avg_pool2d": nn.AvgPool2d, "avg_pool1d": nn.AvgPool1d}[kind]
    return Case(kind, shape, spelled(draw, kind, [first], options), module(kernel, stride, padding))


def global_pool(kind, index):
    draw = Draw(f"{kind}/{index}")
    shape = (draw.of(CHANNELS),) + tuple(draw.of(range(5, 14)) for _ in range(1 if index == 3 else 2))
    return Case(kind, shape, f"la::{kind}", GlobalPool(torch.mean if kind == "global_avg_pool" else torch.amax))


# ---- norms ---------------------------------------------------------------------------------------------

def norm(kind, index):
    draw = Draw(f"{kind}/{index}")
    channels = CHANNELS[index % len(CHANNELS)]
    axes = 1 if index % 4 == 3 and kind != "layer_norm" else 2
    shape = (channels,) + tuple(draw.of(range(5, 14)) for _ in range(axes))
    if kind == "batch_norm":
        return Case(kind, shape, "la::batch_norm", (nn.BatchNorm2d if axes == 2 else nn.BatchNorm1d)(channels))
    if kind == "layer_norm":
        return Case(kind, shape, "la::layer_norm", nn.LayerNorm(list(shape)))
    groups = draw.of([1] + divisors(channels))
    return Case(kind, shape, f"la::group_norm<{groups}>", nn.GroupNorm(groups, channels))


# ---- what is recorded of a case ------------------------------------------------------------------------------

def record(w, case):
    """Before the layer stand slopes, one for each number: their gradient is the input's."""
    name, batch = case.name, case.batch
    count = math.prod(case.shape)
    net = nn.Sequential(nn.PReLU(count), Reshape(*case.shape), case.module).double()
    with torch.no_grad():
        for key, value in net.state_dict().items():
            if "num_batches" not in key:
                value.copy_(drawn(f"{name}/{key}", *value.shape) + (1.5 if key.endswith("running_var") else 0))
    x = drawn(f"{name}/x", batch, count) - 1.25             # all below 0, where a slope counts
    net.eval()
    y = net(x)
    put_digest(w, f"{name}/y", y)
    net.train()
    loss = (net(x) * drawn(f"{name}/r", *y.shape)).mean()
    loss.backward()
    w.record(f"{name}/loss", [loss.item()])
    for key, parameter in net.named_parameters():
        put_digest(w, f"{name}/gradient/{key}", parameter.grad)
    for key, buffer in net.named_buffers():
        if "num_batches" not in key:
            put_digest(w, f"{name}/after/{key}", buffer)
    return tuple(y.shape[1:])


# ---- the list, and the files that it is written to --------------------------------------------------------------

COUNTS = {"conv2d": 108, "conv1d": 24, "conv_transpose2d": 36, "max_pool2d": 12, "max_pool1d": 7, "avg_pool2d": 10, "avg_pool1d": 7,
          "global_avg_pool": 4, "global_max_pool": 4, "batch_norm": 8, "group_norm": 8, "layer_norm": 6}
FILES = {"pool": [k for k in COUNTS if "pool" in k], "batch_norm": ["batch_norm"], "norm": ["group_norm", "layer_norm"],
         "conv2d": ["conv2d"], "conv1d": ["conv1d"], "conv_transpose2d": ["conv_transpose2d"]}
PER_FILE = 18                                               # so that a file compiles in half a minute
AT_LEAST = {"leaps": 10, "depthwise": 10, "grouped": 30, "dilated": 25, "two_kernels": 25, "two_strides": 10, "two_paddings": 10, "two_dilations": 6,
            "beyond_padding": 6, "larger_than_image": 3, "same": 10, "even_kernel_same": 4, "no_bias": 25, "odd": 25, "one_channel": 15}


def all_cases():
    cases = []
    for kind, count in COUNTS.items():
        make = global_pool if kind.startswith("global") else pool if "pool" in kind else norm if "norm" in kind else convolution
        for index in range(count):
            case = make(kind, index)
            case.name = f"{kind}_{index}"
            case.batch = 33 if index == 3 else Draw(f"{case.name}/batch").of([1, 1, 2, 2, 2, 2, 2, 33])
            cases.append(case)
    return cases


def check(cases):
    assert len(cases) >= 200 and sum("conv" in c.kind for c in cases) >= 140
    for tag, least in AT_LEAST.items():
        found = sum(tag in c.tags for c in cases)
        assert found >= least, (tag, found)
    assert {c.batch for c in cases} == {1, 2, 33}


def write_sources(directory, cases):
    for old in os.listdir(directory):
        os.remove(os.path.join(directory, old))
    for file, kinds in FILES.items():
        mine = [c for c in cases if c.kind in kinds]
        parts = -(-len(mine) // PER_FILE)
        for part in range(parts):
            some = mine[part * len(mine) // parts:(part + 1) * len(mine) // parts]
            name = f"{file}_{part + 1}" if parts > 1 else file
            lines = [f"    image_case<\"{c.name}\", {c.batch}, la::input<{', '.join(map(str, c.shape))}>, {c.layer}>" for c in some]
            with open(os.path.join(directory, name + ".cpp"), "w") as out:
                out.write("// Written by golden/make_images.py: change it there.\n"
                          "#include <layer/image_case.hpp>\n\n"
                          "using namespace laws;\n\n"
                          "namespace {\n\n// clang-format off\n"
                          "using cases = list<\n" + ",\n".join(lines) + ">;\n// clang-format on\n\n"
                          "} // namespace\n\n"
                          f"TEST_CASE(\"{name.replace('_', ' ')}: outputs and gradients are PyTorch's\") {{ check_image_cases(cases{{}}); }}\n")


if __name__ == "__main__":
    tests = sys.argv[1] if len(sys.argv) > 1 else os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    cases = all_cases()
    check(cases)
    w = Writer(os.path.join(tests, "golden"), "images.txt")
    for case in cases:
        record(w, case)
    w.close()
    generated = os.path.join(tests, "layer", "generated")
    os.makedirs(generated, exist_ok=True)
    write_sources(generated, cases)
    print(len(cases), "layers, written with PyTorch", torch.__version__)
