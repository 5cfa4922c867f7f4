import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createLoopback, type Loopback } from '../../src/testing/loopback'
import { check } from './checker'
import { createAgent, createDevice, createScene, type Scene, type Tab, toPerson } from './scene'

const QUESTION = 'Where is my money?'

let loopback: Loopback
let scene: Scene
beforeEach(async () => {
  loopback = await createLoopback()
  scene = createScene(loopback)
})
afterEach(() => loopback.close())

const words = (tab: Tab) =>
  tab.conversation.items.value.map(item =>
    item.kind === 'message' ? `${item.author.kind}: ${item.text}` : `<${item.name}>`,
  )
const states = (tab: Tab) =>
  tab.conversation.items.value.flatMap(item => (item.kind === 'message' && item.state ? [item.state] : []))

describe('from the bot to a person', () => {
  test('while somebody sits at the desk the chat is what is recommended', async () => {
    createAgent(scene)
    const tab = createDevice(scene).open()
    await loopback.settle(1_000)
    await tab.say(QUESTION)
    tab.conversation.askForPerson()
    await loopback.settle(1_000)
    expect(tab.conversation.offer.value?.channels.find(each => each.recommended)?.channel).toBe('live')
  })

  test('[D21] [D22] [D23] the agent sees the bot’s turns in order with their seq, marked as the device’s, then the new words', async () => {
    const agent = createAgent(scene)
    const tab = createDevice(scene).open()
    await loopback.settle(1_000)
    await toPerson(scene, tab, QUESTION)
    expect(tab.conversation.phase.value).toBe('live')
    tab.say('Thank you for coming')
    await loopback.settle(1_000)
    const messages = agent.events().filter(event => event.body.type === 'message')
    expect(
      messages.map(({ seq, author, origin, body }) => [
        seq,
        author.kind,
        origin,
        body.type === 'message' && body.text,
      ]),
    ).toEqual([
      [2, 'visitor', 'device', 'Where is my money?'],
      [3, 'bot', 'device', 'bot: Where is my money?'],
      [expect.any(Number), 'visitor', undefined, 'Thank you for coming'],
    ])
    expect(agent.events()[0]?.body).toMatchObject({
      type: 'opened',
      brief: { reason: 'askedForPerson', turns: 2 },
    })
  })

  test('the agent is told the question, though a person was asked for before the bot had read it', async () => {
    const agent = createAgent(scene)
    const tab = createDevice(scene, { bot: { answer: () => new Promise(() => {}) } }).open()
    await loopback.settle(1_000)
    tab.conversation.send('Where is my money?')
    tab.conversation.askForPerson()
    await loopback.settle(1_000)
    tab.conversation.chooseChannel('live')
    await loopback.settle(1_000)
    expect(agent.events()[0]?.body).toMatchObject({
      type: 'opened',
      brief: { question: 'Where is my money?' },
    })
  })

  test('the machine says what it is first, and is silent once a person is asked for', async () => {
    createAgent(scene)
    const tab = createDevice(scene).open()
    await loopback.settle(1_000)
    expect(words(tab)).toEqual(['<botIntro>'])
    await toPerson(scene, tab, QUESTION)
    tab.say('are you there')
    await loopback.settle(1_000)
    expect(words(tab)).toEqual([
      '<botIntro>',
      'visitor: Where is my money?',
      'bot: bot: Where is my money?',
      '<queued>',
      '<agentJoined>',
      'visitor: are you there',
    ])
    expect(
      tab.conversation.items.value.find(item => item.kind === 'message' && item.author.kind === 'bot'),
    ).toMatchObject({ source: { kind: 'flow' } })
  })

  test('cards are masked on the way to a person, unless the visitor wants this one message whole', async () => {
    const agent = createAgent(scene)
    const tab = createDevice(scene).open()
    await loopback.settle(1_000)
    await toPerson(scene, tab, QUESTION)
    tab.conversation.send('my card is 4111 1111 1111 1111')
    tab.conversation.send('really: 4111 1111 1111 1111', { keepsAll: true })
    await loopback.settle(1_000)
    expect(agent.texts().slice(-2)).toEqual(['my card is [card 1111]', 'really: 4111 1111 1111 1111'])
    expect(words(tab).at(-2)).toBe('visitor: my card is [card 1111]')
  })

  test('two questions without an answer offer a person', async () => {
    createAgent(scene)
    const tab = createDevice(scene).open()
    await loopback.settle(1_000)
    await tab.say('a ?miss')
    await loopback.settle(1_000)
    expect(tab.conversation.phase.value).toBe('bot')
    await tab.say('b ?miss')
    await loopback.settle(1_000)
    expect(tab.conversation.phase.value).toBe('offered')
    expect(tab.conversation.offer.value?.reason).toBe('notSolvedTwice')
    tab.conversation.stayWithBot()
    expect(tab.conversation.phase.value).toBe('bot')
  })

  test('[D21] [D9] a reload at any moment of the handoff neither loses nor doubles a turn', async () => {
    for (let steps = 0; steps < 14; steps++) {
      const world = await createLoopback({ seed: steps + 1 })
      const here = createScene(world)
      const agent = createAgent(here)
      const device = createDevice(here, { diskMs: 5 })
      let tab = device.open()
      await world.settle(1_000)
      await tab.say('Where is my money?')
      await world.settle()
      tab.conversation.askForPerson()
      await world.settle(1_000)
      world.wire.faults({ delayMs: [10, 20] })
      tab.conversation.chooseChannel('live')
      tab.say('typed at once')
      await world.settle(steps * 8)
      tab = device.reload(tab)
      await world.settle(3_000)
      if (tab.conversation.phase.value === 'bot') {
        // Nothing had reached the disk: the visitor sees the bot as before, and asks again.
        expect(words(tab)).toContain('visitor: Where is my money?')
      } else {
        await world.settle(10_000)
        expect(agent.texts().filter(text => text !== 'typed at once')).toEqual([
          'Where is my money?',
          'bot: Where is my money?',
        ])
        expect(words(tab).filter(line => line.startsWith('visitor: Where'))).toHaveLength(1)
      }
      await world.close()
    }
  })
})

describe('nobody there', () => {
  test('a chat that nobody can take any more is offered again with a message recommended', async () => {
    const agent = createAgent(scene)
    const device = createDevice(scene)
    let tab = device.open()
    await loopback.settle(1_000)
    tab.say('hello')
    await loopback.settle()
    tab.conversation.askForPerson()
    await loopback.settle(1_000)
    // The last agent leaves between the offer and the choice.
    agent.leave()
    await loopback.settle(60_000)
    tab.conversation.chooseChannel('live')
    await loopback.settle(1_000)
    expect(words(tab).at(-1)).toBe('<nobodyNow>')
    expect(tab.conversation.phase.value).toBe('offered')
    expect(tab.conversation.offer.value?.channels.find(each => each.recommended)?.channel).toBe('ticket')
    tab = device.reload(tab)
    await loopback.settle(2_000)
    expect(tab.conversation.offer.value?.channels.find(each => each.recommended)?.channel).toBe('ticket')
    tab.conversation.chooseChannel('ticket', { email: 'ann@example.org' })
    await loopback.settle(1_000)
    expect(tab.conversation.phase.value).toBe('ticketed')
  })

  test('without an agent a ticket is recommended, opened, numbered, and survives a reload', async () => {
    const device = createDevice(scene)
    let tab = device.open()
    tab.say('hello')
    await loopback.settle(100)
    tab.conversation.askForPerson()
    await loopback.settle(1_000)
    const { channels } = tab.conversation.offer.value ?? { channels: [] }
    expect(channels.map(each => [each.channel, each.available, each.recommended, each.needsContact])).toEqual(
      [
        ['ticket', true, true, 'email'],
        ['live', false, false, null],
      ],
    )
    // Without an address the choice does not go through.
    await tab.conversation.chooseChannel('ticket')
    expect(tab.conversation.phase.value).toBe('offered')
    tab.conversation.chooseChannel('ticket', { email: 'ann@example.org' })
    await loopback.settle(1_000)
    expect(tab.conversation.phase.value).toBe('ticketed')
    const number = tab.conversation.ticket.value?.number
    expect(number).toBeGreaterThan(1_000)
    tab = device.reload(tab)
    await loopback.settle(1_000)
    expect(tab.conversation.ticket.value?.number).toBe(number)
    expect(words(tab).at(-1)).toBe('<ticketOpened>')
  })

  test('the visitor may end it, and asking again starts afresh with the bot', async () => {
    const tab = createDevice(scene).open()
    await tab.say('first')
    await loopback.settle(100)
    tab.conversation.askForPerson()
    await loopback.settle(1_000)
    tab.conversation.chooseChannel('ticket', { email: 'ann@example.org' })
    await loopback.settle(1_000)
    expect(tab.conversation.phase.value).toBe('ticketed')
    tab.conversation.end()
    await loopback.settle(1_000)
    expect(tab.conversation.phase.value).toBe('ended')
    tab.conversation.askAgain()
    expect([tab.conversation.phase.value, words(tab)]).toEqual(['bot', ['<botIntro>']])
  })

  test('[D23] leaving the queue goes back to the bot, whose turns go through the outbox from then on; a second handoff opens nothing new', async () => {
    const agent = createAgent(scene)
    agent.setBusy(true)
    const tab = createDevice(scene).open()
    await loopback.settle(1_000)
    await toPerson(scene, tab, QUESTION)
    expect(tab.conversation.phase.value).toBe('queued')
    expect(tab.conversation.place.value).toBe(1)
    tab.conversation.cancelWaiting()
    expect(tab.conversation.phase.value).toBe('bot')
    await loopback.settle(1_000)
    expect(tab.conversation.phase.value).toBe('bot')
    tab.say('second')
    await loopback.settle(1_000)
    expect(words(tab).slice(-2)).toEqual(['visitor: second', 'bot: bot: second'])
    tab.conversation.askForPerson()
    await loopback.settle(1_000)
    agent.setBusy(false)
    tab.conversation.chooseChannel('live')
    await loopback.settle(6_000)
    expect(tab.conversation.phase.value).toBe('live')
    expect(agent.texts()).toEqual(['Where is my money?', 'bot: Where is my money?', 'second', 'bot: second'])
    expect(agent.events().filter(({ body }) => body.type === 'opened')).toHaveLength(1)
  })
})

describe('states', () => {
  test('[D6] never sent before the ok; then delivered and read as the agent confirms', async () => {
    const agent = createAgent(scene)
    const tab = createDevice(scene).open()
    await loopback.settle(1_000)
    await toPerson(scene, tab, QUESTION)
    loopback.wire.hold()
    tab.say('hi')
    await loopback.settle()
    expect(states(tab)).toEqual(['sending'])
    loopback.wire.flow()
    await loopback.settle(1_000)
    expect(states(tab)).toEqual(['sent'])
    const head = agent.events().length
    agent.send({ type: 'marked', delivered: head, read: 0 })
    await loopback.settle(500)
    expect(states(tab)).toEqual(['delivered'])
    agent.send({ type: 'marked', delivered: head, read: head })
    await loopback.settle(500)
    expect(states(tab)).toEqual(['read'])
  })

  test('[D6] a resend after a lost ack does not post the question twice', async () => {
    const agent = createAgent(scene)
    const tab = createDevice(scene).open()
    await loopback.settle(1_000)
    await toPerson(scene, tab, QUESTION)
    loopback.wire.dropNextAck()
    tab.say('Where is my invoice?')
    await loopback.settle(20_000)
    expect(agent.texts().filter(text => text === 'Where is my invoice?')).toHaveLength(1)
    expect(states(tab)).toEqual(['sent'])
  })

  test('[D9] words typed between save and ack are there after a reload, and are sent once', async () => {
    const agent = createAgent(scene)
    const device = createDevice(scene)
    let tab = device.open()
    await loopback.settle(1_000)
    await toPerson(scene, tab, QUESTION)
    loopback.wire.cut()
    tab.say('typed in a tunnel')
    await loopback.settle(10)
    tab = device.reload(tab)
    await loopback.settle(10)
    expect(words(tab).at(-1)).toBe('visitor: typed in a tunnel')
    loopback.wire.restore()
    await loopback.settle(8_000)
    expect(agent.texts().filter(text => text === 'typed in a tunnel')).toHaveLength(1)
    expect(check(scene.history, agent.events())).toEqual([])
  })

  test('[D11] what lay for over 15 minutes is asked for first, and goes under its id when confirmed', async () => {
    const agent = createAgent(scene)
    const tab = createDevice(scene).open()
    await loopback.settle(1_000)
    await toPerson(scene, tab, QUESTION)
    loopback.wire.cut()
    tab.say('old news')
    await loopback.settle(16 * 60_000)
    loopback.wire.restore()
    await loopback.settle(10_000)
    expect(states(tab)).toEqual(['needsConfirm'])
    expect(agent.texts()).not.toContain('old news')
    const item = tab.conversation.items.value.find(
      each => each.kind === 'message' && each.text === 'old news',
    )
    tab.conversation.retry(item?.key ?? '')
    await loopback.settle(10_000)
    expect(agent.texts().filter(text => text === 'old news')).toHaveLength(1)
  })

  test('the visitor is told of a lost link after 2 s and not sooner', async () => {
    createAgent(scene)
    const tab = createDevice(scene).open()
    await loopback.settle(1_000)
    await toPerson(scene, tab, QUESTION)
    loopback.wire.cut()
    await loopback.settle(1_900)
    expect(tab.conversation.isCutOff.value).toBe(false)
    await loopback.settle(200)
    expect(tab.conversation.isCutOff.value).toBe(true)
    loopback.wire.restore()
    await loopback.settle(3_000)
    expect(tab.conversation.isCutOff.value).toBe(false)
  })

  test('unread counts what others said since it was looked at, and looking tells the agent', async () => {
    const agent = createAgent(scene)
    const tab = createDevice(scene).open()
    await loopback.settle(1_000)
    await toPerson(scene, tab, QUESTION)
    tab.conversation.seen()
    agent.say('one')
    agent.say('two')
    await loopback.settle(2_000)
    expect(tab.conversation.unread.value).toBe(2)
    tab.conversation.seen()
    expect(tab.conversation.unread.value).toBe(0)
    await loopback.settle(2_000)
    expect(
      agent
        .events()
        .flatMap(({ body }) => (body.type === 'marked' ? [body.read] : []))
        .at(-1),
    ).toBeGreaterThan(0)
  })
})

describe('[D17] tabs', () => {
  test('a message typed in a follower appears once in every tab and at the agent’s', async () => {
    const agent = createAgent(scene)
    const device = createDevice(scene)
    const first = device.open()
    await loopback.settle(1_000)
    await toPerson(scene, first, QUESTION)
    const second = device.open()
    await loopback.settle(1_000)
    expect(words(second).slice(-3)).toEqual(words(first).slice(-3))
    second.say('from the second tab')
    await loopback.settle(1_000)
    agent.say('seen')
    await loopback.settle(1_000)
    for (const tab of [first, second]) {
      expect(words(tab).filter(line => line === 'visitor: from the second tab')).toHaveLength(1)
      expect(words(tab).at(-1)).toBe('agent: seen')
    }
    expect(agent.texts().filter(text => text === 'from the second tab')).toHaveLength(1)
  })

  test('when the leader goes with a message on the wire, a follower takes over and it is there once', async () => {
    const agent = createAgent(scene)
    const device = createDevice(scene)
    const first = device.open()
    await loopback.settle(1_000)
    await toPerson(scene, first, QUESTION)
    const second = device.open()
    await loopback.settle(1_000)
    loopback.wire.dropNextAck()
    second.say('in between')
    await loopback.settle(5)
    device.close(first)
    await loopback.settle(10_000)
    expect(agent.texts().filter(text => text === 'in between')).toHaveLength(1)
    expect(states(second)).toEqual(['sent'])
  })
})
