// Details in a person's words: amounts, dates, addresses, numbers; what a site numbers itself is idSlots'. Pure.
// Returns them as typed: an agent reads what the visitor wrote, and nobody guesses a day from `3/4`.

const NUMBER = String.raw`\d{1,3}(?:[ ,.']\d{3})+(?:[.,]\d{1,2})?|\d+(?:[.,]\d{1,2})?`
const CURRENCY = String.raw`[$€£¥₹]|\b(?:usd|eur|gbp|chf|jpy|inr|aud|cad|dollars?|euros?|pounds?)\b`
const MONTH = '(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*'
const DAY = '(?:mon|tues|wednes|thurs|fri|satur|sun)day'

const MONEY = new RegExp(String.raw`(?:${CURRENCY})\s?(?:${NUMBER})|(?:${NUMBER})\s?(?:${CURRENCY})`, 'i')
const BARE_NUMBER = new RegExp(String.raw`(?<![\w.,-])-?(?:${NUMBER})(?![\w])`)
const EMAIL = /[^\s@<>()[\],;:"]{1,64}@[a-z\d-]{1,63}(?:\.[a-z\d-]{1,63})+/i
const DATE = new RegExp(
  [
    String.raw`\b\d{4}-\d{1,2}-\d{1,2}\b`,
    String.raw`\b\d{1,2}[./]\d{1,2}[./]\d{2,4}\b`,
    String.raw`\b\d{1,2}(?:st|nd|rd|th)?(?: of)? ${MONTH}\b(?:,? \d{4})?`,
    String.raw`\b${MONTH} \d{1,2}(?:st|nd|rd|th)?\b(?:,? \d{4})?`,
    String.raw`\b(?:today|yesterday|tomorrow|(?:last |this |next )?(?:${DAY}|week))\b`,
  ].join('|'),
  'i',
)
export function findMoney(text: string): string | undefined {
  return MONEY.exec(text)?.[0]
}

export function findNumber(text: string): string | undefined {
  return BARE_NUMBER.exec(text)?.[0]
}

export function findEmail(text: string): string | undefined {
  return EMAIL.exec(text)?.[0].replace(/\.$/, '')
}

export function findDate(text: string): string | undefined {
  return DATE.exec(text)?.[0]
}
