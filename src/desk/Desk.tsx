// The whole window: top line, and list | conversation | details side by side. Owns only what a narrow window
// shows of them, and where the keyboard goes when that changes.

import { useSignal } from '@preact/signals'
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks'
import { Heard } from '../ui/Heard'
import { CHAT } from '../ui/icons'
import { Brief } from './Brief'
import { DeliveriesDoor } from './DeliveriesDoor'
import { EmptyState } from './EmptyState'
import { PreferencesDialog } from './PreferencesDialog'
import { Queue } from './Queue'
import { queueSections } from './queueSections'
import { ReviewDoor } from './ReviewDoor'
import { ShortcutsDialog } from './ShortcutsDialog'
import { SignIn } from './SignIn'
import { type DeskScope, newsText } from './scope'
import { neighbourOf, placeOf, shortcutOf } from './shortcuts'
import { TeamDialog } from './TeamDialog'
import { Thread } from './Thread'

export function Desk({ scope }: { scope: DeskScope }) {
  const { desk, texts } = scope
  switch (desk.account.value) {
    case 'asking':
      return (
        <main class="desk-lobby">
          <h1 class="sr">{texts('desk.title')}</h1>
          <p class="quiet" role="status">
            {texts('desk.starting')}
          </p>
        </main>
      )
    case 'signedOut':
      return <SignIn scope={scope} />
    case 'signedIn':
      return <Window scope={scope} />
  }
}

/** Of the windows in the window one at a time is open. */
type Dialog = 'keys' | 'team' | 'preferences' | 'reviews' | 'deliveries'

function Window({ scope }: { scope: DeskScope }) {
  const { desk, texts } = scope
  const list = useRef<HTMLElement>(null)
  const wantsList = useRef(false)
  const isBriefOpen = useSignal(false)
  const dialog = useSignal<Dialog | null>(null)
  const openId = desk.openId.value
  const hasRows = desk.rows.value.length > 0
  const workplace = desk.workplace.value
  const closeDialog = () => {
    dialog.value = null
  }

  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const { target } = event
      // In a dialog what is behind it is out of reach.
      if (event.defaultPrevented || document.querySelector('.asklet-desk dialog[open]')) return
      const { composer, preferences } = desk.workplace.value ?? {}
      const place = placeOf(target instanceof Element ? target : null)
      const name = shortcutOf(event, place, preferences?.hasLetterKeys.value)
      if (!name) return
      if (name === 'help') dialog.value = 'keys'
      else if (name === 'switchMode') {
        if (!openId || !composer) return
        composer.setMode(composer.mode.value === 'note' ? 'reply' : 'note')
      } else if (name === 'focusReply') {
        const field = document.querySelector<HTMLElement>('.asklet-desk .reply textarea:enabled')
        if (!field) return
        field.focus()
      } else if (name === 'end') {
        // Asks first, as the button does.
        const button = document.querySelector<HTMLElement>('#desk-end:enabled')
        if (!button) return
        button.click()
      } else {
        const mine = queueSections(desk.rows.value, null).flatMap(({ name, rows }) =>
          name === 'mine' || name === 'ownTickets' ? rows : [],
        )
        const ids = mine.map(row => row.conversationId)
        const next = neighbourOf(ids, openId, name === 'nextMine' ? 1 : -1)
        if (!next) return
        desk.open(next)
      }
      event.preventDefault()
    }
    document.addEventListener('keydown', onKey)
    return () => document.removeEventListener('keydown', onKey)
  }, [openId])

  // A file that misses the thread by a finger's breadth takes nobody away from the desk.
  useEffect(() => {
    const refuse = (event: DragEvent) => {
      const { dataTransfer } = event
      if (event.defaultPrevented || !dataTransfer?.types.includes('Files')) return
      event.preventDefault()
      dataTransfer.dropEffect = 'none'
    }
    document.addEventListener('dragover', refuse)
    document.addEventListener('drop', refuse)
    return () => {
      document.removeEventListener('dragover', refuse)
      document.removeEventListener('drop', refuse)
    }
  }, [])

  const focusList = () =>
    list.current?.querySelector<HTMLElement>('[aria-current], [data-row][tabindex="0"]')?.focus()

  const toList = () => {
    isBriefOpen.value = false
    if (list.current?.offsetParent) return focusList()
    // One column: the list is there to be focused only once the conversation is closed.
    wantsList.current = true
    desk.close()
  }
  useLayoutEffect(() => {
    if (wantsList.current && !openId) focusList()
    wantsList.current = false
  }, [openId])

  return (
    <div
      class="desk-window"
      data-view={openId ? 'thread' : 'queue'}
      data-quiet={desk.queueStatus.value === 'ready' && !hasRows ? '' : undefined}
      // The details lie over the conversation where the window is narrow: the keyboard is never behind them.
      onFocusIn={({ target }) => {
        if (!(target as Element).closest('#desk-brief')) isBriefOpen.value = false
      }}
    >
      <Top
        scope={scope}
        open={name => {
          dialog.value = name
        }}
      />
      {dialog.value === 'keys' && <ShortcutsDialog scope={scope} onClose={closeDialog} />}
      {dialog.value === 'team' && workplace && (
        <TeamDialog scope={scope} workplace={workplace} onClose={closeDialog} />
      )}
      {dialog.value === 'reviews' && workplace && (
        <ReviewDoor scope={scope} workplace={workplace} onClose={closeDialog} />
      )}
      {dialog.value === 'deliveries' && workplace && (
        <DeliveriesDoor scope={scope} workplace={workplace} onClose={closeDialog} />
      )}
      {dialog.value === 'preferences' && workplace && (
        <PreferencesDialog scope={scope} preferences={workplace.preferences} onClose={closeDialog} />
      )}
      <nav class="desk-queue" aria-label={texts('queue.label')} ref={list}>
        <Queue scope={scope} />
      </nav>
      <main class="desk-main">
        {openId ? (
          <Thread key={openId} scope={scope} isBriefOpen={isBriefOpen} toList={toList} />
        ) : (
          // Before the list has come nobody knows whether it is quiet.
          desk.queueStatus.value === 'ready' && (
            <EmptyState
              icon={CHAT}
              title={texts(hasRows ? 'desk.pick' : 'desk.quiet')}
              hint={texts(hasRows ? 'desk.pickHint' : 'desk.pickNone')}
            />
          )
        )}
      </main>
      {openId && <Brief key={openId} scope={scope} isOpen={isBriefOpen} />}
      <News scope={scope} />
    </div>
  )
}

function Top({ scope, open }: { scope: DeskScope; open(name: Dialog): void }) {
  const { desk, texts } = scope
  const isOnline = desk.link.value === 'online'
  const workplace = desk.workplace.value
  const isCutOff = desk.isCutOff.value
  return (
    <header class="desk-top">
      <div class="bar">
        <h1>{texts('desk.title')}</h1>
        <span class={isOnline ? 'link is-online' : 'link'} role="status">
          {texts(isOnline ? 'desk.online' : 'desk.connecting')}
        </span>
        <Away scope={scope} />
        <span class="who">
          <Heard texts={texts} as="desk.signedInAs" place="name">
            <bdi>{desk.agent.value?.name}</bdi>
          </Heard>
        </span>
        {workplace?.people.people.value && (
          <button type="button" class="button quiet-button" onClick={() => open('team')}>
            {texts('team.title')}
          </button>
        )}
        {workplace?.people.isLead.value && (
          <button type="button" class="button quiet-button" onClick={() => open('reviews')}>
            {texts('review.title')}
          </button>
        )}
        {workplace?.people.isLead.value && (
          <button type="button" class="button quiet-button" onClick={() => open('deliveries')}>
            {texts('deliveries.title')}
          </button>
        )}
        <button type="button" class="button quiet-button only-wide" onClick={() => open('keys')}>
          {texts('keys.open')}
        </button>
        <button type="button" class="button quiet-button" onClick={() => open('preferences')}>
          {texts('preferences.title')}
        </button>
        <button type="button" class="button quiet-button" onClick={() => void desk.signOut()}>
          {texts('desk.signOut')}
        </button>
      </div>
      <div role="status">
        {desk.workplace.value?.people.me.value?.state === 'away' && (
          <p class="banner warning">{texts('away.said')}</p>
        )}
      </div>
      <div role="status">{isCutOff && <p class="banner warning">{texts('desk.cutOff')}</p>}</div>
      {desk.keeping.value === 'memory' && <p class="banner warning">{texts('desk.memory')}</p>}
    </header>
  )
}

function Away({ scope }: { scope: DeskScope }) {
  const { desk, texts } = scope
  const people = desk.workplace.value?.people
  const hasFailed = useSignal(false)
  // A server that does not know who is here cannot be told that somebody is not.
  if (!people?.me.value) return null
  const isAway = people.me.value.state === 'away'
  return (
    <>
      <button
        type="button"
        class="switch"
        role="switch"
        aria-checked={isAway}
        onClick={async () => {
          hasFailed.value = (await people.setAway(!isAway)) !== 'done'
        }}
      >
        <i aria-hidden="true" />
        {texts('away.label')}
      </button>
      <span class="fine trouble" role="status">
        {hasFailed.value ? texts('away.failed') : ''}
      </span>
    </>
  )
}

/** Said to screen readers: what happens in conversations that are not in view. */
function News({ scope }: { scope: DeskScope }) {
  const news = scope.desk.news.value
  return (
    <div class="sr" role="status">
      {news && <span key={news.number}>{newsText(scope.texts, news)}</span>}
    </div>
  )
}
