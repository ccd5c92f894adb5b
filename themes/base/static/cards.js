// Cards: what a link in the text leads to, told from the data beside that page.
// A card is a tooltip (WCAG 1.4.13): it stays while the pointer is on it, and Escape takes it away.
(() => {
  "use strict";
  const DELAY = 400;
  const LINGER = 250;
  const TYPES = ["article", "entity", "topic", "source"];
  const known = new Map();
  const card = document.createElement("div");
  card.id = "pressmark-card";
  card.className = "card";
  card.setAttribute("role", "tooltip");
  let shown = null;
  let wanted = null;
  let timer = 0;

  // The address of the data beside the page that a link leads to; null when it leads nowhere else on this site.
  function twin(link) {
    const url = new URL(link.href, location.href);
    const own = (path) => path.replace(/index\.html$/, "");
    if (url.origin !== location.origin || own(url.pathname) === own(location.pathname)) return null;
    if (!/(\/|\/index\.html)$/.test(url.pathname)) return null;
    return new URL("index.json", url).href;
  }

  // Asks once for each address; null when there is nothing to tell.
  function ask(address) {
    if (!known.has(address)) {
      const answer = fetch(address).then((answer) => (answer.ok ? answer.json() : null));
      known.set(address, answer.catch(() => null));
    }
    return known.get(address);
  }

  function line(name, text) {
    const node = document.createElement("p");
    node.className = name;
    node.dir = "auto";
    node.textContent = text;
    return node;
  }

  function day(date, language) {
    const [year, month, day] = date.slice(0, 10).split("-").map(Number);
    const at = new Date(Date.UTC(year, month - 1, day));
    // As pages write dates: in English of no country the day is first.
    return new Intl.DateTimeFormat(language === "en" ? "en-GB" : language, { dateStyle: "long", calendar: "gregory", timeZone: "UTC" }).format(at);
  }

  function fill(data) {
    const language = document.documentElement.lang;
    const lines = [line("card-name", data.title || data.name)];
    if (data.date) lines.push(line("card-date", day(data.date, language)));
    const about = data.summary || data.description;
    if (about) lines.push(line("card-text", about.length > 300 ? `${about.slice(0, 299).trimEnd()}…` : about));
    const articles = Array.isArray(data.articles) ? data.articles.slice(0, 3) : [];
    if (articles.length) {
      const list = document.createElement("ul");
      for (const { title } of articles) {
        const item = document.createElement("li");
        item.dir = "auto";
        item.textContent = title;
        list.append(item);
      }
      lines.push(list);
    }
    card.replaceChildren(...lines);
  }

  // Below the link, above it where there is more room, and inside of the window.
  function place(link) {
    const box = link.getClientRects()[0];
    if (!box) return;
    const width = document.documentElement.clientWidth;
    const left = Math.max(8, Math.min(box.left, width - card.offsetWidth - 8));
    const below = box.bottom + card.offsetHeight + 8 < innerHeight || box.top < card.offsetHeight + 8;
    card.style.left = `${left + scrollX}px`;
    card.style.top = `${(below ? box.bottom + 4 : box.top - card.offsetHeight - 4) + scrollY}px`;
  }

  function hide() {
    clearTimeout(timer);
    wanted = null;
    shown?.removeAttribute("aria-describedby");
    shown = null;
    card.remove();
  }

  async function show(link) {
    const address = twin(link);
    const data = address && (await ask(address));
    if (wanted !== link || !link.isConnected) return;
    hide();
    if (!data || !TYPES.includes(data.type)) return;
    wanted = link;
    fill(data);
    document.body.append(card);
    place(link);
    shown = link;
    link.setAttribute("aria-describedby", card.id);
  }

  function want(link, delay) {
    clearTimeout(timer);
    if (link === shown) return;
    wanted = link;
    timer = setTimeout(() => show(link), delay);
  }

  function leave() {
    clearTimeout(timer);
    if (!shown) wanted = null;
    timer = setTimeout(hide, LINGER);
  }

  const linkOf = (node) => node.closest?.("main a[href]:not([rel~=external], nav a)");

  document.addEventListener("pointerover", ({ target, pointerType }) => {
    if (pointerType === "touch") return;
    const link = linkOf(target);
    if (link) want(link, DELAY);
    else if (target.closest?.(".card")) clearTimeout(timer);
    // A page that scrolls under a pointer that rests takes no card from who came by the keyboard.
    else if (wanted && wanted !== document.activeElement) leave();
  });
  document.addEventListener("focusin", ({ target }) => {
    const link = linkOf(target);
    if (link?.matches(":focus-visible")) want(link, DELAY);
    else hide();
  });
  document.addEventListener("focusout", ({ target }) => {
    if (target === wanted) leave();
  });
  document.addEventListener("keydown", ({ key }) => {
    if (key === "Escape") hide();
  });
  document.addEventListener("pressmark:changed", () => {
    known.clear();
    hide();
  });
})();
