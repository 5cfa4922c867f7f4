// What an agent is handed with a conversation: page, visitor, articles read, details, first question.
// Pure. Refuses to grow over the limit of the wire: it lets go of the least telling parts first.

import { type RedactLevel, redact as redactBy, type SiteMasks } from '../base/redact'
import type { BotState } from '../bot/botProvider'
import { NO_CATEGORY } from '../protocol/category'
import type { Facts, PageFacts } from '../protocol/facts'
import { jsonBytes, MAX_BRIEF_BYTES } from '../protocol/limits'
import type { Brief, EscalationReason } from '../protocol/records'

const LONG = 1_000
const SHORT = 300

/**
 * A brief of at most 16 KiB as JSON, whatever the page and the visitor bring along.
 * It shrinks in this order until it fits: page data with earlier routes, headings, attributes, older articles, long details,
 * details, the page.
 */
export function buildBrief(input: {
  readonly reason: EscalationReason
  readonly facts: Facts
  readonly articlesRead: readonly { readonly articleId: string; readonly title: string }[]
  readonly bot: BotState
  /** Number of turns that follow as events. */
  readonly turns: number
  /** What the bot answered from, oldest first. */
  readonly tried?: readonly { readonly articleId: string; readonly title: string }[]
  readonly because?: string | undefined
  readonly tone?: Brief['tone']
  readonly category?: string | undefined
  /** What the site masks and keeps of its own. */
  readonly masks?: SiteMasks | undefined
}): Brief {
  const { reason, facts, bot, turns, because, tone, category, masks } = input
  const redact = (text: string, level: RedactLevel) => redactBy(text, level, masks)
  const tried = [...new Map((input.tried ?? []).map(each => [each.articleId, named(each)])).values()].slice(
    -10,
  )
  const { page, visitor } = facts
  let brief: Brief = {
    reason,
    ...(because && { because: clip(redact(because, 'toPerson'), LONG) }),
    ...(category && category !== NO_CATEGORY && { category: clip(category, SHORT) }),
    ...(tone && {
      tone: {
        frustration: tone.frustration,
        urgency: tone.urgency,
        distress: tone.distress,
        evidence: tone.evidence.slice(0, 20).map(word => clip(redact(word, 'toPerson'), 60)),
      },
    }),
    page: pageForPerson(page, masks),
    visitor: {
      ...(visitor.role && { role: clip(redact(visitor.role, 'derived'), SHORT) }),
      ...(visitor.name && { name: clip(redact(visitor.name, 'toPerson'), SHORT) }),
      ...(visitor.email && { email: clip(visitor.email, SHORT) }),
      locale: clip(visitor.locale, 35),
      attributes: clipRecord(visitor.attributes, text => redact(text, 'toPerson')),
    },
    articlesRead: input.articlesRead.slice(-20).map(named),
    ...(tried.length > 0 && { tried }),
    ...(bot.flow && {
      flow: {
        id: clip(bot.flow.id, SHORT),
        title: clip(bot.flow.title, SHORT),
        step: clip(bot.flow.step, SHORT),
      },
    }),
    slots: Object.entries(bot.slots)
      .slice(0, 40)
      .map(([name, { label, value }]) => ({
        name: clip(name, SHORT),
        label: clip(label, SHORT),
        value: clip(redact(value, 'toPerson'), LONG),
      })),
    ...(bot.question && { question: clip(redact(bot.question, 'toPerson'), LONG) }),
    turns,
  }
  const shrinks: readonly ((brief: Brief) => Brief)[] = [
    it => ({ ...it, page: { ...it.page, data: {}, recentRoutes: [] } }),
    it => ({ ...it, page: { ...it.page, headings: [] } }),
    it => ({ ...it, visitor: { ...it.visitor, attributes: {} } }),
    it => ({ ...it, articlesRead: it.articlesRead.slice(-5), tried: it.tried?.slice(-3) ?? [] }),
    it => ({ ...it, slots: it.slots.map(slot => ({ ...slot, value: clip(slot.value, 80) })) }),
    it => ({ ...it, slots: it.slots.slice(0, 5) }),
    // Only text made of escapes gets here.
    it => ({
      ...it,
      slots: [],
      articlesRead: [],
      tried: [],
      because: '',
      page: { ...it.page, url: '', title: '', name: '', errors: [] },
    }),
  ]
  for (const shrink of shrinks) if (jsonBytes(brief) > MAX_BRIEF_BYTES) brief = shrink(brief)
  return brief
}

/** Where the visitor is, masked as all copies of a page are, and cut to what the wire takes. */
export function pageForPerson(page: PageFacts, masks?: SiteMasks): PageFacts {
  const redacted = (text: string) => redactBy(text, 'derived', masks)
  // Masked first and cut then: half a card number is not known as one.
  const copied = (text: string, max: number) => clip(redacted(text), max)
  return {
    url: copied(page.url, LONG),
    route: copied(page.route, LONG),
    title: copied(page.title, SHORT),
    name: copied(page.name, SHORT),
    headings: page.headings.slice(0, 20).map(heading => copied(heading, SHORT)),
    language: clip(page.language, 35),
    data: clipRecord(page.data, redacted),
    // Masked where they were read: before they were cut.
    ...(page.errors && { errors: page.errors }),
    ...(page.recentRoutes && { recentRoutes: page.recentRoutes }),
  }
}

const named = ({ articleId, title }: { readonly articleId: string; readonly title: string }) => ({
  articleId: clip(articleId, SHORT),
  title: clip(title, SHORT),
})

/** At most `max` UTF-16 units, never half of a pair. */
export function clip(text: string, max: number): string {
  if (text.length <= max) return text
  const cut = text.slice(0, max - 1)
  return `${/[\uD800-\uDBFF]$/.test(cut) ? cut.slice(0, -1) : cut}…`
}

function clipRecord<Value>(
  record: Readonly<Record<string, Value>>,
  mask: (text: string) => string,
): Record<string, Value> {
  return Object.fromEntries(
    Object.entries(record)
      .slice(0, 30)
      .map(([name, value]) => [
        clip(name, 60),
        typeof value === 'string' ? (clip(mask(value), SHORT) as Value & string) : value,
      ]),
  )
}
