#!/usr/bin/env python3
"""Counts the instructions of builds, and compares them with a table that is kept in the repository.

    instructions.py PRESSMARK CORPUS [--update]

PRESSMARK is the program, built for release; CORPUS is the example that writes a corpus. Each case is
run under `valgrind --tool=callgrind` on one thread, over the same 200 articles. Instructions, unlike
seconds, hardly depend on what else a machine does.

The check fails when a count is more than 5 % above that of benches/instructions.toml. A change that
must cost more runs this with --update, and commits the table with the change; so does one that made a
case cheaper by more than 5 %, which is only reported here, so that the gain is not lost again.
"""

import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TABLE = ROOT / "benches" / "instructions.toml"
ARTICLES = 200
LIMIT = 0.05

HEADER = f"""\
# Instructions of one build of {ARTICLES} articles on one thread, in thousands.
# Made by `.ci/instructions.py PRESSMARK CORPUS --update`; `.ci/run` compares.
"""


def count(program, site, *options):
    """Returns how many thousands of instructions a build takes."""
    command = [
        "valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null",
        program, "build", "--quiet", "--jobs", "1", "--root", site, *options,
    ]
    run = subprocess.run(command, capture_output=True, text=True)
    found = re.search(r"Collected : (\d+)", run.stderr)
    if run.returncode != 0 or not found:
        sys.exit(f"{' '.join(map(str, command))}\n{run.stdout}{run.stderr}")
    return round(int(found[1]) / 1000)


def edit(site, old, new):
    """Replaces the first `old` in the first article that has one."""
    for article in sorted((site / "content/articles").rglob("*.md")):
        text = article.read_text(encoding="utf-8")
        if old in text:
            article.write_text(text.replace(old, new, 1), encoding="utf-8")
            return
    sys.exit(f"no article holds {old!r}")


def measure(program, corpus, work):
    """Returns the counts of all cases, by name."""
    site, full = work / "equal-work", work / "full"
    for folder in (site, full):
        subprocess.run([corpus, folder, str(ARTICLES)], check=True, stdout=subprocess.DEVNULL)
    shutil.copytree(ROOT / "benches/equal-work", site, dirs_exist_ok=True)
    (full / "site.toml").write_text('title = "Corpus"\n', encoding="utf-8")
    counts = {
        "full-product": count(program, full),
        "equal-work": count(program, site),
        "equal-work-without-store": count(program, site, "--no-cache", "--output", work / "clean"),
    }
    counts["nothing-changed"] = count(program, site)
    edit(site, ".\n", ". One more sentence stands here.\n")
    counts["body-edited"] = count(program, site)
    edit(site, '\ntitle = "', '\ntitle = "New: ')
    counts["title-edited"] = count(program, site)
    return counts


def main():
    arguments = sys.argv[1:]
    update = "--update" in arguments
    arguments = [argument for argument in arguments if argument != "--update"]
    if len(arguments) != 2:
        sys.exit(__doc__)
    program, corpus = (Path(argument).resolve() for argument in arguments)
    with tempfile.TemporaryDirectory() as work:
        counts = measure(program, corpus, Path(work))
    if update:
        lines = [f"{name} = {value}\n" for name, value in sorted(counts.items())]
        TABLE.write_text(HEADER + "".join(lines), encoding="utf-8")
        return
    table = tomllib.loads(TABLE.read_text(encoding="utf-8"))
    if table.keys() != counts.keys():
        sys.exit(f"{TABLE.name} has other cases: {sorted(table.keys() ^ counts.keys())}")
    failed = False
    for name, value in sorted(counts.items()):
        growth = value / table[name] - 1
        failed |= growth > LIMIT
        note = "  more than allowed" if growth > LIMIT else "  update the table" if growth < -LIMIT else ""
        print(f"    {name:26} {value:>10,} thousand  {growth:+7.1%}{note}")
    if failed:
        sys.exit("builds take more instructions than benches/instructions.toml allows")


if __name__ == "__main__":
    main()
