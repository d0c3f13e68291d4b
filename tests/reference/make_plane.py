#!/usr/bin/env python3
"""Losses over planes through a network's parameters, by PyTorch and its autograd.

    VENV/bin/python tests/reference/make_plane.py > tests/reference/plane.json

VENV has PyTorch 2.15. The networks are tanh MLPs without biases in fp64, with weights 0.25 N(0,1),
which learn y = x (0, 1, 2, ...) by SGD. The planes are those of Li et al. 2018: random directions
with filter normalization, and the principal components of the run's way as seen from its middle.
"""

import json

import torch

SIDE = 6
GAIN = 0.25


class Network:
    """A run of SGD, with its parameters as one flat tensor."""

    def __init__(self, depth, width, batch, lr, seed):
        self.shapes = [(width, width)] * depth + [(1, width)]
        self.draws = torch.Generator().manual_seed(seed)
        weights = [torch.randn(shape, generator=self.draws) * GAIN for shape in self.shapes]
        self.theta = torch.cat([w.double().flatten() for w in weights])
        self.batch, self.width, self.lr = batch, width, lr

    def samples(self):
        x = torch.randn(self.batch, self.width, generator=self.draws).double()
        return x, x @ torch.arange(self.width, dtype=torch.float64).view(-1, 1)

    def loss(self, theta, samples):
        x, target = samples
        parts = torch.split(theta, [a * b for a, b in self.shapes])
        weights = [part.view(shape) for part, shape in zip(parts, self.shapes)]
        for weight in weights[:-1]:
            x = torch.tanh(x @ weight.T)
        return torch.mean((x @ weights[-1].T - target) ** 2)

    def gradient(self, theta, samples):
        theta = theta.clone().requires_grad_()
        return torch.autograd.grad(self.loss(theta, samples), theta)[0]

    def train(self, steps):
        """The parameters after 0..steps steps, and the first step's samples."""
        way, first = [self.theta], None
        for _ in range(steps):
            samples = self.samples()
            first = first or samples
            way.append(way[-1] - self.lr * self.gradient(way[-1], samples))
        return torch.stack(way), first


def random_directions(network, theta, seed):
    draws = torch.Generator().manual_seed(seed)
    directions = []
    for _ in range(2):
        parts, first = [], 0
        for rows, columns in network.shapes:
            drawn = torch.randn(rows, columns, generator=draws).double()
            own = theta[first:first + rows * columns].view(rows, columns)
            scale = own.norm(dim=1, keepdim=True) / drawn.norm(dim=1, keepdim=True)
            parts.append((drawn * scale).flatten())
            first += rows * columns
        directions.append(torch.cat(parts))
    return torch.stack(directions)


def principal_directions(way, theta):
    differences = way - theta
    # The largest element of each left vector is positive.
    left, _, right = torch.linalg.svd(differences, full_matrices=False)
    signs = [torch.sign(left[left[:, i].abs().argmax(), i]) for i in range(2)]
    return torch.stack([right[i] * signs[i] for i in range(2)])


def plane(depth, width, batch, steps, lr, seed, directions, after):
    network = Network(depth, width, batch, lr, seed)
    way, samples = network.train(steps)
    theta = way[after]
    spanned = (random_directions(network, theta, seed + 1) if directions == "random"
               else principal_directions(way, theta))
    differences = way - theta
    coordinates = torch.linalg.lstsq(spanned.T, differences.T).solution.T
    share = float((coordinates @ spanned).square().sum() / differences.square().sum())
    span = 1.0
    places = torch.linspace(-span, span, SIDE, dtype=torch.float64)
    losses = [[float(network.loss(theta + x * spanned[0] + y * spanned[1], samples))
               for x in places] for y in places]
    at = torch.tensor([0.3, -0.2], dtype=torch.float64)
    gradient = spanned @ network.gradient(theta + at @ spanned, samples)
    return {
        "depth": depth, "width": width, "batch": batch, "steps": steps, "lr": lr, "seed": seed,
        "gain": GAIN, "directions": directions, "after": after, "span": span,
        "losses": losses, "run": coordinates.tolist(), "share": share,
        "at": at.tolist(), "gradient": gradient.tolist(),
    }


print(json.dumps([plane(2, 8, 7, 6, 0.005, 3, "random", 0),
                  plane(3, 9, 6, 8, 0.005, 11, "random", 8),
                  plane(2, 8, 7, 6, 0.005, 3, "principal", 0),
                  plane(1, 8, 9, 12, 0.005, 5, "principal", 12)], indent=1))
