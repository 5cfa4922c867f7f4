// An agent's Markdown as nodes: through marked's tokens to a content tree, never through HTML.

import { useMemo } from 'preact/hooks'
import { parseMessage } from '../knowledge/fromMarkdown'
import { Content } from '../ui/Content'

/** No page of ours is ever the same site: each link opens beside the desk and names its host. */
const NOWHERE = 'about:blank'

export function Markdown({ text }: { text: string }) {
  const tree = useMemo(() => parseMessage(text), [text])
  return (
    <div class="prose">
      <Content tree={tree} pageUrl={NOWHERE} imageOrigins={[]} openArticle={() => {}} />
    </div>
  )
}
