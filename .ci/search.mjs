// Searches in finished sites with a browser: `node search.mjs PRESSMARK CASES SITE EXAMPLE CHROMIUM`. CASES is `tests/search`, SITE its site, built,
// EXAMPLE the built example. Both implementations are asked the same queries.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createServer } from "node:http";
import { readFileSync, readdirSync } from "node:fs";
import { extname, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import puppeteer from "puppeteer-core";

const [program, cases, site, example, chromium] = process.argv.slice(2);
const types = { ".html": "text/html", ".css": "text/css", ".js": "text/javascript", ".json": "application/json", ".svg": "image/svg+xml" };
const policy = "default-src 'self'";
let asked = [], broken = null;
const serve = (folder, base) => new Promise((ready) => {
  const server = createServer((request, response) => {
    const path = decodeURIComponent(new URL(request.url, "http://localhost").pathname);
    asked.push(path);
    try {
      if (broken?.test(path)) throw new Error("broken");
      const below = path.startsWith(base) ? path.slice(base.length) : "/none";
      const body = readFileSync(`${folder}/${below}${path.endsWith("/") ? "index.html" : ""}`);
      response.writeHead(200, { "content-type": `${types[extname(path)] ?? "text/html"}; charset=utf-8`, "content-security-policy": policy }).end(body);
    } catch {
      response.writeHead(404, { "content-type": "text/html" }).end("<h1>Missing</h1>");
    }
  });
  server.listen(0, "127.0.0.1", () => ready({ server, address: `http://127.0.0.1:${server.address().port}${base}` }));
});
const small = await serve(site, "/search-site/");
const whole = await serve(example, "/");
const browser = await puppeteer.launch({ executablePath: chromium, headless: true, args: ["--no-sandbox", "--disable-gpu"] });
const urls = (page) => page.$$eval("#results h3 a", (all) => all.map((one) => new URL(one.href).pathname + new URL(one.href).hash));
const status = (page) => page.$eval("#found [role=status]", (one) => one.textContent);

// Types a query, and waits until its answer stands there.
async function type(page, text, atOnce = text.length >= 60) {
  await page.$eval("#q", (one) => { one.value = ""; });
  await page.focus("#q");
  await page.evaluate(() => { document.querySelector("#found [role=status]").textContent = "?"; });
  if (!atOnce) await page.keyboard.type(text);
  else await page.$eval("#q", (one, text) => { one.value = text; one.dispatchEvent(new Event("input", { bubbles: true })); }, text);
  await page.waitForFunction(() => document.querySelector("#found [role=status]").textContent !== "?", { timeout: 5000 });
  await new Promise((later) => setTimeout(later, 120));
}

try {
  const page = await browser.newPage();
  const trouble = [];
  page.on("pageerror", (error) => trouble.push(error.message));
  page.on("console", (message) => message.type() === "error" && !/404/.test(message.text()) && trouble.push(message.text()));
  await page.evaluateOnNewDocument(() => document.addEventListener("securitypolicyviolation", (event) => console.error(`policy: ${event.violatedDirective} ${event.blockedURI}`)));

  // The same words and the same results on both sides.
  await page.goto(`${small.address}search/`);
  await page.waitForFunction(() => self.pressmarkSearch?.test);
  for (const { text, words } of JSON.parse(readFileSync(`${cases}/words.json`)))
    assert.deepEqual(await page.evaluate((text) => self.pressmarkSearch.test.wordsOf(text), text), words, text);
  const answer = (text) => page.evaluate(async (text) => {
    const { parse, rank, rootOf, rowOf } = self.pressmarkSearch.test;
    const root = await rootOf();
    const query = parse(text, root);
    if (!query.words.length && !query.conditions.length) return [];
    const { hits } = await rank(query, root);
    const rows = await Promise.all(hits.slice(0, 50).map(rowOf));
    return rows.map((row, place) => [row.url.replace(/^\/(search-site\/)?/, "") + (row.anchor ? `#${row.anchor}` : ""), hits[place].score]);
  }, text);
  const command = (folder, text) => {
    const args = ["search", "--site", folder, "--limit", "50", "--json", "--", text];
    try {
      return JSON.parse(execFileSync(program, args, { encoding: "utf8" })).results.map(({ url, score }) => [url, score]);
    } catch (error) {
      return JSON.parse(error.stdout).results;
    }
  };
  const queries = JSON.parse(readFileSync(`${cases}/queries.json`)).map(({ query }) => query);
  for (const query of queries) assert.deepEqual(await answer(query), command(site, query), query);
  await page.goto(`${whole.address}search/`);
  await page.waitForFunction(() => self.pressmarkSearch?.test);
  const more = ["moon", "moon ", "treaty signed", "ban ki", "\"nuclear weapons\"", "who said peace", "united nations -treaty", "the united state", "kenedy", "year:1969", "place:moscow kind:article", "topic:space armstrong"];
  for (const query of [...queries, ...more])
    assert.deepEqual((await answer(query)).map(([url, score]) => [url.replace(/^(\.\.\/)+/, ""), score]), command(example, query), query);

  // Typing, marks, suggestions, the address.
  await page.goto(`${whole.address}search/`);
  assert.equal(await page.evaluate(() => document.activeElement.id), "q", "one may type at once");
  await type(page, "arms");
  assert((await urls(page)).length > 0 && /\d/.test(await status(page)));
  assert((await page.$$eval("#names h3", (all) => all.map((one) => one.textContent))).includes("Neil Armstrong"), "names come first");
  assert(await page.$("#results mark"), "words are marked");
  await type(page, "united ", true);
  const named = await page.$$eval("#names h3 a", (all) => all.map((one) => new URL(one.href).pathname.replace("index.html", "")));
  const often = named.map((path) => Math.floor(Math.log2(1 + JSON.parse(readFileSync(`${example}${path}index.json`)).article_count)));
  assert(often.length > 3 && often.every((many, place) => !place || many <= often[place - 1]), `names in more articles come first: ${named} ${often}`);
  await type(page, "arms", true);
  assert.equal(new URL(page.url()).searchParams.get("q"), "arms");
  await page.goto(`${whole.address}search/?q=armstrong`);
  await page.waitForSelector("#results h3 a");
  assert.equal(await page.$eval("#q", (one) => one.value), "armstrong", "an address can be sent");
  await page.waitForSelector(".found-sentence");
  const sentence = await page.$eval(".found-sentence", (one) => [one.textContent, one.hash]);
  assert(/Armstrong/.test(sentence[0]) && /^#s\d+$/.test(sentence[1]), "a result shows its sentence");

  // The keyboard alone.
  await page.focus("#q");
  await page.keyboard.press("ArrowDown");
  const first = await page.evaluate(() => document.activeElement.href);
  assert(first, "down leads to what was found");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowUp");
  assert.equal(await page.evaluate(() => document.activeElement.href), first);
  await page.keyboard.press("ArrowUp");
  assert.equal(await page.evaluate(() => document.activeElement.id), "q", "up leads back");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Escape");
  assert.equal(await page.evaluate(() => document.activeElement.id), "q", "Escape leads back");
  await page.keyboard.press("Escape");
  assert.equal(await page.$eval("#q", (one) => one.value), "", "and empties the field");
  await type(page, "armstrong");
  await page.keyboard.press("ArrowDown");
  await Promise.all([page.waitForNavigation(), page.keyboard.press("Enter")]);
  assert(!/\/search\//.test(page.url()), "Enter opens it");
  await Promise.all([page.waitForNavigation(), page.keyboard.press("/")]);
  assert(/\/search\//.test(page.url()), "a slash leads to the search");

  // Facets.
  await type(page, "moon");
  await page.click("#narrow summary");
  await page.waitForSelector(".facets button");
  const facet = await page.$$eval(".facets button", (all) => all.map((one) => one.textContent));
  assert(facet.some((text) => /^1969 \(\d+\)$/.test(text)), facet.join());
  const count = Number(/\((\d+)\)/.exec(facet.find((text) => text.startsWith("1969 ")))[1]);
  await page.$$eval(".facets button", (all) => all.find((one) => one.textContent.startsWith("1969 ")).click());
  await page.waitForFunction(() => /year:1969/.test(document.querySelector("#q").value));
  await new Promise((later) => setTimeout(later, 300));
  assert.equal(Number(/\d+/.exec(await status(page))[0]), count, "a facet finds as many as it says");

  // Harm.
  await type(page, `${"moon ".repeat(2000)}(.*)+$ <img src=x onerror=alert(1)>`);
  assert.equal(await page.$("#found img"), null);
  await page.goto(`${small.address}search/?q=${encodeURIComponent("constructor")}`);
  await page.waitForSelector("#results h3 a");
  assert.equal(await page.$eval("#results h3", (one) => one.textContent), "<script>alert(1)</script> & \"quotes\" \\ back");
  for (const query of ["ايران", "القاهره", "北京市"]) {
    await type(page, query);
    assert.equal((await urls(page)).length > 0, true, query);
  }
  assert.equal(new Set(asked.filter((path) => /\/t[0-9a-f]{4}\.[0-9a-f]{8}\.js$/.test(path))).size > 0, true);
  assert.deepEqual(trouble, [], "nothing is wrong, and the policy holds");

  // Phrases: what is shown has them, though the index knows only the buckets of their pairs; and none is lost.
  const twins = readdirSync(`${example}/articles`, { recursive: true }).filter((path) => path.endsWith("index.json"));
  const said = twins.flatMap((path) => {
    const quotes = JSON.parse(readFileSync(`${example}/articles/${path}`)).quotes ?? [];
    return quotes.slice(0, 1).map(({ text }) => [`/articles/${path.replace("index.json", "")}`, text.replace(/["“”„«»]/g, " ").trim().split(/\s+/).slice(0, 6).join(" ")]);
  });
  assert(said.length > 10, "the example has quotations");
  await page.goto(`${whole.address}search/`);
  for (const [address, text] of said.slice(0, 20)) {
    await type(page, `"${text}" kind:article `, true);
    assert((await urls(page)).some((one) => one.startsWith(address)), `${text}: ${await urls(page)}`);
  }
  await page.goto(`${small.address}search/`);
  await page.waitForFunction(() => self.pressmarkSearch?.test);
  const [untrue, where] = await page.evaluate(async () => {
    const { wordsOf, pair, textOf } = self.pressmarkSearch.test;
    for (const name of ["luna-9", "apollo-11", "montreal", "change-5", "philae"]) {
      const page = new DOMParser().parseFromString(await (await fetch(`../articles/${name}/`)).text(), "text/html");
      const words = wordsOf(textOf(page.querySelector("[data-pagefind-body]")));
      const side = new Set(words.slice(1).map((word, place) => `${words[place]} ${word}`));
      const pairs = new Set([...side].map((two) => pair(...two.split(" "))));
      for (const one of words)
        for (const two of words)
          if (!side.has(`${one} ${two}`) && pairs.has(pair(one, two)) && wordsOf(`${one} ${two}`).join() === `${one},${two}`) return [`"${one} ${two}"`, `articles/${name}/`];
    }
    return [];
  });
  assert(untrue, "two words of a text are taken for neighbours");
  assert((await answer(untrue)).some(([url]) => url === where), `the index finds ${untrue}`);
  await type(page, untrue, true);
  assert(!(await urls(page)).some((url) => url.endsWith(where)), `nothing has ${untrue}`);
  if (!(await urls(page)).length) assert(!/\d/.test(await status(page)), await status(page));

  // A file that is missing, then there.
  broken = /assets\/search\/t/;
  await page.goto(`${small.address}search/?q=moon`);
  await page.waitForFunction(() => document.querySelector("#found [role=status]").textContent);
  assert(/index/.test(await status(page)), await status(page));
  broken = null;
  await type(page, "moon ");
  assert((await urls(page)).length > 0, "it is asked for again");
  broken = /search\/index\.js/;
  await page.goto(`${small.address}search/?q=moon`);
  await page.waitForFunction(() => document.querySelector("#found [role=status]").textContent);
  assert(/index/.test(await status(page)));
  broken = null;

  // Offline: what was loaded once is there.
  await page.goto(`${small.address}search/?q=landing`);
  await page.waitForSelector("#results h3 a");
  await page.setOfflineMode(true);
  await type(page, "soft landing");
  assert((await urls(page))[0].includes("luna-9"), "and again without the network");
  await page.setOfflineMode(false);

  // From the disk.
  await page.goto(`${pathToFileURL(resolve(example, "search/index.html")).href}?q=armstrong`);
  await page.waitForSelector("#results h3 a");
  const href = await page.$eval("#results h3 a", (one) => one.href);
  assert(/^file:.*index\.html/.test(href), href);

  // Without scripts.
  await page.setJavaScriptEnabled(false);
  await page.goto(`${whole.address}search/`);
  const ways = await page.$$eval("noscript a, .ways a", (all) => all.length).catch(() => 0);
  assert(ways >= 3 || /<noscript>[\s\S]*a-z/.test(await page.content()), "there are other ways");
  await page.setJavaScriptEnabled(true);

  // A phone: how long it takes from the last sign to the results, with all files there.
  await page.goto(`${whole.address}search/`);
  await type(page, "moon treaty");
  const session = await page.createCDPSession();
  await session.send("Emulation.setCPUThrottlingRate", { rate: 4 });
  const times = await page.evaluate(async () => {
    const { parse, rank, rootOf } = self.pressmarkSearch.test;
    const root = await rootOf(), times = [];
    for (let turn = 0; turn < 9; turn += 1) {
      const start = performance.now();
      await rank(parse("moon treat", root), root);
      times.push(performance.now() - start);
    }
    return times.sort((a, b) => a - b);
  });
  console.log(`    a query of two words with its files there, 4 times slowed down: ${times[4].toFixed(1)} ms (median of 9)`);
} finally {
  await browser.close();
  small.server.close();
  whole.server.close();
}
