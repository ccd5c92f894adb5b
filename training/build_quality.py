#!/usr/bin/env python3
"""Measures what a build finds over a whole collection: topics that articles teach, and stories.

    build_quality.py DATA PRESSMARK

DATA holds `topics/*.jsonl.gz` and `clusters/*.jsonl.gz` (rows with `text`, `title`, `date`, `topics` or `topic`,
`cluster`). For topics, every second of the first 800 articles carries its own; of the others it is told how many of the
topics that they got are right, and how many of their own they got. Stories are told by B-cubed precision, recall and F1.
"""

import collections
import gzip
import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path


def rows(path):
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def build(program, articles, settings):
    """Builds a site of articles, each front matter and text, and returns the JSON of each."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        (root / "content/articles").mkdir(parents=True)
        (root / "site.toml").write_text(settings)
        for number, (front, text) in enumerate(articles):
            lines = [f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in front.items()]
            page = "+++\n" + "\n".join(lines) + "\n+++\n\n" + text
            (root / f"content/articles/a{number:05}.txt").write_text(page, encoding="utf-8")
        subprocess.run([program, "build", "--no-cache", "--quiet"], cwd=root, stderr=subprocess.DEVNULL)
        return [json.loads((root / f"public/articles/a{number:05}/index.json").read_text())
                for number in range(len(articles))]


def slug(topic):
    return re.sub(r"[^a-z0-9]+", "-", topic.lower()).strip("-")


def measure_topics(program, path):
    articles = rows(path)[:800]
    for row in articles:
        row.setdefault("topics", [row.get("topic")])
    fronts = []
    for number, row in enumerate(articles):
        front = {"title": row["title"]} if row.get("title") else {}
        if number % 2 == 0:
            front["topics"] = row["topics"]
        fronts.append((front, row["text"]))
    right = given = wanted = 0
    found = build(program, fronts, 'title = "T"\n[topics]\ndiscover = false\n')
    for row, twin in list(zip(articles, found))[1::2]:
        own, got = {slug(topic) for topic in row["topics"]}, set(twin["topics"])
        right, given, wanted = right + len(own & got), given + len(got), wanted + len(own)
    print(f"topics {path.stem.split('.')[0]}: right {right / given:.3f}, covered {right / wanted:.3f}")


def measure_stories(program, path):
    articles = rows(path)
    fronts = []
    for row in articles:
        front = {"title": row["title"]} if row.get("title") else {}
        if re.fullmatch(r"\d{4}-\d\d-\d\d", (row.get("date") or "")[:10]):
            front["date"] = row["date"][:10]
        fronts.append((front, row["text"]))
    found = [twin["story"] for twin in build(program, fronts, 'title = "T"\n')]
    gold = [row["cluster"] for row in articles]
    sizes, own, both = collections.Counter(found), collections.Counter(gold), collections.Counter(zip(gold, found))
    precision = sum(both[pair] / sizes[pair[1]] for pair in zip(gold, found)) / len(gold)
    recall = sum(both[pair] / own[pair[0]] for pair in zip(gold, found)) / len(gold)
    score = 2 * precision * recall / (precision + recall)
    print(f"stories {path.stem.split('.')[0]}: precision {precision:.3f}, recall {recall:.3f}, F1 {score:.3f}")


def main():
    data, program = Path(sys.argv[1]), str(Path(sys.argv[2]).resolve())
    for name in ("bbc", "digitalgov_multilabel", "reuters_r8"):
        measure_topics(program, data / f"topics/{name}.jsonl.gz")
    for name in ("news_cluster_2017", "ecbplus"):
        measure_stories(program, data / f"clusters/{name}.jsonl.gz")


if __name__ == "__main__":
    main()
