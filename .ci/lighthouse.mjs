// Lets Lighthouse look at a site as on a phone: `node lighthouse.mjs PRESSMARK SITE CHROMIUM [RUNS]`.
// Fails on less than 100 for accessibility, best practices or search engines; how fast pages are depends on the machine and is
// only told. The site is built with the address that it is served at, as canonical addresses are part of what is looked at.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import puppeteer from "puppeteer-core";
import lighthouse from "lighthouse";
import { chosen, pages, serve } from "./shown.mjs";

const KINDS = { home: "home", article: "article", person: "entity", topic: "topic", story: "story", results: "search" };
const PARTS = ["performance", "accessibility", "best-practices", "seo"];

const [program, site, chromium, runs = "1"] = process.argv.slice(2);
const work = mkdtempSync(join(tmpdir(), "pressmark-lighthouse-"));
const folder = join(work, "public");
const { server, address } = await serve(() => folder);
let browser;
const faults = [];
try {
  execFileSync(program, ["build", "--root", site, "--no-cache", "--base-url", address, "--output", folder], { stdio: ["ignore", "ignore", "inherit"] });
  browser = await puppeteer.launch({ executablePath: chromium, headless: true, args: ["--no-sandbox", "--disable-gpu"] });
  const some = chosen(pages(folder));
  for (const [name, kind] of Object.entries(KINDS)) {
    const one = some.find((page) => page.name === name);
    assert(one, `there is no ${kind} page`);
    const scores = [];
    for (let n = 0; n < Number(runs); n += 1) {
      const page = await browser.newPage();
      const { lhr } = await lighthouse(`${address}${one.path}`, { logLevel: "silent", onlyCategories: PARTS }, undefined, page);
      await page.close();
      scores.push(PARTS.map((part) => Math.round(100 * lhr.categories[part].score)));
      for (const part of PARTS) {
        for (const { id, weight } of lhr.categories[part].auditRefs) {
          const { score, title, displayValue, details } = lhr.audits[id];
          if (weight === 0 || score === null || score === 1) continue;
          const what = `${name}: ${part}: ${title} ${displayValue ?? ""}`;
          if (part === "performance") console.log(`    ${what}`);
          else faults.push(`${what} ${JSON.stringify(details?.items ?? "").slice(0, 300)}`);
        }
      }
    }
    const middle = PARTS.map((_, part) => scores.map((one) => one[part]).sort((a, b) => a - b)[Math.floor(scores.length / 2)]);
    console.log(`    ${name.padEnd(8)} ${PARTS.map((part, n) => `${part} ${middle[n]}`).join(", ")}`);
  }
  assert.equal(faults.length, 0, `\n${faults.join("\n")}\n${faults.length} faults`);
} finally {
  await browser?.close();
  server.close();
  rmSync(work, { recursive: true, force: true });
}
