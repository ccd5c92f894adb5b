// Light, dark or high contrast, as the reader chose: said before anything is drawn.
(() => {
  const root = document.documentElement, modes = ["auto", "light", "dark", "contrast"];
  let at = 0;
  const show = () => { root.dataset.theme = modes[at]; };
  try { at = Math.max(modes.indexOf(localStorage["pressmark-theme"]), 0); } catch {}
  show();
  addEventListener("click", ({ target }) => {
    if (!target.closest?.(".mode")) return;
    at = (at + 1) % 4;
    show();
    try { localStorage["pressmark-theme"] = modes[at]; } catch {}
  });
  // A slash leads to where readers look for something, unless they are writing.
  addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.ctrlKey || event.altKey || event.metaKey || event.target.closest?.("input, textarea, select, [contenteditable]")) return;
    const to = document.getElementById("q") ?? document.querySelector("[aria-keyshortcuts='/']");
    if (!to) return;
    event.preventDefault();
    if (to.href) location.href = to.href;
    else to.focus();
  });
})();
