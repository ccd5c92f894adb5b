#!/usr/bin/env python3
"""Reads the feeds and data files of a built site with readers that are not ours.

    check_feeds.py FOLDER CATALOG_SCHEMA

Fails when the reader of feeds had to guess (`bozo`), when an entry has no id, title, link or date
(where its format wants one), when an id stands twice in a feed, when a feed lacks what its format
requires, when a JSON file is not JSON, and when `catalog.json` does not fit its schema or is missing.
"""

import glob
import json
import os
import re
import sys
import xml.etree.ElementTree as ElementTree

import feedparser
import jsonschema

ATOM = "{http://www.w3.org/2005/Atom}"
RFC_3339 = re.compile(r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$")
# RFC 3986: characters that may stand in an address, and RFC 3987: all beyond ASCII.
ADDRESS = re.compile(r"^[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=%\u0080-\U0010ffff]+$")
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"

bad = []


def complain(path, what):
    bad.append(f"{path}: {what}")


def check_ids(path, ids):
    seen = set()
    for one in ids:
        if not one:
            complain(path, "an entry has no id")
        elif one in seen:
            complain(path, f"the id `{one}` stands twice")
        seen.add(one)


def check_no_marks(path, text):
    if re.search(r"[\x00-\x08\x0b\x0c\x0e-\x1f]", text):
        complain(path, "holds control characters")


def check_address(path, value):
    if not value or not ADDRESS.match(value):
        complain(path, f"`{value}` is not an address")


def check_atom(path, text):
    root = ElementTree.fromstring(text)
    if root.tag != f"{ATOM}feed":
        complain(path, f"the root is `{root.tag}`")
    for name in ("id", "title", "updated"):
        if len(root.findall(ATOM + name)) != 1:
            complain(path, f"a feed has one `{name}` (RFC 4287, 4.1.1)")
    has_author = root.find(f"{ATOM}author/{ATOM}name") is not None
    rels = [link.get("rel") for link in root.findall(f"{ATOM}link")]
    if rels.count("self") != 1 or rels.count("alternate") != 1:
        complain(path, "a feed links itself and its page once")
    for entry in root.findall(f"{ATOM}entry"):
        name = entry.findtext(f"{ATOM}id") or "(no id)"
        for child in ("id", "title", "updated"):
            if len(entry.findall(ATOM + child)) != 1 or not (entry.findtext(ATOM + child) or "").strip():
                complain(path, f"`{name}` has no single `{child}` (RFC 4287, 4.1.2)")
        if not has_author and entry.find(f"{ATOM}author/{ATOM}name") is None:
            complain(path, f"`{name}` has no author")
        if not [1 for link in entry.findall(f"{ATOM}link") if link.get("rel", "alternate") == "alternate"]:
            complain(path, f"`{name}` has no link")
    for element in root.iter():
        if element.tag in (f"{ATOM}updated", f"{ATOM}published") and not RFC_3339.match(element.text or ""):
            complain(path, f"`{element.text}` is not a time of RFC 3339")
        if element.tag == f"{ATOM}link":
            check_address(path, element.get("href"))
        if element.tag == f"{ATOM}id" and not re.match(r"^[A-Za-z][A-Za-z0-9+.-]*:.", element.text or ""):
            complain(path, f"the id `{element.text}` is not absolute (RFC 4287, 4.2.6)")


def check_rss(path, text):
    channel = ElementTree.fromstring(text).find("channel")
    if channel is None:
        complain(path, "no channel")
        return
    for name in ("title", "link", "description"):
        if not (channel.findtext(name) or "").strip():
            complain(path, f"a channel has a `{name}`")
    for link in [channel.find("link"), *channel.findall("item/link")]:
        if link is not None and not re.match(r"^https?://", link.text or ""):
            complain(path, f"the link `{link.text}` is not absolute")


def check_read(path):
    with open(path, "rb") as file:
        raw = file.read()
    text = raw.decode("utf-8")
    check_no_marks(path, text)
    try:
        (check_rss if "<rss" in text[:200] else check_atom)(path, text.encode())
    except ElementTree.ParseError as error:
        complain(path, f"not well-formed: {error}")
        return 0
    # The headers stand for those of a server; without them the reader has to guess.
    feed = feedparser.parse(raw, response_headers={"content-type": "application/xml; charset=utf-8"})
    if feed.bozo:
        complain(path, f"the reader complains: {feed.bozo_exception!r}")
    if not feed.version:
        complain(path, "the reader does not know the format")
    if not feed.feed.get("title"):
        complain(path, "no title")
    check_ids(path, [entry.get("id") for entry in feed.entries])
    for entry in feed.entries:
        for key in ("title", "link"):
            if not entry.get(key):
                complain(path, f"`{entry.get('id')}` has no {key}")
    return len(feed.entries)


def check_json_feed(path, feed):
    if feed.get("version") != "https://jsonfeed.org/version/1.1":
        complain(path, f"version `{feed.get('version')}`")
    if not isinstance(feed.get("title"), str) or not isinstance(feed.get("items"), list):
        complain(path, "no title or no items")
        return 0
    check_ids(path, [item.get("id") for item in feed["items"]])
    for item in feed["items"]:
        if not isinstance(item.get("id"), str):
            complain(path, "an id is no string")
        if "content_html" not in item and "content_text" not in item:
            complain(path, f"`{item.get('id')}` has no content")
        check_address(path, item.get("url"))
        for key in ("date_published", "date_modified"):
            if key in item and not RFC_3339.match(str(item[key])):
                complain(path, f"`{item[key]}` is not a time of RFC 3339")
    return len(feed["items"])


def check_sitemap(path, text):
    root = ElementTree.fromstring(text)
    if root.tag not in (f"{SITEMAP}urlset", f"{SITEMAP}sitemapindex"):
        complain(path, f"the root is `{root.tag}`")
    locations = [element.text or "" for element in root.iter(f"{SITEMAP}loc")]
    if len(locations) > 50_000:
        complain(path, "more than 50,000 addresses")
    if len(set(locations)) != len(locations):
        complain(path, "an address stands twice")
    for one in locations:
        if not re.match(r"^https?://[^/]", one):
            complain(path, f"`{one}` is not absolute")
    return len(locations)


def load_json(path):
    try:
        with open(path, encoding="utf-8") as file:
            text = file.read()
        check_no_marks(path, text)
        return json.loads(text)
    except (OSError, ValueError) as error:
        complain(path, str(error))
        return None


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    root, schema_path = sys.argv[1:]

    def find(name):
        return sorted(glob.glob(f"{glob.escape(root)}/**/{name}", recursive=True))

    xml = find("feed.xml") + find("rss.xml") + find("atom.xml")
    if not os.path.exists(os.path.join(root, "feed.xml")):
        complain(os.path.join(root, "feed.xml"), "is missing")
    entries = sum(check_read(path) for path in xml)
    json_feeds = find("feed.json")
    for path in json_feeds:
        feed = load_json(path)
        if feed is not None:
            entries += check_json_feed(path, feed)
    maps = find("sitemap*.xml")
    addresses = 0
    for path in maps:
        with open(path, encoding="utf-8") as file:
            addresses += check_sitemap(path, file.read().encode())
    data = [path for path in find("*.json") if path not in json_feeds]
    for path in data:
        load_json(path)
    catalog, schema = load_json(os.path.join(root, "catalog.json")), load_json(schema_path)
    if catalog is not None and schema is not None:
        kind = jsonschema.validators.validator_for(schema)
        kind.check_schema(schema)
        for error in kind(schema).iter_errors(catalog):
            complain("catalog.json", f"/{'/'.join(map(str, error.absolute_path))}: {error.message[:300]}")
    print(
        f"{len(xml)} XML feeds and {len(json_feeds)} JSON feeds with {entries} entries, "
        f"{len(maps)} site maps with {addresses} addresses, {len(data)} JSON files"
    )
    if bad:
        print("\n".join(bad[:200]))
        sys.exit(f"{len(bad)} offences")


if __name__ == "__main__":
    main()
