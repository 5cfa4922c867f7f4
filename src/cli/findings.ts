// What a build tells authors of their help: one kind for each sort of thing to mend.

export type FindingKind =
  /** The article was left out, or a file of flows or texts. */
  | 'error'
  | 'broken-link'
  | 'missing-image'
  /** An image of another site: no third-party request without the site's word. */
  | 'outside-image'
  /** An image that says nothing to who cannot see it. */
  | 'alt'
  /** An image that is slow to come. */
  | 'large-image'
  /** A heading that could not have the id it asks for. */
  | 'anchor'
  | 'duplicate'
  | 'thin'
  /** An element that cannot be shown: a form, a script. */
  | 'html'
  /** A component or code of MDX, shown in another way or left out. */
  | 'mdx'
  /** A key that is read by nobody, and looks like one that is. */
  | 'front-matter'
  | 'synonyms'
  /** An example of an intent that teaches nothing or two things, or an intent with too few. */
  | 'intents'
  | 'outcomes'
  | 'draft'
  /** A flow that works and could be better. */
  | 'flow'

export interface Finding {
  readonly kind: FindingKind
  readonly file: string
  /** From 1. */
  readonly line: number
  /** From 1, where it is known. */
  readonly column?: number
  readonly sentence: string
}
