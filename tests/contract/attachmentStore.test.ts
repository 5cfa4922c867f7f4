import { chmod, mkdir, mkdtemp, readdir, rm, symlink, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { folderAttachments } from '../../src/server/files/folderAttachments'
import { s3Attachments } from '../../src/server/files/s3Attachments'
import { attachmentStoreContract } from '../../src/testing/contracts/attachmentStoreContract'
import { startS3Bucket } from '../support/s3Bucket'

async function* one(text: string) {
  yield new TextEncoder().encode(text)
}
const KEY = 'attachment-0001'

describe('the contract of attachment stores in a folder', () => {
  const suite = attachmentStoreContract(async () => {
    const parent = await mkdtemp(join(tmpdir(), 'asklet-files-'))
    const folder = join(parent, 'files')
    return {
      store: folderAttachments(folder),
      reopen: async () => folderAttachments(folder),
      list: () => readdir(folder).catch(() => []),
      cleanUp: () => rm(parent, { recursive: true }),
    }
  })
  for (const { title, run } of suite) test(title, run)

  let folder: string
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'asklet-files-'))
  })
  afterEach(async () => {
    await rm(folder, { recursive: true })
  })

  test('leaves 500 MB of the disk to others, or a twentieth of a small one', async () => {
    const GB = 1_000_000_000
    const hasRoom = (free: number, all: number, bytes = 0) =>
      folderAttachments(folder, async () => ({ free, all })).hasRoomFor?.(bytes)
    expect(await hasRoom(0.5 * GB, 100 * GB)).toBe(true)
    expect(await hasRoom(0.5 * GB, 100 * GB, 1)).toBe(false)
    expect(await hasRoom(0.05 * GB, GB)).toBe(true)
    expect(await hasRoom(0.04 * GB, GB)).toBe(false)
    expect(await folderAttachments(folder, async () => null).hasRoomFor?.(GB)).toBe(true)
  })

  test('[B4] a link in the folder is followed neither to a file nor to a folder', async () => {
    await writeFile(join(folder, 'secret.txt'), 'of the machine')
    await mkdir(join(folder, 'sub'))
    await symlink(join(folder, 'secret.txt'), join(folder, KEY))
    await symlink(join(folder, 'sub'), join(folder, 'attachment-0002'))
    const store = folderAttachments(folder)
    expect(await store.get(KEY)).toBeNull()
    expect(await store.get('attachment-0002')).toBeNull()
    // Neither is it written through.
    await store.put(KEY, one('ours'), 4)
    const { content } = (await store.get(KEY)) ?? { content: one('nothing') }
    for await (const chunk of content) expect(new TextDecoder().decode(chunk)).toBe('ours')
    await store.remove('attachment-0002')
    expect((await readdir(folder)).sort()).toEqual([KEY, 'secret.txt', 'sub'])
  })

  test('[B2] what a crash left half written is removed an hour later', async () => {
    await writeFile(join(folder, `${KEY}.old.half`), 'half')
    await writeFile(join(folder, `${KEY}.new.half`), 'half')
    const before = new Date(Date.now() - 2 * 3_600_000)
    await utimes(join(folder, `${KEY}.old.half`), before, before)
    await folderAttachments(folder).put(KEY, one('whole'), 5)
    expect((await readdir(folder)).sort()).toEqual([KEY, `${KEY}.new.half`])
  })

  test('[B7] a folder that cannot be made is told with a sentence, and tried again by the next file', async () => {
    const place = join(folder, 'taken')
    await writeFile(place, 'a file where the folder should be')
    const store = folderAttachments(join(place, 'files'))
    await expect(store.put(KEY, one('x'), 1)).rejects.toThrow(/store_unavailable.*cannot use the folder/)
    await rm(place)
    await mkdir(place)
    await chmod(place, 0o700)
    await store.put(KEY, one('x'), 1)
  })
})

describe('the contract of attachment stores in S3', () => {
  const suite = attachmentStoreContract(async () => {
    const bucket = await startS3Bucket()
    const open = () => s3Attachments({ bucketUrl: bucket.url, ...bucket, prefix: 'help desk/' })
    return {
      store: await open(),
      reopen: open,
      list: async () => [...bucket.objects.keys()].map(key => key.replace('help%20desk/', '')),
      cleanUp: () => bucket.close(),
    }
  })
  for (const { title, run } of suite) test(title, run)

  test('[B7] a refusal, a wrong secret and silence are told, without the secret', async () => {
    const bucket = await startS3Bucket()
    const store = await s3Attachments({ bucketUrl: bucket.url, ...bucket, silentMs: 100 })
    bucket.failNext(503)
    await expect(store.put(KEY, one('x'), 1)).rejects.toThrow(/store_unavailable.*answered 503/)
    bucket.failNext(500)
    await expect(store.get(KEY)).rejects.toThrow(/answered 500/)
    const stranger = await s3Attachments({
      bucketUrl: bucket.url,
      ...bucket,
      secretAccessKey: 'another secret',
    })
    const error = await stranger.put(KEY, one('x'), 1).catch((refused: Error) => refused.message)
    expect(error).toMatch(/answered 403/)
    expect(error).not.toContain('another secret')
    expect(bucket.objects.size).toBe(0)
    bucket.silence()
    await expect(store.put(KEY, one('x'), 1)).rejects.toThrow(/nothing was heard for 100 ms/)
    await expect(store.get(KEY)).rejects.toThrow(/nothing was heard/)
    await bucket.close()
  })

  test('an address that is none of a bucket says what one looks like', async () => {
    const keys = { region: 'x', accessKeyId: 'x', secretAccessKey: 'x' }
    await expect(s3Attachments({ bucketUrl: 'bucket', ...keys })).rejects.toThrow(/like "https:\/\/minio/)
    const withSecret = s3Attachments({ bucketUrl: 'https://a:s3cr3t@b.example/', ...keys })
    await expect(withSecret).rejects.not.toThrow(/s3cr3t/)
  })
})
