// The shape of what comes, where it will stand: rows to choose from, something to read, who said what, or facts. Drawn
// alike in panel and desk; each room's styles say how its own will look. Knows neither of them: who shows it says it.

interface BonesProps {
  kind: 'rows' | 'article' | 'chat' | 'facts'
  /** For who does not see it. */
  text?: string | undefined
  /** The drawing itself tells screen readers; else somebody else does. */
  isSaid?: boolean
  /** How many are drawn. */
  count?: number
}

export function Bones({ kind, text, isSaid, count = 4 }: BonesProps) {
  return (
    <div class={`bones ${kind}`} role={isSaid ? 'status' : undefined}>
      {text && <span class="sr">{text}</span>}
      {Array.from({ length: count }, (_, i) => (
        <i key={i} />
      ))}
    </div>
  )
}
