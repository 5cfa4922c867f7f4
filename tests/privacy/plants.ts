// What is planted: secrets and what only looks like one, by a seed, each once. Knows check digits and how numbers are
// written in many countries; knows nothing of the patterns that are to find them.

export type PlantKind = 'card' | 'secret' | 'email' | 'phone' | 'iban' | 'kept'

export interface Plant {
  readonly kind: PlantKind
  /** What must not be found, or must be. */
  readonly value: string
  /** With the words around it. */
  readonly text: string
}

type Random = () => number

export function createPlants(random: Random) {
  const below = (n: number) => Math.floor(random() * n)
  const pick = <T>(from: readonly T[]): T => from[below(from.length)] as T
  const digits = (n: number) => Array.from({ length: n }, () => below(10)).join('')
  const letters = (n: number, of = 'ABCDEFGHJKLMNPQRSTUVWXYZ') =>
    Array.from({ length: n }, () => of[below(of.length)]).join('')
  const SMALL = 'abcdefghijkmnpqrstuvwxyz'
  const MIXED = `${SMALL}ABCDEFGHJKLMNPQRSTUVWXYZ23456789`
  /** With a digit, because a secret of letters alone is a word. */
  const blob = (n: number) => `${letters(n - 4, MIXED)}${digits(1)}${letters(2, SMALL)}${digits(1)}`
  /** `#` a digit, `N` one from 1, `X` one from 2. */
  const shaped = (shape: string) =>
    shape.replace(/[#NX]/g, sign =>
      String(sign === '#' ? below(10) : sign === 'N' ? 1 + below(9) : 2 + below(8)),
    )
  const words = () => `${letters(1)}${letters(4 + below(4), SMALL)}`
  const between = (
    value: string,
    leads: readonly string[],
    tails = ['', ' please', '.', ' and thanks', ', ok?'],
  ) => `${pick(leads)}${value}${pick(tails)}`

  // ---- secrets

  const SCHEMES: readonly (readonly [prefixes: readonly string[], length: number])[] = [
    [['4'], 16],
    [['4'], 19],
    [['51', '52', '53', '54', '55', '2221', '2500', '2720'], 16],
    [['34', '37'], 15],
    [['36', '38', '300', '305'], 14],
    [['6011', '644', '65'], 16],
    [['3528', '3589'], 16],
    [['62', '81'], 16],
    [['62'], 19],
    [['5018', '5020', '6304', '6759'], 16],
    [['2200', '2204'], 16],
    [['60', '6521'], 16],
  ]
  function card(): Plant {
    const [prefixes, length] = pick(SCHEMES)
    const head = pick(prefixes)
    const part = head + digits(length - head.length - 1)
    let sum = 0
    for (let i = 0; i < part.length; i++) {
      const digit = Number(part[part.length - 1 - i])
      sum += i % 2 ? digit : digit > 4 ? digit * 2 - 9 : digit * 2
    }
    const number = `${part}${(10 - (sum % 10)) % 10}`
    const sign = pick(['', ' ', '-', '\u00a0', ' - '])
    const groups =
      length === 15 || length === 14
        ? [number.slice(0, 4), number.slice(4, 10), number.slice(10)]
        : (number.match(/.{1,4}/g) ?? [])
    const value = groups.join(sign)
    return {
      kind: 'card',
      value,
      text: between(
        value,
        [
          'card ',
          'my card is ',
          'paid with ',
          'pan=',
          'Card:',
          'charged 2 times on ',
          'cc ',
          '(',
          'Karte ',
          'номер ',
          'カード',
        ],
        ['', ' 12/27', ' exp 03/29 123', '.', ', ok?', ' failed'],
      ).replace(/^\((.*)/s, '($1)'),
    }
  }

  const IBANS =
    'AD24dddddddddddddddddddd AE23d AL28d AT20d AZ28Ad BA20d BE16d BG22Ad BH22Ad BR29d BY28d CH21d CR22d CY28d CZ24d DE22d DK18d DO28d EE20d EG29d ES24d FI18d FO18d FR27d GB22Ad GE22d GI23Ad GL18d GR27d GT28d HR21d HU28d IE22Ad IL23d IQ23Ad IS26d IT27d JO30Ad KW30Ad KZ20d LB28d LC32Ad LI21d LT20d LU20d LV21Ad LY25d MC27d MD24d ME22d MK19d MR27d MT31Ad MU30Ad NL18Ad NO15d PK24Ad PL28d PS29Ad PT25d QA29Ad RO24Ad RS22d SA24d SC31Ad SD18d SE24d SI19d SK24d SM27d ST25d SV28Ad TL23d TN24d TR26d UA29d VA22d VG24Ad XK20d'.split(
      ' ',
    )
  function iban(): Plant {
    const spec = pick(IBANS)
    const country = spec.slice(0, 2)
    const length = Number(spec.slice(2, 4))
    const bank = spec.includes('A', 4) ? letters(4) : ''
    const rest = bank + digits(length - 4 - bank.length)
    const asDigits = [...`${rest}${country}00`].map(sign => Number.parseInt(sign, 36)).join('')
    const check = 98 - Number(BigInt(asDigits) % 97n)
    const compact = `${country}${String(check).padStart(2, '0')}${rest}`
    const written = pick(['compact', 'spaced', 'spaced', 'dashed', 'small'])
    const groups = compact.match(/.{1,4}/g) ?? []
    const value =
      written === 'spaced'
        ? groups.join(' ')
        : written === 'dashed'
          ? groups.join('-')
          : written === 'small'
            ? compact.toLowerCase()
            : compact
    return {
      kind: 'iban',
      value,
      text: between(value, ['IBAN ', 'account ', 'to ', 'iban=', 'Konto: ', 'my account is ', '']),
    }
  }

  function email(): Plant {
    const name = `${letters(5 + below(5), SMALL)}${pick(['.', '_', '+', '-', ''])}${letters(3, SMALL)}${digits(3)}`
    const host = `${letters(5, SMALL)}${pick(['.example', '.co.uk', '.com', '.museum', '.org', '.de', '.io'])}`
    const value = `${name}@${pick(['', 'mail.'])}${host}`
    return {
      kind: 'email',
      value,
      text: between(value, ['write to ', '<', 'mailto:', 'E-Mail: ', '', 'from ', 'user=', 'メール ']),
    }
  }

  const PHONES = [
    '+1 X## X## ####',
    '+1-X##-X##-####',
    '+1 (X##) X##-####',
    '(X##) X##-####',
    'X##-X##-####',
    'X##.X##.####',
    '1-X##-X##-####',
    '+44 20 7### ####',
    '+44 (0)20 7### ####',
    '020 7### ####',
    '07### ######',
    '+447#########',
    '+49 30 #######',
    '+49 (0)151 ########',
    '030/#######',
    '0151 #### ####',
    '0171-#######',
    '+33 6 ## ## ## ##',
    '06 ## ## ## ##',
    '06.##.##.##.##',
    '+34 6## ### ###',
    '+34 6########',
    '+39 3## #######',
    '+39 06 #### ####',
    '+55 11 9####-####',
    '(11) 9####-####',
    '+81 90-####-####',
    '090-####-####',
    '03-####-####',
    '+86 138 #### ####',
    '138 #### ####',
    '+91 9#### #####',
    '+972 5#-###-####',
    '05#-###-####',
    '+971 50 ### ####',
    '+966 5# ### ####',
    '+20 10 #### ####',
    '+90 5## ### ## ##',
    '5## ### ## ##',
    '+48 ### ### ###',
    '+31 6 ########',
    '+32 4## ## ## ##',
    '+41 44 ### ## ##',
    '044 ### ## ##',
    '+46 70-### ## ##',
    '+45 ## ## ## ##',
    '+47 ### ## ###',
    '+61 4## ### ###',
    '0412 ### ###',
    '+64 21 ### ####',
    '+65 #### ####',
    '+82 10-####-####',
    '010-####-####',
    '+7 9## ###-##-##',
    '+380 ## ### ## ##',
    '+52 55 #### ####',
    '+54 9 11 ####-####',
    '+27 82 ### ####',
    '+234 80# ### ####',
    '+353 8# ### ####',
    '+351 91# ### ###',
    '0049 30 ########',
  ]
  const SAID_PHONES = [
    '##########',
    '### ####',
    '## ## ## ##',
    '0#########',
    '### ### ###',
    '#### ####',
    '1##########',
  ]
  function phone(): Plant {
    if (random() < 0.2) {
      const value = shaped(pick(SAID_PHONES)).replace(/^0?[01]/, '07')
      return {
        kind: 'phone',
        value,
        text: between(value, [
          'call me at ',
          'phone: ',
          'my phone number is ',
          'Tel. ',
          'mobile ',
          'WhatsApp ',
          'Handy: ',
          'telefone ',
          '電話 ',
        ]),
      }
    }
    const value = shaped(pick(PHONES))
    return {
      kind: 'phone',
      value,
      text: between(value, [
        'call ',
        'reach me on ',
        'tel:',
        '',
        'phone ',
        'at ',
        'new number ',
        'Rückruf ',
        '連絡先 ',
      ]),
    }
  }

  const base64 = (text: string) => Buffer.from(text).toString('base64url')
  /** A secret, and how it stands in words or in an address. */
  const SECRETS: readonly (() => readonly [value: string, text: string])[] = [
    () => {
      const jwt = `${base64(`{"alg":"HS256","typ":"JWT"}`)}.${base64(`{"sub":"${digits(6)}"}`)}.${blob(24)}`
      return [jwt, pick([jwt, `token ${jwt}`, `Bearer ${jwt}`, `id_token=${jwt}`])]
    },
    () => withValue(`sk_live_${blob(24)}`),
    () => withValue(`ghp_${blob(36)}`),
    () => withValue(`AKIA${letters(16, 'ABCDEFGHJKLMNPQRSTUVWXYZ234567')}`),
    () => withValue(`AIza${blob(35)}`),
    () => withValue(`xoxb-${digits(11)}-${blob(20)}`),
    () => withValue(`glpat-${blob(20)}`),
    () => withValue(`npm_${blob(36)}`),
    () => withValue(`SG.${blob(22)}.${blob(30)}`),
    () => withValue(`sk-proj-${blob(32)}`),
    () => withValue(`whsec_${blob(32)}`),
    () => named(blob(20), value => `Authorization: Bearer ${value}`),
    () => named(blob(16), value => `authorization: basic ${base64(value)}`, base64),
    () => named(blob(12), value => `password: ${value}`),
    () => named(blob(12), value => `password=${value}&next=/home`),
    () => named(blob(12), value => `"password":"${value}"`),
    () => named(blob(10), value => `my password is ${value}`),
    () => named(blob(12), value => `Passwort: ${value}`),
    () => named(blob(12), value => `mot de passe : ${value}`),
    () => named(blob(12), value => `contraseña: ${value}`),
    () => named(blob(24), value => `accessToken: "${value}"`),
    () => named(blob(24), value => `access_token=${value}&expires_in=3600`),
    () => named(blob(24), value => `refresh_token=${value}`),
    () => named(blob(32), value => `x-api-key: ${value}`),
    () => named(blob(32), value => `apiKey=${value}`),
    () => named(blob(32), value => `client_secret=${value}`),
    () => named(blob(32), value => `csrf_token=${value}`),
    () => named(blob(26), value => `;jsessionid=${value}`),
    () => named(blob(26), value => `PHPSESSID=${value}`),
    () => named(blob(26), value => `session_id=${value}`),
    () => named(blob(26), value => `?sid=${value}&a=1`),
    () => named(blob(26), value => `?code=${value}&state=x`),
    () => named(blob(40), value => `&X-Amz-Signature=${value}`),
    () => named(blob(20), value => `?reset_token=${value}`),
    () => named(`${blob(8)}:${blob(12)}`, value => `https://${value}@git.example/repo`),
    () => named(`${base64(`user${digits(4)}:pass${digits(6)}`)}`, value => `secret=${value}`),
    () => named(`MIIE${blob(40)}`, value => `-----BEGIN PRIVATE KEY----- ${value} -----END PRIVATE KEY-----`),
  ]
  const withValue = (value: string) =>
    [value, pick([value, `key ${value}`, `use ${value} now`, `api_key=${value}`])] as const
  const named = (value: string, write: (value: string) => string, shown = (it: string) => it) =>
    [shown(value), write(value)] as const
  function secret(): Plant {
    const [value, text] = pick(SECRETS)()
    return { kind: 'secret', value, text: pick(['', 'see ', 'I sent ', 'error with ']) + text }
  }

  // ---- what only looks like one

  const pad = (n: number, width = 2) => String(n).padStart(width, '0')
  const day = () => [2019 + below(9), 1 + below(12), 1 + below(28)] as const
  const isbn13 = () => {
    const part = `978${digits(9)}`
    const sum = [...part].reduce((all, digit, i) => all + Number(digit) * (i % 2 ? 3 : 1), 0)
    return `${part}${(10 - (sum % 10)) % 10}`
  }
  const KEPT: readonly (() => readonly [value: string, text: string])[] = [
    () => plain(`ORD-${2019 + below(9)}-${digits(6)}`, ['order ', 'my order ', '#', '']),
    () => plain(`#${100_000 + below(900_000)}${digits(2)}`, ['order ', 'Order ', '']),
    () =>
      plain(`${1 + below(9)}${digits(7)}`, [
        'order ',
        'order number ',
        'Order no. ',
        'Bestellung ',
        'commande ',
        'pedido ',
        '注文 ',
        'الطلب ',
        'הזמנה ',
      ]),
    () => plain(`${1 + below(9)}${digits(9)}`, ['order ', 'order number ', 'order: ', 'reference ', 'case ']),
    () => plain(`${1 + below(9)}${digits(11)}`, ['order id ', 'shipment ', 'order ', '']),
    () => plain(`C-${2019 + below(9)}-${digits(6)}`, ['contract ', 'Vertrag ', '']),
    () => plain(`CTR/${2019 + below(9)}/${digits(5)}`, ['contract ', 'contrat ']),
    () => plain(`${digits(3)}-${digits(4)}-${digits(3)}`, ['contract ', 'policy ']),
    () =>
      plain(`INV-${2019 + below(9)}${pad(1 + below(12))}${pad(1 + below(28))}-${digits(3)}`, [
        'invoice ',
        'Rechnung ',
        '',
      ]),
    () => plain(`INV${digits(8)}`, ['invoice ', 'facture ', '']),
    () => plain(`RE-${digits(4)}-${digits(4)}`, ['invoice ', 'Rechnung ']),
    () => plain(`PO${digits(8)}`, ['purchase order ', '']),
    () => {
      const [y, m, d] = day()
      return plain(`${y}-${pad(m)}-${pad(d)}`, ['due on ', 'since ', ''])
    },
    () => {
      const [y, m, d] = day()
      return plain(`${pad(d)}.${pad(m)}.${y}`, ['on ', 'am ', ''])
    },
    () => {
      const [y, m, d] = day()
      return plain(`${pad(m)}/${pad(d)}/${y}`, ['on ', 'paid ', ''])
    },
    () => {
      const [y, m, d] = day()
      return plain(`${y}-${pad(m)}-${pad(d)}T${pad(below(24))}:${pad(below(60))}:${pad(below(60))}Z`, [
        'at ',
        '',
      ])
    },
    () =>
      plain(`${pad(below(24))}:${pad(below(60))}-${pad(below(24))}:${pad(below(60))}`, ['open ', 'from ']),
    () => plain(`${1 + below(999)},${digits(3)}.${digits(2)}`, ['EUR ', '$', 'amount ', 'total ']),
    () => plain(`${1 + below(999)}.${digits(3)},${digits(2)}`, ['€ ', 'Summe ']),
    () => plain(`${1 + below(9)} ${digits(3)} ${digits(3)}`, ['amount ', 'total ']),
    () => plain(`1Z${letters(3)}${digits(3)}${digits(10)}`, ['tracking ', 'UPS ', '']),
    () => plain(`RR${digits(9)}DE`, ['tracking ', 'parcel ', '']),
    () => plain(`JD0${digits(17)}`, ['DHL ', 'tracking ']),
    () => plain(`v${below(30)}.${below(30)}.${below(300)}`, ['version ', 'app ', '']),
    () => plain(`${below(30)}.${below(30)}.${below(30)}.${below(3000)}`, ['build ', 'version ']),
    () => plain(`${below(89)}.${digits(6)}, ${below(179)}.${digits(6)}`, ['at ', 'location ', '']),
    () => plain(isbn13().replace(/^(...)(.)(....)(....)(.)$/, '$1-$2-$3-$4-$5'), ['ISBN ', 'book ', '']),
    () => plain(isbn13(), ['ISBN ', 'isbn:', 'EAN ']),
    () => plain(`10.${below(255)}.${below(255)}.${below(255)}`, ['from ', 'IP ', '']),
    () =>
      plain(
        `${letters(8, '0123456789abcdef')}-${letters(4, '0123456789abcdef')}-4${letters(3, '0123456789abcdef')}-a${letters(3, '0123456789abcdef')}-${letters(12, '0123456789abcdef')}`,
        ['job ', ''],
      ),
    () => plain(letters(40, '0123456789abcdef'), ['commit ', 'revision ']),
    () => plain(`17${digits(11)}`, ['at ', 'time ']),
    () => plain(`SKU-${digits(4)}-${letters(2)}${digits(2)}`, ['item ', '']),
    () => plain(`T-${digits(5)}`, ['ticket ', 'ticket #']),
    () => plain(`${1 + below(99)} of ${100 + below(99)} files, ${digits(3)} kB`, ['uploaded ']),
    () => plain(`E${digits(4)}`, ['error code: ', 'error ']),
    () => plain(`${words()} 12-month/24-month`, ['plan ']),
    () => plain(`35${digits(6)} ${digits(6)} ${digits(1)}`, ['IMEI ']),
  ]
  const plain = (value: string, leads: readonly string[]) =>
    [value, `${pick(leads)}${value}${pick(['', ' please', '.', ' is late', ', ok?'])}`] as const
  function kept(): Plant {
    const [value, text] = pick(KEPT)()
    return { kind: 'kept', value, text }
  }

  const makers = { card, secret, email, phone, iban, kept }
  return { next: (kind: PlantKind): Plant => makers[kind](), below, pick, words }
}
