// What a person is told with a handoff, as parts that the visitor can look at and leave out one by one. Pure: a brief
// goes in, parts come out; a brief and what is left out go in, a brief comes out. Leaving out never makes it invalid.

import type { Texts } from '../base/texts'
import type { Brief } from '../protocol/records'
import { named } from './named'

/** What kind of thing a part is: text key `told.<kind>`. */
export type ToldKind =
  | 'question'
  | 'page'
  | 'headings'
  | 'errors'
  | 'routes'
  | 'data'
  | 'name'
  | 'email'
  | 'role'
  | 'locale'
  | 'attribute'
  | 'slot'
  | 'articles'
  | 'tried'
  | 'flow'
  | 'category'
  | 'tone'
  | 'because'

export interface ToldPart {
  /** Stays the same for the same thing: `page`, `data.plan`. */
  readonly key: string
  readonly kind: ToldKind
  /** The page's, the site's or the flow's own word for it; '' where the kind says it all. */
  readonly label: string
  readonly value: string
  /** As programs call it, where `value` is what people do (`inWords`). */
  readonly name?: string
  /** It goes along whatever else is left out. */
  readonly isFixed?: true
}

const titles = (articles: readonly { readonly title: string }[]) =>
  articles.map(({ title }) => title).join('\n')

/** All that is in a brief, in the order in which a visitor may care; nothing that is empty. */
export function partsOf(brief: Brief): readonly ToldPart[] {
  const { page, visitor } = brief
  const part = (kind: ToldKind, value: unknown, key: string = kind, label = ''): ToldPart => ({
    key,
    kind,
    label,
    value: String(value ?? '').trim(),
    ...(kind === 'locale' && { isFixed: true }),
  })
  const own = (kind: ToldKind, record: Readonly<Record<string, unknown>>) =>
    Object.entries(record).map(([name, value]) => part(kind, value, `${kind}.${name}`, name))
  const where = [...new Set([page.name || page.title, page.url || page.route])].join('\n')
  return [
    part('question', brief.question),
    part('page', where),
    part('headings', page.headings?.join('\n')),
    part('errors', page.errors?.join('\n')),
    part('routes', page.recentRoutes?.join('\n')),
    ...own('data', page.data ?? {}),
    part('name', visitor.name),
    part('email', visitor.email),
    part('role', visitor.role),
    ...own('attribute', visitor.attributes ?? {}),
    ...brief.slots.map(({ name, label, value }) => part('slot', value, `slot.${name}`, label)),
    part('articles', titles(brief.articlesRead)),
    part('tried', titles(brief.tried ?? [])),
    part('flow', brief.flow?.title),
    part('category', brief.category),
    part('tone', brief.tone?.evidence.join('\n')),
    part('because', brief.because),
    part('locale', visitor.locale),
  ].filter(({ value }) => value !== '')
}

/** The same for people: by the site's texts for its own names, and without what a rule noted for the desk. */
export function inWords(part: ToldPart, { reason }: Pick<Brief, 'reason'>, texts: Texts): ToldPart {
  const { kind, label, value } = part
  if (kind === 'category' || kind === 'role')
    return { ...part, value: named(texts, kind, value), name: value }
  if ((kind === 'data' || kind === 'attribute') && label)
    return { ...part, label: named(texts, 'fact', label) }
  if (kind !== 'because') return part
  // Of the note those are the visitor's words that stand in quotes.
  const quoted = value.match(/"[^"]*"/g) ?? []
  return { ...part, value: [texts(`offer.reason.${reason}`), ...quoted].join('\n') }
}

/**
 * The brief without what the visitor leaves out, by keys of `partsOf`; unknown keys say nothing.
 *
 * @param question  in the visitor's own words of now, masked; undefined: as it was
 */
export function withoutParts(brief: Brief, left: readonly string[], question?: string): Brief {
  const isLeft = (key: string) => left.includes(key)
  const kept = <Value>(kind: string, record: Readonly<Record<string, Value>>) =>
    Object.fromEntries(Object.entries(record).filter(([name]) => !isLeft(`${kind}.${name}`)))
  const { page, visitor, slots, articlesRead, reason, turns } = brief
  const optional = <Key extends keyof Brief>(key: Key, name: string = key) =>
    brief[key] === undefined || isLeft(name) ? {} : { [key]: brief[key] }
  const asked = isLeft('question') ? '' : (question ?? brief.question ?? '')
  return {
    reason,
    ...optional('because'),
    ...optional('category'),
    ...optional('tone'),
    page: {
      ...(isLeft('page')
        ? { url: '', route: '', title: '', name: '' }
        : { url: page.url, route: page.route, title: page.title, name: page.name }),
      headings: isLeft('headings') ? [] : page.headings,
      language: page.language,
      data: kept('data', page.data),
      ...(page.errors && !isLeft('errors') && { errors: page.errors }),
      ...(page.recentRoutes && !isLeft('routes') && { recentRoutes: page.recentRoutes }),
    },
    visitor: {
      ...(visitor.role && !isLeft('role') && { role: visitor.role }),
      ...(visitor.name && !isLeft('name') && { name: visitor.name }),
      ...(visitor.email && !isLeft('email') && { email: visitor.email }),
      locale: visitor.locale,
      attributes: kept('attribute', visitor.attributes),
    },
    articlesRead: isLeft('articles') ? [] : articlesRead,
    ...optional('tried'),
    ...optional('flow'),
    slots: slots.filter(({ name }) => !isLeft(`slot.${name}`)),
    ...(asked && { question: asked }),
    turns,
  }
}
