// What a file is, by its bytes and by nothing that its sender says, and whether it is taken. Looks at a file while it
// flows by: the first kilobytes for its type, for a picture as many as its measures take, for a text all of it, for an
// archive as much as tells whether it is a document, and of a document the names of all parts.
// Which magic means what is file-type's knowledge, which unpacks the list of parts of a document and no more; nothing
// is unpacked or decoded here.

import type { ImageSize } from '../../knowledge/imageSize'
import { imageSize } from '../../knowledge/imageSize'
import { isPicture } from '../../protocol/mediaTypes'
import type { RefusalCode } from '../../protocol/wire'
import { optionalPackage } from '../optionalPackage'
import { endingOf } from './fileNames'
import { createOfficeCheck, OFFICE_TYPES } from './officeCheck'

export const FILE_TYPE_INSTALL = 'npm install file-type@21'

/** The media type that these first bytes are of; undefined: of none that has a magic. */
export type Detect = (head: Uint8Array) => Promise<string | undefined>

/** @throws AskletError `driver_missing` with the install line */
export async function loadDetect(): Promise<Detect> {
  const { fileTypeFromBuffer } = await optionalPackage(
    () => import('file-type'),
    'files in conversations need a package that is not installed',
    FILE_TYPE_INSTALL,
  )
  return async head => (await fileTypeFromBuffer(head))?.mime
}

export interface FileKind {
  readonly mediaType: string
  readonly width?: number
  readonly height?: number
}

/** Why a file is not taken. `message` is for developers. */
export class FileRefused extends Error {
  constructor(
    readonly code: Extract<RefusalCode, 'unsupported_type' | 'too_large' | 'bad_request'>,
    sentence: string,
  ) {
    super(sentence)
  }
}

export interface KindRules {
  readonly detect: Detect
  readonly types: readonly string[]
  readonly maxPixels: number
}

/** file-type looks at no more than this. */
const HEAD_BYTES = 8_320
/** Before the measures of a JPEG stand its profile, its thumbnail and what the camera says of itself. */
const MEASURES_WITHIN = 524_288
/** The list of a document's parts may stand behind them: some programs write it last. */
const DOCUMENT_WITHIN = 20_000_000
/** Measured again after so many more bytes. */
const MEASURE_EVERY = 32_768

/** What file-type tells apart and a browser does not. */
const SAME: Readonly<Record<string, string>> = {
  'image/apng': 'image/png',
  'image/heif': 'image/heic',
  'image/heic-sequence': 'image/heic',
  'image/heif-sequence': 'image/heic',
}
/** Two letters of magic: `BMW parts.csv` is no picture. Only for what is a text otherwise. */
const TWO_LETTERS: readonly string[] = ['image/bmp', 'application/x-msdownload']

/** Controls but tab, line breaks and form feed. Logs are coloured by the escape, which is taken out before. */
const NO_TEXT = /[^\P{Cc}\t\n\f\r]/u
/** What something that guesses would take for markup or a program. */
const MARKUP =
  /^\s*(?:<[a-z!/?%]|#!)|<(?:!doctype|html|head|body|script|svg|iframe|object|embed|\?xml|\?php|\?=|%)/i

/**
 * Reads as much as tells what it is.
 *
 * @param name  decides between kinds of text only
 * @returns what it is, and the whole content: it throws `FileRefused` where a text turns out to be none
 * @throws FileRefused
 */
export async function inspect(
  content: AsyncIterable<Uint8Array>,
  name: string,
  rules: KindRules,
): Promise<{ readonly kind: FileKind; readonly content: AsyncIterable<Uint8Array> }> {
  const iterator = content[Symbol.asyncIterator]()
  const chunks: Uint8Array[] = []
  let length = 0
  let isWhole = false
  const readTo = async (bytes: number) => {
    while (!isWhole && length < bytes) {
      const next = await iterator.next()
      if (next.done) isWhole = true
      else {
        chunks.push(next.value)
        length += next.value.byteLength
      }
    }
    return Buffer.concat(chunks)
  }

  let head = await readTo(HEAD_BYTES)
  if (length === 0) throw new FileRefused('bad_request', 'an empty file')
  const detect = () => rules.detect(head).catch(() => undefined)
  let found = await detect()
  if (rules.types.some(type => OFFICE_TYPES.includes(type)))
    while (found === 'application/zip' && !isWhole && length < DOCUMENT_WITHIN) {
      // Twice as much each time: all looks together read the file twice.
      head = await readTo(Math.min(length * 2, DOCUMENT_WITHIN))
      found = await detect()
    }
  const magic = found === undefined ? undefined : (SAME[found] ?? found)
  const text = createTextCheck()
  const isText = (magic === undefined || TWO_LETTERS.includes(magic)) && text.takes(head, isWhole)
  const mediaType = isText ? textType(name, rules.types) : magic
  if (mediaType === undefined || !rules.types.includes(mediaType))
    throw new FileRefused(
      'unsupported_type',
      `not among the types that are taken: ${mediaType ?? 'unknown bytes'}`,
    )

  const office = OFFICE_TYPES.includes(mediaType) ? createOfficeCheck() : null
  if (office && !office.takes(head)) throw withMacros()

  let size: ImageSize | null = null
  if (isPicture(mediaType)) {
    let bytes = head
    for (;;) {
      size = measure(bytes, mediaType)
      if (size || isWhole || length >= MEASURES_WITHIN) break
      bytes = await readTo(length + MEASURE_EVERY)
    }
    if (!size) throw new FileRefused('unsupported_type', 'a picture without measures')
    if (size.w * size.h > rules.maxPixels)
      throw new FileRefused('too_large', `pixels: ${size.w} x ${size.h} are more than ${rules.maxPixels}`)
  }

  async function* all(): AsyncIterable<Uint8Array> {
    yield* chunks
    while (!isWhole) {
      const next = await iterator.next()
      if (next.done) break
      if (isText && !text.takes(next.value, false)) throw notText()
      if (office && !office.takes(next.value)) throw withMacros()
      yield next.value
    }
    if (isText && !text.takes(new Uint8Array(), true)) throw notText()
  }
  return { kind: { mediaType, ...(size && { width: size.w, height: size.h }) }, content: all() }
}

const withMacros = () =>
  new FileRefused('unsupported_type', 'a document with macros, controls or programs in it')
const notText = () => new FileRefused('unsupported_type', 'a text that is none further on')

function textType(name: string, types: readonly string[]): string {
  return endingOf(name) === 'csv' && types.includes('text/csv') ? 'text/csv' : 'text/plain'
}

/** A text is UTF-8 without controls; what it begins with is no markup. */
function createTextCheck() {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  let isFirst = true
  return {
    /** The next bytes; false: not a text. */
    takes(bytes: Uint8Array, isLast: boolean): boolean {
      let text: string
      try {
        text = decoder.decode(bytes, { stream: !isLast })
      } catch {
        return false
      }
      const wasFirst = isFirst
      isFirst = false
      return !NO_TEXT.test(text.replaceAll('\u001b', '')) && !(wasFirst && MARKUP.test(text))
    },
  }
}

/** As a browser will make room for it. A GIF may hold a first frame that is larger than it says. */
function measure(bytes: Uint8Array, mediaType: string): ImageSize | null {
  const size = imageSize(bytes)
  if (!size || mediaType !== 'image/gif') return size
  const frame = firstFrame(bytes)
  return frame && { w: Math.max(size.w, frame.w), h: Math.max(size.h, frame.h) }
}

/** Block by block to the first picture of a GIF. */
function firstFrame(bytes: Uint8Array): ImageSize | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const word = (at: number) => view.getUint16(at, true)
  try {
    const flags = view.getUint8(10)
    let at = 13 + (flags & 0x80 ? 3 * 2 ** ((flags & 7) + 1) : 0)
    while (view.getUint8(at) === 0x21) {
      at += 2
      while (view.getUint8(at) > 0) at += 1 + view.getUint8(at)
      at++
    }
    return view.getUint8(at) === 0x2c
      ? { w: word(at + 1) + word(at + 5), h: word(at + 3) + word(at + 7) }
      : null
  } catch {
    return null
  }
}
