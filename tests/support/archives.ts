// ZIP archives and office documents made by the byte: parts, and the list of them.

import { deflateRawSync } from 'node:zlib'

export type Part = readonly [name: string, content: string | Buffer]

/** Deflated, as programs write them; checksums are left out, because nobody here unpacks. */
export function zip(parts: readonly Part[]): Buffer {
  const local: Buffer[] = []
  const list: Buffer[] = []
  let at = 0
  for (const [name, content] of parts) {
    const stored = name === 'mimetype'
    const plain = Buffer.from(content)
    const packed = stored ? plain : deflateRawSync(plain)
    const fields = Buffer.alloc(26)
    fields.writeUInt16LE(20, 0)
    fields.writeUInt16LE(stored ? 0 : 8, 4)
    fields.writeUInt32LE(packed.length, 14)
    fields.writeUInt32LE(plain.length, 18)
    fields.writeUInt16LE(Buffer.byteLength(name), 22)
    const entry = Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), fields, Buffer.from(name), packed])
    const place = Buffer.alloc(14)
    place.writeUInt32LE(at, 10)
    list.push(Buffer.concat([Buffer.from('PK\x01\x02\x14\0', 'latin1'), fields, place, Buffer.from(name)]))
    local.push(entry)
    at += entry.length
  }
  const end = Buffer.alloc(18)
  end.writeUInt16LE(parts.length, 4)
  end.writeUInt16LE(parts.length, 6)
  end.writeUInt32LE(Buffer.concat(list).length, 8)
  end.writeUInt32LE(at, 12)
  return Buffer.concat([...local, ...list, Buffer.from('PK\x05\x06', 'latin1'), end])
}

const OOXML = {
  docx: [
    'word/document.xml',
    'application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml',
  ],
  docm: ['word/document.xml', 'application/vnd.ms-word.document.macroEnabled.main+xml'],
  xlsx: ['xl/workbook.xml', 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml'],
  xlsm: ['xl/workbook.xml', 'application/vnd.ms-excel.sheet.macroEnabled.main+xml'],
  pptx: [
    'ppt/presentation.xml',
    'application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml',
  ],
  pptm: ['ppt/presentation.xml', 'application/vnd.ms-powerpoint.presentation.macroEnabled.main+xml'],
} as const

/** `listsLast`: as LibreOffice and openpyxl write it. */
export function ooxml(
  kind: keyof typeof OOXML,
  more: readonly Part[] = [],
  { listsLast = false }: { readonly listsLast?: boolean } = {},
): Buffer {
  const [main, type] = OOXML[kind]
  const types: Part = [
    '[Content_Types].xml',
    `<?xml version="1.0"?><Types><Override PartName="/${main}" ContentType="${type}"/></Types>`,
  ]
  const parts: Part[] = [['_rels/.rels', '<Relationships/>'], [main, '<w/>'], ...more]
  return zip(listsLast ? [...parts, types] : [types, ...parts])
}

export const odf = (kind: 'text' | 'spreadsheet' | 'presentation', more: readonly Part[] = []): Buffer =>
  zip([
    ['mimetype', `application/vnd.oasis.opendocument.${kind}`],
    ['content.xml', '<office:document-content/>'],
    ['META-INF/manifest.xml', '<manifest:manifest/>'],
    ...more,
  ])
