// The rules of `HelpDeskStore` about files (S26 to S29), as cases of the store's contract.

import type { Attachment } from '../../protocol/attachments'
import type { UploadRequest } from '../../server/store/files'
import type { AppendOutcome, HelpDeskStore, NewEvent } from '../../server/store/helpDeskStore'
import { type ContractCase, expectEqual, expectTrue } from './contractCase'
import type { StoreUnderTest } from './storeContract'

interface Tools {
  caseOf(title: string, run: (made: StoreUnderTest) => Promise<void>): ContractCase
  open(store: HelpDeskStore, openId?: string): Promise<{ row: { readonly conversationId: string } }>
  append(
    store: HelpDeskStore,
    conversationId: string,
    drafts: readonly NewEvent[],
    change?: object,
  ): Promise<AppendOutcome>
}

const photo = (attachmentId: string, change: Partial<Attachment> = {}): Attachment => ({
  attachmentId,
  name: 'photo.png',
  mediaType: 'image/png',
  bytes: 1_234,
  width: 40,
  height: 30,
  ...change,
})

const showing = (clientId: string, attachments: readonly Attachment[], sender = 'visitor'): NewEvent => ({
  sender,
  clientId,
  author: { kind: 'visitor' },
  body: { type: 'message', text: 'photo.png', format: 'plain', attachments },
})

export function storeFilesCases({ caseOf, open, append }: Tools): readonly ContractCase[] {
  const request = (
    conversationId: string,
    attachmentId: string,
    change: Partial<UploadRequest> = {},
  ): UploadRequest => ({
    attachmentId,
    conversationId,
    sender: 'visitor',
    uploadId: `upload-of-${attachmentId}`,
    at: 5_000,
    mostUnsent: 20,
    most: 200,
    ...change,
  })

  async function uploaded(store: HelpDeskStore, conversationId: string, id: string, sender = 'visitor') {
    await store.beginUpload(request(conversationId, id, { sender }))
    await store.finishUpload(photo(id))
    return photo(id)
  }

  const BAD = { ok: false, code: 'bad_request' }

  return [
    caseOf(
      '[S26] the same upload again finds the finished file, and replaces an unfinished one',
      async made => {
        const { store } = made
        const { row } = await open(store)
        const id = row.conversationId
        const same = { uploadId: 'upload-0001' }
        expectEqual(
          await store.beginUpload(request(id, 'file-0001', same)),
          { state: 'begun', replaced: null },
          'the first try',
        )
        expectEqual(
          await store.beginUpload(request(id, 'file-0002', same)),
          { state: 'begun', replaced: 'file-0001' },
          'the second try, after a lost line',
        )
        expectEqual(await store.finishUpload(photo('file-0001')), false, 'the replaced one does not finish')
        expectEqual(await store.finishUpload(photo('file-0002')), true, 'the second one finishes')
        const file = {
          attachment: photo('file-0002'),
          conversationId: id,
          sender: 'visitor',
          state: 'ready',
        }
        const later = made.reopen ? await made.reopen() : store
        expectEqual(
          await later.beginUpload(request(id, 'file-0003', same)),
          { state: 'known', file },
          'the third try, after a lost answer',
        )
        const other = request(id, 'file-0004', { ...same, sender: 'agent:ada' })
        expectEqual((await later.beginUpload(other)).state, 'begun', "another sender's key is another file")
        expectEqual(await later.files(id, ['file-0001', 'file-0002', 'file-0004']), [file], 'what is whole')
        expectEqual(await later.files('nowhere-at-all', ['file-0002']), [], 'files of another conversation')
        expectEqual(await later.finishUpload(photo('file-0002', { bytes: 1 })), false, 'what is whole stays')
      },
    ),

    caseOf('[S26] no more files than the caller allows', async ({ store }) => {
      const { row } = await open(store)
      const id = row.conversationId
      const ask = (name: string, change: Partial<UploadRequest>) =>
        store.beginUpload(request(id, name, change))
      await uploaded(store, id, 'file-0001')
      await append(store, id, [showing('key-0001', [photo('file-0001')])])
      await uploaded(store, id, 'file-0002')
      expectEqual((await ask('file-0003', { mostUnsent: 1 })).state, 'tooMany', 'one that is unsent')
      expectEqual((await ask('file-0003', { mostUnsent: 2, most: 2 })).state, 'tooMany', 'two in all')
      expectEqual((await ask('file-0003', { mostUnsent: 2, most: 3 })).state, 'begun', 'with room')
      const again = { uploadId: 'upload-of-file-0003', mostUnsent: 2, most: 3 }
      expectEqual((await ask('file-0004', again)).state, 'begun', 'what is replaced makes room')
      expectEqual(
        (await ask('file-0009', { uploadId: 'upload-of-file-0002', mostUnsent: 0 })).state,
        'known',
        'what is there is found, however many there are',
      )
    }),

    caseOf('[S27] a message takes files of its own sender and conversation, once', async ({ store }) => {
      const [one, two] = [await open(store), await open(store, 'open-0002')]
      const [here, there] = [one.row.conversationId, two.row.conversationId]
      const mine = await uploaded(store, here, 'file-0001')
      const also = await uploaded(store, here, 'file-0002')
      const agents = await uploaded(store, here, 'file-0003', 'agent:ada')
      const elsewhere = await uploaded(store, there, 'file-0004')
      await store.beginUpload(request(here, 'file-0005'))
      const wrong: readonly (readonly [string, readonly Attachment[]])[] = [
        ["the agent's file", [agents]],
        ['a file of another conversation', [elsewhere]],
        ['a file that is not whole', [photo('file-0005')]],
        ['a file that is none', [photo('file-9999')]],
        ['one file twice', [mine, mine]],
        ['a good one beside a wrong one', [mine, agents]],
        ['another name', [{ ...mine, name: 'photo.exe' }]],
        ['another type', [{ ...mine, mediaType: 'text/html' }]],
        ['another size', [{ ...mine, bytes: 1 }]],
        ['other sides', [{ ...mine, width: 9_999 }]],
      ]
      for (const [what, files] of wrong)
        expectEqual(await append(store, here, [showing('key-wrong', files)]), BAD, what)
      expectEqual(
        await append(store, here, [showing('key-0001', [mine]), showing('key-0002', [mine])]),
        BAD,
        'two messages of one append',
      )
      const both = showing('key-0003', [mine, also])
      const sent = await append(store, here, [both])
      expectEqual(sent.ok && sent.results[0]?.seq, 2, 'nothing of the refused ones was stored')
      expectEqual(await append(store, here, [showing('key-0004', [also])]), BAD, 'a file that a message has')
      const again = await append(store, here, [both])
      expectEqual(again.ok && again.results[0]?.dup, true, 'the same message again is no other message')
      expectEqual(
        (await store.files(here, ['file-0001', 'file-0002'])).map(({ state }) => state),
        ['used', 'used'],
        'states',
      )
      await store.dropUpload('file-0001')
      expectEqual((await store.files(here, ['file-0001'])).length, 1, 'what a message has is not dropped')
    }),

    caseOf('[S27] of two messages at once that name one file, one is stored', async ({ store, another }) => {
      const other = another ? await another() : store
      const { row } = await open(store)
      const id = row.conversationId
      for (let round = 0; round < 5; round++) {
        const file = await uploaded(store, id, `file-100${round}`)
        const outcomes = await Promise.all([
          append(store, id, [showing(`key-a-000${round}`, [file])]),
          append(other, id, [showing(`key-b-000${round}`, [file])]),
        ])
        expectEqual(outcomes.filter(({ ok }) => ok).length, 1, `round ${round}`)
      }
    }),

    caseOf(
      '[S28] erasing, dropping and time name the bytes to be removed until they are',
      async ({ store }) => {
        const [one, two] = [await open(store), await open(store, 'open-0002')]
        const [erased, kept] = [one.row.conversationId, two.row.conversationId]
        const sent = await uploaded(store, erased, 'file-0001')
        await append(store, erased, [showing('key-0001', [sent])])
        await uploaded(store, erased, 'file-0002')
        const stays = await uploaded(store, kept, 'file-0003')
        await append(store, kept, [showing('key-0001', [stays])])
        await uploaded(store, kept, 'file-0004')
        await store.beginUpload(request(kept, 'file-0005', { at: 4_000 }))
        expectEqual(await store.filesToRemove(4_000, 10), [], 'nothing is due')
        await store.erase(erased, 9_000)
        expectEqual(await store.files(erased, ['file-0001', 'file-0002']), [], 'nobody reads them')
        expectEqual(
          [...(await store.filesToRemove(5_000, 10))].sort(),
          ['file-0001', 'file-0002', 'file-0005'],
          'due',
        )
        expectEqual(
          await append(store, kept, [showing('key-0002', [photo('file-0005')])]),
          BAD,
          'what is due is in no message any more',
        )
        await store.forgetFiles(['file-0001', 'file-0002', 'file-0003'])
        expectEqual(await store.filesToRemove(5_000, 10), ['file-0005'], 'what is left')
        await store.forgetFiles(['file-0005'], 4_000)
        expectEqual(await store.filesToRemove(5_000, 10), [], 'an upload that may still be under way waits')
        expectEqual(await store.filesToRemove(5_000, 10, 4_000), [], 'until its time')
        expectEqual(await store.filesToRemove(5_000, 10, 4_001), ['file-0005'], 'and is named once more')
        await store.forgetFiles(['file-0005'], 4_001)
        expectEqual(await store.filesToRemove(5_000, 10, 9_000), [], 'and then forgotten')
        await store.dropUpload('file-0004')
        expectEqual((await store.filesToRemove(5_000, 1)).length, 1, 'no more than asked for')
        expectEqual(
          (await store.files(kept, ['file-0003'])).length,
          1,
          'a file that a message has is not forgotten',
        )
      },
    ),

    caseOf('[S29] the key of addresses is made once', async made => {
      const key = await made.store.fileKey()
      expectTrue(key.length >= 43, 'a key has 256 bits')
      if (made.another) expectEqual(await (await made.another()).fileKey(), key, 'another node')
      if (made.reopen) expectEqual(await (await made.reopen()).fileKey(), key, 'after reopening')
    }),
  ]
}
