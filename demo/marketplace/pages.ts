import { settings, verification } from './pages/account'
import { home } from './pages/home'
import { escapeHtml, icon, keepRole, type Page, type Role, sprite } from './pages/kit'
import { dispute, payments, withdrawals } from './pages/money'
import { contract, findWork, orders, proposal, timesheet } from './pages/work'

export type { Page, Role } from './pages/kit'

export const pages: readonly Page[] = [
  home,
  findWork,
  proposal,
  contract,
  timesheet,
  payments,
  withdrawals,
  dispute,
  verification,
  orders,
  settings,
]

export interface RenderOptions {
  /** Inserted as is before `</body>`. */
  assistantTag: string
  role: Role
  signedIn?: { name: string }
  /** From the cookie `workmere_theme`, if set; keeps a chosen theme from flashing on load. */
  theme?: 'light' | 'dark'
  /** What the visitor reads: the assistant follows it. The marketplace's own words stay English. */
  language?: Language
}

/** Languages that the demo has help in, as their readers call them. */
export const languages = { en: 'English', de: 'Deutsch', ar: 'العربية' } as const
export type Language = keyof typeof languages

export const isLanguage = (tag: string | null | undefined): tag is Language =>
  tag != null && Object.hasOwn(languages, tag)

const icons: Readonly<Record<string, string>> = {
  '/': 'home',
  '/find-work': 'search',
  '/proposal': 'pen',
  '/contract': 'file',
  '/timesheet': 'clock',
  '/payments': 'card',
  '/withdrawals': 'bank',
  '/dispute': 'scale',
  '/verification': 'shield',
  '/orders': 'box',
  '/settings': 'gear',
}

const groups: readonly (readonly [label: string, routes: readonly string[]])[] = [
  ['', ['/', '/find-work', '/proposal']],
  ['Work', ['/contract', '/timesheet', '/orders']],
  ['Money', ['/payments', '/withdrawals', '/dispute']],
  ['Account', ['/verification', '/settings']],
]

const roleNames: readonly (readonly [Role, string])[] = [
  ['guest', 'Guest'],
  ['client', 'Client'],
  ['freelancer', 'Freelancer'],
]

const defaultNames: Readonly<Record<Role, string>> = {
  guest: '',
  client: 'Jonas Adeyemi',
  freelancer: 'Mara Lindqvist',
}

function navigation(current: string, role: Role): string {
  const link = (route: string): string => {
    const page = pages.find(p => p.route === route)
    if (page === undefined || !page.roles.includes(role)) return ''
    return `<li><a href="${route}"${route === current ? ' aria-current="page"' : ''}>${icon(icons[route] ?? 'file')}<span>${page.title}</span></a></li>`
  }
  const lists = groups
    .map(([label, routes]) => {
      const links = routes.map(link).join('')
      if (links === '') return ''
      return `<div class="nav-group">${label === '' || role === 'guest' ? '' : `<p class="nav-label" id="nav-${label.toLowerCase()}">${label}</p>`}<ul${label === '' || role === 'guest' ? '' : ` aria-labelledby="nav-${label.toLowerCase()}"`}>${links}</ul></div>`
    })
    .join('')
  return `<nav class="nav" id="nav" aria-label="Main">${lists}</nav>`
}

function initials(name: string): string {
  return name
    .split(/\s+/)
    .map(part => part.charAt(0))
    .join('')
    .slice(0, 2)
    .toUpperCase()
}

/** The full HTML document of a route, or undefined if there is no such page. */
export function renderDocument(route: string, options: RenderOptions): string | undefined {
  const page = pages.find(p => p.route === route)
  if (page === undefined) return undefined
  const { role, assistantTag, theme, language = 'en' } = options
  const name = options.signedIn?.name ?? defaultNames[role]
  const fill = (html: string): string =>
    keepRole(html, role)
      .replaceAll('%NAME%', () => escapeHtml(name))
      .replaceAll('%FIRST%', () => escapeHtml(name.split(/\s+/)[0] ?? name))
  const pageTag = (p: Page): string => {
    const facts = p.facts?.roles.includes(role) ? Object.entries(p.facts.of) : []
    const attributes = facts.map(([key, value]) => ` data-asklet-${key}="${escapeHtml(value)}"`).join('')
    return `<div class="page" data-page="${p.route}" data-title="${p.title}"${facts.length ? ' data-asklet-fact' : ''}${attributes}>${fill(p.main)}</div>`
  }
  const nav = navigation(route, role)
  const others = pages
    .filter(p => p !== page)
    .map(p => `<template data-page="${p.route}" data-title="${p.title}">${pageTag(p)}</template>`)
    .join('\n')
  const themeButton = `<button class="icon-btn theme-btn" type="button" data-theme-toggle aria-label="Switch between light and dark">${icon('moon', 'when-light')}${icon('sun', 'when-dark')}</button>`
  const roles = `<div class="segmented role-switch" role="group" aria-label="View the site as">${roleNames.map(([value, label]) => `<button type="button" data-set-role="${value}" aria-pressed="${value === role}">${label}</button>`).join('')}</div>`
  const choice = `<select class="language" data-set-language aria-label="Language">${Object.entries(languages)
    .map(
      ([tag, name]) =>
        `<option value="${tag}" lang="${tag}"${tag === language ? ' selected' : ''}>${name}</option>`,
    )
    .join('')}</select>`
  // The assistant stands beside the body, and so in the page's language; what is in the body is English.
  const english = language === 'en' ? '' : ' lang="en" dir="ltr"'
  const me =
    role === 'guest'
      ? '<button class="btn btn-primary btn-sm join" type="button" data-set-role="freelancer">Sign in</button>'
      : `<a class="me" href="/settings"><span class="vh">${escapeHtml(name)}, settings</span><span class="avatar avatar-${role === 'client' ? 2 : 1}" aria-hidden="true">${escapeHtml(initials(name))}</span></a>`
  const logo =
    '<a class="logo" href="/" aria-label="Workmere, home"><svg class="logo-mark" viewBox="0 0 24 24" aria-hidden="true" focusable="false"><rect class="logo-tile" width="24" height="24" rx="7"/><path class="logo-wave" d="M5 9.2 8 16l4-8.5L16 16l3-6.800"/></svg><span>Workmere</span></a>'
  const menu = `<button class="icon-btn menu-btn" type="button" aria-expanded="false" aria-controls="nav" data-menu aria-label="Menu">${icon('menu')}</button>`
  return `<!doctype html>
<html lang="${language}"${language === 'ar' ? ' dir="rtl"' : ''}${theme === undefined ? '' : ` data-theme="${theme}"`}>
<head>
<meta charset="utf-8">
<title>${page.title} · Workmere</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="description" content="Workmere is a fictional marketplace for independent work, made to show a help assistant.">
<meta name="asklet:page" content="${page.title}">
<meta name="asklet:role" content="${role}">
<meta name="theme-color" media="(prefers-color-scheme: light)" content="#ffffff">
<meta name="theme-color" media="(prefers-color-scheme: dark)" content="#151818">
<link rel="icon" href="/favicon.svg" type="image/svg+xml">
<link rel="stylesheet" href="/site.css">
<script type="module" src="/site.js"></script>
</head>
<body class="shell shell-${role === 'guest' ? 'guest' : 'app'}"${english}>
<a class="skip" href="#main">Skip to content</a>
${sprite}
<header class="top">${menu}${logo}${role === 'guest' ? nav : ''}<span class="grow"></span>${roles}${choice}${themeButton}${me}</header>
${role === 'guest' ? '' : nav}
<main id="main" tabindex="-1">${pageTag(page)}</main>
<footer class="foot"><p>Workmere is a fictional marketplace. No real people, no real money.</p></footer>
<div class="toast" role="status" aria-live="polite" data-toast-box></div>
${others}
${assistantTag}
</body>
</html>
`
}
