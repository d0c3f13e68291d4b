"""What the makers of random lines share: they write a table, or compare it with a program."""

import json
import subprocess
import sys


def differing(rows, program, answer):
    """The rows (text, wanted) for which the program's JSON gives another `answer`, with that one.
    `program` is a command that reads a text a line and prints a JSON object a line."""
    process = subprocess.run([*program.split(), "--lines"],
                             input="".join(text + "\n" for text, _ in rows), capture_output=True,
                             text=True, check=True)
    for (text, wanted), line in zip(rows, process.stdout.splitlines(), strict=True):
        given = answer(json.loads(line))
        if given != wanted:
            yield text, wanted, given


def main(rows, answer, compared=lambda wanted: wanted):
    """The command line of make_*.py COUNT SEED [PROGRAM]. `rows(count, seed)` are texts and what
    the other program says of them, of which `compared` is what NaNscope's JSON has, too."""
    made = rows(int(sys.argv[1]), int(sys.argv[2]))
    if len(sys.argv) <= 3:
        for text, wanted in made:
            print(f"{text}\t{wanted}")
        return
    wrong = 0
    checked = [(text, compared(wanted)) for text, wanted in made]
    for text, wanted, given in differing(checked, sys.argv[3], answer):
        wrong += 1
        print(f"{text}\n  wanted   {wanted}\n  NaNscope {given}")
    print(f"{len(checked)} lines, {wrong} differ")
    sys.exit(1 if wrong else 0)
