// Articles as the Help Center API of Zendesk Guide gives them, a page of the list a file -> Markdown articles.
// Sections and categories may come in the same pages (`?include=sections,categories,translations`) or in files
// of their own. Pure. Shape: developer.zendesk.com/api-reference/help_center/help-center-api/articles.

import { AskletError, describe } from '../../base/errors'
import { safeLink } from '../../knowledge/safeLink'
import { htmlToMarkdown } from './htmlPage'
import { createNotes, type Imported, type Note, type Step } from './imported'
import type { ImportedArticle } from './markdownFile'
import { createPaths, localeOf, oneLine, relativeLink, slugOf } from './paths'
import type { Source } from './source'

type Fields = Readonly<Record<string, unknown>>

/** An article in one language. */
interface Text {
  readonly article: Fields
  readonly id: string
  readonly locale: string
  readonly title: string
  readonly body: string
  readonly address: string
  readonly isDraft: boolean
  readonly isOwn: boolean
  readonly place: string
}

/** What is not an article's text here, and would surprise who looks for it. */
const UNUSED = ['promoted', 'content_tag_ids', 'comments_disabled'] as const

/** @throws AskletError `import_shape` when a file is no JSON, or none of them has articles */
export function importZendesk(sources: readonly Source[], step?: Step): Imported {
  const { notes, note } = createNotes()
  const sections = new Map<string, Fields>()
  const categories = new Map<string, Fields>()
  const texts = new Map<string, Text>()
  const loose: { readonly fields: Fields; readonly place: string }[] = []
  const articles = new Map<string, Fields>()
  let read = 0
  let hasMore = false
  let hasLast = false
  for (const { json, place } of pagesOf(sources, note)) {
    if (Array.isArray(json.articles)) {
      const { next_page: next, meta } = json
      const goesOn = isFields(meta) ? meta.has_more === true : typeof next === 'string'
      if (goesOn) hasMore = true
      else hasLast = true
    }
    for (const one of listOf(json, 'sections', 'section')) sections.set(String(one.id), one)
    for (const one of listOf(json, 'categories', 'category')) categories.set(String(one.id), one)
    for (const fields of listOf(json, 'translations', 'translation')) loose.push({ fields, place })
    listOf(json, 'articles', 'article').forEach((article, i) => {
      const at = `${place}: article ${article.id ?? i + 1}`
      read++
      const own = textOf(article, article, at, true)
      if (typeof own === 'string') {
        note('bad-lines', at, own)
        return
      }
      articles.set(own.id, article)
      add(texts, own, note)
      for (const fields of listOf(article, 'translations')) loose.push({ fields, place: at })
    })
  }
  if (!read)
    throw new AskletError(
      'import_shape',
      `a Zendesk export must hold { "articles": [ … ] }, got none in ${sources.map(({ name }) => name).join(', ')}. Save what /api/v2/help_center/articles.json answers.`,
    )
  if (hasMore && !hasLast)
    note(
      'not-imported',
      sources[0]?.name ?? '',
      'the last page of articles is not there: fetch next_page (or links.next) until there is none',
    )
  for (const { fields, place } of loose) {
    if (fields.source_type !== undefined && fields.source_type !== 'Article') continue
    const at = `${place}: translation ${fields.locale ?? fields.id ?? ''}`.trim()
    const article = articles.get(String(fields.source_id))
    if (!article) {
      note(
        'bad-lines',
        at,
        `its article ${describe(fields.source_id)} is not in the export. Export that page too.`,
      )
      continue
    }
    const text = textOf(article, fields, at, false)
    if (typeof text === 'string') note('bad-lines', at, text)
    else if (!texts.has(keyOf(text))) add(texts, text, note)
  }
  for (const field of UNUSED) {
    const having = [...articles.values()].filter(({ [field]: value }) =>
      Array.isArray(value) ? value.length : value === true,
    )
    if (having.length)
      note(
        'not-imported',
        sources[0]?.name ?? '',
        `${field}: ${having.length} articles have it, Asklet has no such thing`,
      )
  }
  return {
    unit: 'articles-read',
    read,
    articles: write([...texts.values()], sections, categories, note, step),
    files: new Map(),
    notes,
  }
}

function write(
  texts: readonly Text[],
  sections: ReadonlyMap<string, Fields>,
  categories: ReadonlyMap<string, Fields>,
  note: Note,
  step: Step | undefined,
): ImportedArticle[] {
  const takePath = createPaths(note)
  const main = mainLocale(texts)
  const places = new Map(texts.map(text => [text, placeOf(text, sections, categories, note)]))
  const paths = new Map(
    texts.map(text => {
      const folder = [...(text.locale === main ? [] : [text.locale]), ...(places.get(text) ?? []).map(slugOf)]
      return [text, takePath([...folder, `${slugOf(text.title)}.md`].join('/'), text.place)]
    }),
  )
  const byKey = new Map(texts.map(text => [keyOf(text), text]))
  const ownOf = new Map(texts.filter(({ isOwn }) => isOwn).map(text => [text.id, text]))
  const hosts = new Set(texts.filter(({ address }) => address).map(({ address }) => new URL(address).host))
  const anchors = new Set<string>()
  for (const { body } of texts)
    for (const [, name = ''] of body.matchAll(/href\s*=\s*["']?[^"'\s>#]{0,500}#([^"'\s>]{1,200})/gi))
      anchors.add(name)

  /** An address of this help centre -> its text, in the reader's language where there is one. */
  const find = (url: URL, locale: string): Text | undefined => {
    const id = /\/articles\/(\d+)/.exec(url.pathname)?.[1]
    if (!id || (hosts.size && !hosts.has(url.host))) return undefined
    return byKey.get(`${id} ${locale}`) ?? ownOf.get(id)
  }

  return texts.map((text, i) => {
    step?.(i + 1, texts.length, 'reading articles')
    const path = paths.get(text) ?? ''
    const resolve = (href: string): URL | null => {
      const base = text.address || 'https://help-center.invalid/'
      return URL.canParse(href, base) ? new URL(href, base) : null
    }
    const isHere = (url: URL) => url.host === 'help-center.invalid'
    const body = htmlToMarkdown(text.body, {
      anchors,
      note: (kind, line, sentence) => note(kind, `${text.place}, line ${line} of the body`, sentence),
      link(href, line) {
        if (href.startsWith('#')) return href
        const url = resolve(href)
        const to = url && find(url, text.locale)
        if (url && to) return relativeLink(path, paths.get(to) ?? '', url.hash.slice(1))
        const place = `${text.place}, line ${line} of the body`
        const safe = url && !isHere(url) ? safeLink(url.href) : null
        if (!safe)
          note(
            'left-out',
            place,
            `the link ${JSON.stringify(href.slice(0, 80))} is none that an article may have: its words are kept`,
          )
        else if (url && hosts.has(url.host))
          note('missing-links', place, `${safe} is of this help centre, and not in the export`)
        return safe
      },
      image(src, line) {
        const url = resolve(src)
        const safe = url && !isHere(url) ? safeLink(url.href) : null
        note(
          safe ? 'outside-images' : 'missing-images',
          `${text.place}, line ${line} of the body`,
          safe ?? `${JSON.stringify(src.slice(0, 80))} has no address: its alternative text is kept`,
        )
        return safe
      },
      embed(src) {
        const url = resolve(src)
        return url && !isHere(url) ? safeLink(url.href) : null
      },
    })
    if (text.isDraft) note('drafts', text.place, `${path} is a draft`)
    const isPrivate = isForSome(text.article)
    if (isPrivate)
      note(
        'private',
        text.place,
        `${path} is for user segment ${describe(text.article.user_segment_id ?? text.article.user_segment_ids)} only. Say with roles who may read it.`,
      )
    const { position, label_names: labels } = text.article
    return {
      path,
      title: text.title,
      // Of the translations only the first language has the number: a link with it must lead to one article.
      ...(text.isOwn ? { id: text.id } : {}),
      ...(isPrivate ? { access: 'private' as const } : {}),
      draft: text.isDraft,
      topics: places.get(text) ?? [],
      keywords: Array.isArray(labels) ? labels.filter(label => typeof label === 'string').map(oneLine) : [],
      ...(text.locale ? { locale: text.locale } : {}),
      ...(typeof position === 'number' ? { order: position } : {}),
      body,
      importedFrom: text.address || text.place,
      place: text.place,
    }
  })
}

/** Category, section, section in it: their names. */
function placeOf(
  text: Text,
  sections: ReadonlyMap<string, Fields>,
  categories: ReadonlyMap<string, Fields>,
  note: Note,
): readonly string[] {
  const names: string[] = []
  const wanted = text.article.section_id
  let section = sections.get(String(wanted))
  if (!section) {
    if (wanted !== undefined && wanted !== null)
      note(
        'guessed',
        text.place,
        `section ${describe(wanted)} is not in the export: no topic, no folder. Add sections.json`,
      )
    return []
  }
  const category = categories.get(String(section.category_id))
  // A section may lie in another one; the bound is for a ring of them.
  for (let depth = 0; section && depth < 10; depth++) {
    if (typeof section.name === 'string' && section.name.trim()) names.unshift(oneLine(section.name))
    section = sections.get(String(section.parent_section_id))
  }
  if (typeof category?.name === 'string' && category.name.trim()) names.unshift(oneLine(category.name))
  return names
}

/** @param fields  the article itself, or one of its translations */
function textOf(article: Fields, fields: Fields, place: string, isOwn: boolean): Text | string {
  const id = article.id
  if (typeof id !== 'number' && typeof id !== 'string')
    return `id must be a number, got ${describe(id)}. Export it again.`
  const title = typeof fields.title === 'string' ? oneLine(fields.title) : ''
  if (!title) return `title must be text, got ${describe(fields.title)}. Give it one.`
  if (typeof fields.body !== 'string' && fields.body !== null && fields.body !== undefined)
    return `body must be HTML or null, got ${describe(fields.body)}. Export it again.`
  const address = typeof fields.html_url === 'string' ? (safeLink(fields.html_url) ?? '') : ''
  return {
    article,
    id: String(id),
    locale: localeOf(fields.locale) ?? '',
    title,
    body: fields.body ?? '',
    address,
    isDraft: fields.draft === true || fields.hidden === true,
    isOwn,
    place,
  }
}

function add(texts: Map<string, Text>, text: Text, note: Note): void {
  if (texts.has(keyOf(text)))
    note('not-imported', text.place, 'is in the export twice: the first one was taken')
  else texts.set(keyOf(text), text)
}

function keyOf({ id, locale }: Text): string {
  return `${id} ${locale}`
}

/** `user_segment_id` is null for everybody. */
function isForSome({ user_segment_id: one, user_segment_ids: several }: Fields): boolean {
  return (one !== null && one !== undefined) || (Array.isArray(several) && several.length > 0)
}

/** The language of most articles; it needs no folder of its own. */
function mainLocale(texts: readonly Text[]): string {
  const counts = new Map<string, number>()
  for (const { locale, isOwn } of texts) if (isOwn) counts.set(locale, (counts.get(locale) ?? 0) + 1)
  return [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))[0]?.[0] ?? ''
}

function* pagesOf(sources: readonly Source[], note: Note): Generator<{ json: Fields; place: string }> {
  for (const source of sources)
    for (const path of source.files) {
      const place = source.place(path)
      if (!/\.json$/i.test(path)) {
        note('not-imported', place, 'is no JSON')
        continue
      }
      let json: unknown
      try {
        json = JSON.parse(source.text(path))
      } catch (error) {
        note(
          'unreadable',
          place,
          `must be JSON, got a mistake: ${error instanceof Error ? error.message : error}. Export it again.`,
        )
        continue
      }
      for (const page of Array.isArray(json) ? json : [json]) {
        if (isFields(page)) yield { json: page, place }
        else
          note('bad-lines', place, `must hold objects with articles, got ${describe(page)}. Export it again.`)
      }
    }
}

function listOf(page: Fields, many: string, one?: string): readonly Fields[] {
  const list = page[many]
  if (Array.isArray(list)) return list.filter(isFields)
  const single = one && page[one]
  return isFields(single) ? [single] : []
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
