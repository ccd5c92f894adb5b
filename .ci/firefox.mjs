// Reads a finished site in Firefox: `node firefox.mjs PUBLIC FIREFOX`, where PUBLIC is the built example. A page of each kind is opened,
// at the width of a phone too; colours are chosen, a card is shown, a table sorted, and something is looked for.
import assert from "node:assert/strict";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import puppeteer from "puppeteer-core";
import { chosen, pages, serve } from "./shown.mjs";

const [folder, firefox] = process.argv.slice(2);
const all = pages(folder);
const some = chosen(all);
const { server, address } = await serve(() => folder);
const browser = await puppeteer.launch({ browser: "firefox", executablePath: firefox, headless: true, protocol: "webDriverBiDi" });
const faults = [];
try {
  const page = await browser.newPage();
  let where = "";
  const note = (what) => faults.push(`${where}: ${what}`);
  page.on("console", (message) => note(`console: ${message.text()}`));
  page.on("pageerror", (error) => note(`error: ${error.message}`));
  // Of its own, Firefox asks for a font that is in the address.
  page.on("request", (request) => /^https?:/.test(request.url()) && !request.url().startsWith(address) && note(`asks ${request.url()}`));
  page.on("response", (response) => response.status() >= 400 && note(`${response.status()} ${response.url()}`));
  await page.evaluateOnNewDocument(() => {
    document.addEventListener("securitypolicyviolation", (event) => console.error(`policy: ${event.violatedDirective} ${event.blockedURI}`));
  });
  const open = async (path) => {
    where = path || "home";
    await page.goto(`${address}${path}`, { waitUntil: "load" });
  };
  for (const { path } of some) {
    await page.setViewport({ width: 1280, height: 900 });
    await open(path);
    const state = await page.evaluate(() => [document.documentElement.dataset.theme, !!document.querySelector("h1"), getComputedStyle(document.body).maxWidth]);
    if (state[0] !== "auto" || !state[1] || state[2] === "none") note(`looks wrong: ${state}`);
    await page.setViewport({ width: 320, height: 640 });
    const wide = await page.evaluate(() => document.documentElement.scrollWidth);
    if (wide > 320) note(`${wide} wide in a window of 320`);
  }
  await page.setViewport({ width: 1280, height: 900 });

  // Colours: chosen, and remembered.
  const article = some.find(({ name }) => name === "article").path;
  await open(article);
  const paper = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  await page.click(".mode");
  const light = await paper();
  await page.click(".mode");
  const dark = await paper();
  assert.notEqual(light, dark, "dark is dark");
  await page.reload({ waitUntil: "load" });
  assert.equal(await paper(), dark, "a choice is remembered");

  // A card: hoverable, gone with Escape.
  await page.hover("main .prose a[href^='../']");
  await page.waitForSelector(".card");
  assert((await page.$eval(".card", (one) => one.textContent)).length > 5, "a card says something");
  await page.keyboard.press("Escape");
  assert.equal(await page.$(".card"), null, "Escape takes it away");

  // A table, sorted by its second column.
  await open(some.find(({ name }) => name === "subject").path);
  const values = () => page.$$eval("table[data-sortable] tbody tr", (rows) => rows.map((row) => Number(row.cells[1].dataset.value)));
  await page.click("th:nth-child(2) button");
  const sorted = await values();
  assert(sorted.length > 1, "there are figures");
  assert.deepEqual(sorted, [...sorted].sort((a, b) => a - b), "figures are in order");

  // Searching: as typed, from an address, and from the disk.
  await open("search/?q=armstrong");
  await page.waitForSelector("#results h3 a");
  await page.$eval("#q", (field) => { field.value = ""; });
  await page.type("#q", "moon treaty");
  await page.waitForFunction(() => /q=moon/.test(location.search) && document.querySelector("#results h3 a"));
  const found = await page.$$eval("#results h3 a", (links) => links.map((link) => link.href));
  assert(found.length > 0 && found.every((href) => href.startsWith(address)), "what is found is here");
  assert.deepEqual(faults, [], "nothing is wrong");
  where = "disk";
  await page.goto(`${pathToFileURL(resolve(folder, "search/index.html")).href}?q=armstrong`);
  await page.waitForSelector("#results h3 a");
  assert(/^file:.*index\.html/.test(await page.$eval("#results h3 a", (one) => one.href)), "from the disk, too");
  console.log(`    ${some.length} pages, colours, cards, tables and the search work in ${await browser.version()}`);
} finally {
  await browser.close();
  server.close();
}
