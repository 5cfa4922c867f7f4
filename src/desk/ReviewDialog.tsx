// The leads' queue: one answer at a time with its question, and what they say of it. A chunk of its own. Reads the
// model and calls it; of its own it has only where the keyboard is.

import { useSignal } from '@preact/signals'
import { useEffect, useId, useLayoutEffect, useMemo, useRef } from 'preact/hooks'
import { MAX_COMMENT_CHARS } from '../protocol/limits'
import { type ReviewEstimate, type ReviewFigures, type ReviewItem, VERDICTS_OF } from '../protocol/reviews'
import { CHAT } from '../ui/icons'
import { Dialog } from './Dialog'
import { EmptyState } from './EmptyState'
import {
  articleKey,
  createReviewModel,
  type ReviewModel,
  type ReviewParts,
  wantsArticle,
} from './reviewModel'
import type { DeskScope } from './scope'

export function ReviewDialog(props: {
  scope: DeskScope
  parts: ReviewParts
  /** Keys that are a digit or a letter alone, as agents want them or not (WCAG 2.1.4). */
  hasLetterKeys: boolean
  onClose(): void
}) {
  const { scope, parts, hasLetterKeys, onClose } = props
  const { texts } = scope
  const model = useMemo(() => createReviewModel(parts), [])
  useEffect(() => {
    void model.begin()
    return model.dispose
  }, [])
  const body = useRef<HTMLDivElement>(null)
  useEffect(() => {
    const { current } = body
    const onKey = (event: KeyboardEvent) => {
      const { target, key } = event
      if (!hasLetterKeys || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return
      if ((target as Element).closest('textarea, input:not([type=radio])')) return
      if (/^[1-9]$/.test(key)) {
        model.press(Number(key))
        // Who listens hears what was chosen, and Enter saves from there.
        current?.querySelectorAll<HTMLInputElement>('.verdicts input')[Number(key) - 1]?.focus()
      } else if (key === 's' && model.item.value) void model.skip()
      else return
      event.preventDefault()
    }
    current?.addEventListener('keydown', onKey)
    return () => current?.removeEventListener('keydown', onKey)
  }, [hasLetterKeys])
  const item = model.item.value
  return (
    <Dialog
      scope={scope}
      title={texts('review.title')}
      isWide
      isEdited={model.isEdited.value}
      onClose={onClose}
    >
      <div class="review" ref={body}>
        <p class="fine" role="status">
          {item && texts('review.left', { count: model.waiting.value })}
        </p>
        {item ? (
          <Judging scope={scope} model={model} item={item} hasLetterKeys={hasLetterKeys} />
        ) : (
          <Nothing scope={scope} model={model} />
        )}
        {model.figures.value && model.figures.value.judged + model.figures.value.waiting > 0 && (
          <Figures scope={scope} figures={model.figures.value} />
        )}
      </div>
    </Dialog>
  )
}

function Nothing({ scope, model }: { scope: DeskScope; model: ReviewModel }) {
  const { texts } = scope
  switch (model.status.value) {
    case 'loading':
      return (
        <div role="status">
          <span class="sr">{texts('review.loading')}</span>
          <div class="bones chat" aria-hidden="true">
            <i />
            <i />
          </div>
        </div>
      )
    case 'failed':
      return (
        <div class="review-none">
          <p role="alert">{texts('review.failed')}</p>
          <button type="button" class="button" onClick={() => void model.begin()}>
            {texts('review.retry')}
          </button>
        </div>
      )
    case 'off':
      return (
        <p class="quiet" role="status">
          {texts('review.off')}
        </p>
      )
    case 'ready':
      return (
        <div class="review-none" role="status">
          <EmptyState
            icon={CHAT}
            title={texts(model.skipped.value > 0 ? 'review.noneButSkipped' : 'review.none', {
              count: model.skipped.value,
            })}
            hint={texts('review.noneHint')}
          />
          {model.skipped.value > 0 && (
            <button type="button" class="button" onClick={() => void model.again()}>
              {texts('review.again')}
            </button>
          )}
        </div>
      )
  }
}

function Judging(props: { scope: DeskScope; model: ReviewModel; item: ReviewItem; hasLetterKeys: boolean }) {
  const { scope, model, item, hasLetterKeys } = props
  const { texts } = scope
  const id = useId()
  const head = useRef<HTMLHeadingElement>(null)
  const looked = useSignal('')
  const { verdict, article, words } = model.draft.value
  const problem = model.problem.value
  const isSaving = model.isSaving.value
  const articles = model.articles.value
  const choice = useRef<HTMLFieldSetElement>(null)
  const shown = useRef('')
  const isAsked = wantsArticle(verdict) && articles !== null

  // A question that comes below the fold, over a button that would save without it, is brought into sight; also when
  // what was found makes it longer, unless somebody is at it already.
  useLayoutEffect(() => {
    const { current } = choice
    const isSameItem = shown.current === item.itemId
    shown.current = item.itemId
    if (isSameItem && current && !current.contains(document.activeElement))
      current.scrollIntoView({ block: 'nearest' })
  }, [item.itemId, isAsked, articles?.length])

  // What was pressed judged another one: the keyboard, and who listens, begin with this one.
  useLayoutEffect(() => {
    looked.value = ''
    head.current?.focus()
    head.current?.closest('dialog')?.scrollTo({ top: 0 })
  }, [item.itemId])

  const facts = [
    texts(`review.stratum.${item.stratum}`),
    new Date(item.at).toLocaleDateString(scope.locale, { dateStyle: 'medium' }),
    item.role,
    item.route,
  ].filter(Boolean)

  return (
    <form
      class="dialog-body-form"
      onSubmit={event => {
        event.preventDefault()
        void model.save()
      }}
    >
      <article class="review-item" aria-labelledby={`${id}-kind`}>
        <h3 ref={head} id={`${id}-kind`} tabIndex={-1}>
          {texts(`review.kind.${item.kind}`)}
        </h3>
        <p class="fine facts-line">
          {facts.map(fact => (
            <bdi key={fact}>{fact}</bdi>
          ))}
        </p>
        {item.before.length > 0 && (
          <details>
            <summary>{texts('review.before', { count: item.before.length })}</summary>
            <ol>
              {item.before.map((turn, n) => (
                <li key={n}>
                  <b class="fine">{texts(`review.by.${turn.by}`)}</b>
                  <p class="words" dir="auto">
                    {turn.text}
                  </p>
                </li>
              ))}
            </ol>
          </details>
        )}
        <section>
          <h4 class="fine">{texts('review.question')}</h4>
          <p class="words asked" dir="auto">
            {item.question}
          </p>
        </section>
        <section>
          <h4 class="fine">{texts('review.answer')}</h4>
          {item.answer.length === 0 && (
            <p class="quiet">{texts(item.kind === 'handoff' ? 'review.handedOver' : 'review.notRecorded')}</p>
          )}
          {item.answer.map((text, n) => (
            <p key={n} class="words answered" dir="auto">
              {text}
            </p>
          ))}
        </section>
        <dl class="review-why">
          {item.sources.length > 0 && (
            <div>
              <dt>{texts('review.sources')}</dt>
              {item.sources.map(source => (
                <dd key={articleKey(source)}>
                  <Named article={source} />
                </dd>
              ))}
            </div>
          )}
          {(item.because || item.rule) && (
            <div>
              <dt>{texts('review.why')}</dt>
              <dd dir="auto">{[item.because, item.rule].filter(Boolean).join(' · ')}</dd>
            </div>
          )}
          {item.confidence !== undefined && (
            <div>
              <dt>{texts('review.confidence')}</dt>
              <dd>{percent(scope, item.confidence)}</dd>
            </div>
          )}
        </dl>
      </article>
      <fieldset>
        <legend>{texts('review.verdict')}</legend>
        <div class="verdicts">
          {VERDICTS_OF[item.kind].map((each, n) => (
            <label key={each} class="pick">
              <input
                type="radio"
                name={`${id}-verdict`}
                checked={verdict === each}
                aria-keyshortcuts={hasLetterKeys ? String(n + 1) : undefined}
                onChange={() => model.change({ verdict: each })}
              />
              {texts(`review.${each}`)}
              {hasLetterKeys && (
                <span class="key" aria-hidden="true">
                  {n + 1}
                </span>
              )}
            </label>
          ))}
        </div>
      </fieldset>
      {isAsked && (
        <fieldset ref={choice} class="review-choice">
          <legend>{texts('review.article')}</legend>
          <input
            type="search"
            class="boxed"
            aria-label={texts('review.find')}
            placeholder={texts('review.find')}
            value={looked.value}
            dir={looked.value ? 'auto' : undefined}
            onKeyDown={event => {
              // Enter here looks, it does not judge.
              if (event.key === 'Enter' && !event.isComposing) event.preventDefault()
            }}
            onInput={event => {
              looked.value = event.currentTarget.value
              model.find(looked.value)
            }}
          />
          {articles.map(each => (
            <label key={articleKey(each)} class="pick">
              <input
                type="radio"
                name={`${id}-article`}
                checked={article !== null && article !== 'none' && articleKey(article) === articleKey(each)}
                onChange={() => model.change({ article: each })}
              />
              <Named article={each} />
            </label>
          ))}
          <label class="pick">
            <input
              type="radio"
              name={`${id}-article`}
              checked={article === 'none'}
              onChange={() => model.change({ article: 'none' })}
            />
            {texts('review.noArticle')}
          </label>
        </fieldset>
      )}
      <label class="field">
        <span>{texts('review.words')}</span>
        <textarea
          class="boxed"
          rows={2}
          maxLength={MAX_COMMENT_CHARS}
          value={words}
          dir={words ? 'auto' : undefined}
          onInput={event => model.change({ words: event.currentTarget.value })}
        />
      </label>
      <div class="dialog-foot">
        <p class="fine trouble" role="alert">
          {problem === 'changed' && item.verdict
            ? texts('review.changed', { verdict: texts(`review.${item.verdict}`) })
            : problem
              ? texts(problem === 'noAnswer' ? 'review.noAnswer' : 'review.refused')
              : ''}
        </p>
        {model.canGoBack.value && (
          <button type="button" class="button" onClick={() => void model.back()}>
            {texts('review.back')}
          </button>
        )}
        <button
          type="button"
          class="button"
          aria-keyshortcuts={hasLetterKeys ? 's' : undefined}
          onClick={() => void model.skip()}
        >
          {texts('review.skip')}
        </button>
        <button type="submit" class="button main" disabled={!verdict || isSaving}>
          {texts(isSaving ? 'review.saving' : 'review.save')}
        </button>
      </div>
    </form>
  )
}

function Named({ article: { title, headingText } }: { article: { title: string; headingText?: string } }) {
  return (
    <span>
      <bdi>{title}</bdi>
      {headingText && (
        <span class="fine">
          {' '}
          › <bdi>{headingText}</bdi>
        </span>
      )}
    </span>
  )
}

function Figures({ scope, figures }: { scope: DeskScope; figures: ReviewFigures }) {
  const { texts } = scope
  const groups = (['bot', 'agents', 'handoffs'] as const).flatMap(name => {
    const estimate = figures[name]
    return estimate ? [{ name, estimate }] : []
  })
  return (
    <details class="review-figures">
      <summary>{texts('review.figures', { count: figures.days })}</summary>
      {groups.length > 0 && (
        <>
          <dl class="review-why">
            {groups.map(({ name, estimate }) => (
              <div key={name}>
                <dt>{texts(`review.group.${name}`)}</dt>
                <dd>{estimateText(scope, estimate)}</dd>
              </div>
            ))}
          </dl>
          <p class="fine">{texts('review.figuresHint')}</p>
        </>
      )}
      <table>
        <thead>
          <tr>
            <th scope="col">{texts('review.part')}</th>
            <th scope="col">{texts('review.judged')}</th>
            <th scope="col">{texts('review.countRight')}</th>
            <th scope="col" class="only-wide">
              {texts('review.waiting')}
            </th>
          </tr>
        </thead>
        <tbody>
          {figures.strata.map(({ stratum, judged, right, waiting }) => (
            <tr key={stratum}>
              <th scope="row">{texts(`review.stratum.${stratum}`)}</th>
              <td>{judged}</td>
              <td>{right}</td>
              <td class="only-wide">{waiting}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  )
}

const percent = ({ locale }: DeskScope, share: number) =>
  new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 0 }).format(share)

const estimateText = (scope: DeskScope, { right, low, high, judged }: ReviewEstimate) =>
  scope.texts('review.estimate', {
    right: percent(scope, right),
    low: percent(scope, low),
    high: percent(scope, high),
    count: judged,
  })
