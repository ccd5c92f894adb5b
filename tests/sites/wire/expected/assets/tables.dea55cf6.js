// Tables whose rows readers may sort and search: `table[data-sortable]`; with `data-filter="Label"`, a field to search in.
// With `data-sortable="bodies"`, each body of the table is one entry, told by its first row, and stays together.
(() => {
  "use strict";
  const language = document.documentElement.lang || undefined;
  const collator = new Intl.Collator(language, { numeric: true, sensitivity: "base" });
  const fold = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLocaleLowerCase(language);

  function valueOf(row, column) {
    const cell = row.cells[column];
    const given = cell?.dataset.value;
    return { text: (given ?? cell?.textContent ?? "").trim(), number: given === undefined || given === "" ? NaN : Number(given) };
  }

  const hasBodies = (table) => table.dataset.sortable === "bodies";
  const entriesOf = (table) => (hasBodies(table) ? [...table.tBodies] : [...table.tBodies].flatMap((body) => [...body.rows]));

  // Numbers before texts, what is empty last, whichever way the rest goes.
  function compare(a, b, way) {
    if (!a.text || !b.text) return Number(!a.text) - Number(!b.text);
    const [x, y] = [Number.isNaN(a.number), Number.isNaN(b.number)];
    if (x !== y) return Number(x) - Number(y);
    return way * (x ? collator.compare(a.text, b.text) : a.number - b.number);
  }

  function sort(table, head, column) {
    const way = head.getAttribute("aria-sort") === "ascending" ? -1 : 1;
    for (const other of head.parentElement.cells) other.removeAttribute("aria-sort");
    head.setAttribute("aria-sort", way > 0 ? "ascending" : "descending");
    const entries = entriesOf(table).map((entry) => ({ entry, value: valueOf(entry.rows?.[0] ?? entry, column) }));
    entries.sort((a, b) => compare(a.value, b.value, way));
    (hasBodies(table) ? table : table.tBodies[0])?.append(...entries.map(({ entry }) => entry));
  }

  function addFilter(table, name) {
    const label = document.createElement("label");
    label.className = "table-filter";
    const field = document.createElement("input");
    field.type = "search";
    const text = document.createElement("span");
    text.textContent = name;
    label.append(text, field);
    field.addEventListener("input", () => {
      const words = fold(field.value).split(/\s+/).filter(Boolean);
      for (const entry of entriesOf(table)) {
        const content = fold(entry.textContent);
        entry.hidden = !words.every((word) => content.includes(word));
      }
    });
    table.before(label);
  }

  for (const table of document.querySelectorAll("table[data-sortable]")) {
    const heads = table.tHead?.rows[0]?.cells ?? [];
    [...heads].forEach((head, column) => {
      if (head.nodeName !== "TH" || head.dataset.sortable === "no") return;
      const button = document.createElement("button");
      button.type = "button";
      button.className = "sort";
      button.append(...head.childNodes);
      head.append(button);
      button.addEventListener("click", () => sort(table, head, column));
    });
    if (table.dataset.filter) addFilter(table, table.dataset.filter);
  }
})();
