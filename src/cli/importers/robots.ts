// What a robots.txt says to one crawler, by RFC 9309. Pure; asking for the file is `robotsGate`'s.
// `Crawl-delay` is not in the RFC, and many sites write it. Patterns are never made into regular expressions: the
// file is text of somebody else.

export interface Robots {
  /** The line that forbids this address, as `Disallow: /private`; null where it may be fetched. */
  forbids(address: string): string | null
  /** Between two requests, milliseconds; 0 where nothing is asked. */
  readonly crawlDelayMs: number
}

interface Group {
  readonly rules: { readonly allow: boolean; readonly path: string; readonly line: string }[]
  crawlDelayMs: number
}

/** @param token  the crawler's name as groups name it: letters, `_` and `-`; the case does not matter */
export function readRobots(bytes: Uint8Array, token: string): Robots {
  const groups = new Map<string, Group>()
  let named: Group[] = []
  let isNaming = false
  for (const line of new TextDecoder().decode(bytes).split(/\r\n?|\n/)) {
    const [text = ''] = line.split('#', 1)
    const colon = text.indexOf(':')
    if (colon < 0) continue
    const key = text.slice(0, colon).trim().toLowerCase()
    const value = text.slice(colon + 1).trim()
    if (key === 'user-agent') {
      if (!isNaming) named = []
      isNaming = true
      // `FooBot/2.1` means FooBot.
      const name = value.startsWith('*') ? '*' : (/^[a-z_-]+/i.exec(value)?.[0].toLowerCase() ?? '')
      const group = groups.get(name) ?? { rules: [], crawlDelayMs: 0 }
      groups.set(name, group)
      named.push(group)
    } else if (key === 'allow' || key === 'disallow') {
      isNaming = false
      const allow = key === 'allow'
      const path = comparable(value).replace(/\$(?!$)/g, '%24')
      // An empty one forbids nothing.
      if (value)
        for (const { rules } of named)
          rules.push({ allow, path, line: `${allow ? 'Allow' : 'Disallow'}: ${value}` })
    } else if (key === 'crawl-delay') {
      // No line but Allow and Disallow ends the names of a group (2.2.4).
      const seconds = Number(value)
      if (seconds > 0)
        for (const group of named) group.crawlDelayMs = Math.max(group.crawlDelayMs, seconds * 1_000)
    }
  }
  const { rules, crawlDelayMs } = groups.get(token.toLowerCase()) ??
    groups.get('*') ?? { rules: [], crawlDelayMs: 0 }
  return {
    crawlDelayMs,
    forbids(address) {
      const { pathname, search } = new URL(address)
      const path = comparable(pathname + search)
        .replaceAll('*', '%2A')
        .replaceAll('$', '%24')
      let strongest: Group['rules'][number] | undefined
      for (const rule of rules) if (isStronger(rule, strongest) && matches(rule.path, path)) strongest = rule
      return strongest && !strongest.allow ? strongest.line : null
    },
  }
}

/** The longest rule decides; of two of one length the one that allows. */
function isStronger(rule: Group['rules'][number], than: Group['rules'][number] | undefined): boolean {
  if (!than || rule.path.length > than.path.length) return true
  return rule.path.length === than.path.length && rule.allow
}

/** Letters that need no percent sign without one, all others with it, in capitals (2.2.2). */
function comparable(path: string): string {
  return path.replace(/[^\0-\x7f]+/gu, encodeURIComponent).replace(/%[0-9a-f]{2}/gi, code => {
    const letter = String.fromCharCode(Number.parseInt(code.slice(1), 16))
    return /[\w.~-]/.test(letter) ? letter : code.toUpperCase()
  })
}

/** `*` is any run of letters, `$` at the end is the end of the address; else a beginning is enough. */
function matches(pattern: string, path: string): boolean {
  const isWhole = pattern.endsWith('$')
  const [first = '', ...parts] = (isWhole ? pattern.slice(0, -1) : pattern).split('*')
  if (!path.startsWith(first)) return false
  const last = isWhole ? parts.pop() : undefined
  let at = first.length
  for (const part of parts) {
    const found = path.indexOf(part, at)
    if (found < 0) return false
    at = found + part.length
  }
  if (!isWhole) return true
  return last === undefined ? at === path.length : path.length - last.length >= at && path.endsWith(last)
}
