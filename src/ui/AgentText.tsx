// An agent's Markdown as nodes; plain text until (or unless) it can be read.

import { useEffect, useState } from 'preact/hooks'
import type { ContentTree } from '../knowledge/contentTree'
import type { ContentProps } from './Content'

/** How Markdown becomes nodes: a parser and the component, both loaded when the first agent writes. */
export interface MarkdownParts extends Omit<ContentProps, 'tree'> {
  parse(text: string): Promise<ContentTree | null>
  loadContent(): Promise<typeof import('./Content').Content>
}

interface Ready {
  readonly tree: ContentTree
  readonly Content: typeof import('./Content').Content
}

export function AgentText({ text, markdown }: { text: string; markdown: MarkdownParts }) {
  const [ready, setReady] = useState<Ready | null>(null)
  useEffect(() => {
    let isCurrent = true
    Promise.all([markdown.parse(text), markdown.loadContent()]).then(
      ([tree, Content]) => {
        if (tree && isCurrent) setReady({ tree, Content })
      },
      () => {}, // The words are on the screen already; only their formatting is missing.
    )
    return () => {
      isCurrent = false
    }
  }, [text])
  if (!ready) return <p class="words">{text}</p>
  const { Content, tree } = ready
  const { pageUrl, imageOrigins, openArticle } = markdown
  return (
    <div class="prose">
      <Content tree={tree} pageUrl={pageUrl} imageOrigins={imageOrigins} openArticle={openArticle} />
    </div>
  )
}
