// Files of a visitor's conversation: the model over the visitor's own two proofs. The door of its chunk.

import type { Environment } from '../base/environment'
import type { SafeStorage } from '../base/safeStorage'
import { HTTP_PREFIX, PROTOCOL_VERSION } from '../protocol/version'
import { type AttachmentsModel, createAttachmentsModel } from './attachmentsModel'
import { readReply } from './readWire'

export interface VisitorFilesDeps {
  readonly environment: Environment
  /** Origin of the server; empty for the page's own. */
  readonly serverUrl: string
  readonly tab: SafeStorage
  readonly conversationId: string
  headers(): Promise<Record<string, string>>
}

/** By HTTP and not by the carrier: only one tab has that, and each shows files. */
export function createVisitorFiles(deps: VisitorFilesDeps): AttachmentsModel {
  const { environment, conversationId, headers } = deps
  const base = `${deps.serverUrl}${HTTP_PREFIX}/`
  return createAttachmentsModel({
    environment,
    conversationId,
    base,
    path: 'upload',
    withCookie: false,
    headers,
    tab: deps.tab,
    async fileUrls(attachmentIds) {
      const response = await environment.fetch(`${base}fileUrls`, {
        method: 'POST',
        headers: { ...(await headers()), 'content-type': 'application/json' },
        body: JSON.stringify({ v: PROTOCOL_VERSION, conversationId, attachmentIds }),
        credentials: 'omit',
        cache: 'no-store',
      })
      return readReply('fileUrls', await response.json())
    },
  })
}
