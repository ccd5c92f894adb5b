// Searches in one built site with its own index and with Pagefind's (`pagefind --site PUBLIC`): node measure.mjs PUBLIC QUERIES.json CHROMIUM
// Prints NDCG@10 of both and of either kind of query, and what is fetched for the first result of each query, cold, with files that are no pages compressed as hosts do.
import { createServer } from "node:http";
import { existsSync, readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { extname } from "node:path";
import puppeteer from "puppeteer-core";

const [folder, file, chromium] = process.argv.slice(2);
const types = { ".html": "text/html", ".css": "text/css", ".js": "text/javascript", ".json": "application/json", ".wasm": "application/wasm" };
let sent = 0, files = 0;
const server = createServer((request, response) => {
  const path = decodeURIComponent(new URL(request.url, "http://localhost").pathname);
  try {
    let body = readFileSync(`${folder}${path}${path.endsWith("/") ? "index.html" : ""}`);
    const headers = { "content-type": types[extname(path)] ?? (path.endsWith("/") ? "text/html" : "application/octet-stream"), "cache-control": "no-store" };
    if (/\.(js|css|html|json)$|\/$/.test(path)) {
      body = gzipSync(body);
      headers["content-encoding"] = "gzip";
    }
    sent += body.length;
    files += 1;
    response.writeHead(200, headers).end(body);
  } catch {
    response.writeHead(404).end();
  }
});
await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
const address = `http://127.0.0.1:${server.address().port}`;
const queries = JSON.parse(readFileSync(file));
const browser = await puppeteer.launch({ executablePath: chromium, headless: true, args: ["--no-sandbox", "--disable-gpu"] });

const engines = {
  ours: {
    page: "/search/",
    ready: () => self.pressmarkSearch?.test,
    ask: async (query, most) => {
      const { parse, rank, rootOf, rowOf } = self.pressmarkSearch.test;
      const root = await rootOf();
      const { hits } = await rank(parse(query, root), root);
      const rows = await Promise.all(hits.slice(0, most).map(rowOf));
      return rows.map((row) => row.url);
    },
  },
  pagefind: {
    page: "/404.html",
    ready: () => true,
    ask: async (query, most) => {
      self.pagefind ??= await import("/pagefind/pagefind.js");
      const { results } = await self.pagefind.search(query);
      const rows = await Promise.all(results.slice(0, most).map((one) => one.data()));
      return rows.map((row) => row.url);
    },
  },
};
const gain = (grade, place) => (2 ** grade - 1) / Math.log2(place + 2);
function ndcg(found, grades) {
  const ideal = Object.values(grades).sort((a, b) => b - a).slice(0, 10).reduce((sum, grade, place) => sum + gain(grade, place), 0);
  const names = found.map((url) => /([^/]+)\/?(index\.html)?$/.exec(url)[1]);
  return names.slice(0, 10).reduce((sum, name, place) => sum + gain(grades[name] ?? 0, place), 0) / ideal;
}
const median = (list) => [...list].sort((a, b) => a - b)[list.length >> 1];
try {
  for (const [name, engine] of Object.entries(engines)) {
    if (name === "pagefind" && !existsSync(`${folder}/pagefind`)) continue;
    let page = await browser.newPage();
    await page.goto(`${address}${engine.page}`);
    await page.waitForFunction(engine.ready);
    const scores = [], none = [];
    for (const { query, grades } of queries) {
      const found = await page.evaluate(engine.ask, query, 10);
      scores.push(ndcg(found, grades));
      if (!found.length) none.push(query);
    }
    await page.close();
    const cold = [], counts = [];
    for (const { query } of queries.filter(({ query }) => query.split(" ").length === 2).slice(0, 25)) {
      const context = await browser.createBrowserContext();
      page = await context.newPage();
      await page.goto(`${address}${engine.page}`);
      [sent, files] = [0, 0];
      // The script of ours came with the page; it counts all the same.
      if (name === "ours") sent = gzipSync(readFileSync(`${folder}${new URL(await page.$eval("script[src*=search]", (one) => one.src)).pathname}`)).length;
      await page.waitForFunction(engine.ready);
      await page.evaluate(engine.ask, query, 1);
      cold.push(sent);
      counts.push(files);
      await context.close();
    }
    const mean = (list) => (list.reduce((sum, one) => sum + one, 0) / list.length).toFixed(3);
    console.log(`${name}: NDCG@10 ${mean(scores)} (topic and place ${mean(scores.slice(0, 60))}, title ${mean(scores.slice(60))}), nothing found for ${none.length};`,
      `first result, cold: median ${(median(cold) / 1000).toFixed(0)} kB, most ${(Math.max(...cold) / 1000).toFixed(0)} kB, ${median(counts)} files`);
  }
} finally {
  await browser.close();
  server.close();
}
