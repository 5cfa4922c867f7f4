// Whether an office document holds what runs when it is opened: macros, ActiveX, embedded programs. Reads the names of
// its parts as they flow by, for these stand in the archive as they are, before each part and once more in its list;
// unpacks nothing. Names are enough: a document whose content calls itself one without macros runs none under another
// name. Pure.

/** What is taken of them: the kinds that cannot hold macros (OOXML), or whose macros stand in folders of their own (ODF). */
export const OFFICE_TYPES: readonly string[] = [
  'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  'application/vnd.openxmlformats-officedocument.presentationml.presentation',
  'application/vnd.oasis.opendocument.text',
  'application/vnd.oasis.opendocument.spreadsheet',
  'application/vnd.oasis.opendocument.presentation',
]

/** OOXML: parts of this name, in whatever folder. */
const RUNS = /vbaproject|vbadata\.xml|(?:macro|dialog)sheets[/\\]|activex[/\\]|oleobject\d*\.bin/i
/** ODF: these folders at the top or in an object. Before a name stand 30 bytes of its part, or 46 in the list. */
const RUNS_IN =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: signatures of the archive are made of them
  /PK(?:\u0003\u0004[\s\S]{26}|\u0001\u0002[\s\S]{42})(?:[^\u0000]{0,80}[/\\])?(?:basic|scripts)[/\\]/i
/** A name with what stands before it may lie across two chunks: so much of one is read again with the next. */
const OVERLAP = 256

export function createOfficeCheck() {
  let before = ''
  return {
    /** The next bytes; false: not taken. */
    takes(bytes: Uint8Array): boolean {
      const { buffer, byteOffset, byteLength } = bytes
      const seen = before + Buffer.from(buffer, byteOffset, byteLength).toString('latin1')
      before = seen.slice(-OVERLAP)
      return !RUNS.test(seen) && !RUNS_IN.test(seen)
    },
  }
}
