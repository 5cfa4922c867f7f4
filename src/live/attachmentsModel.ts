// Files on their way into a conversation, and the addresses of those that are in it (F1 to F12). One for each
// conversation with people; the visitor's panel and the desk drive the same. A chunk of its own.
//
// Owns what is chosen and not sent: while the line is away it waits, on a reload it keeps what the server has whole and
// says of the rest that it must be chosen again. Refuses to send anything by itself: whoever writes the message takes
// what is ready.

import { computed, signal } from '@preact/signals-core'
import { reconnectWaitMs, resendWaitMs } from '../base/backoff'
import type { Environment, Undo } from '../base/environment'
import type { SafeStorage } from '../base/safeStorage'
import type { ReadonlySignal } from '../base/signal'
import {
  type AcceptedFiles,
  type Attachment,
  MAX_ATTACHMENTS,
  MAX_URLS,
  UNSENT_MS,
} from '../protocol/attachments'
import type { FileUrls, Reply, UploadReply } from '../protocol/wire'
import type { NoAnswer } from './liveTransport'
import { isAttachment, isCount, isString, list, shape } from './readEvents'
import { watchWakeups } from './wakeups'

/** Why a file is not on its way: text key `file.failed.<reason>`. */
export type FileTrouble =
  | 'tooLarge'
  | 'tooManyPixels'
  | 'type'
  | 'empty'
  | 'tooMany'
  | 'closed'
  /** The line is away; tried again when it is back. */
  | 'offline'
  /** The page was left before the server had it. */
  | 'chooseAgain'
  | 'refused'

export interface UploadItem {
  readonly key: string
  /** As the device calls it; once `ready`, as all see it. */
  readonly name: string
  readonly bytes: number
  readonly state: 'uploading' | 'ready' | 'failed' | 'canceled'
  /** 0 … 1. */
  readonly progress: number
  readonly trouble: FileTrouble | null
  /** The same file may be tried again. */
  readonly canRetry: boolean
  /** The picture itself, for a small view; null for what is none. */
  readonly preview: Blob | null
  readonly attachment: Attachment | null
}

export interface AttachmentsModel {
  /** Null: nothing can be put into the conversation now, or that is not known yet. */
  readonly accepts: ReadonlySignal<AcceptedFiles | null>
  /** For the `accept` of a file input. */
  readonly accept: ReadonlySignal<string>
  readonly items: ReadonlySignal<readonly UploadItem[]>
  readonly isUploading: ReadonlySignal<boolean>
  readonly ready: ReadonlySignal<readonly Attachment[]>
  /** Absolute addresses by attachmentId, for as long as a view of them may take. */
  readonly urls: ReadonlySignal<ReadonlyMap<string, string>>

  add(files: Iterable<File>): void
  cancel(key: string): void
  retry(key: string): void
  remove(key: string): void
  /** What is ready is the caller's to send, and no longer here. */
  take(): readonly Attachment[]
  /** What was taken and not sent after all: ready as before, behind what is here. */
  giveBack(attachments: readonly Attachment[]): void
  /** Of what was taken the server would not hear: by name, to be chosen again. */
  lose?(attachments: readonly Attachment[]): void
  /** These are shown: their addresses come in `urls`. */
  want(attachmentIds: readonly string[]): void
  /** An address that holds for some minutes; null when there is none to be had. */
  fresh(attachmentId: string): Promise<string | null>
  /**
   * Asks again what is accepted: the conversation moved on. `missed`: only what was asked and not answered, for the
   * line is back.
   */
  refresh(what?: 'missed'): void
  /** The conversation is let go of: nothing of it stays in the tab. */
  forget(): void
  dispose(): void
}

/** One file as a request. The body goes as it is, so that the browser streams it from the disk. */
export interface FileRequest {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: File
  readonly withCookie: boolean
  progress(sent: number): void
}

export interface AttachmentsDeps {
  readonly environment: Environment
  readonly conversationId: string
  /** Whose choice this is, where one tab serves several people one after the other. Default: nobody's in particular. */
  readonly owner?: string
  /** `https://help.example/asklet/v1/`. */
  readonly base: string
  /** Below `base`. */
  readonly path: 'upload' | 'desk/upload'
  readonly withCookie: boolean
  /** What proves who sends, anew each time. */
  headers(): Promise<Record<string, string>>
  fileUrls(attachmentIds: readonly string[]): Promise<Reply<FileUrls> | NoAnswer>
  /** Of the tab: what was chosen outlives a reload here. */
  readonly tab: SafeStorage
  /** Default: an XMLHttpRequest, because no `fetch` tells how far it has come. Rejects without an answer. */
  readonly send?: (request: FileRequest) => { readonly answer: Promise<unknown>; abort(): void }
}

/** More would share one line, and each would come later. */
const AT_ONCE = 2
/** A line that flickers comes back by then; after that the person decides, or the line's return. */
const TRIES = 4
/** An address that nobody answered for is asked for anew within 2 s at first: pictures wait, words do not. */
const ASK_SLOWER = 3
/** An address is not shown any more when it ends so soon. Milliseconds. */
const SOON_MS = 60_000

/** A message that waits for a line has this much left of the server's hour, and so has a clock that goes wrong. */
const IN_GOOD_TIME_MS = 10 * 60_000

interface Chosen {
  readonly item: UploadItem
  readonly file: File | null
  readonly uploadId: string
  /** When its upload began, by this device's clock; 0: not yet. */
  readonly since: number
  readonly tries: number
  readonly stop: Undo | null
}

const isReply = shape({
  urls: list(shape({ attachmentId: isString, url: isString })),
  holdMs: isCount,
  accepts: value => value === null || shape({ types: list(isString, 100), maxBytes: isCount })(value),
})

export function createAttachmentsModel(deps: AttachmentsDeps): AttachmentsModel {
  const { environment, conversationId, owner = '', base, tab } = deps
  const accepts = signal<AcceptedFiles | null>(null)
  const chosen = signal<readonly Chosen[]>([])
  const items = computed(() => chosen.value.map(({ item }) => item))
  const urls = signal<ReadonlyMap<string, string>>(new Map())
  /** Until when each holds, by our own clock. */
  const holds = new Map<string, number>()
  const send = deps.send ?? byXhr(environment)
  let isDisposed = false

  // ---- what is chosen

  const keptKey = `files.${owner && `${owner}/`}${conversationId}`
  const keep = () => {
    const kept = chosen.value
      .filter(
        ({ item }) => item.state !== 'canceled' && (item.state !== 'failed' || item.trouble === 'offline'),
      )
      .map(({ since, item: { name, bytes, attachment } }) => ({ name, bytes, attachment, since }))
    tab.set(keptKey, kept.length ? JSON.stringify(kept) : null)
  }
  const recall = () => {
    let kept: unknown = null
    try {
      kept = JSON.parse(tab.get(keptKey) ?? 'null')
    } catch {}
    if (!list(shape({ name: isString, bytes: isCount }), MAX_ATTACHMENTS * 2)(kept)) return
    chosen.value = (kept as { name: string; bytes: number; attachment: unknown; since?: unknown }[]).map(
      ({ name, bytes, attachment, since }) =>
        fileless(
          name,
          bytes,
          isAttachment(attachment) ? (attachment as Attachment) : null,
          isCount(since) ? (since as number) : 0,
        ),
    )
    expire()
  }
  /** What this page has no file of: whole on the server, or to be chosen again. */
  const fileless = (name: string, bytes: number, attachment: Attachment | null, since: number): Chosen => ({
    file: null,
    uploadId: '',
    since,
    tries: 0,
    stop: null,
    item: {
      ...begun(environment.randomId(), name, bytes),
      ...(attachment
        ? { state: 'ready', progress: 1, attachment }
        : { state: 'failed', trouble: 'chooseAgain' }),
    },
  })

  /** By attachmentId, of what was ready here: when its upload began. */
  const begunAt = new Map<string, number>()
  let stopExpiry: Undo | undefined
  /** What is ready and about to be forgotten by the server is not: a message with it would be refused for good. */
  function expire() {
    stopExpiry?.()
    if (isDisposed) return
    const now = environment.now()
    // A clock that was set back must not make it last longer.
    const lasts = ({ since }: Chosen) => Math.min(since, now) + UNSENT_MS - IN_GOOD_TIME_MS - now
    const isReady = ({ item }: Chosen) => item.state === 'ready'
    if (chosen.value.some(one => isReady(one) && lasts(one) <= 0)) {
      chosen.value = chosen.value.map(one =>
        isReady(one) && lasts(one) <= 0
          ? {
              ...one,
              item: {
                ...one.item,
                state: 'failed',
                progress: 0,
                trouble: 'chooseAgain',
                canRetry: one.file !== null,
                attachment: null,
              },
            }
          : one,
      )
      keep()
    }
    const next = Math.min(...chosen.value.filter(isReady).map(lasts))
    if (Number.isFinite(next)) stopExpiry = environment.after(next, expire)
  }

  const change = (key: string, how: (one: Chosen) => Chosen | null) => {
    if (isDisposed) return
    chosen.value = chosen.value.flatMap(one => {
      const next = one.item.key === key ? how(one) : one
      return next ? [next] : []
    })
  }
  const set = (key: string, item: Partial<UploadItem>, more: Partial<Omit<Chosen, 'item'>> = {}) =>
    change(key, one => ({ ...one, ...more, item: { ...one.item, ...item } }))
  const fail = (key: string, trouble: FileTrouble, canRetry: boolean) => {
    set(key, { state: 'failed', progress: 0, trouble, canRetry }, { stop: null })
    keep()
    pump()
  }

  function pump() {
    if (isDisposed) return
    const running = chosen.value.filter(({ stop }) => stop !== null).length
    const next = chosen.value.filter(({ item, stop }) => item.state === 'uploading' && stop === null)
    for (const one of next.slice(0, Math.max(0, AT_ONCE - running))) start(one)
  }

  function start({ item: { key, name, bytes }, file, uploadId: known, since }: Chosen) {
    if (!file) return
    let isStopped = false
    let abort = () => {}
    const stop = () => {
      isStopped = true
      abort()
    }
    // Tried again under the same id it is still of its first try; an old id may be forgotten at any moment.
    const isOld = since > 0 && environment.now() - since > UNSENT_MS - IN_GOOD_TIME_MS
    const uploadId = isOld ? environment.randomId() : known
    set(key, {}, { stop, uploadId, since: isOld || since === 0 ? environment.now() : since })
    const query = new URLSearchParams({ conversation: conversationId, name })
    deps
      .headers()
      .then(headers => {
        if (isStopped) throw new Error('stopped')
        const sent = send({
          url: `${base}${deps.path}?${query}`,
          headers: { ...headers, 'x-asklet-upload': uploadId },
          body: file,
          withCookie: deps.withCookie,
          // All sent is not yet all stored.
          progress: count => set(key, { progress: Math.min(0.99, count / Math.max(1, bytes)) }),
        })
        abort = sent.abort
        return sent.answer
      })
      .then(
        answer => !isStopped && answered(key, answer),
        () => !isStopped && unanswered(key),
      )
  }

  function answered(key: string, answer: unknown) {
    const reply = answer as Partial<UploadReply & { attachment: unknown }> | null
    if (reply?.ok === true && isAttachment(reply.attachment)) {
      const attachment = reply.attachment as Attachment
      set(key, { state: 'ready', progress: 1, name: attachment.name, attachment }, { stop: null })
      keep()
      expire()
      return pump()
    }
    const code = reply?.ok === false ? reply.code : null
    if (code === 'unsupported_type') return fail(key, 'type', false)
    if (code === 'closed' || code === 'stale_assignment' || code === 'forbidden')
      return fail(key, 'closed', true)
    if (code === 'too_large') {
      const one = chosen.value.find(({ item }) => item.key === key)
      const isLong = (one?.item.bytes ?? 0) > (accepts.value?.maxBytes ?? 0)
      return fail(key, isLong ? 'tooLarge' : 'tooManyPixels', false)
    }
    if (code === 'rate_limited') return fail(key, 'tooMany', true)
    if (code === 'bad_request' || code === 'not_found') return fail(key, 'refused', false)
    // Nobody knows: a page of somebody else's, a server on its way down, a late token.
    unanswered(key)
  }

  /** The same id again: what the server has whole by now is found, and not sent twice. */
  function unanswered(key: string) {
    const one = chosen.value.find(({ item }) => item.key === key)
    if (!one) return
    const tries = one.tries + 1
    if (tries >= TRIES) return fail(key, 'offline', true)
    const wait = environment.after(reconnectWaitMs(tries, true, environment.random()) + 500, () => {
      set(key, {}, { stop: null })
      pump()
    })
    set(key, { progress: 0 }, { tries, stop: wait })
  }

  const remove = (key: string) => {
    change(key, one => {
      one.stop?.()
      return null
    })
    keep()
    pump()
  }

  function troubleOf(file: File, already: number): FileTrouble | null {
    const { types, maxBytes } = accepts.value ?? { types: [], maxBytes: 0 }
    if (already >= MAX_ATTACHMENTS) return 'tooMany'
    if (file.size === 0) return 'empty'
    if (file.size > maxBytes) return 'tooLarge'
    // By its name only, and only what can be known by that: the server looks at what is in it.
    return isSurelyOther(file.type, types) ? 'type' : null
  }

  // ---- addresses

  const missing = new Set<string>()
  /** What is accepted is not known, or was asked before the conversation moved on. */
  let isUnasked = true
  let failures = 0
  let stopWaiting: Undo | undefined
  let asking: Promise<void> | null = null
  const isHeld = (attachmentId: string) => (holds.get(attachmentId) ?? 0) - SOON_MS > environment.now()

  function ask(): Promise<void> {
    stopWaiting?.()
    asking ??= (async () => {
      // What is asked for in one turn goes together.
      await Promise.resolve()
      const ids = [...missing].slice(0, MAX_URLS)
      for (const id of ids) missing.delete(id)
      isUnasked = false
      const reply = await deps.fileUrls(ids).catch(() => null)
      asking = null
      if (isDisposed) return
      if (reply?.ok && isReply(reply)) {
        failures = 0
        accepts.value = reply.accepts
        const next = new Map(urls.value)
        for (const { attachmentId, url } of reply.urls) {
          // Below our own server, whatever it says.
          if (!/^file\/[\w-]+\?[\w=&%.-]+$/.test(url)) continue
          next.set(attachmentId, base + url)
          holds.set(attachmentId, environment.now() + reply.holdMs)
        }
        urls.value = next
        if (isUnasked || missing.size) await ask()
      } else if (!reply || reply.ok || reply.retry || reply.code === 'unauthenticated') {
        // Nobody knows, or not with this token: without another try the files stay dead and cannot be chosen.
        for (const id of ids) missing.add(id)
        isUnasked = true
        const after = reply?.ok === false ? reply.after : undefined
        const wait = resendWaitMs(ASK_SLOWER + failures++, environment.random())
        stopWaiting = environment.after(after ?? 500 + wait, () => void ask())
      }
    })()
    return asking
  }
  const askMissed = () => {
    if (!asking && (isUnasked || missing.size)) void ask()
  }

  recall()
  const stopWatching = watchWakeups(environment, () => {
    for (const { item } of chosen.value) if (item.trouble === 'offline') again(item.key)
    askMissed()
    expire()
  })
  const again = (key: string) => {
    set(key, { state: 'uploading', trouble: null, canRetry: false, progress: 0 }, { tries: 0 })
    keep()
    pump()
  }
  function dispose() {
    isDisposed = true
    stopWatching()
    stopWaiting?.()
    stopExpiry?.()
    for (const { stop } of chosen.value) stop?.()
  }
  void ask()

  return {
    accepts,
    accept: computed(() => {
      const { types = [] } = accepts.value ?? {}
      return [...types, ...(types.includes('text/plain') ? ['.txt', '.log', '.md', '.json'] : [])].join()
    }),
    items,
    isUploading: computed(() => items.value.some(({ state }) => state === 'uploading')),
    ready: computed(() =>
      items.value.flatMap(({ state, attachment }) => (state === 'ready' && attachment ? [attachment] : [])),
    ),
    urls,

    add(files) {
      const added: Chosen[] = []
      for (const file of files) {
        const count = [...chosen.value, ...added].filter(
          ({ item: { state } }) => state === 'uploading' || state === 'ready',
        ).length
        if (added.length > MAX_ATTACHMENTS) break
        const trouble = troubleOf(file, count)
        const isPicture = /^image\/(?!svg)/.test(file.type)
        added.push({
          file,
          uploadId: environment.randomId(),
          since: 0,
          tries: 0,
          stop: null,
          item: {
            ...begun(environment.randomId(), file.name || 'file', file.size),
            preview: !trouble && isPicture ? file : null,
            ...(trouble && { state: 'failed', trouble }),
          },
        })
      }
      chosen.value = [...chosen.value, ...added]
      keep()
      pump()
    },
    cancel(key) {
      change(key, one => {
        if (one.item.state !== 'uploading') return one
        one.stop?.()
        return { ...one, stop: null, item: { ...one.item, state: 'canceled', progress: 0, canRetry: true } }
      })
      keep()
      pump()
    },
    retry: again,
    remove,
    take() {
      expire()
      const taken = chosen.value.filter(({ item }) => item.state === 'ready').slice(0, MAX_ATTACHMENTS)
      chosen.value = chosen.value.filter(one => !taken.includes(one))
      keep()
      for (const { item, since } of taken)
        if (item.attachment) begunAt.set(item.attachment.attachmentId, since)
      return taken.flatMap(({ item: { attachment } }) => attachment ?? [])
    },
    giveBack(attachments) {
      const sinceOf = ({ attachmentId }: Attachment) => begunAt.get(attachmentId) ?? environment.now()
      chosen.value = [
        ...chosen.value,
        ...attachments.map(each => fileless(each.name, each.bytes, each, sinceOf(each))),
      ]
      keep()
      expire()
    },
    lose(attachments) {
      chosen.value = [
        ...chosen.value,
        ...attachments.map(({ name, bytes }) => fileless(name, bytes, null, 0)),
      ]
      keep()
    },
    want(attachmentIds) {
      const unknown = attachmentIds.filter(id => !isHeld(id))
      if (!unknown.length) return
      for (const id of unknown) missing.add(id)
      void ask()
    },
    async fresh(attachmentId) {
      if (!isHeld(attachmentId)) {
        missing.add(attachmentId)
        await ask()
      }
      return isHeld(attachmentId) ? (urls.value.get(attachmentId) ?? null) : null
    },
    refresh(what) {
      if (what === 'missed') return askMissed()
      // Under way already: that answer is of before.
      isUnasked = true
      void ask()
    },
    forget() {
      dispose()
      tab.set(keptKey, null)
    },
    dispose,
  }
}

const begun = (key: string, name: string, bytes: number): UploadItem => ({
  key,
  name,
  bytes,
  state: 'uploading',
  progress: 0,
  trouble: null,
  canRetry: false,
  preview: null,
  attachment: null,
})

/** What a system says of a file by its ending may be wrong or nothing; this much is sure. */
function isSurelyOther(type: string, types: readonly string[]): boolean {
  if (types.includes(type)) return false
  return /^(?:image|audio|video|font)\/|html|xml|javascript|zip|x-ms|executable/.test(type)
}

function byXhr({ window: page }: Environment): NonNullable<AttachmentsDeps['send']> {
  return ({ url, headers, body, withCookie, progress }) => {
    if (!page) return { answer: Promise.reject(new Error('no page')), abort() {} }
    const request = new page.XMLHttpRequest()
    const answer = new Promise<unknown>((resolve, reject) => {
      request.onload = () => {
        try {
          resolve(JSON.parse(request.responseText))
        } catch (error) {
          reject(error)
        }
      }
      request.onerror = request.onabort = request.ontimeout = () => reject(new Error('no answer'))
    })
    request.open('POST', url)
    request.withCredentials = withCookie
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value)
    request.setRequestHeader('content-type', 'application/octet-stream')
    request.upload.onprogress = event => progress(event.loaded)
    request.send(body)
    return { answer, abort: () => request.abort() }
  }
}
