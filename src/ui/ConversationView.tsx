// One conversation in the panel: what was said, what can be done now, and where to write. Chunk "conversation".

import type { ComponentChildren } from 'preact'
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks'
import type { ConversationModel } from '../conversation/conversationModel'
import { authorText, machineText } from '../conversation/disclosure'
import type { TimelineItem } from '../conversation/timeline'
import type { MarkdownParts } from './AgentText'
import { Composer } from './Composer'
import css from './conversation.css?inline'
import { MessageList, type MessageListProps, noticeText } from './MessageList'
import { NotLoaded } from './NotLoaded'
import { newLines } from './newLines'
import type { Scope } from './scope'
import { useChunk } from './useChunk'
import { useFocusHeir } from './useFocusHeir'
import { A_WHILE, useSaid } from './useSaid'

/** Adopted by the panel when this chunk arrives. */
export const styles = css

export function ConversationView({ scope }: { scope: Scope }) {
  const { panel } = scope
  const conversation = panel.conversation.value
  useLayoutEffect(() => scope.arrived(), [])
  return conversation && <Conversation scope={scope} conversation={conversation} />
}

interface ConversationProps {
  scope: Scope
  conversation: ConversationModel
}

function Conversation({ scope, conversation }: ConversationProps) {
  const { panel, texts } = scope
  const { name, locale, imageOrigins, hasPeople } = panel.settings.value
  const phase = conversation.phase.value
  const items = conversation.items.value
  const choices = conversation.choices.value
  const arriving = conversation.arriving.value
  const scroller = useRef<HTMLDivElement>(null)
  const isHandoff =
    phase !== 'bot' ||
    conversation.isCutOff.value ||
    conversation.isStranded.value ||
    conversation.keeping.value === 'memory' ||
    // Back with the bot after a person: their words are still shown.
    items.some(item => item.state || (item.kind === 'message' && item.format === 'markdown'))
  const { handoff, hasFailed, fetchHandoff } = useHandoff(scope, isHandoff)
  const Content = useContent(
    scope,
    items.some(({ kind }) => kind === 'message'),
  )
  const [files, setFiles] = useState<MessageListProps['files']>()
  const explain = useExplain(scope, conversation, items.length > 2)
  useSeen(scope, conversation)
  useSpoken(scope, conversation)
  const listed = handoff ? handoff.listed(phase, items) : items
  /** From then on stuck words are told. */
  const since = useRef(items)

  // The list is laid out from its end (see conversation.css), so 0 is the newest line.
  const last = items.at(-1)
  const isOwnLast = last?.kind === 'message' && last.author.kind === 'visitor'
  useLayoutEffect(() => {
    if (isOwnLast && scroller.current) scroller.current.scrollTop = 0
  }, [last?.key])

  const pageUrl = document.baseURI
  // The same object while it says the same: messages are drawn anew with another one.
  const markdown = useMemo<MarkdownParts>(
    () => ({ pageUrl, imageOrigins, openArticle: panel.openArticle, parse: panel.parseMarkdown, Content }),
    [pageUrl, imageOrigins, Content],
  )
  const agent = conversation.agent.value
  const prepare = () => {
    conversation.prepareForPerson()
    fetchHandoff()
  }
  useIdle(prepare, hasPeople)
  return (
    <>
      {isHandoff && handoff && <handoff.Handoff where="over" scope={scope} conversation={conversation} />}
      {handoff && <handoff.FilesPart scope={scope} conversation={conversation} found={setFiles} />}
      {handoff && <handoff.StuckWords scope={scope} items={items} since={since.current} />}
      {isHandoff && hasFailed && <NotLoaded scope={scope} text={texts('chat.failed')} retry={fetchHandoff} />}
      <div
        ref={scroller}
        class="scroll stack"
        role="log"
        // Spoken through the live region of the light DOM instead: VoiceOver on iOS hears none in a shadow root.
        aria-live="off"
        aria-label={texts('chat.log')}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
        tabIndex={0}
      >
        <div>
          <MessageList
            items={arriving ? [...listed, ...arriving] : listed}
            texts={texts}
            locale={locale}
            botName={name}
            own="visitor"
            markdown={markdown}
            handoff={handoff}
            files={files}
            explain={explain}
            retry={conversation.retry}
            discard={conversation.discard}
          />
          {conversation.isThinking.value && (
            <Waiting scope={scope} text={texts(arriving?.length ? 'chat.writing' : 'chat.thinking')} isSaid>
              {arriving && (
                <button type="button" class="button" onClick={conversation.stopAnswer}>
                  {texts('chat.stop')}
                </button>
              )}
            </Waiting>
          )}
          {conversation.isAgentTyping.value && agent && (
            <Waiting scope={scope} text={texts('chat.typing', { name: agent.name })} />
          )}
          {choices.length > 0 && (
            <Choices
              key={choices.map(choice => choice.id).join()}
              scope={scope}
              conversation={conversation}
            />
          )}
          {conversation.consent.value && <Consent scope={scope} conversation={conversation} />}
          {phase === 'offered' && handoff && (
            <handoff.Handoff where="end" scope={scope} conversation={conversation} />
          )}
          {handoff && <handoff.DisputePart scope={scope} conversation={conversation} />}
          {phase === 'ended' && handoff && (
            <handoff.Ended where="end" scope={scope} conversation={conversation} />
          )}
        </div>
      </div>
      <div class="foot">
        {phase === 'ended' ? (
          <div class="over">
            <button type="button" class="button main" data-focus onClick={() => conversation.askAgain()}>
              {texts('chat.again')}
            </button>
            {handoff && <handoff.Ended where="foot" scope={scope} conversation={conversation} />}
          </div>
        ) : (
          <>
            <Composer scope={scope} conversation={conversation} part={files?.part} />
            {phase === 'bot' && hasPeople && !choices.some(({ id }) => id === 'person') && (
              <PersonButton scope={scope} prepare={prepare} />
            )}
          </>
        )}
      </div>
    </>
  )
}

/** Vanishes when it is pressed, and where the bot's buttons have one like it. */
function PersonButton({ scope: { texts, panel }, prepare }: { scope: Scope; prepare: () => void }) {
  const ref = useFocusHeir<HTMLButtonElement>()
  return (
    <button
      ref={ref}
      type="button"
      class="text-button"
      onFocus={prepare}
      onPointerEnter={prepare}
      onClick={() => void panel.askForPerson()}
    >
      {texts('chat.person')}
    </button>
  )
}

interface WaitingProps {
  scope: Scope
  text: string
  /** Also to screen readers, where it lasts. That a person types is not: it comes and goes. */
  isSaid?: boolean
  children?: ComponentChildren
}

function Waiting({ scope, text, isSaid, children }: WaitingProps) {
  const ref = useFocusHeir<HTMLParagraphElement>()
  useSaid(scope, isSaid && text, A_WHILE)
  return (
    <p ref={ref} class="waiting">
      <i aria-hidden="true">
        <i />
        <i />
        <i />
      </i>
      {text}
      {children}
    </p>
  )
}

function Choices({ scope, conversation }: ConversationProps) {
  const ref = useFocusHeir<HTMLUListElement>()
  const labels = new Intl.ListFormat(scope.panel.settings.value.locale, { type: 'disjunction' })
  const list = labels.format(conversation.choices.value.map(({ label }) => label))
  useSaid(scope, scope.texts('said.choices', { list }))
  return (
    <ul ref={ref} class="choices" part="choices">
      {conversation.choices.value.map(choice => (
        <li key={choice.id}>
          <button type="button" class="button" onClick={() => void conversation.choose(choice.id)}>
            {choice.label}
          </button>
        </li>
      ))}
    </ul>
  )
}

/** What would be handed to the site's own function, before it is. */
function Consent({ scope, conversation }: ConversationProps) {
  const { texts } = scope
  const ref = useFocusHeir<HTMLElement>()
  const consent = conversation.consent.value
  useSaid(scope, consent ? `${texts('consent.title')} ${consent.label}` : '')
  if (!consent) return null
  return (
    <section ref={ref} class="card" part="consent" aria-label={texts('consent.title')}>
      <h3>{texts('consent.title')}</h3>
      <p>{consent.label}</p>
      {consent.sends.length > 0 && (
        <>
          <p class="fine">{texts('consent.sends')}</p>
          <dl>
            {consent.sends.map(fact => (
              <div key={fact.label}>
                <dt>{fact.label}</dt>
                <dd>{fact.value}</dd>
              </div>
            ))}
          </dl>
        </>
      )}
      <div class="actions">
        <button type="button" class="button main" onClick={() => void conversation.answerConsent(true)}>
          {texts('consent.allow')}
        </button>
        <button type="button" class="button" onClick={() => void conversation.answerConsent(false)}>
          {texts('consent.refuse')}
        </button>
      </div>
    </section>
  )
}

/** Nothing but this waits for it: what the visitor does first comes first. Milliseconds. */
const IDLE_AFTER_MS = 2_000

/**
 * Fetches what a person takes while nothing else is going on: a page that stays open over a new version, whose files
 * are gone then, still reaches somebody. Not where the visitor counts bytes.
 */
function useIdle(prepare: () => void, isWanted: boolean) {
  useEffect(() => {
    const { connection } = navigator as { connection?: { readonly saveData?: boolean } }
    if (!isWanted || connection?.saveData) return
    const timer = setTimeout(prepare, IDLE_AFTER_MS)
    return () => clearTimeout(timer)
  }, [isWanted])
}

type HandoffPart = typeof import('./Handoff')

/** The part that is about a person; fetched when it is needed, or before by who knows that it soon will be. */
function useHandoff(scope: Scope, isNeeded: boolean) {
  const [part, setPart] = useState<{ handoff?: HandoffPart; hasFailed?: true }>({})
  const isFetched = useRef(false)
  const fetchHandoff = () => {
    if (isFetched.current) return
    isFetched.current = true
    setPart({})
    import('./Handoff').then(
      handoff => {
        scope.addStyles(handoff.styles)
        scope.panel.addTexts(handoff.words)
        setPart({ handoff })
        scope.arrived()
      },
      () => {
        isFetched.current = false
        setPart({ hasFailed: true })
      },
    )
  }
  useEffect(() => {
    if (isNeeded) fetchHandoff()
  }, [isNeeded])
  return { ...part, fetchHandoff }
}

/** What draws marks: the articles' own, fetched with the first question, so that no answer changes its looks later. */
function useContent({ parts }: Scope, isNeeded: boolean) {
  const [part, setPart] = useState<Partial<Awaited<ReturnType<typeof parts.loadArticleView>>>>({})
  useEffect(() => {
    // Without it the words stand as they are.
    if (isNeeded) parts.loadArticleView().then(setPart, () => {})
  }, [isNeeded])
  return part.Content
}

const loadWhy = () => import('./Why')

/** Why, under what a machine said, and what was told: nothing waits for it. */
function useExplain(scope: Scope, conversation: ConversationModel, isNeeded: boolean) {
  const why = useChunk(scope, loadWhy, isNeeded)
  // The same function: with another one each line is drawn anew.
  return useMemo(() => why?.explainer(scope, conversation), [why])
}

/** What is on the screen of somebody who looks at it has been seen. */
function useSeen({ panel }: Scope, conversation: ConversationModel) {
  const items = conversation.items.value
  const isOpen = panel.isOpen.value
  // Before it is painted: else the launcher would count it for one frame.
  useLayoutEffect(() => {
    const tell = () => {
      if (isOpen && !document.hidden) conversation.seen()
    }
    tell()
    document.addEventListener('visibilitychange', tell)
    return () => document.removeEventListener('visibilitychange', tell)
  }, [items, isOpen])
}

/** New lines of others, spoken; the history is not, and a name only where the speaker changes. */
function useSpoken(scope: Scope, conversation: ConversationModel) {
  const items = conversation.items.value
  const known = useRef(items)
  const speaker = useRef('')
  useEffect(() => {
    const { texts, panel } = scope
    const before = known.current
    known.current = items
    const isOwn = (item: TimelineItem) => item.kind === 'message' && item.author.kind === 'visitor'
    const lines = newLines(before, items, isOwn).flatMap(item => {
      const said = spoken(item, scope)
      const author = item.kind === 'message' ? authorText(item.author, texts, panel.settings.value.name) : ''
      const isNewSpeaker = author !== speaker.current
      speaker.current = author
      // What one did oneself is said by what one did it with.
      if (isOwn(item) || (item.kind === 'notice' && item.name.startsWith('rated'))) return []
      return author && isNewSpeaker ? texts('said.by', { name: author, text: said }) : said
    })
    if (lines.length) scope.announce(lines.join('\n'))
  }, [items])
}

function spoken(item: TimelineItem, { texts, panel }: Scope): string {
  return item.kind === 'message'
    ? `${item.text}\n${machineText(item, texts)}`.trim()
    : noticeText(item, texts, panel.settings.value.name)
}
