// A finished site as its readers get it: served from a folder to this machine alone, compressed, and one page of each kind.
import { readFileSync, readdirSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join, relative } from "node:path";
import { gzipSync } from "node:zlib";

const types = {
  ".css": "text/css", ".html": "text/html", ".js": "text/javascript", ".json": "application/json", ".svg": "image/svg+xml", ".txt": "text/plain", ".xml": "application/xml",
};

// Serves `folder()` at a free port; `sent` tells how many bytes each path took, compressed.
export async function serve(folder) {
  const sent = new Map();
  const server = createServer((request, response) => {
    const path = decodeURIComponent(new URL(request.url, "http://localhost").pathname);
    const file = join(folder(), path.endsWith("/") ? `${path}index.html` : path);
    let status = 200;
    let bytes;
    try {
      bytes = readFileSync(file);
    } catch {
      status = 404;
      bytes = readFileSync(join(folder(), "404.html"));
    }
    const type = types[status === 200 ? extname(file) : ".html"];
    const packed = type ? gzipSync(bytes) : bytes;
    sent.set(path, packed.length);
    const coding = type ? { "content-type": `${type}; charset=utf-8`, "content-encoding": "gzip" } : {};
    response.writeHead(status, { ...coding, "cache-control": "no-store" }).end(packed);
  });
  await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
  return { server, sent, address: `http://127.0.0.1:${server.address().port}/` };
}

// Returns all pages: path from the root, kind, text. What a page is stands in the class of its body.
export function pages(folder) {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((one) => one.name.endsWith(".html"));
  const paths = files.map((one) => relative(folder, join(one.parentPath ?? one.path, one.name))).sort();
  const all = paths.map((path) => {
    const text = readFileSync(join(folder, path), "utf8");
    return { path: path.replace(/(^|\/)index\.html$/, "$1"), kind: /<body class="([^"]+)"/.exec(text)?.[1], text };
  });
  return all.filter((one) => one.kind);
}

// What is looked for, so that there is something to be seen.
const RESULTS = "moon";

// Opens a page and waits for what a script adds.
export async function visit(page, address, path) {
  await page.goto(`${address}${path}`, { waitUntil: "load" });
  if (path.includes("?q=")) await page.waitForSelector("#results h3 a");
}

// Returns the page of each kind that holds most, and some that other than their kind sets apart, by name.
export function chosen(all) {
  const most = (fits) => all.filter(fits).sort((a, b) => b.text.length - a.text.length || (a.path < b.path ? -1 : 1))[0];
  const kinds = new Set(all.map((one) => one.kind));
  const picked = [...kinds].sort().map((kind) => [kind, most((one) => one.kind === kind)]);
  picked.push(
    ["person", most((one) => one.kind === "entity" && one.text.includes('id="said"'))],
    ["roles", most((one) => one.kind === "entity" && one.text.includes('id="roles"'))],
    ["calendar", most((one) => one.text.includes('class="heat days"'))],
    ["quotes", most((one) => one.path === "quotes/")],
    ["figures", most((one) => one.path === "figures/")],
    ["topics", most((one) => one.path === "topics/")],
    ["right-to-left", most((one) => one.kind === "article" && /<html [^>]*dir="rtl"/.test(one.text))],
  );
  // What is found, which a script adds to the page of the search.
  const search = most((one) => one.kind === "search");
  picked.push(["results", search && { ...search, path: `${search.path}?q=${RESULTS}` }]);
  return picked.filter(([, page]) => page).map(([name, { path, kind }]) => ({ name, path, kind }));
}
