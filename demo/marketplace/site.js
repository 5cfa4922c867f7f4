// Workmere: page changes without a reload, theme, role, and the small behaviours of the pages.
// No HTML strings are parsed here: every page comes with the document as a <template>.

const doc = document;
const root = doc.documentElement;
const main = doc.getElementById('main');
const year = 60 * 60 * 24 * 365;

/** @param {string} name @param {string} value */
function setCookie(name, value) {
  doc.cookie = `${name}=${value}; path=/; max-age=${year}; SameSite=Lax`;
}

/** @param {string} name */
function getCookie(name) {
  const hit = doc.cookie.split('; ').find((part) => part.startsWith(`${name}=`));
  return hit?.slice(name.length + 1);
}

// ---- Theme ---------------------------------------------------------------------------------

const dark = matchMedia('(prefers-color-scheme: dark)');
const savedTheme = getCookie('workmere_theme');
if (savedTheme === 'light' || savedTheme === 'dark') root.dataset.theme = savedTheme;

function toggleTheme() {
  const now = root.dataset.theme ?? (dark.matches ? 'dark' : 'light');
  const next = now === 'dark' ? 'light' : 'dark';
  root.dataset.theme = next;
  setCookie('workmere_theme', next);
}

// ---- Pages ---------------------------------------------------------------------------------

/** Pages shown so far. They keep their nodes, so what was typed stays. */
const live = new Map();
const templates = new Map();
for (const template of doc.querySelectorAll('template[data-page]')) templates.set(template.dataset.page, template);

let current = main.querySelector('.page');
live.set(current.dataset.page, current);

/** @param {string} path */
const cleanPath = (path) => (path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : path);
/** @param {string} route */
const known = (route) => live.has(route) || templates.has(route);

/** @param {string} route @param {number} top */
function show(route, top) {
  let next = live.get(route);
  if (!next) {
    next = doc.importNode(templates.get(route).content, true).firstElementChild;
    live.set(route, next);
  }
  if (next !== current) {
    current.replaceWith(next);
    current = next;
    prepare(next);
  }
  const title = next.dataset.title;
  doc.title = `${title} · Workmere`;
  doc.querySelector('meta[name="asklet:page"]')?.setAttribute('content', title);
  for (const link of doc.querySelectorAll('.nav a')) {
    if (link.pathname === route) link.setAttribute('aria-current', 'page');
    else link.removeAttribute('aria-current');
  }
  setMenu(false);
  next.querySelector('h1')?.focus({ preventScroll: true });
  scrollTo({ top, behavior: 'instant' });
}

/** Remembers how far the page was scrolled, for the way back. */
function keepScroll() {
  history.replaceState({ ...history.state, top: scrollY }, '');
}

/** @param {string} route */
function go(route) {
  if (route === current.dataset.page) {
    show(route, 0);
    return;
  }
  keepScroll();
  history.pushState({ top: 0 }, '', route);
  show(route, 0);
}

history.scrollRestoration = 'manual';
if (typeof history.state?.top === 'number') scrollTo({ top: history.state.top, behavior: 'instant' });
addEventListener('pagehide', keepScroll);
addEventListener('popstate', (event) => {
  const route = cleanPath(location.pathname);
  if (!known(route)) location.reload();
  else if (route !== current.dataset.page) show(route, event.state?.top ?? 0);
});
let scrollTimer;
addEventListener(
  'scroll',
  () => {
    clearTimeout(scrollTimer);
    scrollTimer = setTimeout(keepScroll, 150);
  },
  { passive: true },
);

// ---- Menu on small screens -----------------------------------------------------------------

const menuButton = doc.querySelector('[data-menu]');

/** @param {boolean} open */
function setMenu(open) {
  menuButton.setAttribute('aria-expanded', String(open));
  doc.body.classList.toggle('nav-open', open);
}

// ---- Toast ---------------------------------------------------------------------------------

const toastBox = doc.querySelector('[data-toast-box]');
let toastTimer;

/** @param {string} text */
function toast(text) {
  clearTimeout(toastTimer);
  toastBox.textContent = text;
  toastBox.classList.add('is-on');
  toastTimer = setTimeout(() => {
    toastBox.classList.remove('is-on');
    toastBox.textContent = '';
  }, 5000);
}

// ---- What the pages do ---------------------------------------------------------------------

/** @param {string} text */
const number = (text) => {
  const value = Number.parseFloat(text.replaceAll(',', '').replace(/[^\d.]/g, ''));
  return Number.isFinite(value) ? value : 0;
};
const money = (value) => value.toLocaleString('en-US', { style: 'currency', currency: 'USD' });

function filterJobs(form) {
  const list = form.closest('.finder');
  const data = new FormData(form);
  const words = String(data.get('q')).toLowerCase().split(/\s+/).filter(Boolean);
  const kind = data.get('kind');
  const type = data.get('type');
  let shown = 0;
  for (const job of list.querySelectorAll('[data-job]')) {
    const text = job.textContent.toLowerCase();
    const fits =
      words.every((word) => text.includes(word)) &&
      (!kind || job.dataset.kind === kind) &&
      (!type || job.dataset.type === type) &&
      (!data.has('verified') || job.dataset.verified === 'yes');
    job.hidden = !fits;
    if (fits) shown += 1;
  }
  list.querySelector('[data-job-count]').textContent = shown === 1 ? '1 job' : `${shown} jobs`;
  list.querySelector('[data-job-empty]').hidden = shown > 0;
}

function countProposal(form) {
  const price = number(form.querySelector('[data-rate]').value);
  form.querySelector('[data-fee]').textContent = `−${money(price * 0.1)}`;
  form.querySelector('[data-net]').textContent = money(price * 0.9);
  const length = form.querySelector('[data-letter]').value.length;
  form.querySelector('[data-letter-count]').textContent = `${length.toLocaleString('en-US')} of 2,000 characters`;
}

function countSheet(sheet) {
  let hours = 0;
  let amount = 0;
  for (const row of sheet.querySelectorAll('tr[data-rate]')) {
    let total = 0;
    for (const input of row.querySelectorAll('[data-hours]')) {
      const value = number(input.value.replace(',', '.'));
      const wrong = value > 24;
      if (wrong) input.setAttribute('aria-invalid', 'true');
      else input.removeAttribute('aria-invalid');
      if (!wrong) total += value;
    }
    row.querySelector('[data-row-total]').textContent = String(Math.round(total * 100) / 100);
    hours += total;
    amount += total * Number(row.dataset.rate);
  }
  sheet.querySelector('[data-sheet-hours]').textContent = String(Math.round(hours * 100) / 100);
  sheet.querySelector('[data-sheet-money]').textContent = money(amount);
}

function checkAmount(input) {
  const value = number(input.value);
  const hint = input.form.querySelector('[data-amount-hint]');
  const wrong = value < 20 || value > 2480;
  if (wrong) input.setAttribute('aria-invalid', 'true');
  else input.removeAttribute('aria-invalid');
  hint.textContent = wrong
    ? 'Enter an amount between $20.00 and $2,480.00.'
    : 'Between $20.00 and $2,480.00. It is sent once your address is confirmed.';
  return !wrong;
}

function filterOrders(button) {
  const list = button.closest('[data-order-list]');
  const wanted = button.dataset.orderFilter;
  for (const other of list.querySelectorAll('[data-order-filter]')) other.setAttribute('aria-pressed', String(other === button));
  for (const cell of list.querySelectorAll('[data-state]')) cell.closest('tr').hidden = wanted !== '' && cell.dataset.state !== wanted;
}

/** Puts the chosen job on the proposal page. @param {Element} job @param {Element} page */
function chooseJob(job, page) {
  const form = page.querySelector('[data-proposal]');
  if (!form) return;
  const parts = {
    title: job.querySelector('h3').textContent,
    client: job.querySelector('.job-meta b').textContent,
    budget: job.querySelector('.job-budget').textContent,
  };
  const other = page.querySelector('[data-job-title]').textContent !== parts.title;
  for (const [name, text] of Object.entries(parts)) {
    for (const place of page.querySelectorAll(`[data-job-${name}]`)) place.textContent = text;
  }
  if (other) form.querySelector('[data-rate]').value = '';
  countProposal(form);
}

/** Runs each time a page comes into view. @param {Element} page */
function prepare(page) {
  const strip = page.querySelector('[data-strip]');
  if (strip) strip.hidden = getCookie('workmere_strip') === 'off';
  const proposal = page.querySelector('[data-proposal]');
  if (proposal) countProposal(proposal);
  const filter = page.querySelector('[data-job-filter]');
  if (filter) filterJobs(filter);
}

doc.addEventListener('input', (event) => {
  const { target } = event;
  const form = target.form;
  if (!form) return;
  if (form.matches('[data-job-filter]')) filterJobs(form);
  if (form.matches('[data-proposal]')) countProposal(form);
  if (form.matches('[data-sheet]')) countSheet(form);
  if (target.matches('[data-amount]')) checkAmount(target);
});

doc.addEventListener('change', (event) => {
  if (!event.target.matches('[data-set-language]')) return;
  setCookie('workmere_language', event.target.value);
  // Without ?lang=, which would have its way.
  location.assign(location.pathname);
});

doc.addEventListener('reset', (event) => {
  const form = event.target;
  if (form.matches('[data-job-filter]')) setTimeout(() => filterJobs(form));
});

doc.addEventListener('submit', (event) => {
  const form = event.target;
  if (form.matches('[data-job-filter]')) event.preventDefault();
  if (!form.matches('[data-demo-form]')) return;
  event.preventDefault();
  const amount = form.querySelector('[data-amount]');
  if (amount && !checkAmount(amount)) {
    amount.focus();
    return;
  }
  toast(form.dataset.done);
});

doc.addEventListener('click', (event) => {
  const target = event.target instanceof Element ? event.target : undefined;
  if (!target || event.defaultPrevented) return;

  const link = target.closest('a[href]');
  if (link) {
    const plain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
    const route = cleanPath(link.pathname);
    if (plain && !link.target && !link.hasAttribute('download') && !link.hash && link.origin === location.origin && known(route)) {
      event.preventDefault();
      const job = link.matches('[data-job-link]') ? link.closest('[data-job]') : null;
      go(route);
      if (job) chooseJob(job, current);
    }
    return;
  }

  const button = target.closest('button');
  if (!button) return;
  if (button.matches('[data-menu]')) setMenu(button.getAttribute('aria-expanded') !== 'true');
  if (button.matches('[data-theme-toggle]')) toggleTheme();
  if (button.dataset.setRole) {
    setCookie('workmere_role', button.dataset.setRole);
    location.reload();
  }
  if (button.matches('[data-strip-close]')) {
    button.closest('[data-strip]').hidden = true;
    setCookie('workmere_strip', 'off');
    current.querySelector('h1')?.focus({ preventScroll: true });
  }
  if (button.dataset.orderFilter !== undefined) filterOrders(button);
  if (button.dataset.toggle) {
    const on = button.getAttribute('aria-pressed') !== 'true';
    button.setAttribute('aria-pressed', String(on));
    if (!on) return;
  }
  if (button.dataset.toast) toast(button.dataset.toast);
});

doc.addEventListener('keydown', (event) => {
  if (event.key === 'Escape' && menuButton.getAttribute('aria-expanded') === 'true') {
    setMenu(false);
    menuButton.focus();
  }
});

prepare(current);
