// The bytes of files in a folder of this machine, or one that several nodes share. A file is written under a name of
// its own, brought to the disk, and then renamed: there is never half of one under its key. Follows no link. Leaves
// some of the disk to others: the database may lie on it.

import { constants } from 'node:fs'
import { type FileHandle, mkdir, open, readdir, rename, stat, statfs, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { secureRandomId } from '../../base/environment'
import { type AttachmentStore, bytesUnavailable, checkKey, exactly } from './attachmentStore'

/** What a crash left half written is removed once it is as old as this. */
const FORGET_HALF_MS = 60 * 60_000
const HALF = '.half'
/** Left free, bytes, and as a part of a small disk: a database on it goes on, and somebody has time to look. */
const RESERVE_BYTES = 500_000_000
const RESERVE_PART = 0.05
/** Windows knows no such flag. */
const NO_FOLLOW = constants.O_NOFOLLOW ?? 0

export interface DiskRoom {
  /** Bytes, of those that this user may write. */
  readonly free: number
  readonly all: number
}

/**
 * @param folder  made when absent, for this user alone
 * @param roomOf  of the disk that it is on; null: nobody can say
 */
export function folderAttachments(
  folder: string,
  roomOf: (folder: string) => Promise<DiskRoom | null> = diskRoom,
): AttachmentStore {
  let ready: Promise<void> | null = null

  /** Once it worked; a folder that cannot be made is tried again by the next file. */
  function isReady(): Promise<void> {
    ready ??= prepare(folder).catch(error => {
      ready = null
      throw bytesUnavailable(`use the folder ${folder}`, error)
    })
    return ready
  }

  return {
    async put(key, content, bytes) {
      checkKey(key)
      await isReady()
      const half = join(folder, `${key}.${secureRandomId()}${HALF}`)
      let contentFailed = false
      try {
        const file = await open(half, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, 0o600)
        try {
          const iterator = exactly(content, bytes)[Symbol.asyncIterator]()
          for (;;) {
            const next = await iterator.next().catch((error: unknown) => {
              contentFailed = true
              throw error
            })
            if (next.done) break
            await writeAll(file, next.value)
          }
          await file.sync()
        } finally {
          await file.close()
        }
        await rename(half, join(folder, key))
        await syncFolder(folder)
      } catch (error) {
        await unlink(half).catch(() => {})
        throw contentFailed ? error : bytesUnavailable('keep an attachment', error)
      }
    },

    async hasRoomFor(bytes) {
      await isReady()
      const room = await roomOf(folder)
      return room === null || room.free - bytes >= Math.min(RESERVE_BYTES, room.all * RESERVE_PART)
    },

    async get(key) {
      checkKey(key)
      let file: FileHandle
      try {
        file = await open(join(folder, key), constants.O_RDONLY | NO_FOLLOW)
      } catch (error) {
        if (isNothing(error)) return null
        throw bytesUnavailable('read an attachment', error)
      }
      try {
        const found = await file.stat()
        if (found.isFile())
          return { bytes: found.size, content: file.createReadStream({ highWaterMark: 65_536 }) }
      } catch (error) {
        await file.close()
        throw bytesUnavailable('read an attachment', error)
      }
      await file.close()
      return null
    },

    async remove(key) {
      checkKey(key)
      try {
        await unlink(join(folder, key))
      } catch (error) {
        if (!isNothing(error)) throw bytesUnavailable('remove an attachment', error)
      }
    },
  }
}

async function diskRoom(folder: string): Promise<DiskRoom | null> {
  try {
    const { bavail, blocks, bsize } = await statfs(folder)
    // Some file systems of other machines and of browsers say nothing, as zeros.
    return blocks > 0 ? { free: bavail * bsize, all: blocks * bsize } : null
  } catch {
    return null
  }
}

async function prepare(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  for (const name of await readdir(folder)) {
    if (!name.endsWith(HALF)) continue
    const path = join(folder, name)
    const { mtimeMs } = await stat(path).catch(() => ({ mtimeMs: Date.now() }))
    if (Date.now() - mtimeMs > FORGET_HALF_MS) await unlink(path).catch(() => {})
  }
}

async function writeAll(file: FileHandle, chunk: Uint8Array): Promise<void> {
  let from = 0
  while (from < chunk.byteLength) from += (await file.write(chunk, from)).bytesWritten
}

/** The new name is on the disk, too. Windows cannot do that, and need not. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, constants.O_RDONLY).catch(() => null)
  if (!handle) return
  await handle.sync().catch(() => {})
  await handle.close()
}

/** Not there, or a link, which is none of ours. */
function isNothing(error: unknown): boolean {
  const { code } = Object(error) as { code?: unknown }
  return code === 'ENOENT' || code === 'ELOOP' || code === 'EMLINK'
}
