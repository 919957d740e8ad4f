"""Cuts a mailbox as an import does by its strict rule, for the scripts that compare with others."""
import re

# A line in a text that begins so has no time.
SEPARATOR = re.compile(rb"From .*\d:\d\d")


def mails(path):
    """The mails of a mailbox, as bytes."""
    lines = []
    with open(path, "rb") as file:
        for line in file:
            if SEPARATOR.match(line) and (not lines or not lines[-1].strip()):
                if lines:
                    yield b"".join(lines[1:])
                lines = []
            lines.append(line)
    if lines:
        yield b"".join(lines[1:])
