"""Writes theory.csv: averages of each smooth activation over z ~ N(0, sigma^2), to 15 digits.

    python3 tests/reference/make_theory.py > tests/reference/theory.csv      (needs mpmath)
"""
import mpmath as mp

mp.mp.dps = 40
logistic = lambda x: 1 / (1 + mp.exp(-x))
pdf = lambda x: mp.exp(-x * x / 2) / mp.sqrt(2 * mp.pi)
cdf = lambda x: mp.erfc(-x / mp.sqrt(2)) / 2
ACTIVATIONS = {  # value and slope
    "gelu": (lambda x: x * cdf(x), lambda x: cdf(x) + x * pdf(x)),
    "silu": (lambda x: x * logistic(x), lambda x: logistic(x) * (1 + x * logistic(-x))),
    "tanh": (mp.tanh, lambda x: mp.sech(x) ** 2),
    "sigmoid": (logistic, lambda x: logistic(x) * logistic(-x)),
}


def average(f, sigma):
    """E[f(sigma t)], t ~ N(0,1), in pieces that see |x| ~ 1 as well as |x| ~ sigma."""
    edges = sorted({s * min(e, 12 * sigma) for e in (0, 0.5, 1, 2, 4, 8, 16, 40, 200, 1000, 12 * sigma)
                    for s in (-1, 1)})
    return mp.quad(lambda x: f(x) * pdf(x / sigma) / sigma, [mp.mpf(e) for e in edges])


print("activation,sigma,mean,variance,slope_square")
for name, (value, slope) in ACTIVATIONS.items():
    for sigma in ("0.001", "0.1", "1", "3", "30", "1000"):
        s = mp.mpf(sigma)
        mean = average(value, s)
        variance = average(lambda x: (value(x) - mean) ** 2, s)
        slope_square = average(lambda x: slope(x) ** 2, s)
        print(",".join([name, sigma] + [mp.nstr(v, 15) for v in (mean, variance, slope_square)]))
