import { describe, expect, test } from 'vitest'
import { DEFAULT_TYPES } from '../../../../src/protocol/mediaTypes'
import { FileRefused, inspect, loadDetect } from '../../../../src/server/files/fileKind'
import { gif, jpeg, pdf, png } from '../../../support/pictures'

const detect = await loadDetect()
const rules = { detect, types: DEFAULT_TYPES, maxPixels: 40_000_000 }

async function* inParts(bytes: Uint8Array, size = 1_000) {
  for (let at = 0; at < bytes.byteLength; at += size) yield bytes.subarray(at, at + size)
}
/** What it is, once all of it has gone by; a refusal as its code. */
async function kindOf(bytes: Uint8Array | string, name = 'file', change: Partial<typeof rules> = {}) {
  const content = typeof bytes === 'string' ? Buffer.from(bytes) : bytes
  try {
    const { kind, content: rest } = await inspect(inParts(content), name, { ...rules, ...change })
    const seen: Uint8Array[] = []
    for await (const chunk of rest) seen.push(chunk)
    expect(Buffer.concat(seen).equals(content)).toBe(true)
    return kind
  } catch (error) {
    if (error instanceof FileRefused) return error.code
    throw error
  }
}

describe('[F4] a file is what its bytes are', () => {
  test.each([
    ['a PNG', png(), { mediaType: 'image/png', width: 4, height: 3 }],
    ['a GIF', gif(), { mediaType: 'image/gif', width: 4, height: 3 }],
    ['a JPEG', jpeg(), { mediaType: 'image/jpeg', width: 4, height: 3 }],
    ['a PDF', pdf(), { mediaType: 'application/pdf' }],
    ['a text', 'Hello.\nMy order is ten days late, and a < b.', { mediaType: 'text/plain' }],
    ['a text with colours', '\u001b[31merror\u001b[0m at line 3\n', { mediaType: 'text/plain' }],
    ['JSON', '{"order": "10293"}', { mediaType: 'text/plain' }],
    ['a text that begins as a picture does', 'BMW parts;price\n', { mediaType: 'text/plain' }],
    ['a text with a byte order mark', '\ufeffÜbersicht', { mediaType: 'text/plain' }],
  ])('%s is taken whatever it is called', async (_what, bytes, kind) => {
    expect(await kindOf(bytes, 'evil.exe')).toEqual(kind)
  })

  test('a table is a text that is called one', async () => {
    expect(await kindOf('a;b\n1;2\n', 'list.CSV')).toEqual({ mediaType: 'text/csv' })
    expect(await kindOf('a;b\n1;2\n', 'list.CSV', { types: ['text/plain'] })).toEqual({
      mediaType: 'text/plain',
    })
  })

  test('a JPEG is measured behind all that its camera says', async () => {
    const behind = { mediaType: 'image/jpeg', width: 4, height: 3 }
    expect(await kindOf(jpeg(4, 3, 400_000))).toEqual(behind)
    // Further behind than anybody looks, anything may stand.
    expect(await kindOf(jpeg(4, 3, 700_000))).toBe('unsupported_type')
  })

  test.each([
    ['SVG', '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'],
    ['HTML', '<!doctype html><script>alert(1)</script>'],
    ['HTML behind blanks', '\n\n   <html><body onload=alert(1)>'],
    ['XML', '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>'],
    ['a script in a text', 'Dear all\n<script>alert(1)</script>'],
    ['PHP', '<?php system($_GET["c"]);'],
    ['PHP in a text', 'GIF is a format <?= `id` ?>'],
    ['a shell script', '#!/bin/sh\nrm -rf /'],
    ['HTML that says PDF further on', '<html><!-- %PDF-1.4 --><script>alert(1)</script>'],
    ['a Windows program', Buffer.from('MZ\x90\0\x03\0\0\0\x04\0\0\0\xff\xff', 'latin1')],
    ['an ELF program', Buffer.from('\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0', 'latin1')],
    ['a ZIP', Buffer.from('PK\x03\x04\x14\0\0\0\x08\0aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', 'latin1')],
    ['a ZIP archive of nothing', Buffer.from(`PK\x05\x06${'\0'.repeat(18)}`, 'latin1')],
    ['UTF-16', Buffer.from('\ufeffhello', 'utf16le')],
    ['Latin-1', Buffer.from('Übersicht', 'latin1')],
    ['a text with a NUL', 'abc\0def'],
    ['RTF', '{\\rtf1\\ansi hello}'],
    ['noise', Buffer.from([0xde, 0xad, 0xbe, 0xef, 0x80, 0x81])],
    ['half a signature', png().subarray(0, 6)],
    ['a PNG without measures', png().subarray(0, 12)],
  ])('%s is not', async (_what, bytes) => expect(await kindOf(bytes, 'photo.png')).toBe('unsupported_type'))

  test('nothing is nothing', async () => expect(await kindOf('')).toBe('bad_request'))

  test('a text that is none further on is refused where it is read, however late', async () => {
    const long = Buffer.from('a harmless line\n'.repeat(20_000))
    expect(await kindOf(long)).toEqual({ mediaType: 'text/plain' })
    long[300_000] = 0
    expect(await kindOf(long)).toBe('unsupported_type')
    expect(await kindOf(Buffer.concat([Buffer.from('x'.repeat(10_000)), Buffer.from([0xc3])]))).toBe(
      'unsupported_type',
    )
  })

  test('a letter that two parts share is one', async () => {
    expect(await kindOf(Buffer.from(`${'x'.repeat(999)}Ü${'Ü'.repeat(6_000)}`))).toEqual({
      mediaType: 'text/plain',
    })
  })

  test('a picture that would fill the memory of who looks at it is too large, however few bytes it has', async () => {
    expect(await kindOf(png(60_000, 60_000))).toBe('too_large')
    expect(await kindOf(jpeg(60_000, 60_000))).toBe('too_large')
    expect(await kindOf(gif(60_000, 60_000))).toBe('too_large')
    expect(await kindOf(gif(1, 1, { width: 60_000, height: 60_000 }))).toBe('too_large')
    expect(await kindOf(png(0xffffffff, 0xffffffff))).toBe('unsupported_type')
    expect(await kindOf(png(6_000, 6_000))).toEqual({ mediaType: 'image/png', width: 6_000, height: 6_000 })
  })

  test('a GIF that is a script as well is a GIF', async () => {
    const both = Buffer.concat([gif(), Buffer.from('/*"*/;alert(1)//')])
    expect(await kindOf(both, 'evil.js')).toMatchObject({ mediaType: 'image/gif' })
  })

  test('what a site adds to the list is taken, what it leaves out is not', async () => {
    const zip = Buffer.from(`PK\x05\x06${'\0'.repeat(18)}`, 'latin1')
    expect(await kindOf(zip, 'a.zip', { types: ['application/zip'] })).toEqual({
      mediaType: 'application/zip',
    })
    expect(await kindOf(png(), 'a.png', { types: ['application/zip'] })).toBe('unsupported_type')
    expect(await kindOf('text', 'a.txt', { types: ['application/zip'] })).toBe('unsupported_type')
  })
})
