// What every importer returns: articles, the files that they show, and a note on everything that is not in them
// as it was in the source. Nothing of a source disappears without a note.

import type { ImportedArticle } from './markdownFile'

/** Kinds that mean that something which was asked for is not there: the command's exit code is 1. */
export const FAILURES = ['bad-lines', 'unreadable', 'forbidden', 'same-paths', 'own-files'] as const

/** In the order of the report; each is also the name of a figure. */
export const NOTE_KINDS = {
  'bad-lines': 'lines or rows that could not be read, left out',
  unreadable: 'files or pages that could not be read, left out',
  forbidden:
    'pages that robots.txt keeps crawlers from, left out: --ignore-robots fetches them if the site is your own',
  'same-paths': 'articles whose path another one has, left out',
  'own-files': 'files that are not of an import, left as they are',
  edited: 'articles that were changed by hand, left as they are',
  empty: 'articles without words, written as they are',
  drafts: 'drafts: "asklet build --skip-drafts" leaves them out',
  private: 'private articles: only the server gives them out',
  guessed: 'things that the source does not say, guessed',
  renamed: 'articles whose path was taken: a number was added',
  'same-titles': 'articles with the title of another one',
  embeds: 'films and frames, now links',
  'outside-images': 'images of other sites: "asklet build --allow-images" shows them',
  'missing-images': 'images that are not in the source',
  'missing-links': 'links to what was not imported',
  'unplaced-headings': 'headings that no line of the body is, kept in the front matter',
  'unknown-blocks': 'blocks that are not known, their words kept',
  changed: 'things that are written in another way',
  'left-out': 'things that an article cannot hold, left out',
  'not-imported': 'files, columns and properties that were not imported',
  gone: 'articles of an earlier run that the source no longer has; delete them if they are not wanted',
} as const

export type NoteKind = keyof typeof NOTE_KINDS

export interface ImportNote {
  readonly kind: NoteKind
  /** File with line, or address. */
  readonly place: string
  readonly sentence: string
}

export type Note = (kind: NoteKind, place: string, sentence: string) => void

/** How far a long part is. */
export type Step = (done: number, total: number, label: string) => void

export interface Imported {
  /** What `read` counts: `lines`, `pages`, …. */
  readonly unit: string
  readonly read: number
  readonly articles: readonly ImportedArticle[]
  /** Path below the folder -> content: images. */
  readonly files: ReadonlyMap<string, () => Uint8Array>
  readonly notes: readonly ImportNote[]
}

export function createNotes(): { readonly notes: ImportNote[]; readonly note: Note } {
  const notes: ImportNote[] = []
  return { notes, note: (kind, place, sentence) => void notes.push({ kind, place, sentence }) }
}

/** The first words of a text, for a note that must be recognised. */
export function firstWords(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim()
  return JSON.stringify(line.length > 60 ? `${line.slice(0, 59)}…` : line)
}
