// A site that embeds the built npm package and hands it everything hostile there is: as its own search, its own bot,
// its names and its words. Runs in the page. Trusts none of it either: it makes no markup.

import { articleOf } from '../../../demo/states/script/articleOf'
// The build's own file takes its place: scripts/hostile.mjs.
import { type BotProvider, type BotTurn, createAssistant } from '../../../src/index'
import type { ContentTree } from '../../../src/knowledge/contentTree'
import { createHtmlPurifier, fromHtml } from '../../../src/knowledge/fromHtml'
import { fromMarkdown, parseMessage } from '../../../src/knowledge/fromMarkdown'
import type { BatchItem } from './batch'

const number = new URLSearchParams(location.search).get('batch') ?? ''
const items = (await (await fetch(`/batch/${number}.json`)).json()) as BatchItem[]
const short = (text: string, length = 300) => text.slice(0, length)
const at = (n: number) => items[n % items.length]?.text ?? ''

/** What a site may make of an item: pictures of everywhere, links to articles that are named as it says. */
const GENEROUS = {
  resolveLink: (href: string) => (/^[\w#./-]+$/.test(href) ? { id: href, heading: href } : null),
  allowImage: (src: string, alt: string | null) => (/^https?:\/\//i.test(src) && alt !== '' ? { src } : null),
}
/**
 * Only where there is no policy: under `trusted-types 'none'` no page may parse HTML, and under the others the browser
 * reports each handler that it finds in a document, inert as that is.
 */
const mayParse = !new URLSearchParams(location.search).has('no-html')
const purifier = mayParse ? createHtmlPurifier(window) : null
const trees: Record<string, (item: BatchItem) => ContentTree> = {
  markdown: item => fromMarkdown(item.text, GENEROUS),
  // HTML as `asklet import` makes Markdown of it.
  imported: item => fromMarkdown(item.imported, GENEROUS),
  // HTML as a site's own search may hand it over.
  html: item => (purifier ? fromHtml(item.text, purifier, GENEROUS) : [{ t: 'hr' }]),
}

/** Longer ones are read whole where they are timed, and shown by their beginning: five hundred stand in one article. */
const SHOWN_CHARS = 20_000

/** An article is some hundred of them, each read by itself. */
function joined(kind: string): ContentTree {
  return items.flatMap(
    ({ text, imported }) =>
      trees[kind]?.({ text: text.slice(0, SHOWN_CHARS), imported: imported.slice(0, SHOWN_CHARS) }) ?? [],
  )
}

const bot: BotProvider = {
  async answer(input, state) {
    const isTrees = input.kind === 'text' && input.text.startsWith('trees')
    const messages: BotTurn['messages'] = items.map((item, n) => {
      const text = item.text.slice(0, 4_000)
      const tree = isTrees && { tree: fromMarkdown(text) }
      const citations = [{ articleId: short(text, 50), title: short(text), headingId: short(text, 50) }]
      const sources = [
        { kind: 'site' as const, name: short(text) },
        { kind: 'flow' as const, flowId: 'x', step: 'x', title: short(text) },
        { kind: 'article' as const, citations, model: 'whole' as const },
      ]
      return { text, source: { ...(sources[n % 3] as (typeof sources)[0]), ...tree } }
    })
    return {
      turn: {
        messages,
        choices: items.slice(0, 100).map((item, n) => ({ id: `${n}`, label: short(item.text) || '?' })),
        expects: { slot: 'x', label: short(at(3)), inputMode: 'text' },
        ...(isTrees && {
          consent: {
            action: 'x',
            label: short(at(4)),
            sends: items
              .slice(0, 100)
              .map(item => ({ label: short(item.text), value: short(item.text, 2_000) })),
          },
        }),
      },
      state,
    }
  },
}

const config = {
  name: short(at(0)) || 'Help',
  label: short(at(1)) || 'Help',
  server: '/',
  contact: { email: short(at(2)) || 'x', phone: short(at(3)) || 'x' },
  images: ['javascript:alert(1)', short(at(4)) || 'x'],
  texts: { 'home.greeting': short(at(5)) || 'x' },
}

const assistant = createAssistant({
  config,
  bot,
  visitor: {
    name: short(at(6), 100),
    role: short(at(7), 50),
    attributes: Object.fromEntries(items.slice(0, 20).map((item, n) => [`fact${n}`, short(item.text, 100)])),
  },
  search: {
    async suggest(_query, _facts, { limit = 6 } = {}) {
      const from = Number(new URLSearchParams(location.hash.slice(1)).get('from') ?? 0)
      return items.slice(from, from + Math.max(limit, 100)).map((item, n) => ({
        kind: 'article' as const,
        articleId: `item-${from + n}`,
        title: short(item.text),
        summary: short(item.text),
        headingId: short(item.text, 50),
        headingText: short(item.text),
        highlights: [[0, 3] as const, [2, 900] as const],
        reasons: [
          { kind: 'page' as const, name: short(item.text) },
          { kind: 'error' as const, text: short(item.text) },
          { kind: 'role' as const, role: short(item.text) },
        ],
        score: 1,
      }))
    },
    async passages() {
      return []
    },
    async article(id) {
      return articleOf({ id, title: short(at(0)), summary: short(at(1)), content: joined(id) })
    },
  },
})

const settled = () => new Promise(done => requestAnimationFrame(() => setTimeout(done)))

/** The fastest of up to ten, because a busy machine is no fault of the text. Milliseconds. */
function timed(read: () => unknown): number {
  let best = Number.POSITIVE_INFINITY
  for (let n = 0; n < 10 && best > 50; n++) {
    const from = performance.now()
    read()
    best = Math.min(best, performance.now() - from)
  }
  return best
}

Object.assign(window, {
  hostile: {
    assistant,
    settled,
    /** Takes longer than it may. */
    slow: (afterMs: number) =>
      items.flatMap((item, n) =>
        Object.entries({ ...trees, message: (each: BatchItem) => parseMessage(each.text) })
          .map(([name, read]) => ({ n, name, ms: timed(() => read(item)) }))
          .filter(({ ms }) => ms > afterMs),
      ),
    /** Each item as what the launcher is called and how it is coloured. */
    async settings() {
      for (const { text } of items) {
        assistant.update({
          label: short(text),
          accent: short(text),
          locale: short(text, 40),
          texts: { 'home.greeting': short(text) },
        })
        await Promise.resolve()
      }
      assistant.update({ label: 'Help', accent: '#0f6b5c', locale: 'en', texts: {} })
      await settled()
    },
  },
})
