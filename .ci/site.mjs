// Looks at a page of each kind as readers do: `node site.mjs PUBLIC CHROMIUM SCREENSHOTS [KINDS [WINDOW]]`, where PUBLIC is a built
// site and KINDS such as `home,article` are looked at only. In one WINDOW, such as `phone`, nothing is done but looking.
// Fails on what axe-core finds against WCAG 2.2 AA, on a request to another host, a word in the console, a shift of what is
// drawn, a page that needs a script or is wider than a narrow window, what does not show in the colours of the system, what a screen reader
// could not tell, and on more bytes than an article may take.
import assert from "node:assert/strict";
import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import puppeteer from "puppeteer-core";
import { chosen, pages, serve, visit } from "./shown.mjs";

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
  await visit(page, address, path);
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
  await visit(page, address, path);
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

// In the colours of the system, of which pages know nothing: words, marks, drawings and the focus show.
async function forced(browser, { name, path }) {
  const { page } = await open(browser);
  await page.setViewport(WINDOWS.desktop);
  const session = await page.createCDPSession();
  for (const [scheme, other] of [["light", "dark"], ["dark", "light"]]) {
    const features = [{ name: "forced-colors", value: "active" }, { name: "prefers-color-scheme", value: scheme }];
    await session.send("Emulation.setEmulatedMedia", { features });
    await visit(page, address, path);
    // Readers may have chosen other colours for the site.
    for (const chosen of ["auto", other]) {
      const hidden = await page.evaluate((chosen) => {
        document.documentElement.dataset.theme = chosen;
        const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
        const light = (colour) => {
          canvas.clearRect(0, 0, 1, 1);
          canvas.fillStyle = colour;
          canvas.fillRect(0, 0, 1, 1);
          const [r, g, b] = [...canvas.getImageData(0, 0, 1, 1).data].map((part) => (part / 255 <= 0.03928 ? part / 255 / 12.92 : ((part / 255 + 0.055) / 1.055) ** 2.4));
          return 0.2126 * r + 0.7152 * g + 0.0722 * b;
        };
        const contrast = (a, b) => (Math.max(light(a), light(b)) + 0.05) / (Math.min(light(a), light(b)) + 0.05);
        const below = (one) => {
          for (let at = one; at; at = at.parentElement) {
            const colour = getComputedStyle(at).backgroundColor;
            if (!/^rgba\(.*, 0\)$/.test(colour)) return colour;
          }
          return getComputedStyle(document.body).backgroundColor;
        };
        const faults = [];
        const expect = (holds, what, one) => holds || faults.push(`${what}: ${one.outerHTML.slice(0, 100)}`);
        const words = getComputedStyle(document.body).color;
        for (const link of document.querySelectorAll("a[href], button, summary, sup.mark, mark, th, td")) {
          if (link.closest("svg") || !link.getClientRects().length) continue;
          expect(contrast(getComputedStyle(link).color, below(link)) >= 4.5, "words do not show", link);
        }
        for (const link of document.querySelectorAll("main a[href]")) {
          if (!link.closest("svg")) expect(getComputedStyle(link).color !== words || getComputedStyle(link).textDecorationLine === "underline", "no link", link);
        }
        for (const mark of document.querySelectorAll("mark")) expect(getComputedStyle(mark).backgroundColor !== below(mark.parentElement), "no mark", mark);
        for (const shape of document.querySelectorAll("svg rect, svg circle, svg path, svg text")) {
          const { fill, stroke } = getComputedStyle(shape);
          const drawn = [fill, stroke].filter((colour) => colour !== "none");
          expect(drawn.some((colour) => contrast(colour, below(shape.closest("svg").parentElement)) >= 3), "no drawing", shape);
        }
        for (const one of document.querySelectorAll("[aria-current]")) {
          const { outlineStyle, backgroundColor } = getComputedStyle(one);
          expect(outlineStyle !== "none" || backgroundColor !== below(one.parentElement), "nothing says where readers are", one);
        }
        return faults;
      }, chosen);
      hidden.slice(0, 3).forEach((one) => faults.push(`${name}, colours of the system, ${scheme}, chosen ${chosen}: ${one} (${hidden.length} in all)`));
    }
    await page.keyboard.press("Tab");
    const focus = await page.evaluate(() => {
      const { outlineStyle, outlineWidth } = getComputedStyle(document.activeElement);
      return document.activeElement !== document.body && outlineStyle !== "none" && parseFloat(outlineWidth) >= 2;
    });
    expect(focus, `${name}, colours of the system, ${scheme}: the focus does not show`);
    await page.evaluate(() => { document.activeElement.blur(); document.documentElement.dataset.theme = "auto"; });
    await page.screenshot({ path: `${pictures}/${name}-forced-${scheme}.png` });
  }
  await page.close();
}

const CONTROLS = ["button", "checkbox", "combobox", "DisclosureTriangle", "link", "menuitem", "radio", "searchbox", "slider", "spinbutton", "switch", "tab", "textbox"];
const NAMED = ["image", "img", "region", "complementary", "navigation", "form"];

// What a screen reader is told: the parts of the page, headings in order, and a name for all that can be used.
async function told(browser, { name, path }) {
  const { page } = await open(browser);
  await page.setViewport(WINDOWS.desktop);
  await visit(page, address, path);
  const nodes = [];
  const walk = (node) => {
    nodes.push(node);
    node.children?.forEach(walk);
  };
  walk(await page.accessibility.snapshot({ interestingOnly: false }));
  const of = (...roles) => nodes.filter((node) => roles.includes(node.role));
  for (const role of ["banner", "main", "contentinfo"]) expect(of(role).length === 1, `${name}: ${of(role).length} parts are ${role}`);
  expect(of("navigation").length > 0, `${name}: no navigation`);
  for (const role of NAMED) {
    const names = of(role).map((node) => node.name?.trim());
    expect(names.every(Boolean), `${name}: ${role} without a name`);
    if (role === "navigation") expect(new Set(names).size === names.length, `${name}: two of one name: ${role} ${names}`);
  }
  const levels = of("heading").map((node) => node.level);
  expect(levels[0] === 1 && levels.filter((level) => level === 1).length === 1, `${name}: headings begin with ${levels.slice(0, 3)}`);
  levels.forEach((level, at) => expect(at === 0 || level <= levels[at - 1] + 1, `${name}: heading ${at + 1} of level ${level} behind ${levels[at - 1]}`));
  for (const node of of(...CONTROLS)) expect(node.name?.trim(), `${name}: ${node.role} without a name`);
  for (const node of of("columnheader", "rowheader")) expect(node.name?.trim(), `${name}: ${node.role} without words`);
  await page.close();
  return nodes.length;
}

// By keyboard: first to the text, then in the order of the page, always to something that shows and is marked.
async function keys(browser, { name, path }) {
  const { page } = await open(browser);
  await page.setViewport(WINDOWS.desktop);
  await page.emulateMediaFeatures([{ name: "prefers-reduced-motion", value: "reduce" }]);
  await visit(page, address, path);
  // Who comes to search may begin at once.
  const begun = await page.evaluate(() => document.activeElement !== document.body);
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
    expect(n > 0 || begun || now.skip, `${name}: the first stop is not the way to the text`);
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
  let parts = 0;
  const devices = only ? [only] : ["phone", "desktop"];
  const tasks = some.flatMap((one) => [
    ...devices.map((device) => (on) => look(on, one, device)),
    (on) => narrow(on, one),
    (on) => forced(on, one),
    async (on) => { parts += await told(on, one); },
    ...(only ? [] : [(on) => keys(on, one)]),
    // Searching needs a script, and the page says so without.
    ...(only || one.kind === "search" ? [] : [(on) => plain(on, one)]),
  ]);
  const work = async (on) => {
    for (let task = tasks.shift(); task; task = tasks.shift()) await task(on);
  };
  await Promise.all(browsers.map(work));
  const names = `${some.length} pages (${some.map(({ name }) => name).join(", ")})`;
  if (only) {
    console.log(`    ${names}, ${only}`);
  } else {
    await scripts();
    const [bytes, path] = await weigh();
    console.log(`    ${names}; ${parts} parts told to screen readers; the largest article brings ${bytes} bytes (${path})`);
  }
  assert.equal(faults.length, 0, `\n${faults.join("\n")}\n${faults.length} faults`);
} finally {
  await Promise.all(browsers.map((one) => one.close()));
  server.close();
}
