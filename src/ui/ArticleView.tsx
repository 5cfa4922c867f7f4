// One article and the question whether it solved it. Chunk "article"; Content comes along for agents' Markdown.

import { useLayoutEffect, useRef } from 'preact/hooks'
import css from './article.css?inline'
import { Content } from './Content'
import { SEARCH } from './icons'
import { languageMark } from './languageMark'
import { OnItsWay, StatusLine } from './StatusLine'
import type { Scope } from './scope'

export { Content }

/** Adopted by the panel when this chunk arrives. */
export const styles = css

export function ArticleView({ scope }: { scope: Scope }) {
  const { panel, texts } = scope
  const { reader } = panel
  const scroller = useRef<HTMLElement>(null)
  const article = reader.article.value
  const headingId = reader.headingId.value
  const status = reader.status.value
  const solved = reader.solved.value
  const thanks = useRef<HTMLParagraphElement>(null)

  useLayoutEffect(() => {
    const view = scroller.current
    if (!article || !view) return
    const heading = headingId && view.querySelector<HTMLElement>(`#${CSS.escape(`h-${headingId}`)}`)
    const root = view.getRootNode() as ShadowRoot
    const target = heading || view.querySelector<HTMLElement>('h3')
    // Reading goes on where the visitor went; a panel that comes back after a reload takes no focus.
    if (root.activeElement) target?.focus({ preventScroll: true })
    if (heading) heading.scrollIntoView({ block: 'start' })
    else view.scrollTop = 0
  }, [article, headingId])

  const hasAnswered = useRef(false)
  const answer = () => {
    hasAnswered.current = true
    reader.say('yes')
    scope.announce(texts('article.thanks'))
  }
  // The button that was pressed is gone with its question.
  useLayoutEffect(() => {
    if (hasAnswered.current) thanks.current?.focus({ preventScroll: true })
    hasAnswered.current = false
  }, [solved])

  if (status === 'failed')
    return <StatusLine text={texts('article.failed')} scope={scope} retry={() => reader.retry()} />
  if (status === 'missing')
    return (
      <StatusLine text={texts('article.missing')} scope={scope} icon={SEARCH}>
        <button type="button" class="button" onClick={() => panel.show('home')}>
          {texts('search.label')}
        </button>
      </StatusLine>
    )
  if (!article || status !== 'idle')
    return <OnItsWay kind="article" scope={scope} text={texts('article.loading')} />
  const { locale } = panel.settings.value
  const mark = languageMark(article.locale, locale, texts)
  return (
    <>
      <article class="scroll prose" part="article" ref={scroller} lang={article.locale} dir="auto">
        <h3 tabIndex={-1} data-focus>
          {article.title}
        </h3>
        {mark && (
          <p class="fine" lang={locale} dir="auto">
            {mark}
          </p>
        )}
        <Content
          tree={article.content}
          pageUrl={document.baseURI}
          imageOrigins={panel.settings.value.imageOrigins}
          openArticle={panel.openArticle}
        />
      </article>
      <div class="solved" part="solved">
        {solved === 'yes' ? (
          <p ref={thanks} tabIndex={-1}>
            {texts('article.thanks')}
          </p>
        ) : (
          <>
            <p id="solved">{texts('article.solved')}</p>
            <button type="button" class="button" aria-describedby="solved" onClick={answer}>
              {texts('article.yes')}
            </button>
            <button
              type="button"
              class="button"
              aria-describedby="solved"
              onPointerEnter={scope.prefetch}
              onFocus={scope.prefetch}
              onClick={() => void panel.articleDidNotHelp()}
            >
              {texts('article.no')}
            </button>
          </>
        )}
      </div>
    </>
  )
}
