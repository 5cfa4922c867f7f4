// What became of one's own words, and what can be done where they are stuck.

import type { Texts } from '../base/texts'
import { wordFor } from '../conversation/named'
import type { DeliveryState, TimelineItem } from '../conversation/timeline'
import { CopyButton } from './CopyButton'
import { useFocusHeir } from './useFocusHeir'

interface DeliveryProps {
  readonly item: TimelineItem
  readonly texts: Texts
  /** The words, for whoever takes them elsewhere. */
  readonly copied: string
  retry(key: string): void
  discard(key: string): void
}

/** Nothing where nothing is to be said of it. */
export function Delivery(props: DeliveryProps) {
  const { state } = props.item
  return state ? <Stands key={String(state)} {...props} state={state} /> : null
}

function Stands({
  item: { key },
  state,
  texts,
  copied,
  retry,
  discard,
}: DeliveryProps & { state: DeliveryState }) {
  const ref = useFocusHeir<HTMLDivElement>()
  const hasFailed = typeof state === 'object'
  const trouble = troubleText(state, texts)
  return (
    <div ref={ref} class={trouble ? 'fine trouble' : 'fine'}>
      <span>{trouble ?? texts(`state.${state}`)}</span>
      {trouble && (
        <>
          <button type="button" class="text-button" onClick={() => retry(key)}>
            {texts(hasFailed ? 'action.retry' : 'action.sendNow')}
          </button>
          <CopyButton label={texts('action.copy')} texts={texts} text={() => copied} />
          <button type="button" class="text-button" onClick={() => discard(key)}>
            {texts('action.discard')}
          </button>
        </>
      )}
    </div>
  )
}

/** Why it waits for its author's hand; nothing where it does not. */
export function troubleText(state: DeliveryState, texts: Texts): string | undefined {
  if (state === 'needsConfirm') return texts('state.needsConfirm')
  if (typeof state !== 'object') return
  const reason = wordFor(texts, `state.failed.${state.failed}`, texts('state.failed.other'))
  return texts('state.failed', { reason })
}
