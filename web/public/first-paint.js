// Sets language and theme before anything is drawn. Runs before the page's own script and knows only what is stored;
// src/lib/i18n/language.svelte.ts and src/lib/theme.svelte.ts take over from here.
(function () {
  var root = document.documentElement;
  try {
    var language = localStorage.getItem('lyceum.language');
    var theme = localStorage.getItem('lyceum.theme');
  } catch (_) {
    // Storage may be forbidden; the system's settings are good enough then.
  }
  if (language !== 'zh' && language !== 'en') {
    language = /^zh\b/i.test(navigator.language) ? 'zh' : 'en';
  }
  root.lang = language === 'zh' ? 'zh-CN' : 'en';
  if (theme === 'light' || theme === 'dark') root.dataset.theme = theme;
})();
