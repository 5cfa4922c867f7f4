// Played transcripts as lines for people: who said what, with ✓ and ✗ where something was expected, and last the
// figures that programs read. Pure.

import type { AnswerSource } from '../bot/botProvider'
import type { DialogueResult, DialogueTurn } from './runDialogue'

export function dialogueReport(
  results: readonly DialogueResult[],
  {
    all,
    site,
  }: {
    readonly all: boolean
    readonly site: { readonly articles: number; readonly flows: readonly unknown[] }
  },
): readonly string[] {
  const lines: string[] = []
  let file = ''
  for (const result of results) {
    if (result.file !== file) {
      if (file) lines.push('')
      file = result.file
      lines.push(file)
    }
    lines.push(
      `  ${result.passed ? '✓' : '✗'} ${result.title}${result.passed ? '' : `  (line ${result.line})`}`,
    )
    if (all || !result.passed) lines.push(...transcript(result).map(line => `      ${line}`))
  }
  const checks = results.flatMap(({ turns }) => turns.flatMap(turn => turn.checks))
  const failed = results.filter(({ passed }) => !passed).length
  lines.push(
    '',
    `articles: ${site.articles}`,
    `flows: ${site.flows.length}`,
    `conversations: ${results.length}`,
    `expectations: ${checks.length}`,
    `not-held: ${checks.filter(({ passed }) => !passed).length}`,
    `failed: ${failed}`,
  )
  return lines
}

/** One conversation as it went. */
export function transcript(result: DialogueResult): readonly string[] {
  return result.turns.flatMap(turnLines)
}

function turnLines({ visitor, bot, buttons, offered, checks }: DialogueTurn): readonly string[] {
  return [
    visitor,
    ...bot.flatMap(({ text, source }) => {
      const [first = '', ...rest] = text.split('\n')
      const from = sourceName(source)
      return [
        `  ${first}${rest.length || !from ? '' : `  {${from}}`}`,
        ...rest.map((line, i) => `  ${line}${i === rest.length - 1 && from ? `  {${from}}` : ''}`),
      ]
    }),
    ...(buttons.length ? [`  ${buttons.map(label => `[${label}]`).join(' ')}`] : []),
    ...(offered ? [`  (a person is offered: ${offered})`] : []),
    ...checks.map(({ text, passed, got, line }) =>
      passed ? `  ✓ ${text}` : `  ✗ ${text}  (line ${line}) got ${got}`,
    ),
  ]
}

function sourceName(source: AnswerSource | null): string {
  switch (source?.kind) {
    case 'article':
      return source.citations
        .map(({ articleId, headingId }) => (headingId ? `${articleId}#${headingId}` : articleId))
        .join(', ')
    case 'flow':
      return `${source.flowId}/${source.step}`
    case 'site':
      return source.name
    default:
      return ''
  }
}
