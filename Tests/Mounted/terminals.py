"""The program on a terminal of a known size, and what a person sees there."""

import fcntl
import os
import pty
import re
import select
import struct
import subprocess
import termios
import time

from mounting import EPOCHFS


class Terminal:
    """`with Terminal(60, 24, "top", mount) as terminal`: the program with all three streams on it."""

    def __init__(self, columns, rows, *arguments):
        self.columns, self.rows = columns, rows
        self.arguments = [EPOCHFS, *map(str, arguments)]
        self.drawn = ""

    def __enter__(self):
        self.control, terminal = pty.openpty()
        self.resize(self.columns, self.rows)
        self.process = subprocess.Popen(self.arguments, stdin=terminal, stdout=terminal, stderr=terminal, env={**os.environ, "TERM": "xterm"})
        os.close(terminal)
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()
        os.close(self.control)

    def resize(self, columns, rows):
        fcntl.ioctl(self.control, termios.TIOCSWINSZ, struct.pack("4H", rows, columns, 0, 0))

    def type(self, keys):
        os.write(self.control, keys.encode())

    def read(self, until=None, seconds=60):
        """Reads until `until(what was drawn)`, or the program's end."""
        end = time.monotonic() + seconds
        while not (until and until(self.drawn)):
            assert time.monotonic() < end, self.drawn
            if not select.select([self.control], [], [], 0.1)[0]:
                continue
            try:
                piece = os.read(self.control, 65536)
            except OSError:
                # The other side is gone: what it wrote at its end may come after its exit is seen.
                break
            self.drawn += piece.decode(errors="replace")
        return self.drawn


def lines(drawn):
    """Without escapes and what a terminal makes of ends of lines; a line that was drawn again and again has a carriage return before each state."""
    return re.sub(r"\r+\n", "\n", re.sub(r"\x1b\[[?0-9;]*[A-Za-z]", "", drawn)).split("\n")
