// Looks at finished pages with a browser: `node pages.mjs PUBLIC TABLES_JS CHROMIUM`, where PUBLIC is the built example.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { readFileSync } from "node:fs";
import { extname, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import puppeteer from "puppeteer-core";

const [folder, tables, chromium] = process.argv.slice(2);
const types = { ".html": "text/html", ".css": "text/css", ".js": "text/javascript", ".json": "application/json", ".svg": "image/svg+xml" };
const asked = [];
const table = `<!doctype html><html lang="en"><title>x</title><script src="/tables.js" defer></script>
<table data-sortable data-filter="Find"><thead><tr><th>Name</th><th>Sum</th></tr></thead>
<tbody><tr><td>Émile</td><td data-value="1000">1,000</td></tr><tr><td>zoe</td><td data-value="20">20</td></tr><tr><td>Ada</td><td></td></tr></tbody></table>`;
const bodies = `<!doctype html><html lang="en"><title>x</title><script src="/tables.js" defer></script>
<table data-sortable="bodies" data-filter="Find"><thead><tr><th>Name</th></tr></thead>
<tbody><tr><td>zoe</td></tr><tr><td>said no</td></tr></tbody><tbody><tr><td>Ada</td></tr><tr><td>said yes</td></tr></tbody></table>`;
const days = `<!doctype html><html lang="en"><title>x</title><script src="/tables.js" defer></script>
<table data-sortable data-filter="Find"><thead><tr><th>Name</th></tr></thead>
<tbody id="a"><tr><td>zoe</td></tr><tr><td>Ada</td></tr></tbody><tbody id="b"><tr><td>Ben</td></tr></tbody></table>`;
const server = createServer((request, response) => {
  const path = decodeURIComponent(new URL(request.url, "http://localhost").pathname);
  asked.push(path);
  const own = { "/table.html": () => table, "/bodies.html": () => bodies, "/days.html": () => days, "/tables.js": () => readFileSync(tables) }[path];
  try {
    const body = own ? own() : readFileSync(`${folder}${path.endsWith("/") ? `${path}index.html` : path}`);
    response.writeHead(200, { "content-type": `${types[extname(path)] ?? "text/html"}; charset=utf-8` }).end(body);
  } catch {
    response.writeHead(404).end();
  }
});
await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
const address = `http://127.0.0.1:${server.address().port}/`;
const article = "articles/1940s/un-charter/";
const browser = await puppeteer.launch({ executablePath: chromium, headless: true, args: ["--no-sandbox", "--disable-gpu"] });
try {
  const page = await browser.newPage();
  const trouble = [];
  page.on("pageerror", (error) => trouble.push(error.message));
  page.on("console", (message) => message.type() === "error" && !/favicon|404/.test(message.text()) && trouble.push(message.text()));
  await page.evaluateOnNewDocument(() => document.addEventListener("securitypolicyviolation", (event) => console.error(`policy: ${event.violatedDirective} ${event.blockedURI}`)));

  // From the disk, with the policy that stands in the page: style and scripts are there.
  await page.goto(pathToFileURL(resolve(folder, article, "index.html")).href);
  const looks = await page.evaluate(() => [document.documentElement.dataset.theme, getComputedStyle(document.querySelector(".masthead")).textAlign, !!document.querySelector("meta[http-equiv]")]);
  assert.deepEqual(looks, ["auto", "center", true], "a page that is opened from the disk looks as it should");
  await page.hover("main .prose a");
  await new Promise((later) => setTimeout(later, 700));
  assert.equal(await page.$(".card"), null, "there is no card where nothing can be asked");
  trouble.length = 0; // Browsers complain of the question itself.

  // Colours: chosen, remembered, and there before the page is drawn.
  await page.goto(`${address}${article}`);
  const paper = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: "light" }]);
  const seen = [await paper()];
  for (let n = 0; n < 4; n += 1) {
    await page.click(".mode");
    seen.push(await paper());
  }
  assert.equal(seen[0], seen[1], "light is light");
  assert.notEqual(seen[1], seen[2], "dark is dark");
  assert.equal(seen[3], "rgb(255, 255, 255)", "more contrast is on white");
  assert.equal(seen[4], seen[0], "and back");
  await page.click(".mode");
  await page.click(".mode");
  await page.reload({ waitUntil: "domcontentloaded" });
  assert.equal(await paper(), seen[2], "a choice is remembered");

  // Cards: after a while, once asked, hoverable, gone with Escape.
  const link = "main .prose a[href^='../']";
  const twin = await page.$eval(link, (one) => new URL("index.json", one.href).pathname);
  const card = () => page.$eval(".card", (one) => one.textContent).catch(() => null);
  await page.hover(link);
  await page.waitForSelector(".card");
  assert((await card()).length > 5, "a card says something");
  assert.equal(await page.$eval(link, (one) => document.getElementById(one.getAttribute("aria-describedby")).getAttribute("role")), "tooltip");
  await page.hover(".card");
  await new Promise((later) => setTimeout(later, 600));
  assert(await card(), "it stays under the pointer");
  await page.keyboard.press("Escape");
  assert.equal(await card(), null, "Escape takes it away");
  assert.equal(await page.$eval(link, (one) => one.hasAttribute("aria-describedby")), false);
  await page.hover("h1");
  await page.hover(link);
  await page.waitForSelector(".card");
  await page.hover("h1");
  await page.waitForSelector(".card", { hidden: true });
  assert.equal(asked.filter((path) => path === twin).length, 1, "each is asked once");
  await page.focus(".skip");
  for (let n = 0; n < 60 && !(await page.evaluate(() => document.activeElement.closest?.(".prose"))); n += 1) await page.keyboard.press("Tab");
  await page.waitForSelector(".card");

  // Tables: by number where there is one, by letters as the language has them, empty last.
  await page.goto(`${address}table.html`);
  const names = () => page.$$eval("tbody tr:not([hidden]) td:first-child", (cells) => cells.map((cell) => cell.textContent).join(" "));
  const heads = await page.$$("th button");
  await heads[0].click();
  assert.equal(await names(), "Ada Émile zoe");
  await heads[0].click();
  assert.equal(await names(), "zoe Émile Ada");
  await heads[1].click();
  assert.equal(await names(), "zoe Émile Ada");
  await heads[1].click();
  assert.equal(await names(), "Émile zoe Ada");
  assert.deepEqual(await page.$$eval("th", (all) => all.map((one) => one.getAttribute("aria-sort"))), [null, "descending"]);
  await page.type("input[type=search]", "emi");
  assert.equal(await names(), "Émile");

  // Bodies that stay together, when they are sorted and when they are searched.
  await page.goto(`${address}bodies.html`);
  const rows = () => page.$$eval("tbody:not([hidden]) td", (cells) => cells.map((cell) => cell.textContent).join(", "));
  await page.click("th button");
  assert.equal(await rows(), "Ada, said yes, zoe, said no");
  await page.type("input[type=search]", "no");
  assert.equal(await rows(), "zoe, said no");
  // Bodies that do not: their rows are sorted and searched as one list.
  await page.goto(`${address}days.html`);
  await page.click("th button");
  assert.equal(await page.$$eval("tbody td", (cells) => cells.map((cell) => cell.textContent).join(" ")), "Ada Ben zoe");
  await page.type("input[type=search]", "e");
  assert.equal(await page.$$eval("tbody tr:not([hidden]) td", (cells) => cells.map((cell) => cell.textContent).join(" ")), "Ben zoe");
  assert.deepEqual(trouble, [], "no script fails, and nothing breaks the policy");
  console.log("    colours, cards and tables work");
} finally {
  await browser.close();
  server.close();
}
