#!/usr/bin/env python3
"""Prints how well `countries` of `pressmark digest` are those that an editor gave each article.

    countries_quality.py GOLD PRESSMARK

GOLD is the folder with docentities/reuters_places.jsonl.gz and score_docentities.py, which scores names of countries.
"""
import gzip, json, pathlib, subprocess, sys, tempfile

gold, tool = pathlib.Path(sys.argv[1]), sys.argv[2]
answers = gold / "docentities/reuters_places.jsonl.gz"
with gzip.open(answers, "rt", encoding="utf-8") as lines:
    rows = [json.loads(line) for line in lines]
texts = "".join(json.dumps({key: row[key] for key in ("id", "title", "text") if row.get(key)}) + "\n" for row in rows)
done = subprocess.run([tool, "digest", "--jsonl"], input=texts.encode(), stdout=subprocess.PIPE, check=True)
found = [json.loads(line) for line in done.stdout.decode().splitlines()]
for what, keep in (("all", lambda one: True), ("named by the text", lambda one: one["named"])):
    with tempfile.NamedTemporaryFile("w", suffix=".jsonl") as file:
        for row in found:
            print(json.dumps({"id": row["id"], "places": [one["name"] for one in row["countries"] if keep(one)]}), file=file)
        file.flush()
        print(what, flush=True)
        subprocess.run([sys.executable, str(gold / "score_docentities.py"), str(answers), file.name], check=True)
