// What a file is called where it is shown and saved: a name that came from a stranger, made harmless. Pure. Nothing is
// stored under it. What cannot stay is replaced, never refused: nobody should lose a file for what it is called.

import { MAX_NAME_CHARS } from '../../protocol/attachments'
import { MEDIA_TYPES } from '../../protocol/mediaTypes'

/** Names of devices, which Windows opens instead of a file, whatever stands behind the dot. */
const DEVICE = /^(?:con|prn|aux|nul|conin\$|conout\$|clock\$|com[0-9¹²³]|lpt[0-9¹²³])$/i
/** Controls, what turns the direction of a line, what takes no room, halves of pairs, what is no character. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu
/** What a path, a shell, a drive or a stream of a file is made of; and a byte written as `%2e`, for who reads it twice. */
const MEANS_MORE = /[<>:"/\\|?*]|%(?=[\da-f]{2})/gi

/**
 * The name that is shown.
 *
 * @param given      as the sender's device says it, whatever that is
 * @param mediaType  of the content: the ending is one of its own
 * @returns 1 to `MAX_NAME_CHARS` UTF-16 units
 */
export function fileName(given: string, mediaType: string): string {
  const endings = MEDIA_TYPES[mediaType]?.endings ?? []
  const last = given.slice(0, 4_000).normalize('NFC').split(/[/\\]/).at(-1) ?? ''
  const plain = trimmed(last.replace(UNSEEN, '').replace(MEANS_MORE, '_').replace(/\s+/gu, ' '))
  const dot = plain.lastIndexOf('.')
  const said = plain.slice(dot + 1).toLowerCase()
  const fits = dot >= 0 && endings.includes(said)
  const ending = fits ? said : (endings[0] ?? 'bin')
  // `photo.jpg.exe` that is a picture becomes `photo_jpg_exe.jpg`: no ending but the last one is left to be believed.
  const stem = trimmed(fits ? plain.slice(0, dot) : plain.replaceAll('.', '_')) || 'file'
  const [first = ''] = stem.split('.', 1)
  const safe = DEVICE.test(first.trim()) ? `_${stem}` : stem
  return `${trimmed(beginning(safe, MAX_NAME_CHARS - ending.length - 1)) || 'file'}.${ending}`
}

/** The ending that a name says, lower case; '' for none. */
export function endingOf(given: string): string {
  return /\.([a-z\d]{1,10})\s*$/i.exec(given)?.[1]?.toLowerCase() ?? ''
}

/** RFC 6266: for browsers as they write it, and as plain letters for what is older. */
export function contentDisposition(kind: 'inline' | 'attachment', name: string): string {
  const plain = name.replace(/[^\w .()-]/g, '_')
  const exact = encodeURIComponent(name).replace(
    /['()*!]/g,
    letter => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`,
  )
  return `${kind}; filename="${plain}"; filename*=UTF-8''${exact}`
}

/** Dots and spaces at either end hide a file, or are dropped by Windows. */
const trimmed = (text: string): string => text.replace(/^[.\s]+|[.\s]+$/gu, '')

/** No letter is cut in two. */
function beginning(text: string, most: number): string {
  if (text.length <= most) return text
  let kept = ''
  for (const { segment } of new Intl.Segmenter('und').segment(text)) {
    if (kept.length + segment.length > most) break
    kept += segment
  }
  // One cluster of a thousand marks.
  return kept || text.slice(0, most).replace(/[\ud800-\udbff]$/, '')
}
