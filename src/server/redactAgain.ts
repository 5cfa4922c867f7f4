// What a device sends is masked there; it is masked again here, by the same function, before anything else sees it. An
// old page, a forged call or a patched script plants nothing in the store, in logs or in a model's prompt. Pure.
// Refuses to mask what a visitor chose to send as typed (`unmasked` of a message): words to a person are theirs.

import { type RedactLevel, redact as redactBy, type SiteMasks } from '../base/redact'
import { masked } from '../journal/masked'
import type { JournalEntry, JournalRecord } from '../journal/record'
import type { MessageBody, VisitorBody } from '../protocol/events'
import type { PageFacts, VisitorFacts } from '../protocol/facts'
import { GIVEN_EMAIL, MAX_COMMENT_CHARS, MAX_MESSAGE_CHARS, MAX_REFERENCE_CHARS } from '../protocol/limits'
import type { Brief, Contact } from '../protocol/records'
import { MAX_QUERY_CHARS, type SearchFacts } from '../protocol/search'
import type { VisitorCalls } from '../protocol/wire'

export interface RedactAgain {
  /** A parsed call of a visitor's. Texts stay within what the schema takes: a mark may be longer than what it hides. */
  call<Name extends keyof VisitorCalls>(
    name: Name,
    request: VisitorCalls[Name]['request'],
  ): VisitorCalls[Name]['request']
  journal(record: JournalRecord): JournalRecord
  /** What the server itself decided: its inputs may hold words of a page, of a site's pattern as well. */
  decided<Entry extends JournalEntry>(entry: Entry): Entry
  /** Of a search or a question: nothing of it may lie in a cache or a prompt as it came. */
  question<Asked extends object>(asked: Asked): Asked
}

/** Ids, numbers and picks of a list: no word of anybody's. */
const asItCame = <Value>(value: Value) => value

const SHORT = 300
const LINE = 1_000
const LANGUAGE = 35
const JOURNAL_REASON = 500
const JOURNAL_RULE = 200
/** SHA-256, as rule files are named by. */
const HASH = /^(?:[\w-]{43}|[\da-f]{64})$/

/** @param masks  what the site masks and keeps of its own */
export function createRedactAgain(masks?: SiteMasks): RedactAgain {
  const redact = (text: string, level: RedactLevel) => redactBy(text, level, masks)
  const within = (text: string, level: RedactLevel, max: number) => cut(redact(text, level), max)
  const derived = (text: string, max = LINE) => within(text, 'derived', max)
  const toPerson = (text: string, max = LINE) => within(text, 'toPerson', max)
  const record = <Value>(
    values: Readonly<Record<string, Value>>,
    mask: (text: string, max: number) => string,
  ) =>
    Object.fromEntries(
      Object.entries(values).map(([name, value]) => [
        derived(name, 60),
        typeof value === 'string' ? (mask(value, SHORT) as Value & string) : value,
      ]),
    )

  const page = (facts: PageFacts): PageFacts => ({
    url: derived(facts.url),
    route: derived(facts.route),
    title: derived(facts.title, SHORT),
    name: derived(facts.name, SHORT),
    headings: facts.headings.map(heading => derived(heading, SHORT)),
    language: derived(facts.language, LANGUAGE),
    data: record(facts.data, derived),
    ...(facts.errors && { errors: facts.errors.map(error => derived(error, SHORT)) }),
    ...(facts.recentRoutes && { recentRoutes: facts.recentRoutes.map(route => derived(route)) }),
  })

  // No mask fits into an address: what is none but a card stays away, so that nobody calls it. What only a pattern of the
  // site finds in it is part of where the visitor is answered.
  const isAddress = (said: string) => redactBy(said, 'toPerson', masks?.keep && { keep: masks.keep }) === said
  const contact = ({ email, phone }: Contact): Contact => ({
    ...(email !== undefined && isAddress(email) && { email }),
    ...(phone !== undefined && isAddress(phone) && { phone }),
  })

  /** Who somebody is, in the host's words: their e-mail address is one of them. */
  const visitor = (facts: VisitorFacts): VisitorFacts => ({
    ...facts,
    ...(facts.role !== undefined && { role: derived(facts.role, SHORT) }),
    ...(facts.name !== undefined && { name: toPerson(facts.name, SHORT) }),
    ...(facts.email !== undefined && {
      email:
        GIVEN_EMAIL.test(facts.email) && isAddress(facts.email) ? facts.email : toPerson(facts.email, SHORT),
    }),
    locale: derived(facts.locale, LANGUAGE),
    attributes: record(facts.attributes, toPerson),
  })

  const article = ({ articleId, title }: { readonly articleId: string; readonly title: string }) => ({
    articleId: toPerson(articleId, SHORT),
    title: toPerson(title, SHORT),
  })

  const brief = (told: Brief): Brief => ({
    ...told,
    ...(told.because !== undefined && { because: toPerson(told.because) }),
    ...(told.category !== undefined && { category: derived(told.category, SHORT) }),
    ...(told.tone && {
      tone: { ...told.tone, evidence: told.tone.evidence.map(word => toPerson(word, SHORT)) },
    }),
    ...(told.tried && { tried: told.tried.map(article) }),
    page: page(told.page),
    visitor: visitor(told.visitor),
    articlesRead: told.articlesRead.map(article),
    ...(told.flow && {
      flow: {
        id: toPerson(told.flow.id, SHORT),
        title: toPerson(told.flow.title, SHORT),
        step: toPerson(told.flow.step, SHORT),
      },
    }),
    slots: told.slots.map(({ name, label, value }) => ({
      name: toPerson(name, SHORT),
      label: toPerson(label, SHORT),
      value: toPerson(value),
    })),
    ...(told.question !== undefined && { question: toPerson(told.question) }),
  })

  const message = ({ unmasked, ...body }: MessageBody): MessageBody => ({
    ...body,
    text: unmasked ? body.text : toPerson(body.text, MAX_MESSAGE_CHARS),
    ...(body.citations && {
      citations: body.citations.map(citation => ({
        ...citation,
        ...article(citation),
        ...(citation.headingId !== undefined && { headingId: toPerson(citation.headingId, SHORT) }),
        ...(citation.headingText !== undefined && { headingText: toPerson(citation.headingText) }),
      })),
    }),
  })

  /** What each holds of a visitor's own words. A type that is missing here does not compile. */
  const bodies: {
    [Type in VisitorBody['type']]: (body: Extract<VisitorBody, { type: Type }>) => VisitorBody
  } = {
    message,
    rated: body =>
      body.comment === undefined ? body : { ...body, comment: toPerson(body.comment, MAX_COMMENT_CHARS) },
    contested: body => ({
      ...body,
      ...(typeof body.target === 'string' && { target: toPerson(body.target, SHORT) }),
      ...(body.words !== undefined && { words: toPerson(body.words) }),
    }),
    // The other side reads it, too.
    disputeStated: body => ({ ...body, text: toPerson(body.text, MAX_MESSAGE_CHARS) }),
    handoffReady: body => ({ ...body, ...(body.contact && { contact: contact(body.contact) }) }),
    contactGiven: body => ({ ...body, contact: contact(body.contact) }),
    disputeAnswered: asItCame,
    disputeWithdrawn: asItCame,
    cancelled: asItCame,
    ended: asItCame,
    reopened: asItCame,
    marked: asItCame,
  }

  const calls: {
    [Name in keyof VisitorCalls]: (request: VisitorCalls[Name]['request']) => VisitorCalls[Name]['request']
  } = {
    open: request => ({ ...request, brief: brief(request.brief) }),
    page: request => ({ ...request, page: page(request.page) }),
    send: request => ({
      ...request,
      drafts: request.drafts.map(draft => ({ ...draft, body: bodies[draft.body.type](draft.body as never) })),
    }),
    openDispute: request => ({ ...request, reference: toPerson(request.reference, MAX_REFERENCE_CHARS) }),
    availability: asItCame,
    conversations: asItCame,
    sync: asItCame,
    typing: asItCame,
    fileUrls: asItCame,
  }

  return {
    call: (name, request) => calls[name](request),
    journal: told => {
      const record = masked(told, text => derived(text, Number.POSITIVE_INFINITY))
      return {
        ...record,
        inputs: Object.fromEntries(
          Object.entries(record.inputs).map(([name, value]) => [derived(name, 60), value]),
        ),
        rule: cut(record.rule, JOURNAL_RULE),
        reason: cut(record.reason, JOURNAL_REASON),
      }
    },
    // A hash names what decided, and is no word: masked by chance it would name nothing.
    decided: entry => masked(entry, text => (HASH.test(text) ? text : redact(text, 'derived'))),
    question: asked => {
      const { facts, query } = asked as { readonly facts?: SearchFacts; readonly query?: string }
      const words = query === undefined ? {} : { query: toPerson(query, MAX_QUERY_CHARS) }
      if (!facts) return { ...asked, ...words }
      const { page: told, visitor: who } = facts
      // Not longer than it was: name and headings are bounded together.
      const same = (text: string) => derived(text, text.length)
      return {
        ...asked,
        ...words,
        facts: {
          page: {
            route: same(told.route),
            name: same(told.name),
            headings: told.headings.map(same),
            ...(told.errors && { errors: told.errors.map(same) }),
            ...(told.recentRoutes && { recentRoutes: told.recentRoutes.map(same) }),
          },
          visitor: { ...who, ...(who.role !== undefined && { role: same(who.role) }) },
        },
      }
    },
  }
}

/** Never in the middle of a pair. */
function cut(text: string, max: number): string {
  if (text.length <= max) return text
  const part = text.slice(0, max)
  return /[\uD800-\uDBFF]$/.test(part) ? part.slice(0, -1) : part
}
