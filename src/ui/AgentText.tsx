// An agent's Markdown as nodes; plain text until (or unless) it can be read.

import { useEffect, useState } from 'preact/hooks'
import type { ContentTree } from '../knowledge/contentTree'
import type { ContentProps } from './Content'
import { Words } from './Words'

/** How Markdown becomes nodes: a parser, and the component once it is loaded, with the first words that have marks. */
export interface MarkdownParts extends Omit<ContentProps, 'tree'> {
  readonly Content: typeof import('./Content').Content | undefined
  parse(text: string): Promise<ContentTree | null>
}

export function AgentText({ text, markdown }: { text: string; markdown: MarkdownParts }) {
  const [tree, setTree] = useState<ContentTree | null>(null)
  useEffect(() => {
    let isCurrent = true
    markdown.parse(text).then(
      tree => {
        if (isCurrent) setTree(tree)
      },
      () => {}, // The words are on the screen already; only their formatting is missing.
    )
    return () => {
      isCurrent = false
    }
  }, [text])
  return <Words text={text} tree={tree} markdown={markdown} />
}
