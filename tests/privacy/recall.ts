// How much of what outside corpora call a card, an account, an address or a phone number is masked, and how much is
// masked beside. Judges by what is left in the masked text. Knows the corpora's formats, and nothing of the patterns.
//
// Recall: values that no longer stand in the text, of all that the corpus marks. Precision: masks that took such a value,
// of all masks. A corpus' "invalid" rows count against cards and accounts, which have check digits; "not a mobile number of
// Cameroon" may well be a phone number, so they say nothing of phones and addresses.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { redact } from '../../src/base/redact'

export type Kind = 'card' | 'email' | 'iban' | 'phone' | 'secret'
export const KINDS: readonly Kind[] = ['card', 'email', 'iban', 'phone', 'secret']

const MARKS: Readonly<Record<Kind, RegExp>> = {
  card: /\[card \d{4}\]/g,
  email: /\[email\]/g,
  iban: /\[iban\]/g,
  phone: /\[phone\]/g,
  secret: /\[secret\]/g,
}

interface Case {
  readonly text: string
  /** What must not be left, by kind. */
  readonly values: readonly { readonly kind: Kind; readonly value: string }[]
  /** Masks of these kinds say nothing here. */
  readonly unsure?: readonly Kind[]
}

interface Tally {
  found: number
  missed: number
  beside: number
  readonly examples: string[]
}
export type Recall = Readonly<Record<Kind, Tally>> & {
  /** Bare national numbers as the corpus has them, and after "My phone number is". */
  readonly bare: { masked: number; told: number; of: number }
}

const SENTENCE_KINDS: Readonly<Record<string, Kind>> = {
  CREDIT_CARD: 'card',
  EMAIL_ADDRESS: 'email',
  IBAN_CODE: 'iban',
  PHONE_NUMBER: 'phone',
}
const RECOGNISER_KINDS: Readonly<Record<string, Kind>> = {
  credit_card: 'card',
  email: 'email',
  iban: 'iban',
  phone: 'phone',
  ph_mobile_number: 'phone',
  tr_phone_number: 'phone',
}
const VALIDATOR_KINDS: Readonly<Record<string, Kind>> = {
  CreditCard: 'card',
  Email: 'email',
  IBAN: 'iban',
  JWT: 'secret',
}

function casesIn(folder: string): { cases: Case[]; national: string[] } {
  const rows = <T>(name: string) => JSON.parse(readFileSync(join(folder, `pii-${name}.json`), 'utf8')) as T[]
  const cases: Case[] = []
  const national: string[] = []
  for (const { text, spans } of rows<{ text: string; spans: { type: string; value: string }[] }>('sentences'))
    cases.push({
      text,
      values: spans.flatMap(({ type, value }) => {
        const kind = SENTENCE_KINDS[type]
        return kind ? [{ kind, value }] : []
      }),
    })
  for (const { text, entity, expect = 0, spans } of rows<{
    text: string
    entity: string
    expect?: number
    spans?: [number, number][]
  }>('presidio-recognisers')) {
    const kind = RECOGNISER_KINDS[entity]
    // A library's own patterns, and its tests that only count: nothing is said of where.
    if (kind && expect > 0 && !spans) continue
    cases.push({
      text,
      values: kind ? (spans ?? []).map(([from, to]) => ({ kind, value: text.slice(from, to) })) : [],
      unsure: kind === 'phone' || kind === 'email' ? [kind] : [],
    })
  }
  for (const { text, kind: said, valid, args } of rows<{
    text: string
    kind: string
    valid: boolean
    args?: unknown[]
  }>('validator')) {
    if (said === 'MobilePhone') {
      if (valid && /^\d{7,15}$/.test(text)) national.push(text)
      else if (valid) cases.push({ text, values: [{ kind: 'phone', value: text }] })
      continue
    }
    const kind = VALIDATOR_KINDS[said]
    // With arguments "invalid" may mean: of another scheme or country than asked for.
    const isUnsure = kind === 'email' || (!valid && args !== undefined)
    cases.push({
      text,
      values: kind && valid ? [{ kind, value: text }] : [],
      unsure: kind && isUnsure ? [kind] : [],
    })
  }
  for (const { text, kind, valid } of rows<{ text: string; kind: string; valid: boolean }>('iban'))
    cases.push({ text, values: valid && kind === 'IBAN' ? [{ kind: 'iban', value: text }] : [] })
  for (const { text } of rows<{ text: string }>('phones'))
    cases.push({ text, values: [{ kind: 'phone', value: text }] })
  for (const { text, after, detector } of rows<{ text: string; after: string; detector: string }>(
    'scrubadub',
  )) {
    if (detector !== 'credentials') continue
    const [, value] = /password:\s*(\S+)/.exec(text) ?? []
    if (value && after.includes('{{PASSWORD}}')) cases.push({ text, values: [{ kind: 'secret', value }] })
  }
  return { cases, national }
}

export function measureRecall(folder: string): Recall {
  const tally = (): Tally => ({ found: 0, missed: 0, beside: 0, examples: [] })
  const result = {
    card: tally(),
    email: tally(),
    iban: tally(),
    phone: tally(),
    secret: tally(),
    bare: { masked: 0, told: 0, of: 0 },
  }
  const { cases, national } = casesIn(folder)
  for (const { text, values, unsure = [] } of cases) {
    const masked = redact(text, 'derived')
    for (const kind of KINDS) {
      const asked = values.filter(value => value.kind === kind)
      const found = asked.filter(({ value }) => !masked.includes(value)).length
      const marks = (masked.match(MARKS[kind]) ?? []).length - (text.match(MARKS[kind]) ?? []).length
      const of = result[kind]
      of.found += found
      of.missed += asked.length - found
      const beside = unsure.includes(kind) ? 0 : Math.max(0, marks - found)
      of.beside += beside
      if (beside)
        of.examples.push(
          `beside: ${JSON.stringify(text.slice(0, 90))} -> ${JSON.stringify(masked.slice(0, 90))}`,
        )
      for (const { value } of asked)
        if (masked.includes(value))
          of.examples.push(`missed: ${JSON.stringify(value)} in ${JSON.stringify(text.slice(0, 90))}`)
    }
  }
  for (const number of national) {
    result.bare.of++
    if (!redact(number, 'derived').includes(number)) result.bare.masked++
    if (!redact(`My phone number is ${number}.`, 'derived').includes(number)) result.bare.told++
  }
  return result
}
