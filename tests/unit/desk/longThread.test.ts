import { afterEach, expect, test } from 'vitest'
import { createScene, type Scene } from './scene'

let scene: Scene
afterEach(() => scene.close())

test('a long conversation that was read is opened again without a word of it being marked anew', async () => {
  scene = await createScene()
  const first = await scene.desk()
  const mia = await scene.visitor('Mia')
  first.model.open(mia.conversationId)
  await scene.settle()
  await first.model.claim()
  await scene.settle()
  // More than two pages of a sync, and what was read said behind them.
  for (let n = 0; n < 260; n++) await mia.send({ type: 'message', text: `line ${n}`, format: 'plain' })
  await scene.settle(1_000)
  first.model.dispose()
  const before = await marksOf(mia)

  const again = await scene.desk()
  again.model.open(mia.conversationId)
  await scene.settle(2_000)

  expect(again.model.thread.value?.status).toBe('ready')
  expect(again.lines()).toHaveLength(261)
  expect(before.length).toBeGreaterThan(0)
  expect(await marksOf(mia)).toEqual(before)
})

async function marksOf(visitor: Awaited<ReturnType<Scene['visitor']>>): Promise<number[]> {
  const read: number[] = []
  for (let after = 0, epoch = ''; ; ) {
    const reply = await visitorSync(visitor, after, epoch)
    epoch = reply.epoch
    for (const event of reply.events) {
      after = event.seq
      if (event.body.type === 'marked' && event.author.kind === 'agent') read.push(event.body.read)
    }
    if (reply.events.length === 0) return read
  }
}

async function visitorSync(visitor: Awaited<ReturnType<Scene['visitor']>>, after: number, epoch: string) {
  const asked = visitor.transport.request('sync', {
    v: 1,
    conversationId: visitor.conversationId,
    after,
    epoch,
  } as never)
  await scene.settle()
  return (await asked) as unknown as {
    readonly epoch: string
    readonly events: readonly {
      readonly seq: number
      readonly author: { readonly kind: string }
      readonly body: { readonly type: string; readonly read: number }
    }[]
  }
}
