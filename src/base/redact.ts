// Masks what must not leave, or must not be copied. Pure text in, text out; the same on every device.
//
//                              derived copies   words typed to a person
//   card, secret, token        masked           masked
//   e-mail, phone, IBAN        masked           kept
//   order, contract numbers    kept             kept

/**
 * `derived`: page facts, urls, journal, logs, insights, model prompts.
 * `toPerson`: words and details that a visitor hands to a person.
 */
export type RedactLevel = 'derived' | 'toPerson'

const JWT = /\beyJ[\w-]{8,}\.[\w-]{8,}(?:\.[\w-]*)?/g
/** Prefixes that vendors print on keys so that scanners find them. */
const KEY =
  /\b(?:(?:sk|pk|rk)[-_](?:live|test|proj|ant)[-_]|gh[pousr]_|github_pat_|glpat-|xox[abprs]-|AKIA|AIza|npm_|shp(?:at|ss)_|SG\.)[\w.-]{10,}/g
const PRIVATE_KEY = /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g
/**
 * What follows is told from words ("basic authentication") by its shape: digits among letters or far apart, more
 * capitals inside than names have, or longer than a word after these is.
 */
const BEARER =
  /([Bb](?:earer|asic|EARER|ASIC)\s+)(?=\S*(?:[A-Za-z]\d+[A-Za-z]|\d[\w-]{3,}\d|[a-z][A-Z]\w*[a-z][A-Z]|[a-z]{16}))[\w~+/.=-]{12,}/g
/** `password: hunter2`, `token=…`, `?api_key=…`. */
const NAMED_SECRET =
  /\b(pass(?:word|wd|phrase)|pwd|secret|(?:[a-z]{1,20}[-_ ])?token|(?:api|access|private)[-_ ]?key|client[-_]secret|cvv|cvc|pin)(\s*[:=]\s*)("[^"]*"|'[^']*'|[^\s&"',;]{3,})/gi
const DIGIT_RUN = /(?<![\w.-])\d(?:[ -]?\d){12,18}(?![\w-]|\.\d)/g
const EMAIL = /[\p{L}\p{N}._%+-]{1,64}@[\p{L}\p{N}-]{1,63}(?:\.[\p{L}\p{N}-]{1,63}){1,8}/gu
const IBAN = /\b[A-Z]{2}\d{2}(?: ?[A-Z\d]{4}){2,7}(?: ?[A-Z\d]{1,4})?\b/g
/** With a plus, or written in groups as phone numbers are; a bare run of digits is an order number. */
const PHONE =
  /(?<![\w#-])(?:\+\d(?:[ ().-]{0,2}\d){6,14}|\(0?\d{2,5}\)[ ]?\d{2,4}(?:[ .-]?\d{2,4}){1,3}|0\d{1,4}(?:[ ./-]\d{2,8}){1,4}|\d{3}[ .-]\d{3}[ .-]\d{4})(?![\w-])/g

/** `text` with what `level` forbids replaced by a mark that says what stood there. */
export function redact(text: string, level: RedactLevel): string {
  const out = text
    .replace(PRIVATE_KEY, '[secret]')
    .replace(JWT, '[secret]')
    .replace(KEY, '[secret]')
    .replace(BEARER, '$1[secret]')
    .replace(NAMED_SECRET, '$1$2[secret]')
  const isDerived = level === 'derived'
  // One in ten bank accounts has digits that also pass as a card: accounts are cut out first.
  let result = ''
  let from = 0
  for (const match of out.matchAll(IBAN)) {
    const iban = ibanIn(match[0])
    if (!iban) continue
    result += redactRest(out.slice(from, match.index), isDerived) + (isDerived ? '[iban]' : iban)
    from = match.index + iban.length
  }
  return result + redactRest(out.slice(from), isDerived)
}

function redactRest(text: string, isDerived: boolean): string {
  const out = text.replace(DIGIT_RUN, run => (isCard(run) ? `[card ${run.slice(-4)}]` : run))
  return isDerived ? out.replace(EMAIL, '[email]').replace(PHONE, '[phone]') : out
}

/** The account at the start of `run`, which may have swallowed a following word in capitals. */
function ibanIn(run: string): string | null {
  for (let part = run; part.length >= 15; part = part.slice(0, Math.max(0, part.lastIndexOf(' '))))
    if (isIban(part)) return part
  return null
}

/** 13 to 19 digits of a card scheme whose check digit is right (Luhn). */
function isCard(run: string): boolean {
  const digits = run.replace(/\D/g, '')
  if (!/^(?:3[0-9]|4|5|6|2[2-7])/.test(digits)) return false
  let sum = 0
  for (let i = 0; i < digits.length; i++) {
    const digit = Number(digits[digits.length - 1 - i])
    sum += i % 2 === 0 ? digit : digit > 4 ? digit * 2 - 9 : digit * 2
  }
  return sum % 10 === 0
}

/** ISO 13616: letters as two digits, the first four characters moved to the end, remainder 1. */
function isIban(run: string): boolean {
  const compact = run.replace(/ /g, '')
  let remainder = 0
  for (const letter of compact.slice(4) + compact.slice(0, 4)) {
    const value = Number.parseInt(letter, 36)
    remainder = (remainder * (value > 9 ? 100 : 10) + value) % 97
  }
  return remainder === 1
}
