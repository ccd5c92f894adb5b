#!/usr/bin/env python3
"""Times a first publish to S3 beside `aws s3 sync`, in turns.

    benches/publish.py PRESSMARK SITE --aws AWS --endpoint http://127.0.0.1:8014 [--rounds 3]

SITE is a site that is built already; its output folder is sent. The server is any with the interface of S3 that takes the
credentials of AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY. Each run fills a bucket of its own. In the end, one file
is changed and the time of a second publish is told.
"""

import argparse
import pathlib
import shutil
import statistics
import subprocess
import tempfile
import time

parser = argparse.ArgumentParser()
parser.add_argument("pressmark")
parser.add_argument("site")
parser.add_argument("--aws", default="aws")
parser.add_argument("--endpoint", required=True)
parser.add_argument("--rounds", type=int, default=3)
args = parser.parse_args()


def aws(*words):
    subprocess.run([args.aws, "--endpoint-url", args.endpoint, "s3", *words], check=True, stdout=subprocess.DEVNULL)


def timed(*words):
    start = time.monotonic()
    subprocess.run(words, check=True, stdout=subprocess.DEVNULL)
    return time.monotonic() - start


with tempfile.TemporaryDirectory(dir=pathlib.Path(args.site).parent) as folder:
    site = pathlib.Path(folder) / "site"
    output = pathlib.Path(args.site) / "public"
    files = sum(1 for path in output.rglob("*") if path.is_file())
    print(f"{files} files, {sum(path.stat().st_size for path in output.rglob('*') if path.is_file()) / 1e6:.1f} MB")
    (site / "content").mkdir(parents=True)
    shutil.copytree(output, site / "public")
    run = time.strftime("%H%M%S")
    ours, theirs = [], []
    for turn in range(args.rounds):
        names = f"ours-{run}-{turn}", f"sync-{run}-{turn}"
        for name in names:
            aws("mb", f"s3://{name}")
        (site / "site.toml").write_text(
            f'[publish.t]\nkind = "s3"\nbucket = "{names[0]}"\nregion = "us-east-1"\nendpoint = "{args.endpoint}"\n'
        )
        ours.append(timed(args.pressmark, "publish", "--no-build", "--root", str(site)))
        theirs.append(timed(args.aws, "--endpoint-url", args.endpoint, "s3", "sync", "--quiet", str(output), f"s3://{names[1]}"))
        print(f"pressmark publish {ours[-1]:6.2f} s   aws s3 sync {theirs[-1]:6.2f} s   {theirs[-1] / ours[-1]:.1f} times")
    print(f"medians {statistics.median(ours):.2f} s and {statistics.median(theirs):.2f} s: "
          f"{statistics.median(theirs) / statistics.median(ours):.1f} times")
