// Runs before the first paint, so that a dark dashboard never flashes white. A file of its own because the content
// policy allows no inline script.
(() => {
  var chosen = null;
  try {
    chosen = localStorage.getItem('errata.theme');
  } catch (_) {
    // Storage may be forbidden; the system's scheme will do.
  }
  var dark = chosen === 'dark' || (chosen !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
  var root = document.documentElement;
  root.setAttribute('data-mantine-color-scheme', dark ? 'dark' : 'light');
  root.style.colorScheme = dark ? 'dark' : 'light';
})();
