// What was said, with its marks where it has some and they can be drawn; else as it stands.

import type { ContentTree } from '../knowledge/contentTree'
import type { MarkdownParts } from './AgentText'

interface WordsProps {
  readonly text: string
  /** Says the same as the text. */
  readonly tree: ContentTree | null | undefined
  readonly markdown: MarkdownParts
  /** BCP 47, where it is known to be another than what stands around it. */
  readonly lang?: string | undefined
}

export function Words({ text, tree, markdown, lang }: WordsProps) {
  const { Content } = markdown
  return tree && Content ? (
    <div class="prose" dir="auto" lang={lang}>
      <Content tree={tree} {...markdown} />
    </div>
  ) : (
    <p class="words" dir="auto" lang={lang}>
      {text}
    </p>
  )
}
