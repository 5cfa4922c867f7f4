// The first view: search, what fits this page, and the two roads that are always open.

import { useEffect, useState } from 'preact/hooks'
import { CHAT, Icon, NEXT, PERSON } from './icons'
import type { PastListProps } from './PastList'
import { SearchBox } from './SearchBox'

interface HomeProps extends PastListProps {
  onKept(): void
}

export function Home({ scope, onKept, show }: HomeProps) {
  const { panel, texts } = scope
  const query = panel.search.query.value.trim()
  const conversation = panel.conversation.value
  // Made ahead of time it holds the bot's greeting only: nothing to go on with.
  const goesOn =
    conversation?.phase.value !== 'ended' && conversation?.items.value.some(item => item.kind === 'message')
  const unread = panel.unread.value
  return (
    <div class="home">
      {!query && <h3 class="greeting">{texts('home.greeting')}</h3>}
      <SearchBox scope={scope} />
      <div class="roads">
        {goesOn && !query ? (
          <button type="button" class="road" onClick={() => panel.show('conversation')}>
            <Icon d={CHAT} />
            <span>{texts('home.continue')}</span>
            {unread > 0 && <b class="tag">{texts('launcher.unread', { count: unread })}</b>}
            <Icon d={NEXT} flips />
          </button>
        ) : (
          <button
            type="button"
            class="road"
            part="ask"
            onPointerEnter={scope.prefetch}
            onFocus={scope.prefetch}
            onClick={() => void panel.ask(query || undefined)}
          >
            <Icon d={CHAT} />
            <span>{query ? texts('search.askBot', { query }) : texts('search.ask')}</span>
            <Icon d={NEXT} flips />
          </button>
        )}
        {panel.settings.value.hasPeople && (
          <button
            type="button"
            class="road"
            part="person"
            onPointerEnter={scope.prefetch}
            onFocus={scope.prefetch}
            onClick={() => void panel.askForPerson()}
          >
            <Icon d={PERSON} />
            <span>{texts('search.person')}</span>
            <Icon d={NEXT} flips />
          </button>
        )}
        {!query && panel.isOpen.value && panel.mayHavePast() && <Past scope={scope} show={show} />}
        <button type="button" class="caption" onClick={onKept}>
          {texts('home.kept')}
        </button>
      </div>
    </div>
  )
}

/** Earlier conversations: what lists them comes after all else, and nothing is missing without it. */
function Past({ scope, show }: PastListProps) {
  const [part, setPart] = useState<Partial<typeof import('./PastList')>>({})
  useEffect(() => {
    import('./PastList').then(
      loaded => {
        scope.addStyles(loaded.styles)
        scope.panel.addTexts(loaded.words)
        setPart(loaded)
      },
      () => {},
    )
  }, [])
  return part.PastList ? <part.PastList scope={scope} show={show} /> : null
}
