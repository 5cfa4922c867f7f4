// What was said, with its marks where it has some and they can be drawn; else as it stands.

import type { ContentTree } from '../knowledge/contentTree'
import type { MarkdownParts } from './AgentText'

interface WordsProps {
  readonly text: string
  /** Says the same as the text. */
  readonly tree: ContentTree | null | undefined
  readonly markdown: MarkdownParts
}

export function Words({ text, tree, markdown }: WordsProps) {
  const { Content } = markdown
  return tree && Content ? (
    <div class="prose">
      <Content tree={tree} {...markdown} />
    </div>
  ) : (
    <p class="words">{text}</p>
  )
}
