/** Small helpers that write the marketplace's markup. Everything returns an HTML string. */

export type Role = 'guest' | 'client' | 'freelancer'

export interface Page {
  /** Path of the page, also its key for navigation without a reload. */
  route: string
  /** Short name: used in the document title, the menu and `<meta name="asklet:page">`. */
  title: string
  /** Text of the page's h1 (the home page words its h1 per role). */
  heading: string
  /** Roles whose menu lists the page. The others may open it too and see what it is for. */
  roles: readonly string[]
  /**
   * What the page is about, for the assistant: `contract` becomes `data-asklet-contract`, for those who may see it.
   * Only where it is about one: a list of orders has no order.
   */
  facts?: { readonly roles: readonly Role[]; readonly of: Readonly<Record<string, string>> }
  /** Markup of the page with the blocks of all roles; `renderDocument` keeps one role's. */
  main: string
}

export function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;')
}

const iconPaths: Readonly<Record<string, string>> = {
  home: '<path d="M3 8.2 10 3l7 5.2V16a1 1 0 0 1-1 1h-3.5v-5h-5v5H4a1 1 0 0 1-1-1z"/>',
  search: '<circle cx="9" cy="9" r="5.2"/><path d="m13 13 4 4"/>',
  pen: '<path d="M4 16.2 4.8 13 13.6 4.2a1.6 1.6 0 0 1 2.3 0 1.6 1.6 0 0 1 0 2.3L7.2 15.4z"/><path d="M11 17h6"/>',
  file: '<path d="M5 3h7l3.5 3.5V16a1 1 0 0 1-1 1H5a1 1 0 0 1-1-1V4a1 1 0 0 1 1-1z"/><path d="M12 3v4h3.5M7 11h6M7 14h4"/>',
  clock: '<circle cx="10" cy="10" r="7"/><path d="M10 6v4.3l2.8 1.7"/>',
  card: '<rect x="2.5" y="4.5" width="15" height="11" rx="1.8"/><path d="M2.5 8.3h15M5.5 12.5h3"/>',
  bank: '<path d="M3 8 10 3.5 17 8zM4.5 8v6M8.2 8v6M11.8 8v6M15.5 8v6M3 16.5h14"/>',
  scale:
    '<path d="M10 3v14M6.5 17h7M4 5.5h12M4 5.5 2 11.2a2.2 2.2 0 0 0 4 0zM16 5.5l-2 5.7a2.2 2.2 0 0 0 4 0z"/>',
  shield:
    '<path d="M10 2.8 16 5v4.6c0 3.6-2.4 6.2-6 7.6-3.6-1.4-6-4-6-7.6V5z"/><path d="m7.4 9.9 1.9 1.9 3.4-3.6"/>',
  box: '<path d="m10 2.8 6.3 3.4v7.4L10 17.2l-6.3-3.6V6.2z"/><path d="m3.9 6.3 6.1 3.4 6.1-3.4M10 9.8V17"/>',
  gear: '<path d="M3 6h6M13 6h4M3 14h4M11 14h6"/><circle cx="11" cy="6" r="2"/><circle cx="9" cy="14" r="2"/>',
  menu: '<path d="M3 6h14M3 10h14M3 14h14"/>',
  close: '<path d="m5 5 10 10M15 5 5 15"/>',
  sun: '<circle cx="10" cy="10" r="3.3"/><path d="M10 2.5v1.7M10 15.8v1.7M2.5 10h1.7M15.8 10h1.7M4.7 4.7l1.2 1.2M14.1 14.1l1.2 1.2M4.7 15.3l1.2-1.2M14.1 5.9l1.2-1.2"/>',
  moon: '<path d="M16.5 11.8A7 7 0 0 1 8.2 3.5a6.9 6.9 0 1 0 8.3 8.3z"/>',
  check: '<path d="m4.5 10.5 3.6 3.6 7.4-8"/>',
  alert: '<path d="M10 3.2 17.6 16.4H2.4z"/><path d="M10 8.2v3.6M10 14v.1"/>',
  info: '<circle cx="10" cy="10" r="7"/><path d="M10 9.2v4.3M10 6.6v.1"/>',
  arrow: '<path d="M4 10h12M11.5 5.5 16 10l-4.5 4.5"/>',
  external: '<path d="M8 5H5a1 1 0 0 0-1 1v9a1 1 0 0 0 1 1h9a1 1 0 0 0 1-1v-3M11.5 4H16v4.5M16 4l-6.5 6.5"/>',
  lock: '<rect x="4.5" y="9" width="11" height="7.5" rx="1.6"/><path d="M7 9V6.7a3 3 0 0 1 6 0V9"/>',
  pin: '<path d="M10 17.3s5.3-4.6 5.3-8.8a5.3 5.3 0 0 0-10.6 0c0 4.2 5.3 8.8 5.3 8.8z"/><circle cx="10" cy="8.4" r="1.8"/>',
  star: '<path d="m10 3 2.1 4.5 4.9.6-3.6 3.4 1 4.9L10 14l-4.4 2.4 1-4.9L3 8.1l4.9-.6z"/>',
  users:
    '<circle cx="7.5" cy="7" r="2.8"/><path d="M2.5 16c.4-2.8 2.4-4.2 5-4.2s4.6 1.4 5 4.2M13 4.6a2.6 2.6 0 0 1 0 4.9M14.7 12.2c1.700.6 2.600 1.900 2.900 3.800"/>',
  download: '<path d="M10 3v9.5M6 9l4 4 4-4M4 16.5h12"/>',
}

/** The symbols every `icon()` refers to; written once per document. */
export const sprite = `<svg class="sprite" aria-hidden="true" focusable="false">${Object.entries(iconPaths)
  .map(([name, path]) => `<symbol id="i-${name}" viewBox="0 0 20 20">${path}</symbol>`)
  .join('')}</svg>`

export function icon(name: string, className = ''): string {
  return `<svg class="icon${className === '' ? '' : ` ${className}`}" aria-hidden="true" focusable="false"><use href="#i-${name}"></use></svg>`
}

/** A block only these roles get. Must not be nested. */
export function forRole(roles: Role | readonly Role[], html: string): string {
  const list = typeof roles === 'string' ? roles : roles.join(' ')
  return `<!--for ${list}--><div class="for" data-for="${list}">${html}</div><!--/for-->`
}

/** Drops the blocks of the other roles. */
export function keepRole(html: string, role: Role): string {
  return html.replace(/<!--for ([a-z ]+)-->([\s\S]*?)<!--\/for-->/g, (_all, list: string, inner: string) =>
    list.split(' ').includes(role) ? inner : '',
  )
}

export type Tone = 'neutral' | 'good' | 'warn' | 'bad' | 'info'

export function badge(text: string, tone: Tone = 'neutral'): string {
  return `<span class="badge badge-${tone}">${text}</span>`
}

export function notice(tone: Exclude<Tone, 'neutral'>, title: string, text: string, actions = ''): string {
  const sign = tone === 'good' ? 'check' : tone === 'info' ? 'info' : tone === 'bad' ? 'lock' : 'alert'
  return `<section class="notice notice-${tone}" aria-label="${title}">${icon(sign)}<div class="notice-body"><p class="notice-title">${title}</p><p>${text}</p>${actions === '' ? '' : `<div class="row">${actions}</div>`}</div></section>`
}

export interface Column {
  label: string
  /** `main` leads the row on phones, `num` sits at its right, `end` is pushed right in the second line. */
  kind?: 'main' | 'num' | 'end'
}

/** A table that turns into a tidy list on phones and stays a table for assistive technology. */
export function table(
  caption: string,
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
): string {
  const head = columns
    .map(c => `<th role="columnheader" scope="col"${c.kind ? ` class="c-${c.kind}"` : ''}>${c.label}</th>`)
    .join('')
  const body = rows
    .map(
      row =>
        `<tr role="row">${row
          .map((cell, i) => {
            const kind = columns[i]?.kind
            return `<td role="cell"${kind ? ` class="c-${kind}"` : ''}>${cell}</td>`
          })
          .join('')}</tr>`,
    )
    .join('')
  return `<table class="table" role="table"><caption class="vh">${caption}</caption><thead role="rowgroup"><tr role="row">${head}</tr></thead><tbody role="rowgroup">${body}</tbody></table>`
}

/** A cell with a strong first line and a quiet second one. */
export function two(first: string, second: string): string {
  return `<span class="two"><strong>${first}</strong><span>${second}</span></span>`
}

export function stats(items: readonly (readonly [label: string, value: string, note: string])[]): string {
  return `<dl class="stats">${items
    .map(
      ([label, value, note]) =>
        `<div class="stat"><dt>${label}</dt><dd>${value}</dd><dd class="stat-note">${note}</dd></div>`,
    )
    .join('')}</dl>`
}

/** Bars whose labels stay readable at any width. `share` is 0 to 100. */
export function bars(
  caption: string,
  items: readonly (readonly [label: string, value: string, share: number])[],
): string {
  return `<figure class="chart"><figcaption class="vh">${caption}</figcaption><ol class="bars">${items
    .map(
      ([label, value, share], i) =>
        `<li><span class="bar-value">${value}</span><span class="bar-box" aria-hidden="true"><svg class="bar${i === items.length - 1 ? ' bar-now' : ''}" width="100%" height="${share}%"><rect width="100%" height="100%" rx="4"/></svg></span><span class="bar-label">${label}</span></li>`,
    )
    .join('')}</ol></figure>`
}

export function meter(label: string, share: number): string {
  return `<svg class="meter" role="img" aria-label="${label}" width="100%" height="6"><rect class="meter-track" width="100%" height="6" rx="3"/><rect class="meter-fill" width="${share}%" height="6" rx="3"/></svg>`
}

export function header(heading: string, lead: string, actions = ''): string {
  return `<div class="page-head"><div><h1 tabindex="-1">${heading}</h1><p class="lead">${lead}</p></div>${actions === '' ? '' : `<div class="row page-actions">${actions}</div>`}</div>`
}

/** Initials in a round tile; decoration next to a written name. */
export function avatar(initials: string, tone = 1): string {
  return `<span class="avatar avatar-${tone}" aria-hidden="true">${initials}</span>`
}

export function card(title: string, body: string, aside = '', className = ''): string {
  return `<section class="card${className === '' ? '' : ` ${className}`}"><div class="card-head"><h2>${title}</h2>${aside}</div>${body}</section>`
}

/** What a visitor sees where signed-in people have their own figures. */
export function gate(
  text: string,
  points: readonly (readonly [icon: string, title: string, text: string])[],
  role: Role = 'freelancer',
): string {
  const label = role === 'client' ? 'Continue as a client' : 'Continue as a freelancer'
  return `<section class="card gate"><div class="gate-lead"><span class="gate-mark">${icon('lock')}</span><div><h2>Sign in to see yours</h2><p>${text}</p></div><button class="btn btn-primary" type="button" data-set-role="${role}">${label}</button></div></section><section class="points" aria-label="How it works"><h2>How it works</h2><ul class="grid-3">${points
    .map(
      ([sign, title, body]) =>
        `<li class="point"><span class="point-mark">${icon(sign)}</span><h3>${title}</h3><p>${body}</p></li>`,
    )
    .join('')}</ul></section>`
}
