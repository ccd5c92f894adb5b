#!/usr/bin/env python3
"""Reads what pages tell search engines with a parser of JSON-LD that is not ours.

    check_json_ld.py FOLDER

Fails when a page's data cannot be parsed, when a type or property is not in the vocabulary of schema.org (as rdflib
has it, so nothing is asked for), and when it names an entity that nobody has confirmed.
"""

import glob
import json
import os
import re
import sys
from urllib.parse import unquote, urljoin, urlsplit

from rdflib import RDF, SDO, Graph, URIRef

SCRIPT = re.compile(r'<script type="application/ld\+json">(.*?)</script>', re.DOTALL)
VOCABULARY = "https://schema.org/"
SITE = "https://site.invalid/"

bad = []


def is_suggested(folder, address):
    """Whether an address leads to the page of an entity that only the program found."""
    if not address.startswith(SITE):
        return False
    path = unquote(urlsplit(address).path)
    twin = os.path.join(folder, os.path.dirname(path.lstrip("/")), "index.json")
    if not os.path.exists(twin):
        return False
    with open(twin, encoding="utf-8") as file:
        data = json.load(file)
    return data.get("type") == "entity" and data.get("status") == "suggested"


def check(folder, path, source):
    data = json.loads(source)
    if data.pop("@context", None) != "https://schema.org":
        bad.append(f"{path}: the context is not schema.org")
    data["@context"] = {"@vocab": VOCABULARY, "url": {"@type": "@id"}}
    graph = Graph().parse(data=json.dumps(data), format="json-ld", publicID=urljoin(SITE, path))
    for _, predicate, thing in graph:
        term = thing if predicate == RDF.type else predicate
        if term != RDF.type and not (isinstance(term, URIRef) and term.startswith(VOCABULARY) and term in SDO):
            bad.append(f"{path}: `{term}` is not in the vocabulary")
        if predicate == SDO.url and is_suggested(folder, str(thing)):
            bad.append(f"{path}: `{thing}` is a suggestion")
    if not graph:
        bad.append(f"{path}: says nothing")
    return len(graph)


def main(folder):
    pages = said = 0
    for file in sorted(glob.glob(os.path.join(folder, "**", "*.html"), recursive=True)):
        path = os.path.relpath(file, folder)
        with open(file, encoding="utf-8") as page:
            for source in SCRIPT.findall(page.read()):
                pages += 1
                said += check(folder, path, source)
    for line in bad:
        print(line, file=sys.stderr)
    print(f"    JSON-LD of {pages} pages: {said} statements")
    if bad or not pages:
        sys.exit(1)


main(sys.argv[1])
