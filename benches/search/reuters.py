#!/usr/bin/env python3
"""Makes a site and 100 queries of the Reuters-21578 articles: reuters.py ARTICLES.jsonl.gz DIR

Each line of the input is an article: id, date, title, text, topics, places. Tags are put into neither site nor index, as they tell
what is relevant. 60 queries ask for a topic and a place: an article with both is worth 3, one with the topic alone 1. 40 ask for an
article by words of its title: it is worth 3, others with the same title too.
"""

import datetime
import gzip
import json
import pathlib
import random
import re
import sys

# What people call a tag; others are their own names.
WORDS = {
    "acq": "acquisition", "earn": "earnings", "money-fx": "foreign exchange", "crude": "crude oil", "interest": "interest rates",
    "ship": "shipping", "dlr": "dollar", "gnp": "gross national product", "cpi": "consumer prices", "bop": "balance of payments",
    "jobs": "unemployment", "ipi": "industrial production", "alum": "aluminium", "carcass": "meat", "pet-chem": "petrochemicals",
    "iron-steel": "steel", "veg-oil": "vegetable oil", "nat-gas": "natural gas", "money-supply": "money supply",
    "meal-feed": "feed", "palm-oil": "palm oil", "reserves": "foreign reserves", "wpi": "wholesale prices", "stg": "sterling",
}
FUNCTION = set("a an and as at by for from in is it of on or says said the to up with after over its be will".split())


def name(tag):
    return WORDS.get(tag, tag.replace("-", " "))


def main(source, folder):
    folder = pathlib.Path(folder)
    content = folder / "content" / "articles"
    content.mkdir(parents=True, exist_ok=True)
    (folder / "site.toml").write_text(
        'title = "Reuters"\nbase_url = "/"\n[entities]\nrecognize = "none"\n[topics]\ndiscover = false\nlearn = false\n'
        "[data]\nenabled = false\n[digest]\nrelated = 0\nstories = 0\n"
    )
    articles = [json.loads(line) for line in gzip.open(source, "rt")]
    articles = [one for one in articles if one["title"].strip() and one["text"].strip()]
    for one in articles:
        date = datetime.datetime.strptime(one["date"].split()[0], "%d-%b-%Y").date()
        text = re.sub(r"[<>*_`#\[\]]", " ", one["text"])
        head = json.dumps({"title": one["title"], "date": date.isoformat()}, ensure_ascii=False)
        (content / f"{one['id']}.md").write_text(f"{head}\n\n{text}\n")
    chance = random.Random(8)
    queries = []
    pairs = {}
    for one in articles:
        for topic in one.get("topics", []):
            for place in one.get("places", []):
                pairs.setdefault((topic, place), []).append(one["id"])
    fitting = sorted(pair for pair, ids in pairs.items() if 5 <= len(ids) <= 150)
    for topic, place in chance.sample(fitting, 60):
        both = set(pairs[topic, place])
        grades = {one["id"]: 3 if one["id"] in both else 1 for one in articles if topic in one.get("topics", [])}
        queries.append({"query": f"{name(topic)} {place.replace('-', ' ')}", "grades": grades})
    titled = {}
    for one in articles:
        titled.setdefault(one["title"].lower(), []).append(one["id"])
    for one in chance.sample(articles, 400):
        words = [word for word in re.findall(r"[a-z]+", one["title"].lower()) if word not in FUNCTION]
        if len(words) < 4 or len(queries) == 100:
            continue
        kept = sorted(chance.sample(range(len(words)), min(len(words) - 1, 4)))
        grades = {other: 3 for other in titled[one["title"].lower()]}
        queries.append({"query": " ".join(words[at] for at in kept), "grades": grades})
    (folder / "queries.json").write_text(json.dumps(queries, ensure_ascii=False, indent=1))
    print(f"{len(articles)} articles, {len(queries)} queries")


if __name__ == "__main__":
    main(*sys.argv[1:])
