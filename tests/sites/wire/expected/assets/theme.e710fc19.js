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
})();
