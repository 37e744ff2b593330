"""Writes Fixtures.swift: what NumPy makes of slices, casts and transforms. Run it with any Python that has NumPy 2."""
import os
import numpy as np

lines = []
TYPES = ["bool", "int8", "uint8", "int16", "uint16", "int32", "uint32", "int64", "uint64", "float16", "float32", "float64"]


def text(shape): return ",".join(map(str, shape))
def raw(a): return np.ascontiguousarray(a).tobytes().hex()


# slice|text|input shape|output shape|values; the input is arange.
for shape, slices in {
    (928, 5): [":3", "926:", "925:, :2", "128:131", "::300", "-1", "900::-400", "..., 0", "3, 2", ":, 1:3", "-2:, -2:", "927:926:-1", "2:-925, ::-2", "None:None:400", ":4:9999999999"],
    (4, 3, 5): ["...", "1", "1:3", "..., ::2", "1, ..., 2:4", ":, 1", "::-1, ::-1, ::-1", "::2, :, -3:", "-1, -1, -1", "3:0:-2", "1:2, 1:2, 1:2", " : , 0 , 1 : ", "2,"],
    (7,): ["::-1", "-7:", ":-6", "6", "5:-7:-3", "6::-6", "0:7:7"],
}.items():
    a = np.arange(np.prod(shape)).reshape(shape)
    for s in slices:
        b = np.asarray(eval(f"a[{s}]"))
        lines.append(f"slice|{s}|{text(shape)}|{text(b.shape)}|{text(b.ravel())}")

# cast|source|target|input bytes|output bytes, for values that the target holds.
random = np.random.default_rng(20260901)
def values(t):
    if t == "bool": return np.array([False, True])
    if t.startswith("float"):
        f = np.finfo(t)
        v = [0.0, -0.0, 1, -1, 0.5, -0.9, 1.5, 2.5, -1.999, 3.999, 100.7, -128.9, 255.9, 1 / 3, 2049, 4097.5, 65504, 65519, 65520, 1e-7, 6e-8, 2.98e-8, 2.9802322387695312e-8, 3e-8, 6.1e-5, 1e-40, 1e9, -1e9,
             2147483520.0, -2147483648.0, 4294967040.0, 16777217.0, 9007199254740993.0, 9.2e18, -9223372036854775808.0, 1.8e19, 1e30, -1e38, 3.4028236e38, 1e300, 1.00048828125, 1.000488281250001, 1.0014648437499999,
             np.inf, -np.inf, np.nan, f.max, f.tiny, f.smallest_subnormal]
        return np.concatenate([np.array(v).astype(t), (random.standard_normal(20) * 10.0 ** random.integers(-9, 9, 20)).astype(t)])
    i = np.iinfo(t)
    v = [0, 1, -1, 2, 100, 127, -128, 255, 2047, 2049, 4097, 32767, -32768, 65504, 65519, 65520, 65535, 16777217, 16777219, 2**31 - 1, -2**31, 2**32 - 1, 2**53 + 1, 2**62 + 2**38, 2**63 - 1, -2**63, 2**63 + 2**39 + 1, 2**64 - 1]
    return np.array([x for x in v if i.min <= x <= i.max], dtype=t)

with np.errstate(all="ignore"):
    for s in TYPES:
        for t in TYPES:
            v = values(s)
            if t not in ("bool",) and not t.startswith("float"):
                lo, hi = int(np.iinfo(t).min), int(np.iinfo(t).max)
                v = np.array([x for x in v if np.isfinite(x) and lo <= int(x) <= hi], dtype=s)
            w = v.astype(t)
            lines.append(f"cast|{s}|{t}|{raw(v)}|{raw(w)}")

# transform|element type|shape|channels|transform|cast|tolerance in ulp|output shape|output channels|input bytes|output bytes
F = {"add": np.add, "subtract": np.subtract, "multiply": np.multiply, "divide": np.divide}
def transform(x, channels, spec, kind):
    planes = {c: x[..., i].astype(kind) for i, c in enumerate(channels)} if channels else {"*": x.astype(kind)}
    for key, ops in spec:
        done = {}
        for name, plane in planes.items():
            current = {name: plane}
            if key in ("*", name):
                for op, *args in ops:
                    args = [kind(a) if not isinstance(a, str) else a for a in args]
                    new = {}
                    for n, p in current.items():
                        if op in F: new[n] = F[op](p, args[0])
                        elif op == "clamp": new[n] = np.clip(p, *args)
                        elif op == "log1p": new[n] = np.log1p(p.astype(np.float64)).astype(kind)
                        elif op == "standardize": new[n] = (p - args[0]) / args[1]
                        elif op == "nan_to": new[n] = np.where(np.isnan(p), args[0], p)
                        else:
                            r = np.radians(p.astype(np.longdouble)) if args[0] == "degrees" else p.astype(np.longdouble)
                            # The degrees here are no nearer than 1e-6 to a multiple of 90, unless they are one.
                            exact = [np.where(np.abs(v) < 1e-16, 0, v).astype(kind) for v in (np.sin(r), np.cos(r))]
                            new[n + "_sin"], new[n + "_cos"] = exact
                    current = new
            done.update(current)
        planes = done
    out = np.stack(list(planes.values()), -1) if channels else planes["*"]
    assert out.dtype == kind
    return out, list(planes) if channels else None


def write(name): return ";".join(f"{k}:" + ",".join(" ".join(map(str, op)) for op in ops) for k, ops in name)

AIS = [("lat", [("divide", 90)]), ("lon", [("divide", 180)]), ("sog", [("clamp", 0, 30), ("divide", 30)]), ("cog", [("sin_cos", "degrees")]), ("dt", [("log1p",), ("divide", 10)])]
NAMES = ["lat", "lon", "sog", "cog", "dt"]
def ais(n):
    x = np.stack([random.uniform(-90, 90, n), random.uniform(-180, 180, n), random.uniform(-1, 45, n), random.uniform(0, 360, n), random.uniform(0, 15000, n)], -1).astype("f4")
    x[0, 3], x[1, 4], x[2, 2] = 90, 0, np.nan
    return x

small = np.array([[1.5, -2, np.nan], [1e-8, 3e38, 7], [np.inf, -np.inf, -0.0], [0.1, 100, -1]], dtype="f4")
ABC = ["a", "b", "c"]
for x, channels, spec, cast, ulp in [
    (ais(23), NAMES, AIS, None, 3), (ais(19), NAMES, AIS, "float64", 4), (ais(17), NAMES, AIS, "float16", 1),
    (ais(7), NAMES, [("cog", [("divide", 2), ("sin_cos", "radians"), ("multiply", 3), ("add", 1)]), ("cog_sin", [("add", 0.25)]), ("*", [("clamp", -5, 5)])], None, 16),
    (ais(5), NAMES, [("*", [("standardize", 12.5, 3)])], None, 0), (ais(5), None, [("*", [("subtract", 3), ("multiply", 0.1)])], None, 0),
    (small, ABC, [("a", [("add", 0.1)]), ("b", [("subtract", 0.1)]), ("c", [("nan_to", 5)])], None, 0), (small, ABC, [("*", [("clamp", -1, 2)])], None, 0),
    (small, ABC, [("c", [("clamp", -1, 2), ("multiply", 3), ("nan_to", -1)]), ("*", [("divide", 7)])], None, 0), (small, None, [("*", [("log1p",), ("nan_to", 0)])], None, 2),
    (small.astype("f8"), ABC, [("a", [("divide", 3)]), ("*", [("multiply", 1.1)])], None, 0), (small.astype("f2"), ABC, [("a", [("divide", 3)])], None, 0),
    (np.arange(30, dtype="i2").reshape(10, 3), ABC, [("b", [("divide", 7)])], None, 0), (np.arange(60, dtype="u1").reshape(4, 5, 3), None, [("*", [("divide", 255)])], None, 0),
    (np.arange(-15, 15, dtype="i8").reshape(10, 3), ABC, [("b", [("multiply", 1.7)])], "int8", 0), (np.array([[True, False]]), ["a", "b"], [("a", [("multiply", 0.5)])], None, 0),
    (np.float32(3).reshape(()), None, [("*", [("divide", 7)])], None, 0),
]:
    source = x.dtype.name
    final = cast or (source if source.startswith("float") else "float32")
    with np.errstate(all="ignore"):
        out, names = transform(x, channels, spec, np.float64 if final == "float64" else np.float32)
        out = out.astype(final)
    lines.append("|".join(["transform", source, text(x.shape), text(channels or []), write(spec), cast or "", str(ulp), text(out.shape), text(names or []), raw(x), raw(out)]))

# promote|a|b|result
for a in TYPES:
    for b in TYPES: lines.append(f"promote|{a}|{b}|{np.promote_types(a, b).name}")

with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "Fixtures.swift"), "w") as file:
    file.write("// What NumPy makes of slices, casts and transforms: written by write_fixtures.py, not by hand.\n\n// swift-format-ignore-file\n\nlet fixtureLines = #\"\"\"\n")
    file.write("\n".join(lines) + "\n\"\"\"#\n")
