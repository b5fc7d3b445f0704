// Light or dark: as the system is set, until the reader chooses.
{
  const KEY = "serfusion-scheme";
  const root = document.documentElement;
  const system = matchMedia("(prefers-color-scheme: dark)");
  let chosen = null;

  // A browser may deny storage to a page that is opened from a file.
  function remembered(write) {
    try {
      return write(localStorage);
    } catch {
      return chosen;
    }
  }

  function show() {
    root.dataset.scheme = chosen ?? (system.matches ? "dark" : "light");
    document.getElementById("scheme")?.setAttribute("aria-pressed", root.dataset.scheme === "dark");
    document.dispatchEvent(new Event("schemechange"));
  }

  function choose() {
    chosen = root.dataset.scheme === "dark" ? "light" : "dark";
    remembered((storage) => storage.setItem(KEY, chosen));
    show();
  }

  chosen = remembered((storage) => storage.getItem(KEY));
  show();
  system.addEventListener("change", show);
  document.addEventListener("DOMContentLoaded", () => {
    document.getElementById("scheme").addEventListener("click", choose);
    show();
  });
}
