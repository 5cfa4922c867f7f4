// Entry of the chunk "Why": why the machine said or offered something, the way to object to it, and what a person is
// told. All of it opens under a button and is read from the same record that is journalled. Nothing waits for it.

import type { ComponentChild } from 'preact'
import type { ConversationModel } from '../conversation/conversationModel'
import { named } from '../conversation/named'
import type { TimelineItem } from '../conversation/timeline'
import type { DecisionReason } from '../protocol/records'
import { Contest, NoContest } from './Contest'
import { Disclosure } from './Disclosure'
import { Receipt } from './Receipt'
import { reasonText } from './reasonText'
import type { Scope } from './scope'
import css from './why.css?inline'
import english from './why.en.json'

export { Contest, Objections } from './Contest'
export { Disclosure } from './Disclosure'
export { Receipt } from './Receipt'

interface Props {
  readonly scope: Scope
  readonly conversation: ConversationModel
}

/** Adopted by the panel when this chunk arrives. */
export const styles = css
/** English of what this chunk says: nobody else shows it. */
export const words = english

/** What stands under a line of the log; null under most. `next`: the line below it. */
export type Explain = (item: TimelineItem, next: TimelineItem | undefined) => ComponentChild

export function explainer(scope: Scope, conversation: ConversationModel): Explain {
  return (item, next) => {
    if (item.kind === 'notice')
      return isHandover(item) && <ReceiptUnder scope={scope} conversation={conversation} item={item} />
    const rule = item.source?.why?.rule
    const isLast = next?.kind !== 'message' || next.source?.why?.rule !== rule
    return rule && isLast && <WhyAnswer scope={scope} conversation={conversation} message={item} />
  }
}

const isHandover = (item: TimelineItem) =>
  item.kind === 'notice' && (item.name === 'queued' || item.name.startsWith('ticketOpened'))

/** Under the first line that says so. */
function ReceiptUnder({ scope, conversation, item }: Props & { item: TimelineItem }) {
  const telling = conversation.telling.value
  if (!telling?.isSent.value || conversation.items.value.find(isHandover)?.key !== item.key) return null
  return (
    <Disclosure label={scope.texts('told.open')}>
      <Receipt scope={scope} conversation={conversation} telling={telling} />
    </Disclosure>
  )
}

/** In words: a number of one's own making would say more than it knows. */
const sureness = (sure: number) => (sure >= 0.8 ? 'high' : sure >= 0.6 ? 'middle' : 'low')

function WhyAnswer(props: Props & { message: Extract<TimelineItem, { kind: 'message' }> }) {
  const { scope, conversation, message } = props
  const { texts } = scope
  const { source, citations } = message
  if (!source?.why) return null
  const { sure } = source.why
  const isByModel = source.kind === 'article' && source.model !== undefined
  return (
    <Disclosure label={texts('why.open')}>
      <p>
        {texts(`why.${source.kind}`, {
          title: source.kind === 'flow' ? (source.title ?? source.flowId) : '',
          name: source.kind === 'site' ? source.name : '',
        })}
      </p>
      {citations.map(({ articleId, title, headingId, headingText }) => (
        <p key={articleId + headingId} dir="auto">
          {headingText ? texts('why.section', { title, heading: headingText }) : `“${title}”`}
        </p>
      ))}
      {source.kind !== 'site' && <p>{texts(isByModel ? 'why.model' : 'why.noModel')}</p>}
      {sure !== undefined && <p>{texts(`why.sure.${sureness(sure)}`)}</p>}
      <Contest
        scope={scope}
        conversation={conversation}
        objection={{ about: 'answer', target: message.key }}
      />
      <NoContest scope={scope} conversation={conversation} />
    </Disclosure>
  )
}

/** Under the roads to a person: why they are offered, and why one of them is advised. */
export function WhyOffer({ scope, conversation }: Props) {
  const { texts } = scope
  const offer = conversation.offer.value
  if (!offer) return null
  const advised = offer.channels.find(({ recommended }) => recommended)
  const because = conversation.because.value
  return (
    <Disclosure label={texts('why.open')}>
      <p>{texts(`why.escalation.${offer.reason}`)}</p>
      <Version scope={scope} rule={because?.rule} />
      <Contest scope={scope} conversation={conversation} objection={{ about: 'escalation' }} />
      {advised && (
        <>
          <p>{texts(`why.channel.${advised.because ?? 'onlyOne'}`)}</p>
          <Version scope={scope} rule={offer.advised?.rule} />
          <Contest
            scope={scope}
            conversation={conversation}
            objection={{ about: 'channel', target: advised.channel }}
          />
        </>
      )}
    </Disclosure>
  )
}

/** Codes of reasons that there are words for: of a later server's nothing is shown (D44). */
const READ = [
  'distress',
  'urgentWords',
  'blocked',
  'soon',
  'policyTopic',
  'chased',
  'anger',
  'severalTopics',
  'otherParty',
  'several',
  'severalQuestions',
  'long',
  'details',
  'pageErrors',
  'tried',
  'manyMessages',
  'roleRule',
  'categoryRule',
  'notSignedIn',
]

/** Of a ticket: what its words were read as, and by what. `category`: what it is sorted under now. */
export function WhySorted({ scope, conversation, category }: Props & { category: string | null }) {
  const { texts } = scope
  const read = conversation.readAs.value
  if (!read) return null
  const { triage, priority } = read
  // An agent has sorted it since, or nobody: the rule's word is not the reason.
  const isRules = triage !== null && category !== null && triage.category === category
  return (
    <Disclosure label={texts('why.open')}>
      {isRules && (
        <p>
          {texts(`why.sorted.${sureness(triage.confidence)}`, {
            category: named(texts, 'category', category),
          })}
        </p>
      )}
      {category && (
        <Contest
          scope={scope}
          conversation={conversation}
          objection={{ about: 'category', target: category }}
        />
      )}
      <Reasons
        scope={scope}
        title="why.pressing"
        reasons={[...priority, ...(triage?.urgency.reasons ?? [])]}
      />
      <Reasons scope={scope} title="why.work" reasons={triage?.complexity.reasons ?? []} />
      <Contest scope={scope} conversation={conversation} objection={{ about: 'priority' }} />
      <NoContest scope={scope} conversation={conversation} />
      <Version scope={scope} rule={triage?.rule} />
    </Disclosure>
  )
}

interface ReasonsProps {
  readonly scope: Scope
  readonly title: string
  readonly reasons: readonly DecisionReason[]
}

function Reasons({ scope: { texts }, title, reasons }: ReasonsProps) {
  const known = new Map(reasons.filter(({ code }) => READ.includes(code)).map(each => [each.code, each]))
  if (!known.size) return null
  return (
    <div>
      <p>{texts(title)}</p>
      <ul>
        {[...known.values()].map(({ code, words = [] }) => (
          <li key={code}>
            {texts(`why.read.${code}`)}
            {words.length > 0 && <bdi class="fine"> “{words.join('”, “')}”</bdi>}
          </li>
        ))}
      </ul>
    </div>
  )
}

/** Over a list of suggestions: what each was chosen by. */
export function WhyThese({ scope }: { scope: Scope }) {
  const { texts, panel } = scope
  const rows = panel.search.suggestions.value
  const withReason = rows.filter(row => row.reasons.length > 0)
  if (withReason.length === 0) return null
  return (
    <Disclosure label={texts('why.these')}>
      <p>{texts('why.suggestions')}</p>
      <dl>
        {withReason.map(row => (
          <div key={row.articleId + row.title}>
            <dt dir="auto">{row.title}</dt>
            <dd>
              {[...new Set(row.reasons.map(reason => reasonText([reason], texts)))]
                .filter(Boolean)
                .join(' · ')}
            </dd>
          </div>
        ))}
      </dl>
      <Contest
        scope={scope}
        conversation={panel.conversation.value}
        // None of them in particular: the list is what was decided, so a person is told which articles were on it.
        objection={{ about: 'suggestion', target: listOf(withReason.map(row => row.articleId)) }}
        raise={objection =>
          new Promise((resolve, reject) =>
            panel
              .withConversation(async model => resolve(await model.contest(objection)))
              .then(() => reject(new Error('The conversation did not come.')), reject),
          )
        }
      />
    </Disclosure>
  )
}

/** As the wire takes what an objection is to. Characters. */
const MAX_TARGET = 300

/** Ids as they were shown, each once; whole ones only. */
function listOf(ids: readonly string[]): string {
  let list = ''
  for (const id of new Set(ids)) {
    const longer = list ? `${list},${id}` : id
    if (longer.length <= MAX_TARGET) list = longer
  }
  return list
}

/** Of a rule that changes with time: which one it was, for whoever asks about it later. */
function Version({ scope, rule }: { scope: Scope; rule: string | undefined }) {
  const version = rule?.split('@')[1]
  return version ? <p class="fine">{scope.texts('why.version', { version })}</p> : null
}
