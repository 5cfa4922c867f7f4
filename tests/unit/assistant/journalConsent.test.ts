// What the journal hands on when consent changes under way.
import { expect, test } from 'vitest'
import { assembleAssistant } from '../../../src/assistant/createAssistant'
import { checkOptions } from '../../../src/assistant/options'
import { createEnvironment } from '../../../src/base/environment'
import { watchRoute } from '../../../src/base/route'
import type { Consent } from '../../../src/context/consent'

function start(consent: Consent) {
  const due: (() => void)[] = []
  const sent: string[] = []
  const environment = {
    ...createEnvironment(),
    after: (_ms: number, task: () => void) => {
      due.push(task)
      return () => {}
    },
    fetch: (async (_address, init) => {
      sent.push(String(init?.body))
      return new Response('{}')
    }) as typeof fetch,
  }
  const assistant = assembleAssistant(
    {
      consent,
      config: { name: 'Help', journal: true, server: 'https://help.example' },
      search: {
        suggest: async () => [],
        passages: async () => [],
        article: async () => Promise.reject(new Error('none')),
      },
    },
    { environment, face: null, check: checkOptions, watchRoute },
  )
  const settle = async () => {
    for (let turn = 0; turn < 20; turn++) {
      for (const task of due.splice(0)) task()
      await new Promise(done => setTimeout(done, 5))
    }
  }
  return { assistant, sent, settle }
}

test('what was searched while consent was denied is never sent, not after a later yes either', async () => {
  const { assistant, sent, settle } = start('denied')
  assistant.search('divorce lawyer')
  await settle()
  assistant.update({ consent: 'granted' })
  await settle()
  assistant.search('invoice')
  await settle()
  expect(sent.join('\n')).toContain('invoice')
  expect(sent.join('\n')).not.toContain('divorce')
})

test('what was searched before a refusal is dropped with it', async () => {
  const { assistant, sent, settle } = start('pending')
  assistant.search('divorce lawyer')
  await settle()
  assistant.update({ consent: 'denied' })
  assistant.update({ consent: 'granted' })
  assistant.search('invoice')
  await settle()
  expect(sent.join('\n')).toContain('invoice')
  expect(sent.join('\n')).not.toContain('divorce')
})
