"""Says on standard error what a long step does and how far it is."""

import sys
import time

MEBIBYTE = 1 << 20


class Progress:
    """A line that is rewritten in place on a terminal, and one line every fifth elsewhere."""

    def __init__(self, what, total, already=0):
        self.what, self.total = what, max(total, 1)
        self.done = self.already = already
        self.start = self.shown = time.monotonic()
        self.fifth = 5 * already // self.total
        self.terminal = sys.stderr.isatty()
        self._show()

    def add(self, count):
        self.done += count
        now = time.monotonic()
        fifth = 5 * self.done // self.total
        if self.terminal and now - self.shown > 0.1 or not self.terminal and fifth > self.fifth:
            self.shown, self.fifth = now, fifth
            self._show()

    def finish(self):
        if self.terminal:
            self._show()
            sys.stderr.write("\n")

    def _show(self):
        seconds = time.monotonic() - self.start
        line = (f"  {self.what:<42} {self.done / MEBIBYTE:6.0f} of {self.total / MEBIBYTE:.0f} MiB"
                f" {100 * self.done // self.total:4} %")
        if seconds > 1:
            line += f"  {(self.done - self.already) / seconds / MEBIBYTE:5.1f} MiB/s"
        sys.stderr.write(f"\r{line}\x1b[K" if self.terminal else f"{line}\n")
        sys.stderr.flush()
