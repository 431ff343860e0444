"""Finds regular expressions in texts, line by line of JSON: run as a program, so that it can be ended.

The first line is a list of expressions with their flags, each further one a text; it is answered by a line with a list of
start, end and the number of the expression. Arguments: how many are found at most (and one more, to tell that there are
more), and the seconds that a text may take: then the program ends, whether or not somebody is still waiting for it.
"""

from __future__ import annotations

import json
import re
import signal
import sys


def find(expressions: list[re.Pattern[str]], text: str, most: int) -> list[tuple[int, int, int]]:
    """Return what expressions find in a text; nothing is no find."""
    found: list[tuple[int, int, int]] = []
    for number, expression in enumerate(expressions):
        group = "span" if "span" in expression.groupindex else 0
        for match in expression.finditer(text):
            start, end = match.span(group)
            if start < end:
                found.append((start, end, number))
            if len(found) > most:
                return found
    return found


def main() -> None:
    """Answer each line of the standard input."""
    most, seconds = int(sys.argv[1]), float(sys.argv[2])
    heed()
    expressions = [re.compile(source, flags) for source, flags in json.loads(sys.stdin.readline())]
    for line in sys.stdin:
        limit(seconds)
        sys.stdout.write(json.dumps(find(expressions, json.loads(line), most)) + "\n")
        sys.stdout.flush()
        limit(0)


def heed() -> None:
    """Let the clock end this program, whatever it was started by, and leave Ctrl+C to that."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if hasattr(signal, "SIGALRM"):
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGALRM])


def limit(seconds: float) -> None:
    """End this program after some seconds, 0 for never; a regular expression hears of nothing else."""
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_REAL, seconds)


if __name__ == "__main__":
    main()
