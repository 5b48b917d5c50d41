// Runs before the first paint, so that a night shift is never flashed with a white page: the chosen theme, or the machine's.
(() => {
  const chosen = document.cookie.match(/(?:^|; )theme=(dark|light)/);
  const machine = matchMedia("(prefers-color-scheme: dark)");
  const apply = () => { document.documentElement.dataset.theme = chosen ? chosen[1] : machine.matches ? "dark" : "light"; };
  apply();
  machine.addEventListener("change", apply);
})();
