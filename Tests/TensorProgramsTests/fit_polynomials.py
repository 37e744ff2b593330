"""Prints the coefficients of the float32 kernels: near-minimax fits of the relative error, by reweighted least squares. Needs NumPy."""
import numpy as np

extended = np.longdouble


def fit(powers, target, weight, rounds):
    a, b = np.stack([p * weight for p in powers], 1).astype(float), (target * weight).astype(float)
    emphasis = np.ones(len(b)) / len(b)
    for _ in range(rounds):  # Lawson: points with large errors count more in the next round
        s = np.sqrt(emphasis)
        c = np.linalg.lstsq(a * s[:, None], b * s, rcond=None)[0]
        error = np.abs(a @ c - b)
        emphasis *= error + 1e-30
        emphasis /= emphasis.sum()
    return c, error.max()


def single(value): return repr(float(np.float32(value)))


degree = extended("0.017453292519943295769236907684886")
t = (np.cos(np.linspace(0, np.pi, 4001)[1:-1]) * (45.6 * np.pi / 180)).astype(extended)
t = t[np.abs(t) > 1e-3]
powers = [t**0, t**2, t**4]
print("s1 of degrees", single(degree), "rest", single(degree - extended(np.float32(degree))))
sine, error = fit(powers, (np.sin(t) - t) / t**3, np.abs(t**3 / np.sin(t)), 60)
for i, c in enumerate(sine): print(f"s{2 * i + 3}: radians {single(c)}, degrees {single(extended(c) * degree ** (2 * i + 3))}")
print("relative error", error, "\nc2 of degrees", single(-degree * degree / 2))
cosine, error = fit(powers, (np.cos(t) - 1 + t * t / 2) / t**4, t**4 / np.cos(t), 60)
for i, c in enumerate(cosine): print(f"c{2 * i + 4}: radians {single(c)}, degrees {single(extended(c) * degree ** (2 * i + 4))}")
print("relative error", error)

low, high = 2**-0.5 - 1 - 0.0005, 2**0.5 - 1 + 0.0005
f = ((low + high) / 2 + (high - low) / 2 * np.cos(np.linspace(0, np.pi, 6001))).astype(extended)
f = f[np.abs(f) > 1e-3]
series, error = fit([f**i for i in range(8)], (np.log1p(f) - f + f * f / 2) / f**3, np.abs(f**3 / np.log1p(f)), 200)
print("log1p, from f^3 on", [single(c) for c in series], "\nrelative error", error)
