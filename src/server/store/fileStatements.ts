// The rows of files over SQL: one text for SQLite and Postgres. A file is `uploading`, then `ready`, then `used` by a
// message; `gone` from where its bytes are to be removed until they are, so that a crash in between leaves none behind;
// `late` when they were, and an upload that is still under way may bring them back.

import { randomBytes } from 'node:crypto'
import type { Kysely } from 'kysely'
import type { FileRows, StoredFile, UploadOutcome, UploadRequest } from './files'
import type { WriteOrder } from './groupCommit'
import type { Connection, Runner } from './statements'
import type { Tables } from './tables'

type FileRecord = Tables['asklet_attachments']

export interface FileRowsOptions {
  readonly db: Kysely<Tables>
  reads<T>(run: () => Promise<T>): Promise<T>
  write<T>(run: (on: Connection) => Promise<T>, order?: WriteOrder): Promise<T>
}

const KEY_NAME = 'fileKey'

export function createFileRows({ db, reads, write }: FileRowsOptions): FileRows {
  let key: string | null = null
  return {
    beginUpload: request => write(on => begin(on, request), { conversationId: request.conversationId }),

    finishUpload: ({ attachmentId, name, mediaType, bytes, width, height }) =>
      write(async on => {
        const done = await on
          .updateTable('asklet_attachments')
          .set({
            state: 'ready',
            name,
            media_type: mediaType,
            bytes,
            width: width ?? null,
            height: height ?? null,
          })
          .where('id', '=', attachmentId)
          .where('state', '=', 'uploading')
          .returning('id')
          .executeTakeFirst()
        return done !== undefined
      }),

    dropUpload: attachmentId =>
      write(async on => {
        await markGone(on)
          .where('id', '=', attachmentId)
          .where('state', 'in', ['uploading', 'ready'])
          .execute()
      }),

    files: (conversationId, attachmentIds) =>
      reads(async () => {
        if (attachmentIds.length === 0) return []
        const records = await db
          .selectFrom('asklet_attachments')
          .selectAll()
          .where('id', 'in', attachmentIds)
          .where('conversation_id', '=', conversationId)
          .where('state', 'in', ['ready', 'used'])
          .execute()
        return records.map(toFile)
      }),

    filesToRemove: (unsentBefore, limit, waitingBefore = 0) =>
      write(async on => {
        await markGone(on)
          .where('state', 'in', ['uploading', 'ready'])
          .where('at', '<', unsentBefore)
          .execute()
        const records = await on
          .selectFrom('asklet_attachments')
          .select('id')
          .where(({ eb, or, and }) =>
            or([
              eb('state', '=', 'gone'),
              and([eb('state', '=', 'late'), eb('at', '<', Math.trunc(waitingBefore))]),
            ]),
          )
          .limit(limit)
          .execute()
        return records.map(({ id }) => id)
      }),

    forgetFiles: (attachmentIds, begunBefore) =>
      write(async on => {
        if (attachmentIds.length === 0) return
        await on
          .deleteFrom('asklet_attachments')
          .where('id', 'in', attachmentIds)
          .where('state', 'in', ['gone', 'late'])
          .$if(begunBefore !== undefined, query => query.where('at', '<', Math.trunc(begunBefore ?? 0)))
          .execute()
        if (begunBefore === undefined) return
        await on
          .updateTable('asklet_attachments')
          .set({ state: 'late' })
          .where('id', 'in', attachmentIds)
          .where('state', '=', 'gone')
          .execute()
      }),

    async fileKey() {
      key ??= await write(async on => {
        await on
          .insertInto('asklet_meta')
          .values({ key: KEY_NAME, value: randomBytes(32).toString('base64url') })
          .onConflict(c => c.doNothing())
          .execute()
        const row = await on
          .selectFrom('asklet_meta')
          .select('value')
          .where('key', '=', KEY_NAME)
          .executeTakeFirstOrThrow()
        return row.value
      })
      return key
    },
  }
}

async function begin(on: Connection, request: UploadRequest): Promise<UploadOutcome> {
  const { attachmentId, conversationId, sender, uploadId } = request
  const there = await on
    .selectFrom('asklet_attachments')
    .selectAll()
    .where('conversation_id', '=', conversationId)
    .where('sender', '=', sender)
    .where('upload_id', '=', uploadId)
    .executeTakeFirst()
  if (there && there.state !== 'uploading') return { state: 'known', file: toFile(there) }
  const counts = await on
    .selectFrom('asklet_attachments')
    .select(['state', ({ fn }) => fn.countAll().as('count')])
    .where('conversation_id', '=', conversationId)
    .where('state', 'in', ['uploading', 'ready', 'used'])
    .groupBy('state')
    .execute()
  const count = (isCounted: (state: string) => boolean) =>
    counts.reduce((sum, row) => sum + (isCounted(row.state) ? Number(row.count) : 0), there ? -1 : 0)
  if (count(state => state !== 'used') >= request.mostUnsent || count(() => true) >= request.most)
    return { state: 'tooMany' }
  if (there) await markGone(on).where('id', '=', there.id).execute()
  await on
    .insertInto('asklet_attachments')
    .values({
      id: attachmentId,
      conversation_id: conversationId,
      sender,
      upload_id: uploadId,
      name: '',
      media_type: '',
      bytes: 0,
      width: null,
      height: null,
      at: Math.trunc(request.at),
      state: 'uploading',
    })
    .execute()
  return { state: 'begun', replaced: there?.id ?? null }
}

/** What it was called goes at once, and its key is free again. */
function markGone(on: Connection) {
  return on
    .updateTable('asklet_attachments')
    .set(({ ref }) => ({ state: 'gone', name: '', upload_id: ref('id') }))
}

/** S11, S28: all of a conversation's. */
export async function eraseFiles(on: Connection, conversationId: string): Promise<void> {
  await markGone(on).where('conversation_id', '=', conversationId).execute()
}

/** By id, whole ones only; locked until the commit where there are several writers. */
export async function readFiles(
  on: Runner,
  db: Kysely<Tables>,
  attachmentIds: readonly string[],
  locksRows: boolean,
): Promise<Map<string, StoredFile>> {
  const query = db
    .selectFrom('asklet_attachments')
    .selectAll()
    .where('id', 'in', attachmentIds)
    .where('state', 'in', ['ready', 'used'])
  const { rows } = await on.executeQuery<FileRecord>(
    (locksRows ? query.orderBy('id').forUpdate() : query).compile(),
  )
  return new Map(rows.map(record => [record.id, toFile(record)]))
}

export async function takeFiles(
  on: Runner,
  db: Kysely<Tables>,
  attachmentIds: readonly string[],
): Promise<void> {
  await on.executeQuery(
    db.updateTable('asklet_attachments').set({ state: 'used' }).where('id', 'in', attachmentIds).compile(),
  )
}

function toFile(record: FileRecord): StoredFile {
  return {
    attachment: {
      attachmentId: record.id,
      name: record.name,
      mediaType: record.media_type,
      bytes: Number(record.bytes),
      ...(record.width !== null && { width: Number(record.width) }),
      ...(record.height !== null && { height: Number(record.height) }),
    },
    conversationId: record.conversation_id,
    sender: record.sender,
    state: record.state === 'used' ? 'used' : 'ready',
  }
}
