// What the steps of a flow say, from Markdown to content trees: by the door that articles come in, once, when files
// are built, so that no page parses Markdown for a flow. Pure. Each text keeps its plain words beside the tree, for
// transcripts, the brief, the live region and a panel whose renderer is still on its way; words without marks have no
// tree. Places (`{order}`) stay where they are: the engine fills them as text, into words that are parsed already.

import { describe } from '../base/errors'
import type { Flow, FlowStep } from '../bot/flow'
import type { FlowProblem } from '../bot/flowSchema'
import type { Block, ContentTree, Inline } from '../knowledge/contentTree'
import { fromMarkdown } from '../knowledge/fromMarkdown'
import { inlineText } from '../knowledge/plainText'
import type { ArticleLink } from '../knowledge/treeBuilder'
import type { LinkAnswer } from './articleFile'

/** An address as a flow writes it -> where it leads; left out, each relative address is taken for an article. */
export type LinkOf = (href: string) => LinkAnswer

/** HTML is for articles that come from elsewhere; `<https://…>` and `<me@example.com>` are links. */
const TAG = /<\/?[a-z][\w-]*(?:\s[^<>]*)?\/?>/i

/**
 * @param linkOf  left out: articles are not known, and their links are not checked
 * @returns the flow with plain words in `say` and trees in `trees`, and what is wrong with its texts
 */
export function readFlowTexts(
  flow: Flow,
  file: string,
  linkOf?: LinkOf,
): { readonly flow: Flow; readonly problems: readonly FlowProblem[] } {
  const problems: FlowProblem[] = []
  const steps = Object.fromEntries(
    Object.entries(flow.steps).map(([name, step]) => {
      const read = step.say.map((words, i) => {
        const path = step.say.length > 1 ? `steps.${name}.say[${i}]` : `steps.${name}.say`
        const report: Report = (code, what, got, fix) => problems.push({ code, file, path, what, got, fix })
        return readText(words, report, linkOf)
      })
      const trees = read.map(({ tree }) => tree)
      return [
        name,
        {
          ...step,
          say: read.map(({ text }) => text),
          ...(trees.some(tree => tree) ? { trees } : {}),
        } as FlowStep,
      ]
    }),
  )
  return { flow: { ...flow, steps }, problems }
}

type Report = (code: FlowProblem['code'], what: string, got: string, fix: string) => void

function readText(
  markdown: string,
  report: Report,
  linkOf: LinkOf = unchecked,
): { readonly text: string; readonly tree: ContentTree | null } {
  const told = new Set<string>()
  const tag = TAG.exec(markdown)?.[0]
  if (tag)
    report(
      'flow_advice',
      'should be Markdown: what stands in < > is not shown',
      describe(tag),
      'Write **bold**, `code` or [words](article), or other brackets.',
    )
  const tree = fromMarkdown(markdown, {
    breaks: true,
    resolveLink(href) {
      if (href.includes('{')) {
        told.add(href)
        report(
          'flow_shape',
          'must have no places in the address of a link',
          describe(href),
          'What a visitor typed is words only: put the place into the words, and link to the page for all.',
        )
        return null
      }
      const { link, problem } = linkOf(href)
      if (problem) {
        told.add(href)
        report(
          'flow_unknown_step',
          link ? 'must link to a heading of the article' : 'must link to an article that is there',
          describe(href),
          link ? 'Take a name that stands in it, or leave # away.' : 'Write its id, as in payments/fees.',
        )
      }
      return link
    },
    note({ kind, value }) {
      if (kind === 'link' && !told.has(value))
        report(
          'flow_shape',
          'must link to an article, https, http, mailto or tel',
          describe(value),
          'Write the whole address, or the id of an article.',
        )
      if (kind === 'image')
        report(
          'flow_advice',
          'should be words: an image is shown as what it says',
          describe(value),
          'Link to the article that has it.',
        )
    },
  }).map(withoutHeading)
  const text = wordsOf(tree)
  return { text, tree: tree.some(isMarked) ? tree : null }
}

function unchecked(href: string): LinkAnswer {
  const [id = '', heading] = href.replace(/^\//, '').split('#')
  const link: ArticleLink = { id, ...(heading ? { heading } : {}) }
  return { link: /^[a-z][a-z\d+.-]*:|^$/i.test(id) ? null : link }
}

/** A bubble has no headings: they would stand among those of the panel. */
const withoutHeading = (block: Block): Block =>
  block.t === 'h' ? { t: 'p', c: [{ t: 'b', c: block.c }] } : block

const isMarked = (block: Block): boolean =>
  block.t !== 'p' || block.c.some(node => typeof node !== 'string' && node.t !== 'br')

/** As a person would write it in a chat: numbers before steps, points before items, an address behind its words. */
function wordsOf(blocks: readonly Block[], between = '\n\n'): string {
  return blocks
    .map(block => {
      switch (block.t) {
        case 'ul':
          return block.c.map(item => `• ${inItem(item)}`).join('\n')
        case 'ol':
          return block.c.map((item, i) => `${i + (block.start ?? 1)}. ${inItem(item)}`).join('\n')
        case 'quote':
          return wordsOf(block.c)
        case 'pre':
          return block.x
        case 'table':
          return [block.head, ...block.rows].map(row => row.map(lineOf).join(' | ')).join('\n')
        case 'hr':
          return ''
        default:
          return lineOf(block.c)
      }
    })
    .filter(Boolean)
    .join(between)
}

const inItem = (item: readonly Block[]) => wordsOf(item, '\n').replace(/\n/g, '\n  ')

function lineOf(line: readonly Inline[]): string {
  return line
    .map(node => {
      if (typeof node === 'string' || !('c' in node)) return inlineText([node])
      const words = lineOf(node.c)
      if (node.t !== 'a') return words
      const address = node.href.replace(/^(?:mailto|tel):/, '')
      return address.replace(/^https?:\/\/|\/$/g, '') === words.replace(/^https?:\/\/|\/$/g, '')
        ? words
        : `${words} (${address})`
    })
    .join('')
}
