// The preview in the browser: keeps the page as the files are, shows errors over it, and takes decisions.
(() => {
  "use strict";
  const script = document.currentScript;
  const tools = new URL("./", script.src).pathname;
  const token = script.dataset.token;
  let shown = Number(script.dataset.generation);
  let tag = null;
  let source = null;
  let busy = false;
  let again = false;

  // --- The page as it is now -------------------------------------------------------------------

  // The address of a file, without the mark of the state that it was loaded in.
  function plain(address) {
    const url = new URL(address, location.href);
    url.searchParams.delete("preview");
    return url.href;
  }

  // Makes `old` like `fresh`, and keeps every node that is still wanted: with it focus, scrolling and what is open.
  function morph(old, fresh) {
    if (old.isEqualNode(fresh)) return old;
    if (old.nodeType !== fresh.nodeType || old.nodeName !== fresh.nodeName) {
      const copy = document.importNode(fresh, true);
      old.replaceWith(copy);
      return copy;
    }
    if (old.nodeType !== Node.ELEMENT_NODE) {
      if (old.nodeValue !== fresh.nodeValue) old.nodeValue = fresh.nodeValue;
      return old;
    }
    for (const { name, value } of [...fresh.attributes]) {
      if (old.getAttribute(name) !== value) old.setAttribute(name, value);
    }
    for (const { name } of [...old.attributes]) {
      // A reader may have opened it.
      const isOpen = name === "open" && old.nodeName === "DETAILS";
      if (!fresh.hasAttribute(name) && !isOpen) old.removeAttribute(name);
    }
    morphChildren(old, fresh);
    return old;
  }

  const key = (node) => (node.nodeType === Node.ELEMENT_NODE && node.id ? `${node.nodeName}#${node.id}` : null);
  const isOurs = (node) => node === script || node === host;
  const isScript = (node) => node.nodeName === "SCRIPT" && node.src && new URL(node.src).pathname.startsWith(tools);

  function morphChildren(old, fresh) {
    const named = new Map();
    for (const child of old.childNodes) if (key(child)) named.set(key(child), child);
    const wanted = [...fresh.childNodes].filter((node) => !isScript(node));
    const kept = new Set(wanted.map(key).filter(Boolean));
    const placed = new Set();
    let at = old.firstChild;
    const next = () => {
      while (at && isOurs(at)) at = at.nextSibling;
      return at;
    };
    for (const want of wanted) {
      let have = next();
      // A node that is wanted further down waits for its turn.
      while (have && key(have) && kept.has(key(have)) && key(have) !== key(want)) {
        at = have.nextSibling;
        have = next();
      }
      let same = have && !key(have) && have.nodeName === want.nodeName ? have : null;
      if (key(want)) {
        same = named.get(key(want));
        named.delete(key(want));
      }
      if (same) {
        if (same === have) at = same.nextSibling;
        else old.insertBefore(same, have);
        placed.add(morph(same, want));
      } else {
        const copy = document.importNode(want, true);
        old.insertBefore(copy, have);
        placed.add(copy);
      }
    }
    for (const node of [...old.childNodes]) if (!isOurs(node) && !placed.has(node)) node.remove();
  }

  // A style sheet is changed without a moment without any: the old one goes when the new one is there.
  const OLD = "data-pressmark-old";
  function removeOld(link) {
    while (link.previousElementSibling?.matches(`[${OLD}]`)) link.previousElementSibling.remove();
  }

  function restyle(link, href) {
    const copy = link.cloneNode();
    copy.href = href;
    // One that was never loaded, because the next one came at once, takes nothing away itself.
    copy.onload = () => removeOld(copy);
    copy.onerror = copy.onload;
    link.setAttribute(OLD, "");
    link.after(copy);
  }

  const sheets = (root) => [...root.querySelectorAll(`link[rel="stylesheet"]:not([${OLD}])`)];

  function head(fresh) {
    if (document.title !== fresh.title) document.title = fresh.title;
    const [have, want] = [sheets(document.head), sheets(fresh.head)];
    want.forEach((link, at) => {
      const href = link.getAttribute("href");
      if (!have[at]) document.head.append(document.importNode(link));
      else if (plain(have[at].href) !== plain(href)) restyle(have[at], href);
    });
    have.slice(want.length).forEach((link) => {
      removeOld(link);
      link.remove();
    });
    const rest = (root) => [...root.children].filter((node) => !node.matches('link[rel="stylesheet"], title'));
    const [old, fresh_] = [rest(document.head), rest(fresh.head)];
    fresh_.forEach((node, at) => {
      if (!old[at]) document.head.append(document.importNode(node, true));
      else if (!old[at].isEqualNode(node)) old[at].replaceWith(document.importNode(node, true));
    });
    old.slice(fresh_.length).forEach((node) => node.remove());
    for (const { name, value } of fresh.documentElement.attributes) document.documentElement.setAttribute(name, value);
  }

  const tags = new Map();

  // Returns the tag of what the browser has loaded, null when it does not know: the file may have changed since.
  async function loaded(address) {
    const answer = await fetch(address, { cache: "only-if-cached", mode: "same-origin" }).catch(() => null);
    return answer && answer.ok ? answer.headers.get("etag") : null;
  }

  // Files that keep their names: a style sheet of the site, a picture.
  async function files(generation) {
    const look = async (node, name) => {
      const url = new URL(plain(node.getAttribute(name)));
      if (url.origin !== location.origin) return;
      if (!tags.has(url.href)) tags.set(url.href, await loaded(new URL(node.getAttribute(name), location.href)));
      const now = (await fetch(url, { method: "HEAD", cache: "no-store" })).headers.get("etag");
      const before = tags.get(url.href);
      tags.set(url.href, now);
      if (before === now) return;
      url.searchParams.set("preview", generation);
      if (name === "href") restyle(node, url.href);
      else node.src = url.href;
    };
    const styles = sheets(document.head).map((node) => look(node, "href"));
    const pictures = [...document.images].slice(0, 20).filter((node) => node.getAttribute("src")).map((node) => look(node, "src"));
    await Promise.allSettled([...styles, ...pictures]);
  }

  async function load(generation) {
    const answer = await fetch(location.href, { cache: "no-store", headers: tag ? { "If-None-Match": tag } : {} });
    if (answer.status === 304) return;
    const text = await answer.text();
    if (answer.status === 500 || answer.status === 503) return; // The overlay says why.
    if (answer.redirected && new URL(answer.url).pathname !== location.pathname) return location.replace(answer.url);
    const isFirst = tag === null && generation === shown;
    tag = answer.headers.get("etag");
    if (isFirst) return;
    const fresh = new DOMParser().parseFromString(text, "text/html");
    head(fresh);
    morph(document.body, fresh.body);
    if (!document.body.contains(host)) document.body.append(host);
    document.dispatchEvent(new CustomEvent("pressmark:changed", { detail: { generation } }));
  }

  // One at a time; what comes in between is looked at once, afterwards.
  async function follow(generation) {
    if (busy) {
      again = generation;
      return;
    }
    busy = true;
    try {
      await load(generation);
      shown = generation;
      await Promise.all([describe(), files(generation)]);
    } catch {
      state("The preview does not answer.");
    }
    busy = false;
    if (again) {
      const next = again;
      again = false;
      follow(next);
    }
  }

  // --- What is said over the page ----------------------------------------------------------------

  const host = document.createElement("div");
  host.id = "pressmark-preview";
  const root = host.attachShadow({ mode: "open" });
  root.innerHTML =
    `<link rel="stylesheet" href="${tools}client.css">` +
    '<section class="errors" role="alert" aria-label="Errors" hidden></section>' +
    '<section class="bar" aria-label="Preview"><button class="toggle" aria-expanded="false">Preview</button>' +
    '<span class="badge" hidden></span><span class="links" hidden></span><span class="state" role="status"></span><div class="panel" hidden></div></section>';
  const find = (name) => root.querySelector(name);
  const make = (name, text, properties = {}) => Object.assign(document.createElement(name), { textContent: text }, properties);
  const state = (text) => { find(".state").textContent = text; };

  find(".toggle").addEventListener("click", () => {
    const open = find(".panel").hidden;
    find(".panel").hidden = !open;
    find(".toggle").setAttribute("aria-expanded", open);
  });

  function report(one) {
    const box = make("div", "");
    box.append(make("pre", one.text));
    if (one.editor) box.append(make("a", `Open ${one.file}`, { href: one.editor }));
    return box;
  }

  async function describe() {
    const about = await (await fetch(`${tools}about?path=${encodeURIComponent(location.pathname)}`)).json();
    const errors = find(".errors");
    errors.replaceChildren(...(about.errors.length ? [make("h2", "The site has errors. This is how it was before."), ...about.errors.map(report)] : []));
    errors.hidden = about.errors.length === 0;
    const page = about.page;
    const badge = find(".badge");
    badge.hidden = !page || !page.badge;
    badge.textContent = page && page.badge ? { draft: "Draft", future: "In the future", expired: "Expired" }[page.badge] : "";
    const broken = page ? page.links.length : 0;
    find(".links").hidden = broken === 0;
    find(".links").textContent = broken === 1 ? "1 broken link" : `${broken} broken links`;
    const panel = find(".panel");
    const parts = [];
    if (page && page.file) {
      const name = page.editor ? make("a", page.file, { href: page.editor }) : make("code", page.file);
      const line = make("p", "");
      line.append(name);
      parts.push(line);
    }
    if (broken) parts.push(make("h2", `Broken links: ${broken}`), ...page.links.map(report));
    if (page && page.reports.length) parts.push(make("h2", "Problems"), ...page.reports.map(report));
    if (page && page.facts.length) {
      parts.push(make("h2", `Nobody has decided about ${page.facts.length}`));
      const list = make("ul", "");
      list.append(...page.facts.map((fact) => choice(fact, page.file, about.kinds)));
      parts.push(list);
    }
    parts.push(make("a", "How the site stands", { href: tools }));
    panel.replaceChildren(...parts);
    find(".toggle").textContent = page && page.facts.length ? `Preview (${page.facts.length})` : "Preview";
  }

  function choice(fact, article, kinds) {
    const item = make("li", "");
    item.append(make("span", fact.label, { className: "label" }));
    // What a name stands for may be wrong although it is a name.
    const kind = fact.what === "name" ? make("select", "", { className: "kind" }) : null;
    if (kind) {
      kind.setAttribute("aria-label", `What ${fact.label} is`);
      kind.append(...kinds.map((one) => make("option", one, { value: one, selected: one === fact.kind })));
    }
    item.append(kind || make("span", ` ${fact.kind} `, { className: "kind" }));
    for (const [text, holds] of [["Accept", true], ["Reject", false]]) {
      const button = make("button", text);
      button.setAttribute("aria-label", `${text} ${fact.label}`);
      button.addEventListener("click", async () => {
        button.disabled = true;
        const answer = await fetch(`${tools}decide`, {
          method: "POST",
          headers: { "Content-Type": "application/json", "X-Pressmark-Token": token },
          body: JSON.stringify({ what: fact.what, name: fact.name, holds, article: article || "", kind: kind && holds ? kind.value : null }),
        });
        const said = await answer.json().catch(() => ({ error: "the preview was started anew: load the page again" }));
        state(said.said || said.error);
        if (!answer.ok) button.disabled = false;
      });
      item.append(button);
    }
    return item;
  }

  // --- News ----------------------------------------------------------------------------------------

  function listen() {
    if (source) return;
    source = new EventSource(`${tools}events`);
    source.onmessage = (event) => {
      state("");
      follow(JSON.parse(event.data).generation);
    };
    source.onerror = () => state("The preview has ended, or was started anew.");
  }

  // A browser keeps six connections to one place, so a page that nobody sees gives its own back.
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") return listen();
    if (source) source.close();
    source = null;
  });

  document.body.append(host);
  if (document.visibilityState === "visible") listen();
})();
