// The four journeys and the desk's, by keyboard alone, on the built demo: where the keyboard stands after each act, and
// every sentence that a screen reader is given, in order. What is said beyond these is as wrong as what is missing.

import type { Browser } from 'playwright-core'
import { createAgent, createVisitor, type Role } from '../../../demo/people'
import type { Demo } from '../../../demo/site'
import { type KeyboardPerson, keyboardPerson } from './keyboard'

export interface JourneyFaults {
  /** The keyboard was not where it should be, or did not come where it had to. */
  readonly lost: readonly string[]
  /** Said and not expected, or expected and not said. */
  readonly speech: readonly string[]
  readonly sentences: number
}

/** One act: what is done, where the keyboard stands then, what is said. */
interface Act {
  readonly name: string
  act(): Promise<void>
  readonly at?: RegExp
  /** In this order. `maybe` ones may stay out. */
  readonly says?: readonly (RegExp | { readonly maybe: RegExp })[]
}

/** What follows by itself has followed by then. Milliseconds. */
const QUIET_MS = 700
const PATIENCE_MS = 10_000

export async function keyboardJourneys(browser: Browser, demo: Demo): Promise<JourneyFaults> {
  const lost: string[] = []
  const speech: string[] = []
  let sentences = 0

  const play = async (title: string, person: KeyboardPerson, acts: readonly Act[]) => {
    for (const { name, act, at, says = [] } of acts) {
      const where = `${title}, ${name}`
      try {
        await act()
      } catch (error) {
        lost.push(`${where}: ${(error as Error).message.split('\n')[0]}`)
        return
      }
      const said: string[] = []
      const wanted = says.filter(each => each instanceof RegExp).length
      const until = Date.now() + PATIENCE_MS
      while (said.length < wanted && Date.now() < until) {
        said.push(...(await person.heard()))
        await person.page.waitForTimeout(50)
      }
      await person.page.waitForTimeout(QUIET_MS)
      said.push(...(await person.heard()))
      sentences += said.length
      speech.push(...differing(says, said).map(wrong => `${where}: ${wrong}`))
      const now = await person.at()
      if (at && !at.test(now)) lost.push(`${where}: the keyboard is on “${now}”, not on ${at}`)
      console.log(`   ${where}: on “${now.slice(0, 50)}”${said.map(each => `\n        “${each}”`).join('')}`)
    }
  }
  const visitor = async (role: Role, route: string) => {
    const { page, close } = await createVisitor(browser, demo, role)
    const person = await keyboardPerson(page)
    await page.goto(`${demo.address}${route}`)
    await page.getByRole('button', { name: /^Help/ }).waitFor()
    return { ...person, close }
  }

  const reader = await visitor('freelancer', '/withdrawals')
  await play('page to panel, key to article', reader, [
    { name: 'to the button', act: () => reader.to(/^button Help/), at: /^button Help/ },
    { name: 'opened', act: () => reader.press('Enter'), at: /^combobox Search help/ },
    { name: 'typed', act: () => reader.type('paypal'), at: /^combobox/, says: [/^\d+ suggestions?$/] },
    { name: 'a row chosen', act: () => reader.press('ArrowDown'), at: /^combobox/ },
    { name: 'an article', act: () => reader.press('Enter'), at: /^h[1-4] .*PayPal/i },
    {
      name: 'it helped',
      act: async () => {
        await reader.to(/^button Yes$/)
        await reader.press('Enter')
      },
      says: [/Glad it helped/],
    },
    {
      name: 'back',
      act: async () => {
        await reader.to(/^button Back/, true)
        await reader.press('Enter')
      },
      at: /^combobox/,
      says: [/^\d+ suggestions?$/],
    },
    { name: 'cleared', act: () => reader.press('Escape'), at: /^combobox/ },
    { name: 'closed', act: () => reader.press('Escape'), at: /^button Help/ },
  ])
  await reader.close()

  const asker = await visitor('freelancer', '/withdrawals')
  await play('guided help, with a look at the account', asker, [
    opened(asker),
    {
      name: 'asked',
      act: () => asks(asker, 'where is my withdrawal'),
      at: /^textbox/,
      says: [{ maybe: /^\d+ suggestions?$/ }, /automatic assistant\): .*Which withdrawal/],
    },
    {
      name: 'the number',
      act: async () => {
        await asker.type('W-7522')
        await asker.press('Enter')
      },
      at: /^textbox/,
      says: [/I can look up where W-7522 is/, /^Allow this\? Look up this withdrawal/],
    },
    {
      name: 'allowed',
      act: async () => {
        await asker.to(/^button Allow/, true)
        await asker.press('Enter')
      },
      at: /^(log|textbox|button)/,
      says: [/W-7522 came back from your bank/, /^Options: /],
    },
    {
      name: 'that was all',
      act: async () => {
        await asker.to(/^button Yes/, true)
        await asker.press('Enter')
      },
      at: /^(log|textbox)/,
      says: [/Ask me anything else/],
    },
    { name: 'closed', act: () => asker.press('Escape'), at: /^button Help/ },
  ])
  await asker.close()

  const writer = await visitor('guest', '/')
  await play('a message for later', writer, [
    opened(writer),
    {
      name: 'asked for a person',
      act: async () => {
        await writer.to(/^button Talk to a person/)
        await writer.press('Enter')
      },
      at: /^(log|textbox|button)/,
      says: [/^Talk to a person .* Leave a message/],
    },
    {
      name: 'an address that is not whole',
      act: async () => {
        await writer.to(/^button Leave a message/, true)
        await writer.press('Enter')
        await writer.to(/^(textbox|input) Your e-mail/)
        await writer.type('mara at')
        await writer.press('Enter')
      },
      at: /^(textbox|input) Your e-mail/,
      says: [/does not look complete/],
    },
    {
      name: 'the whole address',
      act: async () => {
        await writer.press('Control+a')
        await writer.type('mara@workmere.example')
        await writer.press('Enter')
      },
      at: /^(log|textbox)/,
      says: [/^Ticket #\d+ is open\. We answer to mara@workmere\.example\.$/],
    },
  ])
  await writer.close()

  const agent = await createAgent(browser, demo, 'Noor')
  const noor = await keyboardPerson(agent.page)
  await agent.page.reload()
  await agent.page.getByRole('navigation', { name: 'Conversations' }).waitFor()
  await noor.heard()
  const jonas = await visitor('client', '/payments')
  await play('question to person', jonas, [
    opened(jonas),
    {
      name: 'asked',
      act: () => asks(jonas, 'I was charged twice'),
      at: /^textbox Your message/,
      says: [
        { maybe: /^\d+ suggestions?$/ },
        { maybe: /^\d+ suggestions?$/ },
        { maybe: /^\d+ suggestions?$/ },
        /automatic assistant\): A problem with a payment/,
        /^Talk to a person .*Chat now, in this window, .* Leave a message/,
      ],
    },
    {
      name: 'a person chosen',
      act: async () => {
        await jonas.to(/^button Chat now/, true)
        await jonas.press('Enter')
      },
      says: [/^Waiting for a person$/, /^You are number 1 in the queue\. /],
    },
  ])
  await play('the desk takes it', noor, [
    {
      name: 'the row',
      act: async () => {
        await noor.to(/charged twice/)
        await noor.press('Enter')
      },
      at: /^h2 Jonas/,
      says: [/^Jonas Adeyemi is waiting\.$/],
    },
    {
      name: 'claimed',
      act: async () => {
        await noor.to(/^button Claim/)
        await noor.press('Enter')
      },
      at: /^textbox Your reply/,
      says: [/^Noor joined$/],
    },
    {
      name: 'replied',
      act: async () => {
        await noor.type('Hello, I look.')
        await noor.press('Control+Enter')
      },
      at: /^textbox Your reply/,
    },
  ])
  await play('live', jonas, [
    {
      name: 'somebody came and wrote',
      act: async () => {},
      says: [/Noor joined/, /Noor, support: Hello, I look\./],
    },
    {
      name: 'answered',
      act: async () => {
        await jonas.to(/^textbox/)
        await jonas.type('Thank you')
        await jonas.press('Enter')
      },
      at: /^textbox/,
    },
  ])
  await play('the desk hears and ends', noor, [
    { name: 'words came', act: async () => {}, at: /^textbox Your reply/, says: [/Jonas.*Thank you/] },
    {
      name: 'to be ended',
      act: async () => {
        await noor.to(/^button End/, true)
        await noor.press('Enter')
      },
    },
    {
      name: 'ended',
      act: async () => {
        await noor.to(/^button Yes, end/)
        await noor.press('Enter')
      },
      at: /^h2 Jonas/,
      says: [/^Noor ended the conversation$/],
    },
  ])
  await play('afterwards', jonas, [
    { name: 'ended', act: async () => {}, says: [/Noor ended the conversation/, /How was it\?/] },
    {
      name: 'rated',
      act: async () => {
        await jonas.to(/^radio/)
        await jonas.press('ArrowRight')
        await jonas.press('Enter')
      },
      says: [/^Thank you\. Your answer is saved\.$/],
    },
  ])
  await jonas.close()
  await agent.close()
  return { lost, speech, sentences }
}

const opened = (person: KeyboardPerson): Act => ({
  name: 'opened',
  act: async () => {
    await person.to(/^button Help/)
    await person.press('Enter')
  },
  at: /^combobox/,
})

async function asks(person: KeyboardPerson, words: string): Promise<void> {
  await person.type(words)
  await person.to(/^(button|option) Ask:/)
  await person.press('Enter')
}

/** Where what was said differs from what should be. */
function differing(wanted: NonNullable<Act['says']>, said: readonly string[]): readonly string[] {
  const wrong: string[] = []
  const rest = [...said]
  for (const each of wanted) {
    const sentence = each instanceof RegExp ? each : each.maybe
    const heard = rest[0]
    if (heard !== undefined && sentence.test(heard)) rest.shift()
    else if (each instanceof RegExp) {
      const later = rest.findIndex(other => sentence.test(other))
      if (later < 0) wrong.push(`nobody said ${sentence}`)
      else for (const extra of rest.splice(0, later + 1).slice(0, -1)) wrong.push(`“${extra}” was said too`)
    }
  }
  return [...wrong, ...rest.map(extra => `“${extra}” was said too`)]
}
