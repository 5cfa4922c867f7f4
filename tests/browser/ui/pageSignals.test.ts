import { afterEach, describe, expect, test, vi } from 'vitest'
import { readPage } from '../../../src/context/pageContext'
import { createPageSignals } from '../../../src/context/pageSignals'
import { type Assistant, type AssistantOptions, createAssistant } from '../../../src/index'
import type { PageFacts } from '../../../src/protocol/facts'

const address = location.href
const undos: (() => void)[] = []
afterEach(() => {
  for (const undo of undos.splice(0)) undo()
  history.replaceState(null, '', address)
  sessionStorage.clear()
})

/** Puts `html` on the page until the test is over. */
function show(html: string, into: Element = document.body): HTMLElement {
  const place = document.createElement('div')
  place.innerHTML = html
  into.append(place)
  undos.push(() => place.remove())
  return place
}

function reading(memory = new Map<string, string | null>()) {
  let now = 1_000
  const add = createPageSignals(document, () => now, {
    get: key => memory.get(key) ?? null,
    set: (key, value) => memory.set(key, value),
  })
  return {
    memory,
    pass: (ms: number) => {
      now += ms
    },
    at: (route = '/pay') => add(readPage(document, location, route)),
  }
}
const errorsNow = () => reading().at().errors

describe('trouble that the page shows', () => {
  test('a page without trouble has no errors, not an empty list', () => {
    expect(reading().at()).not.toHaveProperty('errors')
  })

  test('alerts are read, the last one first, what the host marked before all', () => {
    show('<div role="alert">Session expired</div><div role="alert">Card  was\n declined</div>')
    show('<p data-asklet-error>Payment <b>failed</b></p>')
    expect(errorsNow()).toEqual(['Payment failed', 'Card was declined', 'Session expired'])
  })

  test.each([
    'Your changes were saved.',
    'Success! Your profile is public now.',
    'Your proposal was sent to Mara.',
    'Message sent. You cannot edit it after 15 minutes.',
    'Account created. You must confirm your e-mail address.',
    'Payment method added. Your bank may require a code: it is not a charge.',
    'Done! The invoice is in your downloads.',
    'Password updated. You must sign in on your other devices.',
    'We sent you a link. If you did not receive it, look in your spam folder.',
    'If you have a problem, write to us.',
    'If nothing happens within a minute, try again.',
    'Please do not close this window.',
    'Uploading 3 files. Don’t leave this page.',
    'Don’t forget to save.',
    'All 12 rows were imported, no errors.',
    'No problems found.',
    'No card required.',
    'Your session ends in 5 minutes.',
    'This site uses cookies.',
    'A new version is ready.',
    'Mara accepted your offer.',
    'You have 3 new messages',
    'Copied to clipboard',
    'Your notes are up to date',
    'Thank you for your feedback!',
    'Your plan has no limit.',
    'No limit reached: 4 of 10 seats are in use.',
    'We tell you when the weekly limit is reached.',
    'You have reached your weekly goal!',
    'Your limit was raised to 40 hours.',
    'You reached 1,000 clients, and there is no limit',
    'Answers take as long as they can, no longer than a day.',
    'You can no longer than ten minutes.',
    'You no longer need a password.',
    'Message sent. You can no longer edit it.',
    'Once it is sent you can no longer change it.',
    'If this address belongs to another account, we write to it.',
    'This template belongs to another collection.',
  ])('a notice is no error: %s', text => {
    show(`<div class="alert" role="alert">${text}</div>`)
    expect(errorsNow()).toBeUndefined()
  })

  test.each([
    'Your proposal was not sent.',
    'Your changes couldn’t be saved',
    "We can't reach the server.",
    'You cannot withdraw today.',
    'The upload failed.',
    'Failed to load your invoices',
    'Authentication failure',
    'Error 502',
    'Invalid coupon',
    'Your card was declined. If you need help, call your bank.',
    'Access denied',
    'The bank refused the transfer',
    'Your document was rejected.',
    'A phone number is required.',
    'You must choose a country.',
    'Unable to connect',
    'Your link has expired.',
    'Something went wrong. Please do not reload.',
    'The tax number is missing.',
    'Your account is restricted.',
    'Too many attempts, wait an hour.',
    'No flight fits these dates',
    'Message sent. Two attachments could not be uploaded.',
    'Order placed. The payment was\n <b>n</b>ot taken.',
    'Your account is locked',
    'Weekly limit reached',
    'The limit of 40 hours has been set. Limit was reached on Friday.',
    'You have reached your weekly limit.',
    'You’ve reached the limit for today',
    'This offer can no longer be accepted.',
    'You can no longer change this week.',
    'This address belongs to another account.',
    'It belongs to another Workmere account.',
    'Draft saved. The number belongs to another account.',
  ])('an alert that tells of a failure is one: %s', text => {
    show(`<div class="alert" role="alert">${text}</div>`)
    expect(errorsNow()).toHaveLength(1)
  })

  test('good notices beside a failure leave it the only error', () => {
    show('<p role="alert">Upload failed</p><p role="alert">Your changes were saved.</p>')
    expect(errorsNow()).toEqual(['Upload failed'])
  })

  test('what the host marked and what stands beside an invalid field counts whatever its words', () => {
    show(`
      <div role="alert" data-asklet-error>Your changes were saved elsewhere</div>
      <input aria-invalid="true" aria-errormessage="hint"><p id="hint" role="alert">22 characters</p>`)
    expect(errorsNow()).toEqual(['Your changes were saved elsewhere', '22 characters'])
  })

  test('in other languages than English only what is marked counts', () => {
    const root = document.documentElement
    const before = root.getAttribute('lang')
    undos.push(() => (before === null ? root.removeAttribute('lang') : root.setAttribute('lang', before)))
    show(`
      <div role="alert">Problem: Zahlung failed</div><p data-asklet-error>Karte abgelehnt</p>
      <input aria-invalid="true" aria-errormessage="iban"><p id="iban" role="alert">IBAN zu kurz</p>`)
    root.lang = 'de-AT'
    expect(errorsNow()).toEqual(['Karte abgelehnt', 'IBAN zu kurz'])
    root.lang = 'en-GB'
    expect(errorsNow()).toContain('Problem: Zahlung failed')
    root.removeAttribute('lang')
    expect(errorsNow()).toContain('Problem: Zahlung failed')
  })

  test('the host may say an error that stands nowhere, or in other words than the page', () => {
    show('<meta name="asklet:error" content="Payment provider: do_not_honor">', document.head)
    show('<input data-asklet-error="The number of the card is too short" value="4111">')
    expect(errorsNow()).toEqual(['Payment provider: do_not_honor', 'The number of the card is too short'])
  })

  test('of an invalid field its message is read, never what was typed', () => {
    show(`
      <input id="iban" aria-invalid="true" aria-errormessage="bad" aria-describedby="hint" value="DE00 1234">
      <p id="bad">This account is in another country</p><p id="hint">22 characters</p>
      <input aria-invalid="false" aria-describedby="fine"><p id="fine">All good</p>
      <textarea aria-invalid="true" aria-describedby="echo">my secret words</textarea>
      <p id="echo">Too short: <output>4</output> <input value="typed"><span contenteditable>written</span></p>`)
    expect(errorsNow()).toEqual(['This account is in another country', '22 characters', 'Too short: 4'])
  })

  test('a field that the browser finds invalid counts once the visitor has left it', () => {
    show(
      '<form><input required aria-describedby="need"><p id="need">We need a name</p><button>Go</button></form>',
    )
    expect(errorsNow()).toBeUndefined()
    const form = document.querySelector('form') as HTMLFormElement
    form.addEventListener('invalid', event => event.preventDefault(), true)
    form.requestSubmit()
    expect(errorsNow()).toEqual(['We need a name'])
  })

  test('secrets, cards and addresses are masked, and a text is cut after that', () => {
    show(`<div role="alert">Card 4111 1111 1111 1111 of anna@<b>example.com</b> failed,
      token=abcdefghijkl ${'x '.repeat(90)}</div>`)
    const [error = ''] = errorsNow() ?? []
    expect(error).toMatch(/^Card \[card 1111\] of \[email\] failed, token=\[secret\] x x/)
    expect(error).toHaveLength(160)
  })

  test('what nobody sees is no trouble', () => {
    show(`
      <div role="alert"><i aria-hidden="true">error</i><span style="display:none">no</span>Seen: failed <button>Close</button></div>
      <div role="alert">Saved <i aria-hidden="true">error</i><span hidden>It failed</span><button>Not now</button></div>
      <p data-asklet-error hidden>hidden failure</p>
      <p data-asklet-error style="visibility:hidden">invisible failure</p>
      <p data-asklet-error style="opacity:0">faded failure</p>`)
    expect(errorsNow()).toEqual(['Seen: failed'])
    show(`
      <div role="alert" style="position:absolute;width:1px;height:1px;overflow:hidden">New page: Payment failed</div>
      <div role="alert"></div>
      <div role="alert">${'a whole failed page '.repeat(200)}</div>`)
    expect(errorsNow()).toEqual(['Seen: failed'])
  })

  test('looks are not guessed from', () => {
    show('<p class="error alert-danger is-invalid">Red</p>')
    expect(errorsNow()).toBeUndefined()
  })

  test('the assistant does not read itself', () => {
    show(
      '<asklet-root><p role="alert">ours</p></asklet-root><div data-asklet="status" role="alert">said</div>',
    )
    expect(errorsNow()).toBeUndefined()
  })

  test('at most three, what came last first, though the page has it further up', () => {
    const page = reading()
    const top = show('')
    show('<p role="alert">1 failed</p><p role="alert">2 failed</p><p role="alert">3 failed</p>')
    expect(page.at().errors).toEqual(['3 failed', '2 failed', '1 failed'])
    top.innerHTML = '<p role="alert">4 failed</p>'
    page.pass(600)
    expect(page.at().errors).toEqual(['4 failed', '3 failed', '2 failed'])
  })

  test('a page is read again after half a second, or when it is another one', () => {
    const page = reading()
    expect(page.at('/a').errors).toBeUndefined()
    show('<p role="alert">Declined</p>')
    page.pass(400)
    expect(page.at('/a').errors).toBeUndefined()
    expect(page.at('/b').errors).toEqual(['Declined'])
    for (const undo of undos.splice(0)) undo()
    page.pass(-86_400_000)
    expect(page.at('/b').errors).toBeUndefined()
  })
})

describe('where the visitor was', () => {
  test('newest first, each once, without the present one, at most five', () => {
    const page = reading()
    expect(page.at('/1')).not.toHaveProperty('recentRoutes')
    for (const route of ['/2', '/3', '/2', '/4', '/5', '/6', '/7']) page.at(route)
    expect(page.at('/8').recentRoutes).toEqual(['/7', '/6', '/5', '/4', '/2'])
    expect(page.at('/7').recentRoutes).toEqual(['/8', '/6', '/5', '/4', '/2'])
  })

  test('masked and cut as errors are, without query', () => {
    const page = reading()
    page.at('/of/anna@example.com?token=s3cret')
    page.at(`/${'x'.repeat(400)}`)
    const { recentRoutes = [] } = page.at('/now')
    expect(recentRoutes[0]).toHaveLength(160)
    expect(recentRoutes[1]).toBe('/of/[email]')
    expect([...page.memory.values()].join()).not.toMatch(/anna|s3cret/)
  })
})

describe('in an assistant', () => {
  function start(options: AssistantOptions = {}) {
    const asked: PageFacts[] = []
    const assistant: Assistant = createAssistant({
      config: {},
      headless: true,
      search: {
        suggest: async (_query, { page }) => {
          asked.push(page)
          return []
        },
        passages: async () => [],
        article: async () => Promise.reject(new Error('none')),
      },
      ...options,
    })
    undos.push(() => assistant.destroy())
    return { assistant, asked, last: () => asked.at(-1) }
  }
  const kept = () => Object.entries(sessionStorage).filter(([key]) => key.includes('routes'))

  test('an alert on the page is in the facts of the first list, and of a list that is opened later', async () => {
    show('<p role="alert">Card declined</p>')
    const { assistant, last } = start()
    assistant.open()
    await vi.waitFor(() => expect(last()?.errors).toEqual(['Card declined']))
    assistant.close()
    show('<p role="alert">Address invalid</p>')
    await new Promise(done => setTimeout(done, 520))
    assistant.open()
    expect(last()?.errors).toEqual(['Address invalid', 'Card declined'])
  })

  test('suggestions without the panel have both from the first on', async () => {
    show('<p role="alert">Card declined</p>')
    const { assistant, last } = start()
    await assistant.suggest()
    expect(last()?.errors).toEqual(['Card declined'])
    assistant.navigate('/cart')
    history.pushState(null, '', '/checkout')
    await assistant.suggest()
    expect(last()).toMatchObject({ route: '/checkout', recentRoutes: ['/cart', new URL(address).pathname] })
  })

  test('the way is kept on the device with consent, and with nothing less', async () => {
    const { assistant } = start()
    await assistant.suggest()
    assistant.navigate('/cart')
    expect(kept()).toEqual([])
    assistant.update({ consent: 'granted' })
    expect(kept()).toHaveLength(1)
    assistant.navigate('/pay')

    assistant.destroy()
    const next = start({ consent: 'granted' })
    await next.assistant.suggest()
    expect(next.last()?.recentRoutes?.slice(0, 2)).toEqual(['/pay', '/cart'])

    next.assistant.update({ consent: 'denied' })
    expect(kept()).toEqual([])
    await next.assistant.suggest()
    expect(next.last()?.recentRoutes?.slice(0, 2)).toEqual(['/pay', '/cart'])
  })

  test('one user’s way is no other’s to see', async () => {
    const { assistant, last } = start({ consent: 'granted', visitor: { id: 'anna' } })
    await assistant.suggest()
    assistant.navigate('/salary')
    assistant.navigate('/pay')
    assistant.identify({ id: 'ben' })
    await assistant.suggest()
    expect(last()).not.toHaveProperty('recentRoutes')
    assistant.navigate('/cart')
    await assistant.logout()
    await assistant.suggest()
    expect(last()).not.toHaveProperty('recentRoutes')
    expect(kept().join()).not.toContain('pay')
  })
})
