"""Writes PyArrowMasks.swift: filters over one table, and what pyarrow.dataset makes of each. Needs numpy and pyarrow.

One character a row: 1 true, 0 false, ? null.
"""
import datetime, os
import numpy as np, pyarrow as pa, pyarrow.compute as pc, pyarrow.dataset as ds

N = 24
f = pc.field
null_every = lambda values, k: [None if i % k == k - 1 else v for i, v in enumerate(values)]
ints = lambda t, lo, hi: pa.array(null_every([lo, hi, 0, 1, 2, 3, 4, 5] * 3, 7), t)
floats = [0.0, -0.0, 1.0, 1.5, -1.5, 3.0, 4.0, float("nan"), float("inf"), float("-inf"), 0.5, 2.0] * 2
texts = ["", "a", "b", "ab", "Simple", "Moderate", "Complex", "é", "z" * 40, "001", "o'clock", "~"] * 2
days = [-1, 0, 1, 365, 19723, 19724, 11016, 20000] * 3
table = pa.table({
    "i8": ints(pa.int8(), -128, 127), "u8": ints(pa.uint8(), 0, 255), "i16": ints(pa.int16(), -2**15, 2**15 - 1), "u16": ints(pa.uint16(), 0, 2**16 - 1),
    "i32": ints(pa.int32(), -2**31, 2**31 - 1), "u32": ints(pa.uint32(), 0, 2**32 - 1), "i64": ints(pa.int64(), -2**63, 2**63 - 1), "u64": ints(pa.uint64(), 0, 2**64 - 1),
    "full": pa.array([i // 2 for i in range(N)], pa.int32()),
    "f16": pa.array(np.array(floats, np.float16)), "f32": pa.array(floats, pa.float32()), "f64": pa.array(floats, pa.float64()),
    "nf": pa.array(null_every(floats, 5), pa.float64()), "nf32": pa.array(null_every(floats, 4), pa.float32()),
    "b": pa.array(null_every([i % 2 == 0 for i in range(N)], 3)), "s": pa.array(null_every(texts, 6)), "t": pa.array(texts), "u": pa.array(texts[3:] + texts[:3]),
    "day": pa.array(null_every(days, 9), pa.date32()),
    "ns": pa.array(null_every([d * 86400 * 10**9 + d for d in days], 9), pa.timestamp("ns")), "us": pa.array([d * 86400 * 10**6 + 500 for d in days], pa.timestamp("us")),
    "sec": pa.array([d * 86400 + 1 for d in days], pa.timestamp("s")),
})
moment = lambda text, unit="ns": pa.scalar(np.datetime64(text).astype(f"datetime64[{unit}]").astype("int64").item(), pa.timestamp(unit))
date = lambda text: pa.scalar(datetime.date.fromisoformat(text))

# Of the column's type: pyarrow would bring both to one that does not hold all values.
# It has no kernels for float16.
type_of = lambda c: pa.float32() if c == "f16" else table[c].type
column_of = lambda c: f(c).cast(type_of(c)) if c == "f16" else f(c)
of = lambda c, value: pa.scalar(value, type_of(c))
values = lambda c, *all: pa.array([None if v is None else of(c, v).as_py() for v in all], type_of(c))

cases = []
def case(text, expression): cases.append((text, expression))

for c in ("i8", "u8", "i16", "u16", "i32", "u32", "i64", "u64", "full", "f16", "f32", "f64", "nf", "nf32"):
    for text, make in (("==", lambda a, b: a == b), ("=", lambda a, b: a == b), ("!=", lambda a, b: a != b), ("<>", lambda a, b: a != b), ("<", lambda a, b: a < b), ("<=", lambda a, b: a <= b), (">", lambda a, b: a > b), (">=", lambda a, b: a >= b)):
        case(f"{c} {text} 3", make(column_of(c), of(c, 3)))
    # pyarrow refuses to compare large integers with floats: integers that are less than 2.5 are at most 2.
    whole = "int" in str(table[c].type)
    case(f"{c} < 2.5", column_of(c) <= of(c, 2) if whole else column_of(c) < 2.5); case(f"{c} >= 1.5", column_of(c) >= of(c, 2) if whole else column_of(c) >= 1.5); case(f"{c} == 0", column_of(c) == of(c, 0)); case(f"3 > {c}", column_of(c) < of(c, 3))
    case(f"not {c} == 1", ~(column_of(c) == of(c, 1))); case(f"not ({c} > 1 and {c} < 4)", ~((column_of(c) > of(c, 1)) & (column_of(c) < of(c, 4))))
    case(f"{c} in (1, 3, 4)", column_of(c).isin(values(c, 1, 3, 4))); case(f"{c} not in (1, 3)", ~column_of(c).isin(values(c, 1, 3)))
    # In lists pyarrow tells -0.0 from 0.0, though they are equal.
    case(f"{c} in (1, null)", column_of(c).isin(values(c, 1, None))); case(f"{c} not in (0, null)", ~column_of(c).isin(values(c, 0, None) if whole else pa.array([0.0, -0.0, None], type_of(c))))
    case(f"{c} is null", column_of(c).is_null()); case(f"{c} is not null", column_of(c).is_valid())
    case(f"{c} between 1 and 3", (column_of(c) >= of(c, 1)) & (column_of(c) <= of(c, 3))); case(f"{c} not between 1 and 3", ~((column_of(c) >= of(c, 1)) & (column_of(c) <= of(c, 3))))
case("i64 == -9223372036854775808", f("i64") == -2**63); case("i64 >= 9223372036854775807", f("i64") >= 2**63 - 1); case("u64 == 18446744073709551615", f("u64") == pa.scalar(2**64 - 1, pa.uint64()))
case("f64 > 1e308", f("f64") > 1e308); case("f64 < -1e308", f("f64") < -1e308); case("f32 == 1.5", f("f32") == 1.5); case("f32 <= 0.1", f("f32").cast("float64") <= 0.1)
for text in ("Simple", "", "a", "é", "001", "o'clock", "zz"):
    quoted = "'" + text.replace("'", "''") + "'"
    for c in ("s", "t"):
        case(f"{c} == {quoted}", f(c) == text); case(f"{c} != {quoted}", f(c) != text); case(f"{c} < {quoted}", f(c) < text); case(f"{c} >= {quoted}", f(c) >= text)
case("s in ('a', 'Simple', 'none')", f("s").isin(["a", "Simple", "none"])); case("s not in ('a', '001')", ~f("s").isin(["a", "001"])); case("s in ('a', null)", f("s").isin(["a", None]))
case("s not in ('a', null)", ~f("s").isin(["a", None])); case("s is null", f("s").is_null()); case("not s is null", ~f("s").is_null())
case("b", f("b")); case("not b", ~f("b")); case("b == true", f("b") == True); case("b != true", f("b") != True); case("b in (false)", f("b").isin([False])); case("b in (true, null)", f("b").isin([True, None]))
# Kleene's logic.
case("b and i32 > 1", pc.and_kleene(f("b"), f("i32") > 1)); case("b or i32 > 1", pc.or_kleene(f("b"), f("i32") > 1)); case("not (b or s == 'a') and nf < 2", pc.and_kleene(~pc.or_kleene(f("b"), f("s") == "a"), f("nf") < 2))
case("b or s is null and i8 = 1 or not t < 'b'", pc.or_kleene(pc.or_kleene(f("b"), pc.and_kleene(f("s").is_null(), f("i8") == 1)), ~(f("t") < "b")))
case("b and false", pc.and_kleene(f("b"), False)); case("b or TRUE", pc.or_kleene(f("b"), True))
# Moments.
for text in ("1970-01-01", "2024-01-01", "2024-01-02"):
    case(f"day == '{text}'", f("day") == date(text)); case(f"day < '{text}'", f("day") < date(text)); case(f"day != '{text}'", f("day") != date(text))
    for c in ("ns", "us", "sec"):
        case(f"{c} > '{text}'", f(c).cast(pa.timestamp("ns")) > moment(text)); case(f"{c} <= '{text}'", f(c).cast(pa.timestamp("ns")) <= moment(text))
case("ns == '1971-01-01T00:00:00.000000365'", f("ns") == moment("1971-01-01T00:00:00.000000365")); case("us >= '2024-01-01 00:00:00.0005Z'", f("us").cast(pa.timestamp("ns")) >= moment("2024-01-01T00:00:00.0005"))
case("sec == '2024-01-01T02:00:01+02:00'", f("sec") == moment("2024-01-01T00:00:01", "s")); case("sec < '2024-01-01T00:00:00.5'", f("sec").cast(pa.timestamp("ns")) < moment("2024-01-01T00:00:00.5"))
case("ns in ('2024-01-01', '1970-01-01')", f("ns").isin(pa.array([moment("2024-01-01").value, moment("1970-01-01").value], pa.timestamp("ns"))))
# Two columns.
for text, make in (("==", lambda a, b: a == b), ("!=", lambda a, b: a != b), ("<", lambda a, b: a < b), (">=", lambda a, b: a >= b)):
    case(f"full {text} i8", make(f("full").cast("int64"), f("i8").cast("int64"))); case(f"nf {text} f32", make(f("nf"), f("f32").cast("float64"))); case(f"full {text} nf", make(f("full").cast("float64"), f("nf")))
    case(f"t {text} u", make(f("t"), f("u"))); case(f"s {text} u", make(f("s"), f("u"))); case(f"us {text} sec", make(f("us"), f("sec").cast(pa.timestamp("us"))))


def masks():
    whole = ds.dataset(table)
    for text, expression in cases:
        mask = whole.to_table(columns={"m": expression})["m"].to_pylist()
        yield text, "".join("?" if x is None else "1" if x else "0" for x in mask)


def column(name):
    a = table[name].combine_chunks(); t = a.type; nulls = "".join("1" if x else "0" for x in a.is_null().to_pylist()); offsets = []
    if pa.types.is_string(t):
        raw = [(x or "").encode() for x in a.to_pylist()]; data = b"".join(raw); offsets = np.cumsum([0] + [len(x) for x in raw]).tolist(); kind = "text"
    elif pa.types.is_boolean(t): data = bytes(bool(x) for x in a.to_pylist()); kind = "bool"
    else:
        kind = {"date32[day]": "datetime64[D]"}.get(str(t), str(t).replace("timestamp", "datetime64")).replace("halffloat", "float16").replace("double", "float64")
        kind = "float32" if kind == "float" else kind
        if "datetime" in kind: data = np.array(a.cast(pa.int32() if pa.types.is_date(t) else pa.int64()).fill_null(0)).astype("<i8").tobytes()
        elif pa.types.is_floating(t): data = np.array([np.nan if x is None else x for x in a.to_pylist()], kind).tobytes()
        else: data = np.array(a.fill_null(0)).tobytes()
    return f'    GoldenColumn(name: "{name}", type: "{kind}", hex: "{data.hex()}", offsets: {offsets}, nulls: "{nulls if "1" in nulls else ""}"),'


lines = ["// Written by write_fixtures.py: filters, and what pyarrow.dataset makes of them. 1 true, 0 false, ? null.", "// swift-format-ignore-file", "", "enum PyArrowMasks {",
         f"  static let rowCount = {N}", "  static let columns = ["] + [column(c) for c in table.column_names] + ["  ]", "  static let masks: [(filter: String, mask: String)] = ["]
lines += [f'    (#"{text}"#, "{mask}"),' for text, mask in masks()] + ["  ]", "}"]
open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "PyArrowMasks.swift"), "w").write("\n".join(lines) + "\n")
print(len(cases), "filters")
