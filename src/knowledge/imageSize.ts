// How large a picture is, from the first bytes of its file. Build time; pure. A page that knows it keeps the place
// free, so that nothing moves under the reader's eyes when the picture comes.
// Refuses to guess: what it cannot read for certain has no size.

export interface ImageSize {
  /** CSS pixels, as a browser shows it: turned pictures (EXIF) are measured after the turn. */
  readonly w: number
  readonly h: number
}

/** The size of a PNG, JPEG, GIF, WebP, AVIF or SVG, told by its content and not by its name; null when it cannot be read. */
export function imageSize(content: Uint8Array): ImageSize | null {
  const view = new DataView(content.buffer, content.byteOffset, content.byteLength)
  try {
    const size = rasterSize(view) ?? svgSize(content)
    return size && size.w > 0 && size.h > 0 && size.w < 100_000 && size.h < 100_000 ? size : null
  } catch {
    // Read past the end: cut off, or something else altogether.
    return null
  }
}

function rasterSize(view: DataView): ImageSize | null {
  if (view.getUint32(0) === 0x89504e47) return { w: view.getUint32(16), h: view.getUint32(20) }
  if (word(view, 0, 3) === 'GIF') return { w: view.getUint16(6, true), h: view.getUint16(8, true) }
  if (view.getUint16(0) === 0xffd8) return jpegSize(view)
  if (word(view, 0, 4) === 'RIFF' && word(view, 8, 4) === 'WEBP') return webpSize(view)
  if (word(view, 4, 4) === 'ftyp' && /^(?:avif|avis|mif1)$/.test(word(view, 8, 4))) return avifSize(view)
  return null
}

function word(view: DataView, at: number, length: number): string {
  let text = ''
  for (let i = 0; i < length; i++) text += String.fromCharCode(view.getUint8(at + i))
  return text
}

/** Segment by segment to the frame header; on the way the EXIF one, which may say that the picture is turned. */
function jpegSize(view: DataView): ImageSize | null {
  let isTurned = false
  for (let at = 2; view.getUint8(at) === 0xff; ) {
    const marker = view.getUint8(at + 1)
    if (marker === 0xff) {
      at++
      continue
    }
    if (marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)) {
      const h = view.getUint16(at + 5)
      const w = view.getUint16(at + 7)
      return isTurned ? { w: h, h: w } : { w, h }
    }
    if (marker === 0xda || marker === 0xd9) return null
    if (marker === 0xe1 && word(view, at + 4, 4) === 'Exif') isTurned = exifOrientation(view, at + 10) >= 5
    at += 2 + view.getUint16(at + 2)
  }
  return null
}

/** 1 … 8, from a TIFF header at `start`; from 5 on width and height are exchanged. */
function exifOrientation(view: DataView, start: number): number {
  const little = view.getUint16(start) === 0x4949
  const entries = start + view.getUint32(start + 4, little)
  for (let i = 0; i < view.getUint16(entries, little); i++) {
    const entry = entries + 2 + i * 12
    if (view.getUint16(entry, little) === 0x0112) return view.getUint16(entry + 8, little)
  }
  return 1
}

function webpSize(view: DataView): ImageSize | null {
  const kind = word(view, 12, 4)
  const three = (at: number) => view.getUint16(at, true) + view.getUint8(at + 2) * 65_536
  if (kind === 'VP8X') return { w: three(24) + 1, h: three(27) + 1 }
  if (kind === 'VP8 ') return { w: view.getUint16(26, true) & 0x3fff, h: view.getUint16(28, true) & 0x3fff }
  if (kind !== 'VP8L') return null
  const bits = view.getUint32(21, true)
  return { w: (bits & 0x3fff) + 1, h: ((bits >>> 14) & 0x3fff) + 1 }
}

/** The largest of the sizes in its boxes: the others are tiles and thumbnails. A turn (`irot`) exchanges the sides. */
function avifSize(view: DataView): ImageSize | null {
  let size: ImageSize = { w: 0, h: 0 }
  let isTurned = false
  // Boxes lie in the first kilobytes; what looks like one further on is picture.
  const end = Math.min(view.byteLength - 16, 8_192)
  for (let at = 4; at < end; at++) {
    if (view.getUint8(at) !== 0x69) continue
    const name = word(view, at, 4)
    if (name === 'ispe') {
      const found = { w: view.getUint32(at + 8), h: view.getUint32(at + 12) }
      if (found.w * found.h > size.w * size.h) size = found
    } else if (name === 'irot') isTurned = (view.getUint8(at + 4) & 1) === 1
  }
  return isTurned ? { w: size.h, h: size.w } : size
}

function svgSize(content: Uint8Array): ImageSize | null {
  const text = new TextDecoder().decode(content.subarray(0, 16_384)).replace(/<!--.*?-->/gs, '')
  const tag = /<svg\b(?:[^"'>]|"[^"]*"|'[^']*')*>/i.exec(text)?.[0]
  if (!tag) return null
  const attribute = (name: string) => new RegExp(`\\s${name}\\s*=\\s*["']([^"']*)["']`).exec(tag)?.[1] ?? ''
  const pixels = (name: string) => Number(/^\s*([\d.]+)(?:px)?\s*$/.exec(attribute(name))?.[1])
  const box = attribute('viewBox')
    .trim()
    .split(/[\s,]+/)
    .map(Number)
  const [, , boxW = Number.NaN, boxH = Number.NaN] = box
  const w = pixels('width')
  const h = pixels('height')
  if (w && h) return { w: Math.round(w), h: Math.round(h) }
  if (!(boxW > 0 && boxH > 0)) return null
  if (w) return { w: Math.round(w), h: Math.round((w * boxH) / boxW) }
  if (h) return { w: Math.round((h * boxW) / boxH), h: Math.round(h) }
  return { w: Math.round(boxW), h: Math.round(boxH) }
}
