// Sending a file, with what goes wrong on the way: broken in the middle, the answer lost after it was stored, sent
// twice at once, and the conversation erased while it flows.

import type { Environment } from '../../../src/base/environment'
import type { SafeStorage } from '../../../src/base/safeStorage'
import type { AttachmentsDeps, AttachmentsModel } from '../../../src/live/attachmentsModel'
import { createAttachmentsModel } from '../../../src/live/attachmentsModel'
import type { Member } from '../../../src/server/membership'
import type { World } from './carrier'
import type { Office } from './office'

type Fate = 'whole' | 'broken' | 'answerLost' | 'twice' | 'erased'
const FATES: readonly Fate[] = ['whole', 'whole', 'whole', 'broken', 'answerLost', 'twice']

export interface FilesOf {
  readonly world: World
  readonly office: Office
  readonly environment: Environment
  readonly member: Member
  readonly tab: SafeStorage
  readonly conversationId: string
  readonly owner?: string
  fileUrls: AttachmentsDeps['fileUrls']
  /** False once everything works again. */
  isRough(): boolean
}

/** What is in a file of this name. */
export const contentOf = (name: string) => `the content of ${name}, which is some lines long\n`.repeat(3)

export function fileNamed(name: string): File {
  return new File([contentOf(name)], name, { type: 'text/plain' })
}

export function createFiles({
  world,
  office,
  environment,
  member,
  isRough,
  ...more
}: FilesOf): AttachmentsModel {
  const { chance, clock } = world
  const pause = (ms: number) => new Promise<void>(resolve => void clock.after(ms, resolve))

  async function* flowing(content: string, fate: Fate, conversationId: string) {
    const half = content.length >> 1
    yield Buffer.from(content.slice(0, half))
    await pause(chance.below(fate === 'whole' ? 20 : 400))
    if (fate === 'broken') throw new Error('the connection broke')
    if (fate === 'erased') await office.erase(conversationId)
    yield Buffer.from(content.slice(half))
  }

  return createAttachmentsModel({
    ...more,
    environment,
    base: 'https://help.test/asklet/v1/',
    path: member.kind === 'agent' ? 'desk/upload' : 'upload',
    withCookie: false,
    headers: async () => ({}),
    send({ url, headers, body }) {
      const query = new URL(url).searchParams
      const conversationId = query.get('conversation') ?? ''
      const uploadId = headers['x-asklet-upload'] ?? ''
      const fate: Fate = !isRough() ? 'whole' : chance.below(40) === 0 ? 'erased' : chance.pick(FATES)
      const once = () =>
        office.upload(member, {
          conversationId,
          uploadId,
          name: query.get('name') ?? '',
          bytes: body.size,
          content: flowing(contentOf(body.name), fate, conversationId),
        })
      const answer = (async () => {
        await pause(chance.below(20))
        if (fate === 'twice') once().catch(() => {})
        const reply = await once()
        if (fate === 'answerLost') throw new Error('no answer')
        return reply
      })()
      return { answer, abort() {} }
    },
  })
}
