// Search in the index of the site: docs/search.md describes the files and the ranking, src/search is the other implementation.
(() => {
  "use strict";
  const form = document.querySelector("form[data-search]");
  if (!form) return;

  // Words

  const PART = /[\p{Alphabetic}\p{N}\p{M}\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\u00ad\u061c\u0640\ufeff]/u;
  const ACCENTS = /[\u0300-\u036f\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed]/g;
  const UNSEEN = /[\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\u00ad\u061c\u0640\ufeff]/g;
  const UNSPACED = /[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\u{20000}-\u{3ffff}]/u;
  const FORMS = { "أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ؤ": "و", "ي": "ی", "ى": "ی", "ئ": "ی", "ك": "ک", "ة": "ه", "ۀ": "ه", "ە": "ه", "ہ": "ه", "ۂ": "ه", "ھ": "ه" };
  const ascii = (text) => !/[^\0-\x7f]/.test(text);

  function fold(word) {
    const lower = word.toLowerCase();
    if (ascii(lower)) return lower.replaceAll(",", "");
    return lower.normalize("NFKD").replace(ACCENTS, "").replace(UNSEEN, "")
      .replace(/[\u0621-\u06d5]/g, (letter) => FORMS[letter] ?? letter)
      .replace(/[\u0660-\u0669\u06f0-\u06f9]/g, (digit) => digit.charCodeAt(0) & 15)
      .normalize("NFC").replace(/[, ]/g, "").replaceAll("ß", "ss");
  }

  function stem(word) {
    const size = word.length;
    const vowel = (part) => (part.length > 3 && /[ey]$/.test(part) ? part.slice(0, -1) : part);
    if (!ascii(word)) return word;
    if (size > 4 && /ie[sd]$/.test(word)) return word.slice(0, -3);
    if (size > 5 && word.endsWith("sses")) return word.slice(0, -2);
    const cut = size > 5 && word.endsWith("ing") ? 3 : size > 4 && /(e[ds]|ly)$/.test(word) ? 2 : 0;
    if (cut) return word.slice(0, -cut).replace(/e$/, "");
    return vowel(size > 3 && /[^sui]s$/.test(word) ? word.slice(0, -1) : word);
  }

  const at = (text, place) => String.fromCodePoint(text.codePointAt(place));

  function joins(text, start, place) {
    const [before, sign, behind] = [text[place - 1], text[place], text[place + 1] ?? " "];
    const digits = /\d/.test(before) && /\d/.test(behind);
    if (sign === "," || (sign === "." && /\d/.test(before))) return digits;
    return sign === "." && (place - 1 === start || text[place - 2] === ".") && /[A-Za-z]/.test(before) && /[A-Za-z]/.test(behind);
  }

  // Calls `each` with each run of word signs: the run, its beginning and its end.
  function eachRun(text, each) {
    for (let start = 0; start < text.length;) {
      if (!PART.test(at(text, start))) {
        start += at(text, start).length;
        continue;
      }
      let end = start;
      while (end < text.length) {
        const sign = at(text, end);
        if (!PART.test(sign) && !joins(text, start, end)) break;
        end += sign.length;
      }
      each(text.slice(start, end), start, end);
      start = end;
      if (/^['’]s/.test(text.slice(start, start + 2)) && !PART.test(text[start + 2] ?? " ")) start += 2;
    }
  }

  // Calls `each` with the words in the form in which they are looked for, and where they stand.
  function eachWord(text, each) {
    eachRun(text, (run, from, to) => {
      const letters = [...fold(run)];
      for (let start = 0; start < letters.length;) {
        const unspaced = UNSPACED.test(letters[start]);
        let end = start;
        while (end < letters.length && UNSPACED.test(letters[end]) === unspaced) end += 1;
        const part = letters.slice(start, end);
        start = end;
        if (unspaced && part.length > 1) part.slice(1).forEach((letter, place) => each(part[place] + letter, from, to));
        else if (unspaced) each(part[0], from, to);
        else if (part.length <= 64) {
          const word = part.join("");
          each(word.includes(".") && !/^\d/.test(word) ? word.replaceAll(".", "") : stem(word), from, to);
        }
      }
    });
  }

  function wordsOf(text) {
    const words = [];
    eachWord(text, (word) => words.push(word));
    return words;
  }

  // The last word as far as it is typed; none when something stands behind it.
  function typed(text) {
    let last = "", rest = text;
    eachRun(text, (run, from, to) => {
      [last, rest] = [run, text.slice(to)];
      if (/^['’]s/.test(rest) && !PART.test(rest[2] ?? " ")) rest = rest.slice(2);
    });
    const word = fold(last);
    return word && /^(['’]|$)/.test(rest) && ![...word].some((letter) => UNSPACED.test(letter)) ? word : null;
  }

  // FNV-1a, folded to 14 bits.
  function pair(first, second) {
    let hash = 0x811c9dc5;
    for (const unit of `${first} ${second}`.split("")) hash = Math.imul(hash ^ unit.charCodeAt(0), 0x01000193);
    return `#${((hash ^ (hash >>> 14) ^ (hash >>> 28)) & 0x3fff).toString(36).padStart(3, "0")}`;
  }

  // Files

  const FOLDER = "assets/search/";
  const SIGNS = "!#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[]^_`abcdefghijklmnopqrstuvwxyz{|}~";
  const NUMBERS = new Map([...SIGNS].map((sign, number) => [sign, number]));
  const base = form.dataset.base;
  const waiting = new Map(), files = new Map();
  self.pressmarkSearch = { push: ([name, value]) => waiting.get(name)?.(value) };

  class Failure extends Error {}
  const damaged = () => new Failure(form.dataset.damaged);

  function script(name, url) {
    return new Promise((resolve, reject) => {
      const element = document.createElement("script");
      const done = (settle, value) => {
        waiting.delete(name);
        element.remove();
        settle(value);
      };
      waiting.set(name, (value) => done(resolve, value));
      element.onload = () => waiting.has(name) && done(reject, damaged());
      element.onerror = () => done(reject, new Failure(form.dataset.missing));
      element.src = url;
      document.head.append(element);
    });
  }

  // Each file once; one that failed is asked for again the next time.
  function file(name) {
    if (!files.has(name)) {
      const promise = script(name, name === "index" ? form.dataset.search : `${base}${FOLDER}${name}.js`);
      promise.catch(() => files.delete(name));
      files.set(name, promise);
    }
    return files.get(name);
  }

  async function rootOf() {
    const root = await file("index");
    if (root.version !== 2 || !root.tiers?.length) throw damaged();
    return root;
  }

  const parsed = new Map();
  // The terms of a part with their lists.
  async function part(name) {
    if (!parsed.has(name)) {
      const tokens = (await file(name)).split(" ");
      const terms = [], lists = new Map();
      let last = "";
      for (let place = 0; place + 1 < tokens.length; place += 2) {
        last = last.slice(0, NUMBERS.get(tokens[place][0])) + tokens[place].slice(1);
        terms.push(last);
        lists.set(last, tokens[place + 1]);
      }
      parsed.set(name, { terms, lists });
    }
    return parsed.get(name);
  }

  // How many terms of a sorted list are not behind `term`.
  function behind(terms, term) {
    let [low, high] = [0, terms.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (terms[middle][0] <= term) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  async function listOf(tier, term) {
    const place = behind(tier.terms, term) - 1;
    return place < 0 ? undefined : (await part(tier.terms[place][1])).lists.get(term);
  }

  // All parts that may hold a term with this beginning; none when these are more than `most`.
  async function beginning(tier, begun, most) {
    const first = behind(tier.terms, begun);
    let end = first;
    while (end < tier.terms.length && tier.terms[end][0].startsWith(begun)) end += 1;
    const names = tier.terms.slice(Math.max(first - 1, 0), end);
    if (names.length > most) return [];
    return Promise.all(names.map(([, name]) => part(name)));
  }

  // Calls `each` with the documents of a list and their weights.
  function decode(list, size, each) {
    for (let place = 0; place < list.length;) {
      const take = () => {
        for (let number = 0, unit = 1; ; unit *= 30) {
          const sign = NUMBERS.get(list[place++]);
          if (sign === undefined) throw damaged();
          number += sign * unit;
          if (sign < 62) return number;
        }
      };
      const head = take();
      let next = 0;
      for (let count = Math.floor(head / 32); count >= 0; count -= 1) {
        next += take();
        if (next >= size) throw damaged();
        each(next, head % 32);
        next += 1;
      }
    }
  }

  async function spelling(tier) {
    let last = "";
    return (await file(tier.spelling)).split(" ").filter(Boolean).map((token) => {
      last = last.slice(0, NUMBERS.get(token[0])) + token.slice(2);
      return [last, NUMBERS.get(token[1])];
    });
  }

  async function rowOf({ tier, document: number }) {
    const root = await rootOf();
    const one = async (place) => {
      const { articles, rows } = root.tiers[tier], other = place - articles;
      const [from, at] = other < 0 ? [place >> 7, place & 127] : [((articles + 127) >> 7) + (other >> 9), other & 511];
      const row = (await file(rows[from]?.[1]))[at];
      if (!row) throw damaged();
      return row;
    };
    const [path, title, kind, day = "", detail = ""] = await one(number);
    const about = { title, kind: root.kinds[kind], detail };
    if (typeof day === "string") return { ...about, url: base + path + root.page, date: day, place: "" };
    // A quotation: the number of its article in the place of the day.
    const [page, place, , date = ""] = await one(day);
    return { ...about, url: base + page + root.page, anchor: path.slice(1), date, place };
  }

  // Queries

  const FIELDS = ["topic", "source", "year", "kind"];
  const MARKS = "[\"“”„«»]";

  function parse(text, { kinds, asks }) {
    const query = { words: [], begun: null, conditions: [] };
    let rest = question([...text].slice(0, 256).join(""), asks, query).trimStart();
    while (rest && query.words.length + query.conditions.length < 16) {
      let holds = true;
      if (/^-[^\s-]/u.test(rest)) [holds, rest] = [false, rest.slice(1)];
      const colon = rest.indexOf(":");
      const name = colon > 0 && /\S/.test(rest[colon + 1] ?? "x") ? rest.slice(0, colon) : "";
      const field = FIELDS.includes(name) || kinds.includes(name) ? name : null;
      if (field !== null) rest = rest.slice(colon + 1);
      const [, opened, inner, bare = ""] = new RegExp(`^(?:(${MARKS})([^"“”„«»]*)${MARKS}?|(\\S*))`, "u").exec(rest);
      const value = opened ? inner : bare;
      rest = rest.slice(opened ? inner.length + 1 + (rest.length > inner.length + 1 ? 1 : 0) : value.length);
      const words = wordsOf(value);
      let condition;
      if (field === "kind") condition = { field, words: [value.toLowerCase()] };
      else if (field !== null) condition = words.length && { field, words };
      else if (words.length > 1 && (opened || !holds)) condition = { phrase: words };
      else if (words.length === 1 && (opened || !holds)) condition = { word: words[0] };
      if (field === null && holds) {
        if (!opened && !rest) query.begun = typed(value);
        for (const word of words) if (!query.words.includes(word) && query.words.length < 16) query.words.push(word);
      }
      if (condition) query.conditions.push({ ...condition, holds });
      rest = rest.trimStart();
    }
    return query;
  }

  // Takes a question for quotations apart: who said something, in which year.
  function question(text, [asks, years], query) {
    const lower = text.trim().toLowerCase().replace(/[?؟？]+$/, "").trimEnd();
    const ask = asks.filter((one) => lower.startsWith(`${one} `)).sort((a, b) => b.length - a.length)[0];
    if (!ask) return text;
    let rest = lower.slice(ask.length);
    query.conditions.push({ field: "kind", words: ["quote"], holds: true });
    const space = rest.lastIndexOf(" ");
    const year = wordsOf(rest.slice(space + 1)).join("");
    const before = rest.slice(0, space);
    const word = years.find((one) => before.endsWith(one));
    if (word && /^\d{4}$/.test(year) && (before === word || before.endsWith(` ${word}`))) {
      query.conditions.push({ field: "year", words: [year], holds: true });
      rest = before.slice(0, -word.length);
    }
    return `${rest.trim()} `;
  }

  // Ranking

  const sizeOf = (root) => root.tiers.reduce((sum, tier) => sum + tier.documents, 0);

  async function sought(word, query, root) {
    const begun = query.words.at(-1) === word ? query.begun : null;
    const weights = root.tiers.map((tier) => new Uint16Array(tier.documents));
    const put = (list, factor, into) =>
      list && decode(list, into.length, (number, weight) => { into[number] = Math.max(into[number], factor * weight); });
    await Promise.all(root.tiers.map(async (tier, number) => {
      put(await listOf(tier, word), 16, weights[number]);
      if (!begun) return;
      const longer = [];
      for (const { terms, lists } of await beginning(tier, begun, 3))
        for (const term of terms) if (term.startsWith(begun) && term !== word) longer.push([term, lists.get(term)]);
      longer.sort(([a, one], [b, other]) => other.length - one.length || (a < b ? -1 : 1));
      for (const [, list] of longer.slice(0, 24)) put(list, 10, weights[number]);
    }));
    let found = count(weights), meant = [];
    if (!found) {
      meant = await meantBy(word, root);
      for (const other of meant)
        await Promise.all(root.tiers.map(async (tier, number) => put(await listOf(tier, other), 10, weights[number])));
      found = count(weights);
    }
    const total = sizeOf(root);
    return { weights, meant, worth: Math.round(1024 * Math.log(1 + (total - found + 0.5) / (found + 0.5))) };
  }

  const count = (weights) => weights.reduce((sum, list) => sum + list.reduce((some, weight) => some + (weight > 0), 0), 0);

  async function meantBy(word, root) {
    const letters = [...word];
    if (letters.length < 4) return [];
    const most = letters.length < 8 ? 1 : 2;
    const found = [];
    for (const tier of root.tiers)
      for (const [other, rank] of await spelling(tier)) {
        if (Math.abs(other.length - word.length) > most) continue;
        const away = distance(letters, [...other], most);
        if (away <= most) found.push([away, -rank, other]);
      }
    found.sort((a, b) => a[0] - b[0] || a[1] - b[1] || (a[2] < b[2] ? -1 : 1));
    return [...new Set(found.filter(([away]) => away === found[0][0]).map(([, , other]) => other))].slice(0, 3);
  }

  function distance(a, b, most) {
    let [older, old] = [[], b.map((_, place) => place)];
    old.push(b.length);
    for (let row = 0; row < a.length; row += 1) {
      const line = [row + 1];
      for (let place = 0; place < b.length; place += 1) {
        let least = Math.min(old[place] + (a[row] !== b[place]), old[place + 1] + 1, line[place] + 1);
        if (row && place && a[row] === b[place - 1] && a[row - 1] === b[place]) least = Math.min(least, older[place - 1] + 1);
        line.push(least);
      }
      if (Math.min(...line) > most) return most + 1;
      [older, old] = [old, line];
    }
    return old[b.length];
  }

  // For each document of a tier how many of some terms it has.
  async function counts(terms, tier) {
    const sums = new Uint16Array(tier.documents);
    const lists = await Promise.all(terms.map((term) => listOf(tier, term)));
    for (const list of lists) if (list) decode(list, tier.documents, (number) => { sums[number] += 1; });
    return sums;
  }

  async function having({ word, phrase, field, words }, root, tier) {
    if (field === "topic" || field === "source") {
      const names = (await file(root.names))[`${field}s`];
      const any = new Uint8Array(tier.documents);
      for (const [slug, name] of names) {
        const found = wordsOf(name);
        if (!words.every((one) => found.includes(one))) continue;
        (await counts([`=${field}:${slug}`], tier)).forEach((sum, number) => { any[number] |= sum; });
      }
      return any;
    }
    let terms = word ? [word] : (words ?? []).map((one) => `=${field}:${one}`);
    if (phrase) {
      const pairs = phrase.slice(1).map((one, place) => pair(phrase[place], one));
      terms = [...phrase.filter((one) => !root.tiers[0].common.includes(one)), ...pairs];
    }
    return (await counts(terms, tier)).map((sum) => sum === terms.length);
  }

  // What a query finds, best first.
  async function rank(query, root) {
    const told = query.words.filter((word) => !root.tiers[0].common.includes(word));
    const words = await Promise.all((told.length ? told : query.words).map((word) => sought(word, query, root)));
    const total = sizeOf(root);
    let hits = [], before = 0;
    for (const [number, tier] of root.tiers.entries()) {
      const allowed = await Promise.all(query.conditions.map((one) => having(one, root, tier)));
      for (let document = 0; document < tier.documents; document += 1) {
        if (!query.conditions.every(({ holds }, place) => Boolean(allowed[place][document]) === holds)) continue;
        let [sum, matched] = [0, 0];
        for (const { weights, worth } of words) {
          const weight = weights[number][document];
          sum += worth * weight;
          matched += weight > 0;
        }
        if (!matched && words.length) continue;
        const share = words.length ? matched / words.length : 1;
        hits.push({ tier: number, document, score: sum * share * share * (20 * total + (before + document)), whole: matched === words.length });
      }
      before += tier.documents;
    }
    const whole = hits.filter((hit) => hit.whole);
    if (whole.length >= 10 || !query.words.length) hits = whole;
    hits.sort((a, b) => b.score - a.score || b.tier - a.tier || b.document - a.document);
    return { hits, whole: whole.length, meant: words.flatMap((word) => word.meant) };
  }

  // Names, topics, sources and stories that are called by all words.
  async function called(query, root) {
    const found = [];
    if (!query.words.length || query.conditions.length) return found;
    for (const [number, tier] of root.tiers.entries()) {
      let all;
      for (const word of query.words) {
        const begun = query.words.at(-1) === word ? query.begun : null;
        const some = new Map();
        const put = (list) => list && decode(list, tier.documents, (one, weight) => {
          some.set(one, Math.max(some.get(one) ?? 0, weight));
        });
        put(await listOf(tier, `@${word}`));
        if (begun)
          for (const { terms, lists } of await beginning(tier, `@${begun}`, 3))
            for (const term of terms) if (term.startsWith(`@${begun}`)) put(lists.get(term));
        all = all ? new Map([...all].filter(([one]) => some.has(one)).map(([one, sum]) => [one, sum + some.get(one)])) : some;
      }
      for (const [document, score] of all) found.push({ tier: number, document, score });
    }
    return found.sort((a, b) => b.score - a.score || a.tier - b.tier || a.document - b.document).slice(0, 6);
  }

  // The page

  const find = (selector) => document.querySelector(selector);
  const [input, found, status, names, facets, results, more] = ["#q", "#found", "#found [role=status]", "#names", "#narrow", "#results", "#more"].map(find);
  const label = form.dataset;
  const kindNames = new Map([...document.querySelectorAll("#kinds option")].map((one) => [one.value, one.text]));
  const number = new Intl.NumberFormat(document.documentElement.lang || undefined);
  // As pages write dates: in English of no country the day is first.
  const dates = document.documentElement.lang === "en" ? "en-GB" : document.documentElement.lang || undefined;
  const PAGE = 10;
  let asked = 0, shown = null;

  function element(name, properties = {}, ...children) {
    const made = Object.assign(document.createElement(name), properties);
    made.append(...children);
    return made;
  }

  // A text with the words of the query marked.
  function marked(text, { words, begun, meant }) {
    const parts = [];
    let last = 0;
    const hits = (word) => words.includes(word) || meant.includes(word) || (begun && word.startsWith(begun));
    const ranges = [];
    eachWord(text, (word, from, to) => hits(word) && ranges.at(-1)?.[1] !== to && ranges.push([from, to]));
    for (const [from, to] of ranges) {
      parts.push(text.slice(last, from), element("mark", {}, text.slice(from, to)));
      last = to;
    }
    return [...parts, text.slice(last)];
  }

  function result(row, query) {
    const link = element("a", { href: row.url + (row.anchor ? `#${row.anchor}` : "") }, ...marked(row.title, query));
    const about = [kindNames.get(row.kind) ?? row.kind, row.kind === "quote" && row.detail, row.place].filter(Boolean);
    const note = element("p", { className: "found-note" }, about.join(" · "));
    if (row.date) note.append(" · ", element("time", { dateTime: row.date }, dated(row.date)));
    const item = element("li", { className: `found-${row.kind}` }, element("h3", {}, element("bdi", {}, link)), note);
    if (row.detail && row.kind !== "quote") item.append(element("p", { className: "found-text" }, element("bdi", {}, ...marked(row.detail, query))));
    if (row.kind === "article") excerpt(row, query, item, link);
    return item;
  }

  function dated(day) {
    const date = new Date(`${day}T00:00:00Z`);
    return Number.isNaN(date.getTime()) ? day : date.toLocaleDateString(dates, { dateStyle: "long", calendar: "gregory", timeZone: "UTC" });
  }

  const pages = new Map();
  // A page of the site, read once; null when it cannot be: browsers let no page from the disk read another.
  function pageOf(url) {
    if (location.protocol === "file:") return null;
    if (pages.size > 100) pages.clear();
    if (!pages.has(url)) {
      const read = async (answer) => (answer.ok ? new DOMParser().parseFromString(await answer.text(), "text/html") : null);
      pages.set(url, fetch(url).then(read).catch(() => null));
    }
    return pages.get(url);
  }

  const bodyOf = (page) => page.querySelector("[data-pagefind-body]");

  // Whether a text has all phrases. The index knows the buckets of pairs of words alone, so one text of some forty that have all words is none.
  async function says(row, { conditions }) {
    const phrases = conditions.filter(({ phrase, holds }) => phrase && holds);
    const page = phrases.length && ["article", "quote", "page"].includes(row.kind) ? await pageOf(row.url) : null;
    if (!page) return true;
    const texts = [page.querySelector("h1"), bodyOf(page)].map((part) => (part ? wordsOf(textOf(part)) : []));
    return phrases.every(({ phrase }) => texts.some((words) => words.some((_, place) => phrase.every((word, step) => words[place + step] === word))));
  }

  // The text below an element, with a space at the borders of blocks, without the numbers of notes.
  function textOf(element) {
    const walker = document.createTreeWalker(element, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT, (node) => (node.localName === "sup" ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_ACCEPT));
    let text = "";
    while (walker.nextNode()) text += walker.currentNode.data ?? (INLINE.test(walker.currentNode.localName) ? "" : " ");
    return text;
  }

  const INLINE = /^(a|abbr|b|bdi|bdo|cite|code|del|dfn|em|i|ins|kbd|mark|q|s|samp|small|span|strong|sub|time|u|var|wbr)$/;

  // The sentence of the article that says most of what was looked for, with a link to it.
  async function excerpt(row, query, item, link) {
    const page = query.words.length ? await pageOf(row.url) : null;
    if (!page) return;
    let best = { score: 0 };
    for (const sentence of sentences(bodyOf(page))) {
      const words = wordsOf(sentence.text);
      const has = (word, place) => words.includes(word) || query.meant.some((one) => words.includes(one)) || (query.begun && place === query.words.length - 1 && words.some((one) => one.startsWith(query.begun)));
      const score = query.words.filter(has).length + (query.phrases.some((one) => sentence.text.toLowerCase().includes(one)) ? 10 : 0);
      if (score > best.score) best = { ...sentence, score };
    }
    if (!best.score) return;
    const text = item.querySelector(".found-text") ?? item.appendChild(element("p", { className: "found-text" }));
    const to = element("a", { href: `${row.url}#${best.anchor}`, className: "found-sentence" }, ...marked(best.text, query));
    text.replaceChildren(element("bdi", {}, to));
    link.lang = page.documentElement.lang;
  }

  // The sentences of an article, by the anchors before them.
  function sentences(body) {
    const all = [];
    if (!body) return all;
    const walker = document.createTreeWalker(body, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const node = walker.currentNode;
      if (/^s\d+$/.test(node.id ?? "")) all.push({ anchor: node.id, text: "" });
      else if (node.nodeType === Node.TEXT_NODE && all.length) all.at(-1).text += node.data;
    }
    return all.map(({ anchor, text }) => ({ anchor, text: text.replace(/\s+/g, " ").trim() }));
  }

  // The next results that hold: ten at most, and one at least as long as there is one.
  async function load(state) {
    const rows = [];
    while (!rows.length && state.next < state.hits.length) {
      const some = await Promise.all(state.hits.slice(state.next, (state.next += PAGE)).map(rowOf));
      const holds = await Promise.all(some.map((row) => says(row, state.query)));
      state.untrue += holds.filter((one) => !one).length;
      rows.push(...some.filter((_, place) => holds[place]));
    }
    return rows;
  }

  async function showMore() {
    const state = shown, from = results.children.length;
    const rows = await load(state);
    if (state.turn !== asked) return;
    results.append(...rows.map((row) => result(row, state.query)));
    more.hidden = state.next >= state.hits.length;
    results.children[from]?.querySelector("a").focus();
    say(counted(state));
  }

  async function run() {
    const turn = (asked += 1);
    const text = input.value;
    try {
      const root = await rootOf();
      const query = parse(text, root);
      const empty = !query.words.length && !query.conditions.length;
      const [{ hits, whole, meant }, suggested] = empty ? [{ hits: [], meant: [] }, []] : await Promise.all([rank(query, root), called(query, root)]);
      const phrases = (text.match(/["“„«][^"“”„«»]+/gu) ?? []).map((one) => one.slice(1).toLowerCase());
      const above = new Set(suggested.map(({ tier, document }) => `${tier} ${document}`));
      const others = hits.filter(({ tier, document }) => !above.has(`${tier} ${document}`));
      const state = { hits: others, all: hits, whole, turn, next: 0, untrue: 0, query: { ...query, meant, phrases } };
      const [rows, first] = await Promise.all([Promise.all(suggested.map(rowOf)), load(state)]);
      if (turn !== asked) return;
      // All at once, so that nothing moves.
      shown = state;
      found.hidden = empty;
      names.replaceChildren(...rows.map((row) => result(row, { ...shown.query, words: [], begun: null, meant: [] })));
      names.parentElement.hidden = !rows.length;
      results.replaceChildren(...first.map((row) => result(row, shown.query)));
      more.hidden = state.next >= others.length;
      say(empty ? "" : counted(state));
      facets.hidden = !hits.length;
      if (facets.open) narrow();
      else facets.lastElementChild.replaceChildren();
    } catch (error) {
      if (turn !== asked) return;
      found.hidden = false;
      results.replaceChildren();
      names.parentElement.hidden = facets.hidden = more.hidden = true;
      say(error instanceof Failure ? error.message : label.damaged);
      if (!(error instanceof Failure)) throw error;
    }
  }

  const say = (text) => { status.textContent = text; };

  function counted({ all, whole, untrue, query: { meant } }) {
    const [count, full] = [all.length, whole].map((one) => Math.max(one - untrue, 0));
    if (!count) return label.none;
    const partly = full && count > full ? ` ${label.partly.replace("{n}", number.format(count - full))}` : "";
    const some = (full ? label.count : label.some).replace("{n}", number.format(full || count)) + partly;
    return meant.length ? `${label.meant.replace("{words}", meant.join(", "))} ${some}` : some;
  }

  // How many of what was found are of each kind, topic, source and year.
  async function narrow() {
    const { all: hits, turn } = shown;
    const root = await rootOf();
    const named = await file(root.names);
    const inside = root.tiers.map((tier) => new Uint8Array(tier.documents));
    for (const hit of hits) if (hit.whole) inside[hit.tier][hit.document] = 1;
    const groups = [];
    for (const field of ["kind", "topic", "source", "year"]) {
      const sums = new Map();
      for (const [place, tier] of root.tiers.entries())
        for (const { terms, lists } of await beginning(tier, `=${field}:`, Infinity))
          for (const term of terms) {
            if (!term.startsWith(`=${field}:`)) continue;
            let sum = sums.get(term) ?? 0;
            decode(lists.get(term), tier.documents, (one) => { sum += inside[place][one]; });
            sums.set(term, sum);
          }
      const names = new Map(field === "kind" ? kindNames : (named[`${field}s`] ?? []));
      const rows = [...sums].filter(([, sum]) => sum).map(([term, sum]) => [term.slice(field.length + 2), sum]);
      rows.sort(field === "year" ? ([a], [b]) => (a < b ? 1 : -1) : ([a, one], [b, other]) => other - one || (a < b ? -1 : 1));
      if (rows.length) groups.push([field, rows.slice(0, field === "year" ? 100 : 8).map(([id, sum]) => ({ name: names.get(id) ?? id, value: names.get(id) && field !== "kind" ? names.get(id) : id, sum }))]);
    }
    if (turn !== asked) return;
    facets.lastElementChild.replaceChildren(...groups.map(([field, rows]) => element("section", {},
      element("h3", {}, label[`${field}s`]),
      element("ul", {}, ...rows.map(({ name, value, sum }) => {
        const button = element("button", { type: "button" }, element("bdi", {}, name), ` (${number.format(sum)})`);
        button.addEventListener("click", () => add(field, value));
        return element("li", {}, button);
      })))));
  }

  function add(field, value) {
    input.value = `${input.value.trim()} ${field}:${/\s/.test(value) ? `"${value}"` : value} `.trimStart();
    input.focus();
    changed();
  }

  let timer = 0;
  function changed() {
    const url = new URL(location.href);
    if (input.value) url.searchParams.set("q", input.value);
    else url.searchParams.delete("q");
    // A page that was opened from the disk may not change its address.
    try { history.replaceState(null, "", url); } catch {}
    clearTimeout(timer);
    timer = setTimeout(run, 40);
  }

  const links = () => [...found.querySelectorAll("h3 a")].filter((link) => link.offsetParent);
  function step(event) {
    const all = links(), place = all.indexOf(document.activeElement);
    if (event.key === "Escape" && input !== document.activeElement) input.focus();
    else if (event.key === "Escape" && input.value) [input.value] = [""], changed();
    else if (event.key === "ArrowDown" && (place >= 0 || input === document.activeElement)) (all[place + 1] ?? all.at(-1))?.focus();
    else if (event.key === "ArrowUp" && place >= 0) (all[place - 1] ?? input).focus();
    else return;
    event.preventDefault();
  }

  function ask() {
    input.value = new URL(location.href).searchParams.get("q") ?? "";
    run();
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    run();
    links()[0]?.focus();
  });
  input.addEventListener("input", changed);
  document.addEventListener("keydown", step);
  more.addEventListener("click", showMore);
  facets.addEventListener("toggle", () => facets.open && shown && narrow());
  addEventListener("popstate", ask);
  ask();
  if (!input.value) input.focus();
  self.pressmarkSearch.test = { wordsOf, typed, pair, parse, rank, rootOf, rowOf, textOf };
})();
