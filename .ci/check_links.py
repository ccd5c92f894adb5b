#!/usr/bin/env python3
"""Checks the links of a built site with nothing but the standard library.

    check_links.py FOLDER [BASE]

Every `href`, `src`, `srcset`, `poster`, `data` and `action` of every HTML file must lead to a file of
the folder, and its fragment to an `id` there; so must redirects and the addresses in style sheets.
BASE is the site's address (`https://host/path/` or `/path/`) when the site was built with one.

Nothing may be loaded from other hosts, and no page may hold what a strict content security policy
forbids: `<style>`, `style=`, handlers such as `onclick=`, or scripts in the page other than JSON-LD.

Shares no code with the program, on purpose.
"""

import os
import re
import sys
from html.parser import HTMLParser
from urllib.parse import unquote, urldefrag, urljoin, urlsplit

# Elements whose address is loaded with the page, with the attributes that hold it.
LOADS = {
    "audio": ["src"], "embed": ["src"], "iframe": ["src"], "img": ["src", "srcset"], "input": ["src"],
    "object": ["data"], "script": ["src"], "source": ["src", "srcset"], "track": ["src"],
    "video": ["src", "poster"], "image": ["href", "xlink:href"], "use": ["href", "xlink:href"],
}
LOADED_LINKS = {
    "stylesheet", "icon", "preload", "modulepreload", "prefetch", "manifest", "apple-touch-icon", "preconnect",
    "dns-prefetch",
}
# Addresses in style sheets.
STYLE_URL = re.compile(r"""(?:url\(\s*|@import\s+)(?:"([^"]*)"|'([^']*)'|([^)\s"';]+))""", re.IGNORECASE)
GOES = {"a": ["href"], "area": ["href"], "form": ["action"], "link": ["href"]}
# Schemes that a link may use without leading anywhere that we can check.
ELSEWHERE = {"http", "https", "mailto", "tel", "urn", "tag", "doi", "ftp", "geo", "xmpp", "sms"}


class Page(HTMLParser):
    """Collects ids, links and offences of one page."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.ids, self.links, self.offences = set(), [], []

    def handle_starttag(self, tag, attrs):
        line = self.getpos()[0]
        given = {}
        for name, value in attrs:
            given.setdefault(name, value or "")
        if "id" in given:
            if given["id"] in self.ids:
                self.offences.append((line, f"id `{given['id']}` stands twice"))
            self.ids.add(given["id"])
        if tag == "a" and given.get("name"):
            self.ids.add(given["name"])
        if "style" in given:
            self.offences.append((line, f"<{tag} style=…>"))
        for name in given:
            if name.startswith("on"):
                self.offences.append((line, f"<{tag} {name}=…>"))
        if tag == "style":
            self.offences.append((line, "<style> in the page"))
        if tag == "base":
            self.offences.append((line, "<base> changes what all links mean"))
        if tag == "script" and "src" not in given and given.get("type", "").lower() != "application/ld+json":
            self.offences.append((line, "<script> in the page"))
        if tag == "meta" and given.get("http-equiv", "").lower() == "refresh":
            goal = re.search(r"url\s*=\s*['\"]?([^'\"]*)", given.get("content", ""), re.IGNORECASE)
            if goal:
                self.add(line, tag, goal.group(1), "content", False)
        rel = set(given.get("rel", "").lower().split())
        for name in LOADS.get(tag, []):
            if name in given:
                self.add(line, tag, given[name], name, True)
        for name in GOES.get(tag, []):
            if name in given:
                self.add(line, tag, given[name], name, tag == "link" and bool(rel & LOADED_LINKS))

    handle_startendtag = handle_starttag

    def add(self, line, tag, value, name, is_loaded):
        if name == "srcset":
            values = [part.split()[0] for part in value.split(",") if part.strip()]
        else:
            values = [value]
        for one in values:
            self.links.append((line, tag, one.strip(), is_loaded))


def read(path):
    page = Page()
    with open(path, encoding="utf-8") as file:
        page.feed(file.read())
    page.close()
    return page


def read_style(path):
    sheet = Page()
    with open(path, encoding="utf-8") as file:
        for number, line in enumerate(file, 1):
            for match in STYLE_URL.finditer(line):
                url = next(filter(None, match.groups()), "")
                if not url.startswith("data:"):
                    sheet.add(number, "css", url, "url", True)
    return sheet


def main():
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    root = sys.argv[1]
    base = urlsplit(sys.argv[2] if len(sys.argv) == 3 else "/")
    prefix = base.path if base.path.endswith("/") else base.path + "/"
    files = set()
    for folder, _, names in os.walk(root):
        files.update(os.path.relpath(os.path.join(folder, name), root).replace(os.sep, "/") for name in names)
    names = sorted(name for name in files if name.endswith((".html", ".htm")))
    if not names:
        sys.exit(f"no HTML file in {root}")
    pages = {name: read(os.path.join(root, name)) for name in names}
    sheets = {name: read_style(os.path.join(root, name)) for name in sorted(files) if name.endswith(".css")}
    bad, counts = [], {"inside": 0, "fragments": 0, "elsewhere": 0}

    def target(path):
        """The file that a server shows for a path below the root; none when there is none."""
        for one in (path, f"{path}index.html" if path.endswith("/") or not path else None):
            if one and one in files:
                return one
        return None

    for name, page in {**pages, **sheets}.items():
        bad += [f"{name}:{line}: {what}" for line, what in page.offences]
        for line, tag, url, is_loaded in page.links:
            here = f"{name}:{line}: <{tag}> `{url}`"
            if any(ord(c) < 32 for c in url):
                bad.append(f"{here}: control character in an address")
                continue
            try:
                parts = urlsplit(url)
            except ValueError as error:
                bad.append(f"{here}: {error}")
                continue
            is_ours = bool(base.netloc) and (parts.scheme or base.scheme, parts.netloc) == (base.scheme, base.netloc)
            if (parts.scheme or parts.netloc) and not is_ours:
                if is_loaded:
                    bad.append(f"{here}: loaded from elsewhere")
                elif parts.scheme and parts.scheme.lower() not in ELSEWHERE:
                    bad.append(f"{here}: scheme that can run code or is unknown")
                elif parts.scheme in ("http", "https") and not parts.netloc:
                    bad.append(f"{here}: no host")
                counts["elsewhere"] += 1
                continue
            if not url:
                bad.append(f"{here}: empty address")
                continue
            counts["inside"] += 1
            # Climbing above the root is an error on a disk, though browsers would stop at it.
            depth, steps = name.count("/"), 0
            for part in parts.path.split("/"):
                steps += part == ".."
            if not parts.netloc and not parts.path.startswith("/") and steps > depth:
                bad.append(f"{here}: leads out of the site")
                continue
            whole, fragment = urldefrag(urljoin(f"http://site{prefix}{name}", f"{parts.path}"
                                                + (f"#{parts.fragment}" if parts.fragment else "")))
            path = unquote(urlsplit(whole).path)
            if not path.startswith(prefix):
                bad.append(f"{here}: leads out of the site")
                continue
            found = target(path[len(prefix):])
            if found is None:
                bad.append(f"{here}: no such file")
            elif fragment and found in pages:
                counts["fragments"] += 1
                if fragment not in pages[found].ids and unquote(fragment) not in pages[found].ids:
                    bad.append(f"{here}: no such id in {found}")

    print(
        f"{len(pages)} pages, {len(sheets)} style sheets: {counts['inside']} links inside the site ({counts['fragments']} to a place in a page), "
        f"{counts['elsewhere']} elsewhere"
    )
    if bad:
        print("\n".join(bad[:200]))
        sys.exit(f"{len(bad)} offences")


if __name__ == "__main__":
    main()
