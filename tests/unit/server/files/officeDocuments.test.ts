import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { DEFAULT_TYPES } from '../../../../src/protocol/mediaTypes'
import { FileRefused, inspect, loadDetect } from '../../../../src/server/files/fileKind'
import { fileName } from '../../../../src/server/files/fileNames'
import { odf, ooxml, type Part, zip } from '../../../support/archives'

const rules = { detect: await loadDetect(), types: DEFAULT_TYPES, maxPixels: 40_000_000 }

async function kindOf(bytes: Buffer, size = 1_000, types = DEFAULT_TYPES) {
  async function* parts() {
    for (let at = 0; at < bytes.byteLength; at += size) yield bytes.subarray(at, at + size)
  }
  try {
    const { kind, content } = await inspect(parts(), 'report.pdf', { ...rules, types })
    const seen: Uint8Array[] = []
    for await (const chunk of content) seen.push(chunk)
    expect(Buffer.concat(seen).equals(bytes)).toBe(true)
    return kind.mediaType
  } catch (error) {
    if (error instanceof FileRefused) return error.code
    throw error
  }
}
/** As large as photographs are, and not to be packed. */
const picture = (bytes: number, name = 'word/media/image1.jpeg'): Part => [name, randomBytes(bytes)]
const OOXML = 'application/vnd.openxmlformats-officedocument.'
const ODF = 'application/vnd.oasis.opendocument.'

describe('[F4] an office document is taken by what it is', () => {
  test.each([
    ['docx', ooxml('docx'), `${OOXML}wordprocessingml.document`],
    ['xlsx', ooxml('xlsx'), `${OOXML}spreadsheetml.sheet`],
    ['pptx', ooxml('pptx'), `${OOXML}presentationml.presentation`],
    ['docx', ooxml('docx', [picture(300_000)], { listsLast: true }), `${OOXML}wordprocessingml.document`],
    [
      'xlsx',
      ooxml('xlsx', [['xl/printerSettings/printerSettings1.bin', 'x']]),
      `${OOXML}spreadsheetml.sheet`,
    ],
    [
      'pptx',
      ooxml('pptx', [['ppt/embeddings/Microsoft_Excel_Sheet1.xlsx', ooxml('xlsx')]]),
      `${OOXML}presentationml.presentation`,
    ],
    ['odt', odf('text'), `${ODF}text`],
    ['ods', odf('spreadsheet', [['Configurations2/accelerator/current.xml', '']]), `${ODF}spreadsheet`],
    ['odp', odf('presentation', [['Object 1/content.xml', '<x/>']]), `${ODF}presentation`],
  ])('%s, and its name gets that ending whatever it was called', async (ending, bytes, mediaType) => {
    expect(await kindOf(bytes)).toBe(mediaType)
    expect(fileName('report.exe', mediaType)).toBe(`report_exe.${ending}`)
  })

  test.each([
    ['a docm', ooxml('docm')],
    ['an xlsm', ooxml('xlsm')],
    ['a pptm', ooxml('pptm')],
    ['a docm that says so last', ooxml('docm', [picture(300_000)], { listsLast: true })],
    ['a docx with macros', ooxml('docx', [['word/vbaProject.bin', 'x']])],
    ['a docx with macros by another spelling', ooxml('docx', [['WORD/VBAPROJECT.BIN', 'x']])],
    [
      'a docx with macros behind a photograph',
      ooxml('docx', [picture(300_000), ['word/vbaProject.bin', 'x']]),
    ],
    ['a docx with macros in front of all', zip([['word/vbaProject.bin', 'x'], ...parts('docx')])],
    [
      'a docx with a docm behind it',
      Buffer.concat([ooxml('docx'), ooxml('docm', [['word/vbaProject.bin', 'x']])]),
    ],
    ['an xlsx with macros of old', ooxml('xlsx', [['xl/macrosheets/sheet1.xml', '<x/>']])],
    ['a pptx with a control', ooxml('pptx', [['ppt/activeX/activeX1.bin', 'x']])],
    ['a docx with a program in it', ooxml('docx', [['word/embeddings/oleObject1.bin', 'x']])],
    ['an odt with macros', odf('text', [['Basic/Standard/Module1.xml', '<x/>']])],
    ['an ods with a script', odf('spreadsheet', [['Scripts/python/run.py', 'import os']])],
    ['an odt with macros in an object', odf('text', [['Object 1/Basic/script-lc.xml', '<x/>']])],
    ['a doc', Buffer.concat([Buffer.from('d0cf11e0a1b11ae1', 'hex'), Buffer.alloc(600)])],
    ['an archive', zip([['notes.txt', 'hello']])],
    [
      'a program for a phone',
      zip([
        ['AndroidManifest.xml', 'x'],
        ['classes.dex', 'x'],
      ]),
    ],
    ['a Java program', zip([['META-INF/MANIFEST.MF', 'x']])],
  ])('%s is not', async (_what, bytes) => expect(await kindOf(bytes)).toBe('unsupported_type'))

  test('the name of a part is seen wherever the line cuts it', async () => {
    const hidden = [
      ooxml('docx', [picture(20_000), ['word/vbaProject.bin', 'x']]),
      odf('text', [picture(20_000, 'Pictures/1.png'), ['Basic/Standard/Module1.xml', 'x']]),
    ]
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 3_000 }),
        fc.constantFrom(...hidden),
        async (size, bytes) => {
          expect(await kindOf(bytes, size)).toBe('unsupported_type')
        },
      ),
      { numRuns: 40 },
    )
  })

  test('a site that takes none of them reads no more of an archive than before', async () => {
    expect(await kindOf(ooxml('docx'), 1_000, ['image/png'])).toBe('unsupported_type')
    expect(await kindOf(zip([picture(300_000)]), 1_000, ['application/zip'])).toBe('application/zip')
  })
})

/** Of a document, for one that is put together in another order. */
function parts(kind: 'docx'): readonly Part[] {
  return [
    [
      '[Content_Types].xml',
      `<Types><Override ContentType="${OOXML}wordprocessingml.document.main+xml" PartName="/${kind}"/></Types>`,
    ],
    ['word/document.xml', '<w/>'],
  ]
}
