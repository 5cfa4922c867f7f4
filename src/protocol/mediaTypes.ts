// Which files a conversation may hold, and how large (F1, F4). For the server and for who reads a configuration: a page
// learns of the server what it takes.

interface MediaType {
  /** The first one is what a name gets that has another. */
  readonly endings: readonly string[]
  /** Shown in the page; everything else is saved to the disk. */
  readonly isPicture?: true
  /** Taken only where the site names it. */
  readonly isOnDemand?: true
}

/**
 * What a site may take. Not among them, for good: what a browser or a system runs or follows when it is opened (SVG,
 * HTML, XML, programs, scripts by that name, documents with macros).
 */
export const MEDIA_TYPES: Readonly<Record<string, MediaType>> = {
  'image/png': { endings: ['png'], isPicture: true },
  'image/jpeg': { endings: ['jpg', 'jpeg'], isPicture: true },
  'image/gif': { endings: ['gif'], isPicture: true },
  'image/webp': { endings: ['webp'], isPicture: true },
  'image/avif': { endings: ['avif'], isPicture: true },
  'application/pdf': { endings: ['pdf'] },
  'text/plain': { endings: ['txt', 'log', 'md', 'json'] },
  'text/csv': { endings: ['csv'] },
  // Without macros (`server/files/officeCheck`); old binary ones (doc, xls, ppt) cannot be told from those with them.
  'application/vnd.openxmlformats-officedocument.wordprocessingml.document': { endings: ['docx'] },
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet': { endings: ['xlsx'] },
  'application/vnd.openxmlformats-officedocument.presentationml.presentation': { endings: ['pptx'] },
  'application/vnd.oasis.opendocument.text': { endings: ['odt'] },
  'application/vnd.oasis.opendocument.spreadsheet': { endings: ['ods'] },
  'application/vnd.oasis.opendocument.presentation': { endings: ['odp'] },
  // Few browsers show it, so that it is a file; phones send JPEG where only that is asked for.
  'image/heic': { endings: ['heic', 'heif'], isOnDemand: true },
  'video/mp4': { endings: ['mp4'], isOnDemand: true },
  // Nobody looks into it here: what is in it is the reader's risk.
  'application/zip': { endings: ['zip'], isOnDemand: true },
}

export const DEFAULT_TYPES: readonly string[] = Object.keys(MEDIA_TYPES).filter(
  type => !MEDIA_TYPES[type]?.isOnDemand,
)

/** A photograph of a phone is 2 to 8 MB. */
export const DEFAULT_MAX_BYTES = 10_000_000
/** No more can be configured: a file is one request, and it has 10 minutes. */
export const MOST_MAX_BYTES = 100_000_000
/** A picture takes four bytes a pixel where it is shown: 160 MB. Phones make 12 to 50 million. */
export const DEFAULT_MAX_MEGAPIXELS = 40

export const isPicture = (mediaType: string): boolean =>
  Object.hasOwn(MEDIA_TYPES, mediaType) && MEDIA_TYPES[mediaType]?.isPicture === true
