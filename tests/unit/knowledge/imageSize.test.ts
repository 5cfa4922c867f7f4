import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { imageSize } from '../../../src/knowledge/imageSize'

const bytes = (...parts: (string | number[])[]) =>
  new Uint8Array(
    Buffer.concat(
      parts.map(part => (typeof part === 'string' ? Buffer.from(part, 'latin1') : Buffer.from(part))),
    ),
  )
const svg = (text: string) => imageSize(new TextEncoder().encode(text))

test('a PNG that is one', () => {
  expect(imageSize(readFileSync(join(import.meta.dirname, '../../fixtures/help/account/pixel.png')))).toEqual(
    { w: 1, h: 1 },
  )
})

test('GIF, the three kinds of WebP, AVIF', () => {
  expect(imageSize(bytes('GIF89a', [0x2c, 1, 0x58, 2, 0, 0]))).toEqual({ w: 300, h: 600 })
  const webp = (kind: string, ...rest: number[]) =>
    bytes('RIFF', [0, 0, 0, 0], 'WEBP', kind, [0, 0, 0, 0], rest)
  expect(imageSize(webp('VP8X', 0, 0, 0, 0, 0x2b, 1, 0, 0x57, 2, 0))).toEqual({ w: 300, h: 600 })
  expect(imageSize(webp('VP8 ', 0, 0, 0, 0x9d, 1, 0x2a, 0x2c, 1, 0x58, 2))).toEqual({ w: 300, h: 600 })
  // 14 bits of width - 1, then 14 of height - 1.
  const bits = 299 | (599 << 14)
  expect(
    imageSize(webp('VP8L', 0x2f, bits & 255, (bits >> 8) & 255, (bits >> 16) & 255, (bits >> 24) & 255)),
  ).toEqual({ w: 300, h: 600 })
  const ispe = (w: number, h: number) =>
    bytes([0, 0, 0, 20], 'ispe', [0, 0, 0, 0, 0, 0, w >> 8, w & 255, 0, 0, h >> 8, h & 255])
  const avif = (...boxes: Uint8Array[]) =>
    new Uint8Array(Buffer.concat([bytes([0, 0, 0, 24], 'ftypavif'), ...boxes, Buffer.alloc(40)]))
  // A tile, then the whole.
  expect(imageSize(avif(ispe(64, 64), ispe(300, 600)))).toEqual({ w: 300, h: 600 })
  expect(imageSize(avif(ispe(300, 600), bytes([0, 0, 0, 9], 'irot', [1])))).toEqual({ w: 600, h: 300 })
})

test('a JPEG, as it is shown: turned by what its EXIF says', () => {
  const frame = [0xff, 0xc2, 0, 17, 8, 2, 0x58, 1, 0x2c, 3]
  const exif = (orientation: number) =>
    bytes([0xff, 0xe1, 0, 34], 'Exif\0\0', 'MM', [
      0,
      42,
      0,
      0,
      0,
      8,
      0,
      1,
      1,
      0x12,
      0,
      3,
      0,
      0,
      0,
      1,
      0,
      orientation,
      0,
      0,
      0,
      0,
      0,
      0,
    ])
  const jpeg = (...parts: Uint8Array[]) =>
    new Uint8Array(Buffer.concat([bytes([0xff, 0xd8]), ...parts, Buffer.from(frame)]))
  expect(imageSize(jpeg(bytes([0xff, 0xdb, 0, 4, 0, 0])))).toEqual({ w: 300, h: 600 })
  expect(imageSize(jpeg(exif(1)))).toEqual({ w: 300, h: 600 })
  expect(imageSize(jpeg(exif(6)))).toEqual({ w: 600, h: 300 })
})

test('an SVG by its sides, or by its view', () => {
  expect(svg('<?xml version="1.0"?><!-- <svg width="1"> --><svg width="30px" height=\'60\'>')).toEqual({
    w: 30,
    h: 60,
  })
  expect(svg('<svg xmlns="x" viewBox="0 0 30.4 60">')).toEqual({ w: 30, h: 60 })
  expect(svg('<svg width="100%" viewBox="0,0,30,60">')).toEqual({ w: 30, h: 60 })
  expect(svg('<svg width="60" viewBox="0 0 30 60">')).toEqual({ w: 60, h: 120 })
  expect(svg('<svg width="100%" height="2em" stroke-width="3">')).toBeNull()
})

test('whatever it is given, it answers', () => {
  const starts = ['\x89PNG\r\n\x1a\n', 'GIF89a', '\xff\xd8', 'RIFF0000WEBPVP8X', '0000ftypavif', '<svg ']
  fc.assert(
    fc.property(fc.constantFrom('', ...starts), fc.uint8Array({ maxLength: 60 }), (start, rest) => {
      const size = imageSize(bytes(start, [...rest]))
      if (size) expect(size.w > 0 && size.h > 0).toBe(true)
    }),
  )
})
