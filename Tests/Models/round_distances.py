"""Prints docs/ORDER.md's table of rounds: how far an order of n is from uniform after some rounds, exactly, with ideal (independent, uniform) round functions.

Follows the distribution over all permutations of 0 ... a*b-1: a round adds a uniform shift to each line of the grid, which is an average over the line's shifts.
Needs numpy.
"""

import itertools
from math import factorial

import numpy

import window_order as model

ROUNDS = (6, 8, 16, 24, 32)


def distances(n):
    shape = model.Permutation(n, 0)
    a, b = shape.a, shape.b
    size = a * b
    everything = numpy.array(list(itertools.permutations(range(size))))
    weights = size ** numpy.arange(size)
    codes = everything @ weights
    order = numpy.argsort(codes)

    def index(permutations):
        return order[numpy.searchsorted(codes, permutations @ weights, sorter=order)]

    def shifted(in_line, step):
        table = numpy.array([step(*divmod(x, b)) if in_line(*divmod(x, b)) else x for x in range(size)])
        return index(table[everything])

    left = [shifted(lambda l, r, line=line: r == line, lambda l, r: (l + 1) % a * b + r) for line in range(b)]
    right = [shifted(lambda l, r, line=line: l == line, lambda l, r: l * b + (r + 1) % b) for line in range(a)]

    walked = everything[:, :n].copy()
    rows = numpy.arange(len(everything))
    for x in range(n):
        while (outside := walked[:, x] >= n).any():
            walked[outside, x] = everything[rows[outside], walked[outside, x]]
    _, induced = numpy.unique(walked @ n ** numpy.arange(n), return_inverse=True)

    chance = numpy.zeros(len(everything))
    chance[index(numpy.arange(size)[None, :])] = 1
    for number in range(1, max(ROUNDS) + 1):
        shifts, radix = (left, a) if number % 2 == 1 else (right, b)
        for shift in shifts:
            total, moved = numpy.zeros_like(chance), chance
            for _ in range(radix):
                total += moved
                following = numpy.empty_like(moved)
                following[shift] = moved
                moved = following
            chance = total / radix
        if number in ROUNDS:
            relative = numpy.bincount(induced, weights=chance, minlength=factorial(n)) * factorial(n)
            yield f"{abs(relative - 1).mean() / 2:.5f}, {relative.max():.4f}"


for n in range(2, 9):
    print("|", " | ".join([str(n), *distances(n)]), "|", flush=True)
