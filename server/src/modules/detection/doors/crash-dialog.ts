/** Texts of the form that a site may set by the query, with what they are otherwise (the options of `showReportDialog`). */
const TEXTS = {
  title: 'It looks like we’re having issues.',
  subtitle: 'Our team has been notified.',
  subtitle2: 'If you’d like to help, tell us what happened below.',
  labelName: 'Name',
  labelEmail: 'Email',
  labelComments: 'What happened?',
  labelClose: 'Close',
  labelSubmit: 'Submit Crash Report',
  errorGeneric: 'An unknown error occurred while submitting your report. Please try again.',
  errorFormEntry: 'Some fields were invalid. Please correct the errors and try again.',
  successMessage: 'Your feedback has been sent. Thank you!',
} as const;

/**
 * The script that shows the crash report dialog on a site's page. Everything from the query is put in as JSON that cannot
 * end a script, and reaches the page as text only. It lives in a shadow root: the page's styles do not reach it.
 */
export function dialogScript(query: URLSearchParams): string {
  const texts: Record<string, string> = {};
  for (const [name, standard] of Object.entries(TEXTS)) texts[name] = (query.get(name) ?? standard).slice(0, 1_000);
  const user = { name: (query.get('name') ?? '').slice(0, 200), email: (query.get('email') ?? '').slice(0, 200) };
  const safe = (value: unknown) =>
    JSON.stringify(value).replace(/[<>\u2028\u2029&]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);
  return `(${DIALOG})(${safe(texts)},${safe(user)},document.currentScript);`;
}

/** Plain JavaScript for any browser; sent as it stands. `src` of the script is where the form goes. */
const DIALOG = `function (texts, user, script) {
  'use strict';
  var address = script && script.src;
  if (!address || document.querySelector('[data-errata-dialog]')) return;
  var host = document.createElement('div');
  host.setAttribute('data-errata-dialog', '');
  host.className = 'sentry-error-embed-wrapper';
  var root = host.attachShadow ? host.attachShadow({ mode: 'open' }) : host;
  var last = document.activeElement;
  function make(tag, style, text) {
    var element = document.createElement(tag);
    for (var name in style) element.style[name] = style[name];
    if (text !== undefined) element.textContent = text;
    return element;
  }
  var font = 'system-ui, sans-serif';
  var shade = make('div', { position: 'fixed', inset: '0', zIndex: '2147483647', background: 'rgb(0 0 0 / 55%)', display: 'flex', alignItems: 'center', justifyContent: 'center', padding: '16px', fontFamily: font, overflow: 'auto' });
  var form = make('form', { background: 'white', color: 'black', borderRadius: '8px', padding: '24px', width: '100%', maxWidth: '520px', boxSizing: 'border-box', boxShadow: '0 12px 40px rgb(0 0 0 / 35%)' });
  form.setAttribute('role', 'dialog');
  form.setAttribute('aria-modal', 'true');
  form.setAttribute('aria-label', texts.title);
  form.appendChild(make('h2', { margin: '0 0 8px', fontSize: '20px' }, texts.title));
  form.appendChild(make('p', { margin: '0 0 16px', fontSize: '14px', lineHeight: '1.4' }, texts.subtitle + ' ' + texts.subtitle2));
  var message = make('p', { display: 'none', margin: '0 0 12px', fontSize: '14px', fontWeight: '600' });
  message.setAttribute('role', 'alert');
  form.appendChild(message);
  function field(label, name, tag, value) {
    var box = make('label', { display: 'block', margin: '0 0 12px', fontSize: '13px', fontWeight: '600' }, label);
    var input = make(tag, { display: 'block', width: '100%', boxSizing: 'border-box', marginTop: '4px', padding: '8px', font: '14px ' + font, border: '1px solid gray', borderRadius: '4px' });
    input.name = name;
    input.required = true;
    input.value = value;
    if (name === 'email') input.type = 'email';
    if (tag === 'textarea') input.rows = 5;
    input.maxLength = name === 'comments' ? 4096 : 200;
    box.appendChild(input);
    form.appendChild(box);
    return input;
  }
  var name = field(texts.labelName, 'name', 'input', user.name);
  var email = field(texts.labelEmail, 'email', 'input', user.email);
  var comments = field(texts.labelComments, 'comments', 'textarea', '');
  var bar = make('div', { display: 'flex', gap: '8px', justifyContent: 'flex-end', flexWrap: 'wrap' });
  var button = { padding: '8px 14px', font: '600 14px ' + font, borderRadius: '4px', border: '1px solid gray', cursor: 'pointer' };
  var close = make('button', button, texts.labelClose);
  close.type = 'button';
  var submit = make('button', button, texts.labelSubmit);
  submit.type = 'submit';
  submit.style.background = 'black';
  submit.style.color = 'white';
  bar.appendChild(close);
  bar.appendChild(submit);
  form.appendChild(bar);
  shade.appendChild(form);
  root.appendChild(shade);
  function leave() {
    document.removeEventListener('keydown', onKey);
    if (host.parentNode) host.parentNode.removeChild(host);
    if (last && last.focus) last.focus();
    if (typeof window.__errataDialogClosed === 'function') window.__errataDialogClosed();
    try { window.postMessage('__sentry_reportdialog_closed__', '*'); } catch (e) { return; }
  }
  function onKey(event) { if (event.key === 'Escape') leave(); }
  document.addEventListener('keydown', onKey);
  close.onclick = leave;
  shade.onclick = function (event) { if (event.target === shade) leave(); };
  function say(text) { message.textContent = text; message.style.display = 'block'; submit.disabled = false; }
  form.onsubmit = function (event) {
    event.preventDefault();
    submit.disabled = true;
    var request = new XMLHttpRequest();
    request.open('POST', address);
    request.setRequestHeader('Content-Type', 'application/x-www-form-urlencoded');
    request.onload = function () {
      if (request.status === 200) {
        while (form.firstChild) form.removeChild(form.firstChild);
        form.appendChild(make('p', { fontSize: '16px', margin: '0 0 16px' }, texts.successMessage));
        form.appendChild(close);
        close.focus();
      } else say(request.status === 400 ? texts.errorFormEntry : texts.errorGeneric);
    };
    request.onerror = function () { say(texts.errorGeneric); };
    request.send('name=' + encodeURIComponent(name.value) + '&email=' + encodeURIComponent(email.value) + '&comments=' + encodeURIComponent(comments.value));
  };
  (document.body || document.documentElement).appendChild(host);
  (user.name ? (user.email ? comments : email) : name).focus();
}`;
