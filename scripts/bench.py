"""The measurements of `make bench`: everything in one run on one machine, so that ratios mean something. Started by scripts/bench.sh.

Needs numpy, pyarrow, the program in $EPOCHFS, and `zstd`. Writes below ${TMPDIR:-/tmp} and takes it away again.
"""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import numpy

sys.path.insert(0, str(Path(__file__).parents[1] / "Tests/Mounted"))

from mounting import EPOCHFS, Mount, epochfs  # noqa: E402

MiB, GiB, GB = 1 << 20, 1 << 30, 1e9
WORKERS, SAMPLES_A_SHARD, LENGTH, CHANNELS = 4, 3600, 928, ["lat", "lon", "sog", "cog", "dt_seconds"]
SAMPLE_BYTES = LENGTH * len(CHANNELS) * 4
BATCH = 64
# MiB that the daemon may take beside its cap.
SLACK = 128
COLUMNS = {"features": {"dtype": "float32", "shape": [LENGTH, len(CHANNELS)], "channels": CHANNELS}}
# documents/000: six channels out of five.
NORMALISE = {
    "lat": [{"divide": 90}],
    "lon": [{"divide": 180}],
    "sog": [{"clamp": [0, 30]}, {"divide": 30}],
    "cog": [{"sin_cos": "degrees"}],
    "dt_seconds": ["log1p", {"divide": 10}],
}
CORES = len(os.sched_getaffinity(0))


def main():
    gib, rounds = float(os.environ.get("BENCH_GIB", "1")), int(os.environ.get("BENCH_ROUNDS", "3"))
    if gib <= 0 or rounds < 1:
        sys.exit("error: BENCH_GIB must be above 0 and BENCH_ROUNDS at least 1")
    # `finally` below unmounts and removes, also when a service manager or a closed terminal ends the run.
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: sys.exit("stopped"))
    work = Path(tempfile.mkdtemp(prefix="epochfs-bench-"))
    try:
        demand_room(work, gib)
        table = Table()
        data = DataSet(work, gib)
        first_epochs(work, data, rounds, table)
        ready_batches(work, data, rounds, table)
        parquet(work, data, rounds, table)
        streaming(work, data, table)
        small_memory(work, data, table)
        large_index(work, table)
        table.print(data)
    finally:
        shutil.rmtree(work, ignore_errors=True)


def demand_room(work, gib):
    """Compressed samples take half of the raw ones; StreamingDataset unpacks them all."""
    disk, needed = shutil.disk_usage(work).free, int((0.6 + 1.2 * ("STREAMING_PYTHON" in os.environ)) * gib * GiB + 64 * MiB)
    if disk < needed:
        sys.exit(f"error: {work} has {disk // MiB} MiB of free disk, {needed // MiB} are needed; set TMPDIR to another folder, or BENCH_GIB to less than {gib:g}")
    memory = kibibytes("/proc/meminfo", "MemAvailable") * 1024
    if memory < 3 * GiB:
        sys.exit(f"error: {memory // MiB} MiB of memory are free, 3072 are needed")


class Table:
    """What was measured, printed when all is there."""

    def __init__(self):
        self.rows, self.passthrough = [], False

    def add(self, what, value, target, note="", *, at_most=False, unit=""):
        met = value <= target if at_most else value >= target
        self.rows.append((what, f"{value:.2f}{unit}", ("<= " if at_most else ">= ") + f"{target:g}{unit}", "yes" if met else "NO", note))
        say(f"{what}: {value:.2f}{unit}")

    def leave_out(self, what, why):
        self.rows.append((what, "-", "", "", why))

    def print(self, data):
        head = ("what", "figure", "target", "met", "")
        widths = [max(len(row[column]) for row in [head, *self.rows]) for column in range(4)]
        rule = "-" * (sum(widths) + 8)
        print(f"\n{machine()}\npassthrough: {'yes' if self.passthrough else 'no, served by replies'}\ndata: {data.describe()}\n")
        for row in [head, None, *self.rows]:
            if row is None:
                print(rule)
                continue
            what, figure, target, met, note = row
            print(f"{what:<{widths[0]}}  {figure:>{widths[1]}}  {target:<{widths[2]}}  {met:<{widths[3]}}  {note}".rstrip())


def say(text):
    print(text, file=sys.stderr, flush=True)


def machine():
    cpu = next((line.split(":")[1].strip() for line in open("/proc/cpuinfo") if line.startswith(("model name", "Model"))), os.uname().machine)
    virtual = " (virtual machine)" if any("hypervisor" in line.split() for line in open("/proc/cpuinfo") if line.startswith("flags")) else ""
    memory = kibibytes("/proc/meminfo", "MemTotal") / 1024**2
    load = os.getloadavg()[0]
    return f"{time.strftime('%Y-%m-%d')}, {cpu}{virtual}, {CORES} cores, {memory:.0f} GiB, Linux {os.uname().release}, load {load:.1f} at the end"


class DataSet:
    """Vessels' tracks as zstd MDS shards, made once for all measurements."""

    def __init__(self, work, gib):
        shards = max(1, round(gib * GiB / (WORKERS * SAMPLES_A_SHARD * SAMPLE_BYTES)))
        say(f"making {WORKERS * shards} shards ...")
        made = epochfs("sample", work / "data", "--shards", shards, "--samples-per-shard", SAMPLES_A_SHARD, timeout=3600)
        if made.returncode != 0:
            sys.exit(f"error: {made.stderr.decode().strip()}")
        self.path = work / "data/mds"
        self.files = sorted(self.path.glob("*/*.zstd"))
        entries = [shard for index in self.path.glob("*/index.json") for shard in json.loads(index.read_text())["shards"]]
        self.raw_bytes = sum(entry["raw_data"]["bytes"] for entry in entries)
        self.samples = sum(entry["samples"] for entry in entries)
        self.stored_bytes = sum(file.stat().st_size for file in self.files)

    def describe(self):
        ratio = self.raw_bytes / self.stored_bytes
        return f"{len(self.files)} MDS shards, {self.samples} samples of {SAMPLE_BYTES} bytes, {self.raw_bytes / GB:.2f} GB raw, zstd {ratio:.1f} to 1, xxh64 in the index"

    def keep_in_page_cache(self):
        """What is measured is decoding, not the disk."""
        for file in self.files:
            file.read_bytes()

    def zstd_rate(self):
        """Bytes a second, raw, of zstd's own check of all shards, as many at a time as there are cores."""
        names = b"\0".join(os.fsencode(file) for file in self.files)
        begin = time.perf_counter()
        subprocess.run(["xargs", "-0", "-P", str(CORES), "-n", "1", "zstd", "-q", "-t"], input=names, check=True)
        return self.raw_bytes / (time.perf_counter() - begin)


def configuration(path, memory="2GiB", block="512MiB", **tensor):
    view = {
        "source": "windows",
        "batch_size": BATCH,
        "epochs": 3,
        "order": {"algorithm": "window", "seed": 1, "block": block},
        "tensors": {"features": {"column": "features", **tensor}},
    }
    return {"memory": memory, "sources": {"windows": {"format": "mds", "path": str(path), "columns": COLUMNS}}, "views": {"train": view}}


class Mounted:
    """`with Mounted(work, config) as mount`: mounted in a folder of its own."""

    def __init__(self, work, config):
        self.folder = Path(tempfile.mkdtemp(dir=work))
        self.mount = Mount(self.folder, config)

    def __enter__(self):
        return self.mount.__enter__()

    def __exit__(self, *error):
        self.mount.__exit__(*error)
        shutil.rmtree(self.folder, ignore_errors=True)


def read_epoch(mount, epoch, names=None):
    """Seconds to load all batches of an epoch, or those named."""
    begin = time.perf_counter()
    for name in names or mount.batches(f"train/epoch-{epoch}"):
        mount.load(f"train/epoch-{epoch}/{name}")
    return time.perf_counter() - begin


class MemoryWatch:
    """The peak of the daemon's private memory and of what the machine's shared memory grew by, in bytes."""

    def __init__(self, mount, shared_before):
        self.mount, self.shared_before = mount, shared_before
        self.peak, self.over = 0, threading.Event()
        self.thread = threading.Thread(target=self.run)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.over.set()
        self.thread.join()

    def run(self):
        while not self.over.is_set():
            shared = max(0, shared_kibibytes() - self.shared_before)
            self.peak = max(self.peak, (private_kibibytes(self.mount) + shared) * 1024)
            time.sleep(0.02)


def kibibytes(path, name):
    with open(path) as file:
        return next(int(line.split()[1]) for line in file if line.startswith(name + ":"))


def private_kibibytes(mount):
    """Resident memory of the daemon without what it shares, which is counted for the machine."""
    status = f"/proc/{mount.process.pid}/status"
    return kibibytes(status, "VmRSS") - kibibytes(status, "RssShmem")


def shared_kibibytes():
    return kibibytes("/proc/meminfo", "Shmem")


def first_epochs(work, data, rounds, table):
    """Rounds of: zstd's own check, an epoch of a fresh mount, the same with the normalisation. The first round only warms up."""
    against_zstd, against_plain, peaks = [], [], []
    for number in range(rounds + 1):
        say(f"first epochs, round {number} of {rounds}" + (" (does not count)" if number == 0 else "") + " ...")
        data.keep_in_page_cache()
        zstd, shared = data.zstd_rate(), shared_kibibytes()
        with Mounted(work, configuration(data.path)) as mount, MemoryWatch(mount, shared) as watch:
            plain = data.raw_bytes / read_epoch(mount, number % 3)
            decoded = mount.metric("epochfs_decoded_bytes_total")
            table.passthrough = mount.metric("epochfs_passthrough") == 1
        peaks.append(watch.peak)
        with Mounted(work, configuration(data.path, transform=NORMALISE)) as mount:
            normalised = data.raw_bytes / read_epoch(mount, number % 3)
        say(f"  zstd -t {zstd / GB:.2f} GB/s, first epoch {plain / GB:.2f}, normalised {normalised / GB:.2f}")
        if number > 0:
            against_zstd.append((plain / zstd, plain, zstd))
            against_plain.append((normalised / plain, normalised))
    ratio, data.first_rate, zstd = numpy.median(against_zstd, axis=0)
    table.add("first epoch from zstd MDS / zstd -t, all cores", ratio, 0.7, f"{data.first_rate / GB:.2f} of {zstd / GB:.2f} GB/s")
    ratio, normalised = numpy.median(against_plain, axis=0)
    table.add("first epoch normalised / not normalised", ratio, 0.8, f"{normalised / GB:.2f} GB/s of source")
    table.add("bytes decoded / bytes of the epoch", decoded / data.raw_bytes, 1.005, at_most=True)
    table.add("peak memory under a cap of 2048 MiB", max(peaks) / MiB, 2048 + SLACK, "the cap and 128 MiB", at_most=True, unit=" MiB")


def ready_batches(work, data, rounds, table):
    """Batches that are ready, in turn with copies of them on tmpfs: each array dropped before the next is made, and all kept."""
    say("ready batches ...")
    with Mounted(work, configuration(data.path)) as mount, tempfile.TemporaryDirectory(prefix="epochfs-bench-", dir="/dev/shm") as copies:
        names = mount.batches("train/epoch-0")[:128]
        served, copied = ([f"{folder}/{name}" for name in names] for folder in (mount / "train/epoch-0", copies))
        load_all(served, keep=False)
        for name in served:
            shutil.copy(name, copies)
        byte_count = sum(os.path.getsize(name) for name in served)
        for keep, what in ((False, "memory used before"), (True, "new memory")):
            seconds = [(load_all(copied, keep), load_all(served, keep)) for _ in range(3 * rounds + 1)]
            tmpfs, ready = numpy.array(seconds[1:]).T
            if not keep:
                data.ready_rate = byte_count / numpy.median(ready)
            note = f"{byte_count / numpy.median(ready) / GB:.2f} of {byte_count / numpy.median(tmpfs) / GB:.2f} GB/s"
            table.add(f"ready batch / the file on tmpfs, into {what}", numpy.median(tmpfs / ready), 0.9 if table.passthrough else 0.75, note)


def parquet(work, data, rounds, table):
    """An epoch of a FixedSizeList column, one row group, beside pyarrow's batches of as many rows into NumPy; one thread each."""
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError:
        table.leave_out("Parquet epoch / pyarrow's iter_batches", "pyarrow is not installed")
        return
    say("Parquet ...")
    pyarrow.set_cpu_count(1)
    with Mounted(work, configuration(data.path)) as mount:
        names = mount.batches("train/epoch-0")
        windows = numpy.concatenate([mount.load(f"train/epoch-0/{name}") for name in names[: max(1, min(len(names), int(0.2 * GiB) // (BATCH * SAMPLE_BYTES)))]])
    column = pyarrow.FixedSizeListArray.from_arrays(pyarrow.array(windows.ravel()), LENGTH * len(CHANNELS))
    for codec, target in (("zstd", 2), ("snappy", 5)):
        path = work / f"{codec}.parquet"
        pyarrow.parquet.write_table(pyarrow.table({"features": column}), path, compression=codec, row_group_size=len(column))
        config = {
            "memory": "1GiB",
            "threads": 1,
            "sources": {"p": {"format": "parquet", "path": str(path)}},
            "views": {"p": {"source": "p", "batch_size": BATCH}},
        }
        ratios = []
        for number in range(rounds + 1):
            begin = time.perf_counter()
            for batch in pyarrow.parquet.ParquetFile(path).iter_batches(batch_size=BATCH, use_threads=False):
                batch["features"].flatten().to_numpy(zero_copy_only=True).reshape(-1, LENGTH, len(CHANNELS))
            theirs = time.perf_counter() - begin
            with Mounted(work, config) as mount:
                names = mount.batches("p")
                begin = time.perf_counter()
                for name in names:
                    mount.load(f"p/{name}")
                ours = time.perf_counter() - begin
            if number > 0:
                ratios.append((theirs / ours, windows.nbytes / ours, windows.nbytes / theirs))
        ratio, ours, theirs = numpy.median(ratios, axis=0)
        table.add(f"Parquet epoch, {codec} / pyarrow's iter_batches, one thread", ratio, target, f"{ours / GB:.2f} of {theirs / GB:.2f} GB/s")
        path.unlink()


def load_all(paths, keep):
    """Seconds to load files; `keep`: all arrays stay, so that each needs memory that the process did not have."""
    begin = time.perf_counter()
    kept = [array if keep else None for array in map(numpy.load, paths)]
    seconds = time.perf_counter() - begin
    del kept
    return seconds


STREAMING = """
import logging, os, sys, time, warnings
warnings.simplefilter("ignore")
logging.disable(logging.WARNING)
import numpy
from streaming import Stream, StreamingDataset
from torch.utils.data import DataLoader

data, local = sys.argv[1:]

def batch(samples):
    return numpy.stack([numpy.frombuffer(sample["features"], numpy.float32) for sample in samples]).reshape(-1, 928, 5)

def epoch():
    streams = [Stream(remote=f"{data}/{name}", local=f"{local}/{name}") for name in sorted(os.listdir(data)) if name.startswith("worker")]
    dataset = StreamingDataset(streams=streams, shuffle=True, batch_size=64, num_canonical_nodes=1, keep_zip=False)
    total, begin = 0, time.perf_counter()
    for loaded in DataLoader(dataset, batch_size=64, num_workers=2, collate_fn=batch, prefetch_factor=4):
        total += loaded.nbytes
    return total / (time.perf_counter() - begin)

if __name__ == "__main__":
    print("RATES", epoch(), epoch())
"""


def streaming(work, data, table):
    """mosaicml-streaming with two DataLoader workers: its first epoch, which unpacks the shards, and one with all of them unpacked on disk."""
    what = "the same / StreamingDataset"
    python = os.environ.get("STREAMING_PYTHON")
    if not python:
        how = "python3 -m venv V && V/bin/pip install mosaicml-streaming torch && STREAMING_PYTHON=V/bin/python make bench (7 GB)"
        return table.leave_out(what, f"not measured; to measure it: {how}")
    if subprocess.run([python, "-c", "import streaming, torch"], capture_output=True).returncode != 0:
        return table.leave_out(what, f"not measured: {python} cannot import streaming and torch")
    say("StreamingDataset ...")
    script = work / "streaming_epochs.py"
    script.write_text(STREAMING)
    ran = subprocess.run([python, script, data.path, work / "streaming"], capture_output=True, text=True, timeout=3600)
    shutil.rmtree(work / "streaming", ignore_errors=True)
    rates = next((line.split()[1:] for line in ran.stdout.splitlines() if line.startswith("RATES")), None)
    if rates is None:
        return table.leave_out(what, "not measured, it failed: " + " ".join(ran.stderr.split())[-200:])
    cold, unpacked = map(float, rates)
    table.add("first epoch / StreamingDataset's first epoch", data.first_rate / cold, 4.5, f"{cold / GB:.2f} GB/s there, 2 workers")
    table.add("first epoch / StreamingDataset, unpacked on disk", data.first_rate / unpacked, 2, f"{unpacked / GB:.2f} GB/s there")
    table.add("ready epoch / StreamingDataset, unpacked on disk", data.ready_rate / unpacked, 10, f"{data.ready_rate / GB:.2f} GB/s here")


def small_memory(work, data, table):
    """Four readers in two epochs under a cap that holds a part of one."""
    say("four readers under a small cap ...")
    shared = shared_kibibytes()
    with Mounted(work, configuration(data.path, "512MiB", "128MiB")) as mount, MemoryWatch(mount, shared) as watch:
        names = mount.batches("train/epoch-0")
        readers = [threading.Thread(target=read_epoch, args=(mount, reader % 2, names[reader::4][:120])) for reader in range(4)]
        for reader in readers:
            reader.start()
        for reader in readers:
            reader.join()
    table.add("peak memory under a cap of 512 MiB, 4 readers", watch.peak / MiB, 512 + SLACK, "the cap and 128 MiB", at_most=True, unit=" MiB")


def large_index(work, table):
    """The mount of an index without its shards: 2 TB that nobody need have."""
    say("an index of 30,085 shards ...")
    shards, samples_a_shard, folders = 30_085, 3614, 16
    path = work / "large"
    header = {"column_encodings": ["bytes"], "column_names": ["features"], "column_sizes": [None], "compression": "zstd", "format": "mds", "hashes": []}
    for folder in range(folders):
        entries = [large_entry(header, shard, samples_a_shard) for shard in range(shards // folders + (folder < shards % folders))]
        (path / f"worker_{folder:02d}").mkdir(parents=True)
        (path / f"worker_{folder:02d}/index.json").write_text(json.dumps({"shards": entries, "version": 2}))
    begin = time.perf_counter()
    with Mounted(work, configuration(path, "1GiB")) as mount:
        seconds = time.perf_counter() - begin
        begin = time.perf_counter()
        listed = subprocess.run(["ls", "-U", mount / "train/epoch-1"], stdout=subprocess.PIPE, check=True).stdout.count(b"\n")
        listing = time.perf_counter() - begin
        private = private_kibibytes(mount)
    assert listed == -(-shards * samples_a_shard // BATCH), listed
    table.add("mount of 30,085 shards, 108.7 million samples", seconds, 1, at_most=True, unit=" s")
    table.add("its memory, after a listing", private / 1024, 150, at_most=True, unit=" MiB")
    table.add(f"ls -U of {listed:,} batches", listing, 5, at_most=True, unit=" s")


def large_entry(header, shard, samples):
    name = f"shard.{shard:05d}.mds"
    raw = {"basename": name, "bytes": 4 + 4 * (samples + 1) + 192 + samples * (4 + SAMPLE_BYTES), "hashes": {}}
    stored = {"basename": name + ".zstd", "bytes": 32_000_000, "hashes": {}}
    return {**header, "raw_data": raw, "samples": samples, "size_limit": 1 << 26, "version": 2, "zip_data": stored}


if __name__ == "__main__":
    main()
