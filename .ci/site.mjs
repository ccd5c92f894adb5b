// Looks at a page of each kind as readers do: `node site.mjs PUBLIC CHROMIUM SCREENSHOTS [KINDS [WINDOW]]`, where PUBLIC is a built
// site and KINDS such as `home,article` are looked at only. In one WINDOW, such as `phone`, nothing is done but looking.
// Fails on what axe-core finds against WCAG 2.2 AA, on a request to another host, a word in the console, a shift of what is
// drawn, a page that needs a script or is wider than a narrow window, and on more bytes than an article may take.
import assert from "node:assert/strict";
import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import puppeteer from "puppeteer-core";
import { chosen, pages, serve } from "./shown.mjs";

const BUDGET = 40_000;
const WINDOWS = { phone: { width: 390, height: 844, hasTouch: true, isMobile: true }, desktop: { width: 1280, height: 900 } };
const STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

const [folder, chromium, pictures, kinds, only] = process.argv.slice(2);
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const all = pages(folder);
const some = chosen(all).filter(({ name }) => !kinds || kinds.split(",").includes(name));
const { server, sent, address } = await serve(() => folder);
// Only what is in front is drawn, so each worker has a browser of its own.
const launch = () => puppeteer.launch({ executablePath: chromium, headless: true, args: ["--no-sandbox", "--disable-gpu"] });
const browsers = [await launch(), await launch()];
const faults = [];
const expect = (holds, what) => holds || faults.push(what);
mkdirSync(pictures, { recursive: true });

// A page that notes what is asked for, said and moved.
async function open(browser = browsers[0]) {
  const page = await browser.newPage();
  const said = [];
  page.on("console", (message) => said.push(`console: ${message.text()}`));
  page.on("pageerror", (error) => said.push(`error: ${error.message}`));
  page.on("request", (request) => request.url().startsWith(address) || said.push(`asks ${request.url()}`));
  page.on("response", (response) => response.status() >= 400 && said.push(`${response.status()} ${response.url()}`));
  await page.evaluateOnNewDocument(() => {
    window.shifted = 0;
    new PerformanceObserver((list) => list.getEntries().forEach((one) => { window.shifted += one.value; })).observe({ type: "layout-shift", buffered: true });
    document.addEventListener("securitypolicyviolation", (event) => console.error(`policy: ${event.violatedDirective} ${event.blockedURI}`));
    // Colours must be chosen before there is anything to draw.
    new MutationObserver((_, watch) => {
      if (!document.body) return;
      window.early = document.documentElement.dataset.theme;
      watch.disconnect();
    }).observe(document, { childList: true, subtree: true });
  });
  return { page, said };
}

const colours = (page, scheme) => page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme }]);

async function judge(page, where, rules = {}) {
  await page.evaluate(axe);
  const { violations } = await page.evaluate((values, rules) => window.axe.run(document, {
    runOnly: { type: "tag", values }, rules: { "target-size": { enabled: true }, ...rules }, resultTypes: ["violations"],
  }), STANDARDS, rules);
  for (const { id, help, nodes } of violations) faults.push(`${where}: ${id}: ${help}: ${nodes.length} times, ${nodes[0].html.slice(0, 200)} ${nodes[0].failureSummary.replace(/\s+/g, " ")}`);
}

// Everything that needs a look with scripts: each window in both colours.
async function look(browser, { name, path }, device) {
  const { page, said } = await open(browser);
  await page.setViewport(WINDOWS[device]);
  await colours(page, "light");
  await page.goto(`${address}${path}`, { waitUntil: "load" });
  await page.evaluate(() => scrollTo(0, document.body.scrollHeight));
  await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => setTimeout(drawn))));
  const state = await page.evaluate(() => ({ shifted: window.shifted, early: window.early, wide: document.documentElement.scrollWidth > innerWidth }));
  expect(state.shifted === 0, `${name}, ${device}: what is drawn shifts by ${state.shifted}`);
  expect(state.early === "auto", `${name}, ${device}: colours come late (${state.early})`);
  expect(!state.wide, `${name}, ${device}: wider than the window`);
  await page.evaluate(() => scrollTo(0, 0));
  const height = await page.evaluate(() => document.documentElement.scrollHeight);
  const { width } = WINDOWS[device];
  await page.screenshot({ path: `${pictures}/${name}-${device}.png`, clip: { x: 0, y: 0, width, height: Math.min(height, 2600) }, captureBeyondViewport: true });
  expect(said.length === 0, `${name}, ${device}: ${said.join("; ")}`);
  for (const scheme of ["light", "dark"]) {
    await colours(page, scheme);
    await judge(page, `${name}, ${device}, ${scheme}`);
  }
  await page.screenshot({ path: `${pictures}/${name}-${device}-dark.png` });
  if (device === "desktop") {
    await page.evaluate(() => { document.documentElement.dataset.theme = "contrast"; });
    for (const scheme of ["dark", "light"]) {
      await colours(page, scheme);
      await judge(page, `${name}, more contrast, ${scheme}`);
    }
  }
  await page.close();
}

// At 400 % of a window of 1280 only tables and the like may need more than one direction to scroll in (WCAG 1.4.10).
async function narrow(browser, { name, path }) {
  const { page } = await open(browser);
  await page.setViewport({ width: 320, height: 256 });
  await page.goto(`${address}${path}`);
  const wide = await page.evaluate(() => document.documentElement.scrollWidth);
  expect(wide <= 320, `${name}: ${wide} wide in a window of 320`);
  await page.close();
}

// Without scripts: the same words, and links that lead on.
async function plain(browser, { name, path }) {
  const { page, said } = await open(browser);
  const words = () => page.$eval("main", (main) => {
    const copy = main.cloneNode(true);
    copy.querySelectorAll(".table-filter").forEach((one) => one.remove());
    return copy.textContent.replace(/\s+/g, " ").trim();
  });
  await page.goto(`${address}${path}`);
  const scripted = await words();
  await page.setJavaScriptEnabled(false);
  await page.goto(`${address}${path}`);
  expect(await words() === scripted && scripted.length > 20, `${name}: other words without scripts`);
  const mode = await page.$eval(".mode", (one) => getComputedStyle(one).display);
  expect(mode === "none", `${name}: a button that does nothing without scripts`);
  const links = await page.$$("nav.sections a");
  expect(links.length > 2, `${name}: no navigation`);
  await Promise.all([page.waitForNavigation(), links[1].click()]);
  expect(page.url() !== `${address}${path}` || path === "topics/", `${name}: the navigation leads nowhere`);
  expect(await page.$("h1"), `${name}: the navigation leads to no page`);
  expect(said.length === 0, `${name}, no scripts: ${said.join("; ")}`);
  await page.close();
}

// By keyboard: first to the text, then in the order of the page, always to something that shows and is marked.
async function keys({ name, path }) {
  const { page } = await open();
  await page.setViewport(WINDOWS.desktop);
  await page.emulateMediaFeatures([{ name: "prefers-reduced-motion", value: "reduce" }]);
  await page.goto(`${address}${path}`, { waitUntil: "load" });
  for (let n = 0; n < 50; n += 1) {
    await page.keyboard.press("Tab");
    const now = await page.evaluate(() => {
      const one = document.activeElement;
      const last = window.last;
      window.last = one;
      if (one === document.body) return null;
      const box = one.getClientRects()[0];
      return {
        what: one.outerHTML.slice(0, 100),
        skip: one.classList.contains("skip"),
        forward: !last || !!(last.compareDocumentPosition(one) & Node.DOCUMENT_POSITION_FOLLOWING),
        shown: !!box && box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
        marked: getComputedStyle(one).outlineStyle !== "none",
      };
    });
    if (!now) break;
    expect(n > 0 || now.skip, `${name}: the first stop is not the way to the text`);
    for (const rule of ["forward", "shown", "marked"]) expect(now[rule], `${name}: stop ${n + 1} is not ${rule}: ${now.what}`);
  }
  await page.close();
}

// What the scripts do on real pages; `.ci/pages.mjs` tries all that they can do.
async function scripts() {
  const { page, said } = await open();
  await page.setViewport(WINDOWS.desktop);
  const article = some.find(({ name }) => name === "article");
  await page.emulateMediaFeatures([{ name: "prefers-reduced-motion", value: "reduce" }]);
  await page.goto(`${address}${article.path}`, { waitUntil: "load" });
  await page.evaluate(() => { localStorage["pressmark-theme"] = "dark"; });
  await page.reload({ waitUntil: "load" });
  assert.equal(await page.evaluate(() => window.early), "dark", "the chosen colours are there before the page");
  await page.hover(".prose a[href^='../']");
  await page.waitForSelector(".card");
  const moving = await page.evaluate(() => [getComputedStyle(document.documentElement).scrollBehavior, document.getAnimations().length]);
  assert.deepEqual(moving, ["auto", 0], "nothing moves for those who ask for that");
  // A card lies beside the page, as the last in it: it describes a link in the text.
  await judge(page, "article with a card", { region: { enabled: false } });
  await page.keyboard.press("Escape");
  assert.equal(await page.$(".card"), null, "Escape takes a card away");
  const subject = some.find(({ name }) => name === "subject");
  if (subject) {
    await page.goto(`${address}${subject.path}`, { waitUntil: "load" });
    const values = () => page.$$eval("table[data-sortable] tbody tr", (rows) => rows.map((row) => Number(row.cells[1].dataset.value)));
    await page.click("th:nth-child(2) button");
    const sorted = await values();
    assert.deepEqual(sorted, [...sorted].sort((a, b) => a - b), "figures are in order");
  }
  await page.goto(`${address}no/such/page/`).catch(() => {});
  assert.equal(await page.evaluate(() => document.body.className), "missing", "a page that is missing says so");
  assert.notEqual(await page.evaluate(() => getComputedStyle(document.querySelector(".masthead")).textAlign), "start", "with its style, at any depth");
  expect(said.filter((one) => !one.includes("404")).length === 0, `scripts: ${said.join("; ")}`);
  await page.close();
}

// All that a first visit to an article brings, compressed.
async function weigh() {
  const { page } = await open();
  let most = [0, ""];
  const articles = all.filter(({ kind }) => kind === "article").sort((a, b) => b.text.length - a.text.length).slice(0, 10);
  for (const { path } of articles) {
    await page.setCacheEnabled(false);
    sent.clear();
    await page.goto(`${address}${path}`, { waitUntil: "load" });
    const bytes = [...sent.values()].reduce((sum, one) => sum + one, 0);
    if (bytes > most[0]) most = [bytes, path];
  }
  expect(most[0] < BUDGET, `an article brings ${most[0]} bytes: ${most[1]}`);
  await page.close();
  return most;
}

try {
  const devices = only ? [only] : ["phone", "desktop"];
  const tasks = some.flatMap((one) => [
    ...devices.map((device) => (on) => look(on, one, device)),
    (on) => narrow(on, one),
    // Searching needs a script, and the page says so without.
    ...(only || one.name === "search" ? [] : [(on) => plain(on, one)]),
  ]);
  const work = async (on) => {
    for (let task = tasks.shift(); task; task = tasks.shift()) await task(on);
  };
  await Promise.all(browsers.map(work));
  const names = `${some.length} pages (${some.map(({ name }) => name).join(", ")})`;
  if (only) {
    console.log(`    ${names}, ${only}`);
  } else {
    await keys(some.find(({ name }) => name === "article"));
    await keys(some.find(({ name }) => name === "home"));
    await scripts();
    const [bytes, path] = await weigh();
    console.log(`    ${names}; the largest article brings ${bytes} bytes (${path})`);
  }
  assert.equal(faults.length, 0, `\n${faults.join("\n")}\n${faults.length} faults`);
} finally {
  await Promise.all(browsers.map((one) => one.close()));
  server.close();
}
