// The demo's content is what people judge the assistant by: complete, without twins, and telling one story with
// the pages of the marketplace.

import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { pages, renderDocument } from '../../demo/marketplace/pages'
import { knownArticles, readFlowFiles } from '../../src/cli/flowFiles'
import { readHelpFolder } from '../../src/cli/helpFolder'
import { routeMatches } from '../../src/knowledge/article'
import { readSynonyms } from '../../src/knowledge/synonyms'
import { createSpoken } from './cli/spoken'

const demo = resolve(import.meta.dirname, '../../demo')
const KINDS = ['howto', 'troubleshoot', 'policy', 'concept']
const ROLES = ['guest', 'client', 'freelancer']

const help = readHelpFolder(
  join(demo, 'help/articles'),
  { defaultLocale: 'en', base: '/help/', imageHosts: [], except: [], skipDrafts: false },
  createSpoken(),
)
const flowFolder = join(demo, 'help/flows')
const flowFiles = readdirSync(flowFolder).filter(name => name.endsWith('.json'))

describe('articles', () => {
  test('there are 60 or more, and the build finds nothing to mend in them', () => {
    expect(help.articles.length).toBeGreaterThanOrEqual(60)
    expect(help.findings).toEqual([])
  })

  test('the synonyms read without a problem, and are a dozen groups or more', () => {
    const text = readFileSync(join(demo, 'help/articles/synonyms.txt'), 'utf8')
    const { rules, problems } = readSynonyms(text, 'synonyms.txt')
    expect(problems).toEqual([])
    expect(rules.length).toBeGreaterThanOrEqual(24)
  })

  test('each has 80 words or more', () => {
    expect(help.articles.filter(one => one.words < 80).map(one => `${one.file}: ${one.words}`)).toEqual([])
  })

  test('each has a title of its own, a summary and a question', () => {
    const titles = help.articles.map(one => one.article.title.toLowerCase())
    expect(titles.filter((title, i) => titles.indexOf(title) !== i)).toEqual([])
    const bare = help.articles.filter(({ article }) => !article.summary || !article.questions.length)
    expect(bare.map(one => one.file)).toEqual([])
  })

  test('each is of a known kind, for known roles, and stands on pages that there are', () => {
    const wrong = help.articles.flatMap(({ file, article }) => [
      ...(KINDS.includes(article.kind) ? [] : [`${file}: kind ${article.kind}`]),
      ...article.roles.filter(role => !ROLES.includes(role)).map(role => `${file}: role ${role}`),
      ...article.pages
        .filter(pattern => !pages.some(({ route }) => routeMatches(pattern, route)))
        .map(pattern => `${file}: page ${pattern}`),
      ...(article.pages.length ? [] : [`${file}: no page`]),
    ])
    expect(wrong).toEqual([])
  })

  test('each page has three or more for each role that it is for', () => {
    const thin = pages.flatMap(({ route, roles }) =>
      roles.flatMap(role => {
        const fitting = help.articles.filter(
          ({ article }) =>
            (!article.roles.length || article.roles.includes(role)) &&
            article.pages.some(pattern => routeMatches(pattern, route)),
        )
        return fitting.length >= 3 ? [] : [`${route} for a ${role}: ${fitting.length}`]
      }),
    )
    expect(thin).toEqual([])
  })
})

describe('in other languages', () => {
  // As `npm run build` puts them together.
  const folder = mkdtempSync(join(tmpdir(), 'asklet-demo-languages-'))
  for (const part of ['articles', 'translations'])
    cpSync(join(demo, 'help', part), folder, { recursive: true })
  afterAll(() => rmSync(folder, { recursive: true }))
  const all = readHelpFolder(
    folder,
    { defaultLocale: 'en', base: '/help/', imageHosts: [], except: [], skipDrafts: false },
    createSpoken(),
  )
  const ids = new Set(help.articles.map(({ article }) => article.id))

  test.each([
    ['de', 10],
    ['ar', 6],
  ])(
    '%s: %i or more, each the translation of an article that there is, for the same people',
    (tag, least) => {
      const own = all.articles.filter(({ article }) => article.locale === tag)
      expect(own.length).toBeGreaterThanOrEqual(least)
      for (const { article } of own) {
        const original = help.articles.find(one => `${tag}/${one.article.id}` === article.id)?.article
        const { kind, roles, pages, access, order } = original ?? {}
        expect({ id: article.id, is: article }).toMatchObject({
          id: article.id,
          is: { kind, roles, pages, access, order },
        })
      }
    },
  )

  test('the build finds nothing to mend in them, and the English ones stay as they are', () => {
    expect(all.findings).toEqual([])
    expect(
      all.articles.filter(({ article }) => article.locale === 'en').map(({ article }) => article.id),
    ).toEqual([...ids])
  })

  test('the page says its language and direction, and that its own words are English', () => {
    const html = renderDocument('/withdrawals', { assistantTag: '', role: 'client', language: 'ar' })
    expect(html).toContain('<html lang="ar" dir="rtl">')
    expect(html).toMatch(/<body [^>]*lang="en" dir="ltr">/)
    expect(html).toContain('<option value="ar" lang="ar" selected>')
    expect(renderDocument('/', { assistantTag: '', role: 'guest' })).toContain('<html lang="en">')
  })
})

describe('the rest of the desk', () => {
  test('there are 8 flows, each sound, each with an id of its own', () => {
    const { flows, findings } = readFlowFiles(
      flowFiles.map(name => ({ path: join(flowFolder, name), name })),
      { articles: knownArticles(help), actions: ['lookupWithdrawal'] },
    )
    expect(findings).toEqual([])
    expect(flows.length).toBe(8)
  })

  test('three agents can sign in, and the configuration says when they are there', () => {
    const site = readFileSync(join(demo, 'site.ts'), 'utf8')
    expect(site.match(/agentId: '/g)?.length).toBe(3)
    const config = JSON.parse(readFileSync(join(demo, 'asklet.json'), 'utf8'))
    expect(Object.keys(config.hours.week)).toEqual(['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'])
  })
})

/** A fact that several texts tell: every mention of it, and the only way that it may be told. */
const FACTS: readonly (readonly [fact: string, mention: RegExp, allowed: RegExp])[] = [
  ['freelancers pay 10 %', /(?:service fee (?:of|is)|freelancers? pays?|minus the) \d+ ?%/gi, /\b10 ?%/],
  ['clients pay no fee', /clients?[^.,;]{0,30} \d+ ?%/gi, /^$/],
  [
    'a bank withdrawal takes 1 to 3 business days',
    /(?:bank|transfer|withdraw)[^.]{0,50}\b\d (?:to |[-–])\d (?:business|working) days/gi,
    /\b1 ?(?:to |[-–])3 |refund|5 to 10|3 to 5/i,
  ],
  [
    'an instant card costs 2.00',
    /(?:instant (?:card|withdrawal)|debit card)[^.]{0,50}?\b\d+\.\d\d\b/gi,
    /\b2\.00|20\.00/,
  ],
  ['the instant card takes 2 hours', /card[^.]{0,30}\b(?:an|the|\d+) hours?\b/gi, /\b2 hours/],
  [
    'the least withdrawal is 20.00',
    /(?:at least|less than|below|between|smallest amount[^.]{0,30}is) (?:USD |\$)?\d+\.\d\d/gi,
    /\b20\.00/,
  ],
  [
    'an identity check takes 1 to 2 days',
    /(?:identity|document|checks?|review)[^.]{0,30} (?:take|is reviewed)[^.]{0,20}days/gi,
    /1 ?(?:to |[-–])2 |up to two/,
  ],
  ['documents are kept for 90 days', /(?:deleted(?: after)?|documents?) \d+ days/gi, /\b90 days/],
  ['a dispute leaves 5 days to respond', /\d+ days to respond/gi, /\b5 days/],
  [
    'a mediator answers in 3 business days',
    /mediator[^.]{0,20}answers? in \d+ [a-z ]*days/gi,
    /in 3 business days/,
  ],
  [
    'a milestone is reviewed for 14 days',
    /(?:starts a|the|keeps the|have) \d+[- ]days? (?:review|from the day)/gi,
    /\b14[- ]day/,
  ],
]

/** What a visitor can read anywhere in the demo, by where it stands. */
function everything(): ReadonlyMap<string, string> {
  const texts = new Map<string, string>()
  for (const { file } of help.articles)
    texts.set(file, readFileSync(join(demo, 'help/articles', file), 'utf8'))
  for (const name of flowFiles) texts.set(name, readFileSync(join(flowFolder, name), 'utf8'))
  for (const { route, roles } of pages) {
    for (const role of ROLES) {
      const html = renderDocument(route, { assistantTag: '', role: role as 'guest' }) ?? ''
      // The others stand in <template>s of each document, for navigation without a reload.
      texts.set(
        `${route} as ${role}`,
        html.replace(/<template[\s\S]*<\/template>/, '').replace(/<[^>]*>/g, ' '),
      )
    }
    expect(roles.length).toBeGreaterThan(0)
  }
  return texts
}

describe('articles, flows and pages tell one story', () => {
  const texts = everything()
  test.each(FACTS)('%s', (_, mention, allowed) => {
    const mentions = [...texts].flatMap(([where, text]) =>
      [...text.matchAll(mention)].map(([words]) => ({ where, words: words.replace(/\s+/g, ' ') })),
    )
    expect(
      mentions.filter(({ words }) => !allowed.test(words)).map(({ where, words }) => `${where}: ${words}`),
    ).toEqual([])
  })
})
