// The daily root: once a UTC day is over, all heads that moved come under one signed root. Owns the key and the time;
// what is signed is `journalChain`'s, that there is one is the store's (S34). A node that was down makes it later.

import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import type { Clock, Undo } from '../base/environment'
import { AskletError } from '../base/errors'
import { keyId } from './audit'
import type { Log } from './conversations'
import { type RootStatement, type SignedRoot, statementText, utcDay } from './journalChain'
import type { HelpDeskStore } from './store/helpDeskStore'

const DAY_MS = 24 * 60 * 60_000
/** A call that came before midnight is stored by then, on all nodes. */
const AFTER_MIDNIGHT_MS = 10 * 60_000
/** One small read where there is nothing to do. */
const LOOK_EVERY_MS = 10 * 60_000
/** Of looks that fail. */
const TELL_EVERY_MS = 60 * 60_000

export interface SealKey {
  readonly id: string
  /** SPKI in DER, base64. */
  readonly publicKey: string
  sign(statement: RootStatement): string
}

/** A new private key as PEM: for a file that nobody else can read. */
export function newSealKey(): string {
  const { privateKey } = generateKeyPairSync('ed25519')
  return privateKey.export({ format: 'pem', type: 'pkcs8' }).toString()
}

/** @throws AskletError `server_shape` for what is no Ed25519 key; never with the key in the sentence */
export function readSealKey(pem: string): SealKey {
  let key: KeyObject
  try {
    key = createPrivateKey(pem)
    if (key.asymmetricKeyType !== 'ed25519') throw new Error(`it is of the type ${key.asymmetricKeyType}`)
  } catch (error) {
    throw new AskletError(
      'server_shape',
      `the journal's key must be an Ed25519 private key as PEM, and cannot be read (${(error as Error).message}). Make one: openssl genpkey -algorithm ed25519`,
    )
  }
  const spki = createPublicKey(key).export({ format: 'der', type: 'spki' })
  return {
    id: keyId(spki),
    publicKey: spki.toString('base64'),
    sign: statement => sign(null, Buffer.from(statementText(statement)), key).toString('base64'),
  }
}

/** A root over all that moved until now, besides that of the day. Null: nothing did. */
export const sealNow = (store: HelpDeskStore, key: SealKey, now: number): Promise<SignedRoot | null> =>
  store.seal({ at: now, day: utcDay(now - DAY_MS), key, sign: key.sign })

/** Makes each day's root, from now on until undone. */
export function startSealing(store: HelpDeskStore, key: SealKey, clock: Clock, log: Log): Undo {
  let isStopped = false
  let toldAt = Number.NEGATIVE_INFINITY
  let stop: Undo = () => {}
  const look = async () => {
    const now = clock.now()
    try {
      const midnight = Math.floor((now - AFTER_MIDNIGHT_MS) / DAY_MS) * DAY_MS
      const day = utcDay(midnight - 1)
      const root = await store.seal({ at: now, day, ofBefore: midnight, key, sign: key.sign })
      if (root)
        log({ level: 'info', event: 'sealed', day, root: root.root, heads: root.heads, key: root.key })
    } catch (error) {
      // Another node may have made it in the same moment: the next look tells. What goes on is said, and no more often
      // than somebody reads.
      if (now - toldAt >= TELL_EVERY_MS) {
        toldAt = now
        const reason = error instanceof AskletError ? error.code : 'unknown'
        log({ level: 'warn', event: 'sealFailed', day: utcDay(now - DAY_MS), reason })
      }
    }
    if (!isStopped) stop = clock.after(LOOK_EVERY_MS, look)
  }
  stop = clock.after(0, look)
  return () => {
    isStopped = true
    stop()
  }
}
