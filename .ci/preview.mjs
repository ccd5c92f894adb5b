// Looks at the preview with a browser: `node preview.mjs PRESSMARK SITE CHROMIUM`, where SITE is a folder that may be changed.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createInterface } from "node:readline";
import puppeteer from "puppeteer-core";

const [program, site, chromium] = process.argv.slice(2);
const article = `${site}/content/articles/1940s/un-charter.md`;
const server = spawn(program, ["serve", "--port", "0", "--root", site], { stdio: ["ignore", "pipe", "inherit"] });
const lines = createInterface({ input: server.stdout });
const address = await new Promise((found) => lines.on("line", (line) => {
  const url = /http:\/\/\S+/.exec(line);
  if (url) found(url[0]);
}));
const browser = await puppeteer.launch({ executablePath: chromium, headless: true, args: ["--no-sandbox", "--disable-gpu"] });
const times = [];
try {
  const page = await browser.newPage();
  const trouble = [];
  page.on("pageerror", (error) => trouble.push(error.message));
  await page.goto(`${address}articles/1940s/un-charter/`);
  await page.waitForSelector("#pressmark-preview");
  await page.evaluate(() => {
    window.kept = true;
    document.querySelectorAll("details").forEach((one) => { one.open = true; });
    document.querySelector("main a").focus();
    scrollTo(0, 500);
  });
  // A first save is worked in with the page just loaded, later ones with what the browser knows of it.
  for (let n = 0; n < 10; n += 1) {
    const mark = `mark-${n}-end`;
    const seen = page.waitForFunction((text) => document.body.innerText.includes(text), { polling: "mutation" }, mark);
    const start = performance.now();
    appendFileSync(article, `\nA sentence with ${mark} is here.\n`);
    await seen;
    await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => setTimeout(drawn))));
    times.push(performance.now() - start);
    await new Promise((later) => setTimeout(later, 150));
  }
  const state = await page.evaluate(() => [window.kept, scrollY, document.activeElement.nodeName, [...document.querySelectorAll("details")].every((one) => one.open)]);
  assert.deepEqual(state, [true, 500, "A", true], "the page is the same one, where it was, with what was open and in focus");
  const same = await page.evaluate(async () => {
    const fresh = new DOMParser().parseFromString(await (await fetch(location.href)).text(), "text/html");
    const shown = (body) => {
      const copy = body.cloneNode(true);
      copy.querySelectorAll("#pressmark-preview, script").forEach((one) => one.remove());
      copy.querySelectorAll("details").forEach((one) => one.removeAttribute("open"));
      return copy.innerHTML.replace(/\s+/g, " ").trim();
    };
    return shown(document.body) === shown(fresh.body);
  });
  assert(same, "a page that was changed in place is the page that a reader loads");
  const inside = (text) => page.waitForFunction(text, { polling: 20 });
  const root = "document.querySelector('#pressmark-preview').shadowRoot";
  const good = readFileSync(article, "utf8");
  writeFileSync(article, good.replace(/^date = .*$/m, "date = 1945-13-45"));
  await inside(`!${root}.querySelector('.errors').hidden && ${root}.querySelector('.errors').innerText.includes('un-charter.md:')`);
  assert(await page.evaluate(() => document.body.innerText.includes("mark-9-end")), "the last good page stays");
  writeFileSync(article, good);
  await inside(`${root}.querySelector('.errors').hidden`);
  // A decision is written, and is not asked for any more.
  const before = await page.evaluate(`${root}.querySelectorAll('li').length`);
  await page.evaluate(`${root}.querySelector('li button').click()`);
  await inside(`${root}.querySelectorAll('li').length === ${before - 1}`);
  assert(readFileSync(`${site}/content/decisions.toml`, "utf8").includes('action = "accept"'));
  // Style sheets are changed without a load: that of the theme, whose name changes with it, and one that keeps its name.
  const theme = `${site}/themes/broadsheet`;
  const extra = `${site}/static/extra.css`;
  const base = readFileSync(`${theme}/templates/base.html`, "utf8");
  mkdirSync(`${site}/static`, { recursive: true });
  writeFileSync(extra, "");
  // The first question about the new one waits until it has changed again.
  await page.evaluate(() => {
    const ask = window.fetch;
    const changed = new Promise((then) => { window.changed = then; });
    window.fetch = async (url, how) => {
      if (how?.method === "HEAD" && String(url).endsWith("/extra.css")) await changed;
      return ask(url, how);
    };
  });
  writeFileSync(`${theme}/templates/base.html`, base.replace("</head>", '<link rel="stylesheet" href="/extra.css">\n</head>'));
  await inside("document.head.querySelector('link[href=\"/extra.css\"]')?.sheet");
  const sheet = readFileSync(`${theme}/static/style.css`, "utf8");
  const style = (n) => {
    writeFileSync(`${theme}/static/style.css`, `${sheet}\nbody { outline: 3px solid rgb(1, 2, ${n}); }\n`);
    writeFileSync(extra, `body { scroll-margin-top: ${n}px; }\n`);
  };
  const isStyled = (n) => inside(`getComputedStyle(document.body).outlineColor === 'rgb(1, 2, ${n})' && getComputedStyle(document.body).scrollMarginTop === '${n}px'
    && document.head.querySelectorAll('link[rel="stylesheet"]').length === 2 && window.kept`);
  style(1);
  await page.evaluate(() => window.changed());
  await isStyled(1);
  // Again and again, while the last ones are still on their way.
  for (let n = 2; n < 20; n += 1) {
    style(n);
    await new Promise((later) => setTimeout(later, 5 * n));
  }
  await isStyled(19);
  // A picture is changed without a load, and stays so when the page around it changes.
  const picture = (width) => writeFileSync(`${site}/static/mark.svg`, `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="10"><path d="M0 0h9v9z"/></svg>\n`);
  const isDrawn = (width) => inside(`document.querySelector('img[alt="A mark"]')?.naturalWidth === ${width} && window.kept`);
  picture(10);
  appendFileSync(article, "\n![A mark](/mark.svg)\n");
  await isDrawn(10);
  for (const width of [20, 30]) {
    picture(width);
    await isDrawn(width);
  }
  appendFileSync(article, "\nThe picture is above.\n");
  await inside("document.body.innerText.includes('The picture is above.')");
  await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => setTimeout(drawn, 100))));
  assert.equal(await page.evaluate(() => document.querySelector('img[alt="A mark"]').naturalWidth), 30, "the picture is the new one still");
  // Broken links are counted beside the page.
  appendFileSync(article, "\n[One](missing.md) and [two](gone.md).\n");
  await inside(`!${root}.querySelector('.links').hidden && ${root}.querySelector('.links').textContent === '2 broken links'`);
  assert(await page.evaluate(`${root}.querySelector('.panel').textContent.includes('missing.md')`));
  writeFileSync(article, readFileSync(article, "utf8").replace("\n[One](missing.md) and [two](gone.md).\n", ""));
  await inside(`${root}.querySelector('.links').hidden`);
  // What somebody is that was found is chosen beside the page.
  appendFileSync(article, "\nMinister Olaf Brandvik arrived. Olaf Brandvik left again.\n");
  const kind = `${root}.querySelector('select[aria-label="What Olaf Brandvik is"]')`;
  await inside(`${kind}?.value === 'person'`);
  await page.evaluate(`${kind}.value = 'work', ${kind}.parentNode.querySelector('button').click()`);
  await inside(`!${kind}`);
  assert.match(readFileSync(`${site}/content/decisions.toml`, "utf8"), /name = "Olaf Brandvik"\nkind = "work"/);
  assert.deepEqual(trouble, [], "no script fails");
  const middle = times.sort((a, b) => a - b)[times.length / 2];
  console.log(`    a save is drawn after ${middle.toFixed(0)} ms (median of ${times.length}, ${times[0].toFixed(0)} to ${times.at(-1).toFixed(0)})`);
} finally {
  await browser.close();
  server.kill();
}
