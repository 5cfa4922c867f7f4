// Masks what must not leave, or must not be copied. Pure text in, text out; the same on every device and on the
// server, in time linear in the text. Owns what counts as a secret, a card, an account, an address, a phone number.
// Refuses to guess: names, places and bare runs of digits are nobody's pattern.
//
//                              derived copies   words typed to a person
//   card, secret, token        masked           masked
//   e-mail, phone, IBAN        masked           kept
//   order, contract numbers    kept             kept
//   a site's own secrets       masked           masked
//   a site's own ids           kept             kept
//
// All is looked for in a shadow of the text: as long as the text, but digits, dashes and blanks are written in one way.
// What is found there is cut out of the text itself. An address is read as its escapes (`%40`) mean it.

/**
 * `derived`: page facts, urls, journal, logs, insights, model prompts.
 * `toPerson`: words and details that a visitor hands to a person.
 */
export type RedactLevel = 'derived' | 'toPerson'

/** What a site adds: `privacy` of its configuration, which has looked at the patterns (`protocol/sitePatterns`). */
export interface SiteMasks {
  /** Masked at both levels. By the name that stands there instead: `member` leaves `[member]`. */
  readonly mask?: Readonly<Record<string, string>> | undefined
  /** Numbers of its own that look like something else, and are never taken for a card, an account or a phone number. */
  readonly keep?: readonly string[] | undefined
}

/** From, to, what stands there instead, and how sure that is: of two that overlap the surer one names the mark. */
type Span = readonly [from: number, to: number, mark: string, rank: number]

// ---- secrets

/** The last group is what is masked; what stands before it says only what it is. */
const SECRETS: readonly RegExp[] = [
  /()(-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----(?:(?!-----BEGIN)[\s\S])*?(?:-----END [A-Z ]{0,40}PRIVATE KEY-----|$))/g,
  /()(\beyJ[\w-]{8,}\.[\w-]{8,}(?:\.[\w-]*)?)/g,
  // Prefixes that vendors print on keys so that scanners find them.
  /()((?<![A-Za-z\d])(?:(?:sk|pk|rk)[-_](?:live|test|proj|ant|svcacct)[-_]|sk-(?=\w*\d)|gh[pousr]_|github_pat_|gl(?:pat|ptt|rt)-|xox[abeprs]-|xapp-|A[KS]IA|AIza|ya29\.|npm_|pypi-|hf_|whsec_|do[opr]_v1_|dapi|lin_api_|sq0[a-z]{3}-|EAAA|shp(?:at|ca|pa|ss)_|SG\.)[\w.-]{10,})/g,
  // What follows is told from words ("basic authentication") by its shape: digits among letters or far apart, more
  // capitals inside than names have, or longer than a word after these is.
  /(\b(?:[Bb]earer|BEARER|[Bb]asic|BASIC|[Aa]uthorization: ?[Tt]oken)\s+)(?=\S{0,200}(?:[A-Za-z]\d+[A-Za-z]|\d[\w-]{3,40}\d|[a-z][A-Z]\w{0,40}[a-z][A-Z]|[a-z]{16}))([\w~+/.=-]{12,})/g,
  // `password: hunter2`, `"accessToken": "…"`, `?api_key=…`, `mot de passe : …`
  /((?:pass(?:word|wd|phrase|code)|(?<![a-z])(?:pwd|passwort|kennwort|contrase[nñ]a|senha|mot de passe|cvv2?|cvc2?|pin)|secret|token|(?:api|access|private|auth|secret|encryption)[-_ ]?key|パスワード|暗証番号|كلمة (?:المرور|السر)|סיסמ[הא])["']?\s*[:=]\s*)("[^"]*"|'[^']*'|[^\s&"',;\0]{3,})/gi,
  // "my password is hunter2", told from "the password is wrong" by a digit among letters.
  /(\b(?:passw(?:or)?d|passwort|passphrase|passcode|pin|cvv|cvc) (?:is|was|ist|es|est) )(\d{3,8}\b|(?=\w{0,60}\d)(?=\w{0,60}[a-z])[^\s&"',;\0]{5,})/gi,
  // Of an address, and of cookies: what a server gave out to know somebody again.
  /((?:(?<![a-z\d])(?:(?:j|php|asp[._]?net_?|connect[._])?sess(?:ion)?[-_]?(?:id)?|s\.?id|auth|sig(?:nature)?|ticket|otp|code|key|state|nonce|jwt|sso|magic|reset|invite|x-amz-\w{0,20})=))((?=[^\s&"',;#\0]{0,200}\d)[^\s&"',;#\0]{8,})/gi,
  // `https://user:password@host`
  /(:\/\/)([^\s/@:?#]{1,64}:[^\s/@]{1,128}(?=@))/g,
]

// ---- cards

/** As they are printed or typed: in one run, in the groups of the schemes, or in any groups at all. */
const CARDS: readonly RegExp[] = [
  /(?<![\d.]|[a-z]-?)(?:(?<!\+)\d{13,15}|\d{16,19})(?![\w-]|\.\d)/gi,
  /(?<!\d)\d{4}([ .+-]{1,3})(?:\d{4}\1\d{4}\1\d{1,7}(?:\1\d{1,3})?|\d{6}\1\d{4,5})(?!\d)/g,
  /(?<![\w.-])(\d{1,6})[ -]{1,3}(?:\d{1,6}[ -]{1,3}){1,17}\d{1,6}(?![\w-]|\.\d)/g,
]

/** 13 to 19 digits, as many as the scheme has, whose check digit is right (Luhn). */
function isCard(run: string): boolean {
  const digits = run.replace(/\D/g, '')
  if (!/^(?:4\d{12}|3[0689]\d{12}|(?:3[47]\d\d|1800|2131)\d{11}|(?:[3-6]|2[2-7]|81)\d{14,18})$/.test(digits))
    return false
  const groups = run.split(/\D+/)
  // Other numbers have a check digit of this kind too (IMEI), and groups of their own.
  if (groups.length > 3 && groups.slice(1, -1).some(group => group.length !== groups[0]?.length)) return false
  let sum = 0
  for (let i = 0; i < digits.length; i++) {
    const digit = Number(digits[digits.length - 1 - i])
    sum += i % 2 === 0 ? digit : digit > 4 ? digit * 2 - 9 : digit * 2
  }
  return sum % 10 === 0
}

// ---- accounts

/** ISO 13616, the registry and who uses it beside it: countries by the length of their numbers, from 15 on. */
const IBAN_LENGTHS =
  'NO BE . DKFOFIFKGLNLSD MKSI ATBAEEKZLTLUMNXK CHHRLILV BGBHCRDEGBGEIEMERSVA AEGIILIQOMSOTL ADCZESMDPKROSASESKTNVG AOCVGWLYMZPTST DZIRISTR BICFCGCMDJFRGAGQGRITKMMCMGMRSMTD ALAZBFBJBYCICYDOGTHNHULBMAMLNENIPLSNSVTG BREGPSQAUA JOKWMUYE MTSC LC RU'.split(
    ' ',
  )
const IBAN_START = /(?<![a-z\d]|[a-z]-)(?:iban)?([a-z]{2})\d\d(?=[ -]{0,3}[a-z\d])/gi

/** Where the account that starts at `from` ends; 0: none does. */
function ibanEnd(shadow: string, from: number, country: string): number {
  const group = IBAN_LENGTHS.findIndex(codes => codes.match(/../g)?.includes(country.toUpperCase()))
  if (group < 0) return 0
  const walk = new RegExp(`[a-z\\d](?:[ -]{0,3}[a-z\\d]){${group + 14}}(?![a-z\\d])`, 'iy')
  walk.lastIndex = from
  const run = walk.exec(shadow)?.[0]
  if (!run) return 0
  // Letters as two digits, the first four characters moved to the end, remainder 1.
  const compact = run.replace(/[ -]/g, '')
  let remainder = 0
  for (const letter of compact.slice(4) + compact.slice(0, 4)) {
    const value = Number.parseInt(letter, 36)
    remainder = (remainder * (value > 9 ? 100 : 10) + value) % 97
  }
  return remainder === 1 ? from + run.length : 0
}

// ---- addresses and phones

const EMAIL = /[\p{L}\p{N}._%+'-]{1,64}@[\p{L}\p{N}-]{1,63}(?:\.[\p{L}\p{N}-]{1,63}){1,8}/gu

const PLUS = /(?<![\w+])(?:\+|\(\+)\(?\d(?:(?! \d{4}-\d\d-\d\d)[ ()./-]{0,3}\d){6,14}(?:x\d{1,5})?(?![\w-])/g
/** In groups as phone numbers are written; a bare run of digits is an order number. */
const GROUPED =
  /(?<![\w#-]|\d[.,])(?:\(0?\d{2,5}\)[ ]?\d{2,4}(?:[ .-]?\d{2,4}){1,3}(?:x\d{1,5})?|0[ -]?\(\d{2,4}\)(?:[ -]?\d{2,4}){2,4}|0\d{1,4}(?:[ ./-]\d{2,8}){1,5}|(?:1[ .-])?[2-9]\d\d[ .-]\d{3}[ .-]\d{4}|[1-9]\d{1,2}([ -])\d{2,3}\1\d\d\1\d\d(?:\1\d\d)?|1\d\d([ -])\d{4}\2\d{4})(?![\w-]|[.,]\d)/g
/** What may be one where the words before it say so. */
const RUN = /(?<![\w#+.,-])\d(?:[ ./-]{0,2}\d){6,13}(?![\w-]|[.,]\d)/g

/** The last of these before a number says what it is: first those of phones, then those of everything else. */
const SAYS =
  /^.*(?:(tele?[fp]|\btel\b|phone|mobil|\bcell|\bfax|whatsapp|\bsms|\bcall|\bdial|\bring\b|answering|handy|rufn|messages to|reach|\bcep\b|portable|m[oó]vil|celular|電話|携帯|هاتف|جوال|טלפון|נייד)|(order|invoice|contract|ticket|booking|track|parcel|shipment|reference|\bref|\bcase|serial|\bisbn|\bissn|\bimei|\bsku|\bean|\bupc|\bitem|article|\bpart|version|build|\bid\b|customer|client|policy|amount|total|price|\bpaid|\bvat|\bpo\b|\bt[ai][nx]\b|\bssn|\babn|passport|licen[cs]e|№|#|bestell|auftrag|rechnung|vertrag|sendung|kunde|commande|facture|contrat|colis|pedido|factura|fatura|encomenda|rastreio|注文|請求|契約|طلب|فاتورة|عقد|הזמנה|חשבונית|חוזה)(?=[a-z]*[^a-z\d]*(?:[a-z]+[^a-z\d]+){0,2}$))\D*$/is
const SAYS_WITHIN = 28

/** Dates, opening hours, and numbers of other kinds that are written in groups. */
const NO_PHONE =
  /^(?:(?:19|20)\d\d([./ -])[01]?\d\1[0-3]?\d|[0-3]?\d([./ -])[0-3]?\d\2(?:19|20)?\d\d(?!\2\d))(?!\d)|^\d\d\.\d\d ?- ?\d\d\.\d\d$|^\d{3}[ -]\d\d[ -]\d{4}$|^000/
/** A group of a longer number came just before. */
const GOES_ON = /(?:[A-Z][A-Z\d]*\d|\d{4})[ -]$/

/** What the words before a number say that it is. */
const saidBefore = (text: string, at: number) =>
  SAYS.exec(text.slice(Math.max(0, at - SAYS_WITHIN), at)) ?? []

function isPhone(text: string, at: number, run: string, needsSaying: boolean): boolean {
  const [, phone, other] = saidBefore(text, at)
  const digits = run.replace(/x\d+$|\D/g, '').length
  if (other || digits < 7 || digits > 15 || NO_PHONE.test(run)) return false
  return phone !== undefined || (!needsSaying && !GOES_ON.test(text.slice(Math.max(0, at - SAYS_WITHIN), at)))
}

// ---- all of them

const MARKS = 'secret|email|phone|iban|card \\d{4}'
const isMark = new RegExp(`\\[(?:${MARKS})\\]`, 'g')

interface Own {
  readonly isMark: RegExp
  readonly masks: readonly (readonly [pattern: RegExp, mark: string])[]
  readonly keeps: readonly RegExp[]
}
const NO_OWN: Own = { isMark, masks: [], keeps: [] }
/** By what the site gave: two sites on a page share nothing. */
const known = new WeakMap<SiteMasks, Own>()
function ownOf(site: SiteMasks | undefined): Own {
  if (!site) return NO_OWN
  let own = known.get(site)
  if (!own) {
    const { mask = {}, keep = [] } = site
    // Whole words and numbers; a number that goes on behind a blank is another one.
    const whole = (pattern: string, goesOn = '') =>
      new RegExp(`(?<![\\p{L}\\p{N}])(?:${pattern})(?![\\p{L}\\p{N}]${goesOn})`, 'giu')
    own = {
      isMark: new RegExp(`\\[(?:${[MARKS, ...Object.keys(mask)].join('|')})\\]`, 'g'),
      masks: Object.entries(mask).map(([name, pattern]) => [whole(pattern), `[${name}]`]),
      keeps: keep.map(pattern => whole(pattern, '|[ .+-]{1,3}\\d')),
    }
    known.set(site, own)
  }
  return own
}

const blank = (found: string) => '\0'.repeat(found.length)

/** Of the same length, character for character. */
function shadowOf(text: string, { isMark }: Own): string {
  return (
    text
      .replace(/[\uff01-\uff5e]/g, wide => String.fromCharCode(wide.charCodeAt(0) - 0xfee0))
      .replace(/[٠-٩۰-۹]/g, digit => String(digit.charCodeAt(0) & 15))
      .replace(/[\u00a0\u2000-\u200f\u202f\u2060\u3000\ufeff]/g, ' ')
      .replace(/[\u00ad\u2010-\u2015\u2212]/g, '-')
      // What was masked before is nothing to look into.
      .replace(isMark, blank)
  )
}

function spansOf(text: string, isDerived: boolean, own: Own): Span[] {
  const whole = shadowOf(text, own)
  const spans: Span[] = []
  const kept = new Set<string>()
  let shadow = whole
  for (const pattern of own.keeps)
    shadow = shadow.replace(pattern, (found, at: number) => {
      kept.add(`${at} ${found.length}`)
      return blank(found)
    })
  for (const [pattern, mark] of own.masks)
    for (const { 0: found, index } of whole.matchAll(pattern))
      spans.push([index, index + found.length, mark, 6])
  // What is said to be a secret is one, unless it is an id of the site's from end to end (`?key=WM-4127001`).
  for (const pattern of SECRETS)
    for (const match of whole.matchAll(pattern)) {
      const to = match.index + match[0].length
      const { length } = match[2] ?? ''
      if (!kept.has(`${to - length} ${length}`)) spans.push([to - length, to, '[secret]', 4])
    }
  // One in ten bank accounts has digits that also pass as a card: accounts are found first, and stay for a person.
  const accounts: Span[] = []
  let until = 0
  for (const match of shadow.matchAll(IBAN_START)) {
    const from = match.index + match[0].length - 4
    const to = from < until ? 0 : ibanEnd(shadow, from, match[1] ?? '')
    if (to) accounts.push([from, to, '[iban]', 3])
    until = Math.max(until, to)
  }
  const isAccount = (at: number) => accounts.some(([from, to]) => at >= from && at < to)
  for (const pattern of CARDS) {
    pattern.lastIndex = 0
    for (let match = pattern.exec(shadow); match; match = pattern.exec(shadow)) {
      // What comes behind a card, "12/27" or the three digits of its back, may look like a group of it.
      // No scheme begins otherwise: most runs are told by their first digits.
      let run = /^(?:[2-6]|8\D*1|1\D*8)/.test(match[0]) ? match[0] : ''
      for (let trims = 0; run && !isCard(run); trims++) run = trims < 3 ? run.replace(/\D*\d+$/, '') : ''
      // Article numbers have 13 digits too, and some of them pass as the old short cards.
      const isOther = run.replace(/\D/g, '').length < 14 && saidBefore(shadow, match.index)[2]
      if (run && !isOther && !isAccount(match.index))
        spans.push([match.index, match.index + run.length, `[card ${run.replace(/\D/g, '').slice(-4)}]`, 5])
      // A number that stands before the card is no part of it: the next look starts behind its first group.
      pattern.lastIndex = match.index + (run.length || (/^\d+/.exec(match[0])?.[0].length ?? 1))
    }
  }
  if (!isDerived) return spans
  spans.push(...accounts)
  for (const match of whole.matchAll(EMAIL))
    spans.push([match.index, match.index + match[0].length, '[email]', 2])
  for (const [pattern, needsSaying] of [
    [PLUS, null],
    [GROUPED, false],
    [RUN, true],
  ] as const)
    for (const { 0: run, index } of shadow.matchAll(pattern))
      if (needsSaying === null || isPhone(shadow, index, run, needsSaying))
        spans.push([index, index + run.length, '[phone]', 1])
  return spans
}

/** As an address means it; what is no escape stays. */
const unescaped = (text: string) =>
  text.replace(/(?:%[\da-f]{2})+/gi, code => {
    try {
      return decodeURIComponent(code)
    } catch {
      return code
    }
  })

/** `text` without the marks that stand in it: they are words of nobody's. */
export const withoutMarks = (text: string, site?: SiteMasks): string => text.replace(ownOf(site).isMark, ' ')

/** `text` with what `level` forbids replaced by a mark that says what stood there. Never throws; masking again changes nothing. */
export function redact(text: string, level: RedactLevel, site?: SiteMasks): string {
  const plain = unescaped(text)
  if (plain !== text) {
    const masked = redact(plain, level, site)
    return masked === plain ? text : masked
  }
  const own = ownOf(site)
  let result = text
  // What is cut out brings its neighbours together, and they may say more than before.
  for (let pass = 0; pass < 3; pass++) {
    const spans = spansOf(result, level === 'derived', own).sort((a, b) => a[0] - b[0] || b[3] - a[3])
    if (spans.length === 0) break
    let out = ''
    let at = 0
    for (let n = 0; n < spans.length; ) {
      let [from, to, mark, rank] = spans[n] as Span
      for (n++; n < spans.length && (spans[n] as Span)[0] < to; n++) {
        const next = spans[n] as Span
        if (next[3] > rank) [, , mark, rank] = next
        to = Math.max(to, next[1])
      }
      out += result.slice(at, from) + mark
      at = to
    }
    result = out + result.slice(at)
  }
  return result
}
