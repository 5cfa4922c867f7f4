// A conversation that is over, to be read: who said what, and the way to ask again. Comes with what draws messages.

import type { ComponentType } from 'preact'
import { useEffect, useLayoutEffect, useState } from 'preact/hooks'
import type { ConversationModel } from '../conversation/conversationModel'
import type { TimelineItem } from '../conversation/timeline'
import type { AttachmentsModel } from '../live/attachmentsModel'
import type { PastConversation } from '../protocol/deskRecords'
import { MessageList, type MessageListProps } from './MessageList'
import { OnItsWay, StatusLine } from './StatusLine'
import type { Scope } from './scope'

/** The view of one of them, with all that it draws with. Rejects where a part does not come. */
export async function pastThread(
  { parts, panel, addStyles }: Scope,
  past: PastConversation,
): Promise<ComponentType<{ scope: Scope }>> {
  const [handoff, { Content }] = await Promise.all([
    import('./Handoff'),
    parts.loadArticleView(),
    // For its styles, which the list of messages has no other home for.
    parts.loadConversationView(),
  ])
  addStyles(handoff.styles)
  // Its words come with it; they are drawn anew when they are here.
  panel.prefetchConversation()
  panel.addTexts(handoff.words)
  return ({ scope }) => <PastThread {...{ scope, past, handoff, Content }} />
}

interface PastThreadProps {
  readonly scope: Scope
  readonly past: PastConversation
  readonly handoff: typeof import('./Handoff')
  readonly Content: Awaited<ReturnType<Scope['parts']['loadArticleView']>>['Content']
}

function PastThread({ scope, past, handoff, Content }: PastThreadProps) {
  const { panel, texts } = scope
  const { name, locale, imageOrigins } = panel.settings.value
  const [items, setItems] = useState<readonly TimelineItem[] | null | undefined>(undefined)
  const read = () => {
    setItems(undefined)
    panel
      .past()
      .then(found => found.thread(past.conversationId))
      .then(setItems, () => setItems(null))
  }
  const askAbout = async (conversation: ConversationModel) => {
    if (conversation.phase.value === 'ended') conversation.askAgain()
    // In the text field, to be said anew: what is being typed there goes before it.
    if (!conversation.draft.value) conversation.setDraft(past.question)
  }
  // In the window where it can be opened again, until when that says itself.
  const goTo = (conversation: ConversationModel) =>
    conversation.join(past.conversationId, past.phase).catch(() => {})
  const go = (act: (conversation: ConversationModel) => Promise<void>) => {
    // Looked at from there: it is there that it goes on.
    if (scope.aside.value?.over === 'conversation') scope.aside.value = null
    void panel.withConversation(act)
  }
  useEffect(read, [])
  useLayoutEffect(() => {
    if (items) scope.arrived()
  }, [items])
  const files = usePastFiles(scope, past, items)
  if (items === null) return <StatusLine text={texts('past.failed')} scope={scope} retry={read} />
  if (!items) return <OnItsWay kind="chat" scope={scope} text={texts('past.loading')} />
  return (
    <>
      <section
        class="scroll stack"
        aria-label={past.question || texts('past.untitled')}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
        tabIndex={0}
        data-focus
      >
        <div>
          <MessageList
            items={items}
            texts={texts}
            locale={locale}
            botName={name}
            own="visitor"
            markdown={{
              pageUrl: document.baseURI,
              imageOrigins,
              openArticle: panel.openArticle,
              parse: panel.parseMarkdown,
              Content,
            }}
            handoff={handoff}
            files={files}
            retry={() => {}}
            discard={() => {}}
          />
        </div>
      </section>
      <div class="foot">
        <div class="over">
          <button type="button" class="button main" onClick={() => go(askAbout)}>
            {texts('past.again')}
          </button>
          {past.ticketStatus === 'solved' && (
            <button type="button" class="text-button" onClick={() => go(goTo)}>
              {texts('past.toTicket')}
            </button>
          )}
        </div>
      </div>
    </>
  )
}

/** What was sent in it, while the server has it. Where a part of that does not come the files have their names. */
function usePastFiles(
  { panel, addStyles }: Scope,
  { conversationId }: PastConversation,
  items: readonly TimelineItem[] | null | undefined,
): MessageListProps['files'] {
  const [files, setFiles] = useState<MessageListProps['files']>(undefined)
  const hasFiles = items?.some(item => item.kind === 'message' && item.attachments) === true
  useEffect(() => {
    if (!hasFiles) return
    let isGone = false
    let found: AttachmentsModel | undefined
    Promise.all([import('./Files'), panel.past().then(past => past.files(conversationId))]).then(
      ([part, model]) => {
        if (isGone) return model.dispose()
        found = model
        addStyles(part.styles)
        panel.addTexts(part.words)
        setFiles({ part, model })
      },
      () => {},
    )
    return () => {
      isGone = true
      found?.dispose()
    }
  }, [hasFiles])
  return files
}
