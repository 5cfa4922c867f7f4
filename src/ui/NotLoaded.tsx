// A chunk did not come: the line is gone, or a new version was published while this page was open and took the files of
// this one away. From within a page the two look the same, so there is a way on for both, and one for neither.

import type { Scope } from './scope'
import { useSaid } from './useSaid'

/** @param text  what is not there */
export function NotLoaded({ scope, text, retry }: { scope: Scope; text: string; retry: () => void }) {
  const { texts, panel } = scope
  const { contactEmail } = panel.settings.value
  const sentence = `${text} ${texts('chunk.failed')}`
  useSaid(scope, sentence)
  return (
    <div class="status">
      <p>{sentence}</p>
      <button type="button" class="button" onClick={retry}>
        {texts('retry')}
      </button>{' '}
      <button type="button" class="button" onClick={() => document.location.reload()}>
        {texts('chunk.reload')}
      </button>
      {contactEmail && (
        <p>
          <a href={`mailto:${encodeURI(contactEmail)}`}>
            <bdi>{contactEmail}</bdi>
          </a>
        </p>
      )}
    </div>
  )
}
