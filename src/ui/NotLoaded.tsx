// A chunk did not come: the line is gone, or a new version was published while this page was open and took the files of
// this one away. From within a page the two look the same, so there is a way on for both, and one for neither.

import { again, StatusLine } from './StatusLine'
import type { Scope } from './scope'
import { useSaid } from './useSaid'

/** @param text  what is not there */
export function NotLoaded({ scope, text, retry }: { scope: Scope; text: string; retry: () => void }) {
  const { texts, panel } = scope
  const { contactEmail } = panel.settings.value
  useSaid(scope, texts('chunk.failed'))
  return (
    <StatusLine text={text} scope={scope}>
      <p class="sub">{texts('chunk.failed')}</p>
      <div>
        <button type="button" class="button" onClick={again(retry)}>
          {texts('retry')}
        </button>{' '}
        <button type="button" class="button" onClick={() => document.location.reload()}>
          {texts('chunk.reload')}
        </button>
      </div>
      {contactEmail && (
        <a href={`mailto:${encodeURI(contactEmail)}`}>
          <bdi>{contactEmail}</bdi>
        </a>
      )}
    </StatusLine>
  )
}
