// The first view: search, what fits this page, and the two roads that are always open.

import type { ComponentChildren } from 'preact'
import { CHAT, Icon, NEXT, PERSON } from './icons'
import type { PastListProps } from './PastList'
import { SearchBox } from './SearchBox'
import { useChunk } from './useChunk'

interface HomeProps extends Omit<PastListProps, 'goesOn'> {
  onKept(): void
}

/** What differs between the buttons of the first view. */
interface Button {
  readonly part?: string
  readonly onClick: () => void
}

export function Home({ scope, onKept }: HomeProps) {
  const { panel, texts } = scope
  const query = panel.search.query.value.trim()
  const conversation = panel.conversation.value
  // Made ahead of time it holds the bot's greeting only: nothing to go on with.
  const goesOn =
    conversation?.phase.value !== 'ended' && !!conversation?.items.value.some(item => item.kind === 'message')
  const unread = panel.unread.value
  const road = (icon: string, words: string, button: Button, tag?: ComponentChildren) => (
    <button type="button" class="road" onPointerEnter={scope.prefetch} onFocus={scope.prefetch} {...button}>
      <Icon d={icon} />
      <span>{words}</span>
      {tag}
      <Icon d={NEXT} flips />
    </button>
  )
  return (
    <div class="home">
      {!query && <h3 class="greeting">{texts('home.greeting')}</h3>}
      <SearchBox scope={scope} />
      <div class="roads">
        {goesOn && !query
          ? road(
              CHAT,
              texts('home.continue'),
              { onClick: () => panel.show('conversation') },
              unread > 0 && <b class="tag">{texts('launcher.unread', { count: unread })}</b>,
            )
          : road(CHAT, query ? texts('search.askBot', { query }) : texts('search.ask'), {
              part: 'ask',
              onClick: () => void panel.ask(query || undefined),
            })}
        {panel.settings.value.hasPeople &&
          road(PERSON, texts('search.person'), { part: 'person', onClick: () => void panel.askForPerson() })}
        <button type="button" class="caption" onClick={onKept}>
          {texts('home.kept')}
        </button>
        {!query && panel.isOpen.value && panel.mayHavePast() && <Past scope={scope} goesOn={goesOn} />}
      </div>
    </div>
  )
}

const loadPastList = () => import('./PastList')

/** Earlier conversations: what lists them comes after all else, and nothing is missing without it. */
function Past(props: PastListProps) {
  const part = useChunk(props.scope, loadPastList)
  return part ? <part.PastList {...props} /> : null
}
