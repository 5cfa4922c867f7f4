// Files of a conversation whose every step a script sets.

import { signal } from '@preact/signals'
import type { AttachmentsModel, UploadItem } from '../../../src/live/attachmentsModel'
import type { AcceptedFiles, Attachment } from '../../../src/protocol/attachments'

/** @param url  where every file is to be had */
export function scriptedFiles(url: string) {
  const signals = {
    accepts: signal<AcceptedFiles | null>({ types: ['image/png', 'application/pdf'], maxBytes: 10_000_000 }),
    accept: signal('image/png,application/pdf'),
    items: signal<readonly UploadItem[]>([]),
    isUploading: signal(false),
    ready: signal<readonly Attachment[]>([]),
    urls: signal<ReadonlyMap<string, string>>(new Map()),
  }
  const model: AttachmentsModel = {
    ...signals,
    add() {},
    cancel() {},
    retry() {},
    remove(key) {
      signals.items.value = signals.items.value.filter(each => each.key !== key)
    },
    take: () => [],
    giveBack() {},
    want(ids) {
      const known = signals.urls.value
      if (ids.every(id => known.has(id))) return
      signals.urls.value = new Map([...ids.map(id => [id, url] as const), ...known])
    },
    fresh: async () => url,
    refresh() {},
    forget() {},
    dispose() {},
  }
  return { ...signals, model }
}

/** A file on its way into a message. */
export function uploadOf(
  { attachmentId, name, bytes }: Attachment,
  change: Pick<UploadItem, 'state'> & Partial<UploadItem>,
): UploadItem {
  return {
    key: attachmentId,
    name,
    bytes,
    progress: 0,
    trouble: null,
    canRetry: false,
    preview: null,
    attachment: null,
    ...change,
  }
}
