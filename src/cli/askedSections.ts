// The sections of a help folder that can be asked for, each with the questions that its file has, and their lines.
// Reads only. A section without words of its own answers nothing, and is none of these.

import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ArticleMeta } from '../knowledge/article'
import type { Section } from '../knowledge/plainText'
import { MAX_QUESTION_CHARS, questionLines } from '../knowledge/sectionQuestions'
import type { Finding } from './findings'
import { questionsFileOf, readHelpFolder } from './helpFolder'
import type { Output } from './output'

export interface AskedQuestion {
  readonly text: string
  /** From 1, in the file of questions. */
  readonly line: number
}

export interface AskedSection {
  /** The article's, below the folder. */
  readonly file: string
  /** Its file of questions, which may not be there. */
  readonly questionsFile: string
  readonly article: ArticleMeta
  readonly section: Section
  /** All sections of the article, this one among them. */
  readonly sections: readonly Section[]
  readonly questions: readonly AskedQuestion[]
}

export interface AskedFolder {
  /** By article and, in it, in reading order. */
  readonly asked: readonly AskedSection[]
  /** What keeps an article or a question out of a build. */
  readonly mistakes: readonly Finding[]
}

/** @throws AskletError `articles_none` when the folder is not there or holds no Markdown */
export function readAskedSections(folder: string, locale: string, out?: Output): AskedFolder {
  const options = { defaultLocale: locale, base: '/', imageHosts: [], except: [], skipDrafts: false }
  const help = readHelpFolder(folder, options, out)
  const asked = help.articles.flatMap(({ file, article, sections }) => {
    const questionsFile = questionsFileOf(file)
    const path = join(folder, questionsFile)
    const lines = existsSync(path) ? questionLines(readFileSync(path, 'utf8'), sections) : []
    return sections
      .filter(({ text }) => text)
      .map(section => ({
        file,
        questionsFile,
        article,
        section,
        sections,
        questions: lines.filter(
          ({ headingId, isHeading, text }) =>
            !isHeading && headingId === section.headingId && text.length <= MAX_QUESTION_CHARS,
        ),
      }))
  })
  return {
    asked,
    mistakes: help.findings.filter(({ kind }) => kind === 'error'),
  }
}

/** How people name it: `payments/add-a-card.md, "Limits"`. */
export function sectionName({ file, article, section }: AskedSection): string {
  const heading = section.headingText ? JSON.stringify(section.headingText) : 'its beginning'
  return `${file}, ${heading}${article.access === 'private' ? ' (private)' : ''}`
}
