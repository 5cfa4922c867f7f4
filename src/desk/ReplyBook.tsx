// The ready answers of this desk: read by all, written by leads. What somebody else saved meanwhile is shown beside
// what was typed, and nothing of either is lost.

import { type Signal, useSignal } from '@preact/signals'
import { useLayoutEffect, useRef } from 'preact/hooks'
import type { CannedReply } from '../protocol/deskRecords'
import { MAX_CANNED, MAX_MESSAGE_CHARS } from '../protocol/limits'
import { SHORTCUT_PATTERN } from './canned'
import type { Outcome } from './deskLine'
import type { EditedReply, RepliesModel } from './repliesModel'
import type { DeskScope } from './scope'

interface Editing extends EditedReply {
  /** The revision that is being edited; 0 for a new one. */
  readonly revision: number
}

export function ReplyBook(props: {
  scope: DeskScope
  model: RepliesModel
  mayEdit: boolean
  /** Set to whether closing would lose words. */
  isEdited: Signal<boolean>
}) {
  const { scope, model, mayEdit, isEdited } = props
  const { texts } = scope
  const editing = useSignal<Editing | null>(null)
  const problem = useSignal<'shortcut' | 'shortcutTaken' | 'empty' | 'noAnswer' | 'refused' | null>(null)
  /** What a colleague saved while this was being edited; undefined: nothing, null: they deleted it. */
  const theirs = useSignal<CannedReply | null | undefined>(undefined)
  const doomed = useSignal<string | null>(null)
  const notDropped = useSignal<Outcome | null>(null)
  const field = useRef<HTMLInputElement>(null)
  const list = useRef<HTMLUListElement>(null)
  const adding = useRef<HTMLButtonElement>(null)
  /** On its way out. */
  const dropped = useRef<string | null>(null)
  const wasEditing = useRef<string | null>(null)
  const replies = model.replies.value ?? []
  const current = editing.value

  // What was pressed is gone with the view that it was in: the keyboard goes where the work goes on.
  useLayoutEffect(() => {
    const before = wasEditing.current
    wasEditing.current = current?.replyId ?? null
    if (current) {
      if (before !== current.replyId) field.current?.focus()
    } else if (before) {
      const row = [...(list.current?.children ?? [])].find(
        each => each instanceof HTMLElement && each.dataset.reply === before,
      )
      const next = row?.querySelector('button') ?? adding.current
      next?.focus()
    }
  }, [current?.replyId])

  // The button went with its row. Whoever is at work elsewhere is left there.
  useLayoutEffect(() => {
    if (!dropped.current || replies.some(reply => reply.replyId === dropped.current)) return
    dropped.current = null
    if (document.activeElement === document.body)
      (list.current?.querySelector('button') ?? adding.current)?.focus()
  }, [replies])

  const drop = async ({ replyId, revision }: CannedReply) => {
    notDropped.value = null
    dropped.current = replyId
    const outcome = await model.drop(replyId, revision)
    if (outcome === 'done') return
    dropped.current = null
    notDropped.value = outcome
  }

  const edit = (next: Editing | null) => {
    editing.value = next
    isEdited.value = false
    problem.value = null
    theirs.value = undefined
  }
  const change = (to: Partial<EditedReply>) => {
    if (editing.value) editing.value = { ...editing.value, ...to }
    isEdited.value = true
  }
  const findTheirs = (replyId: string) =>
    (model.replies.value ?? []).find(reply => reply.replyId === replyId) ?? null

  const save = async (revision = current?.revision ?? 0) => {
    if (!current) return
    const edited = {
      replyId: current.replyId,
      shortcut: current.shortcut.trim().replace(/^\//, '').toLowerCase(),
      title: current.title.trim(),
      text: current.text.trim(),
    }
    problem.value = !SHORTCUT_PATTERN.test(edited.shortcut)
      ? 'shortcut'
      : !edited.title || !edited.text
        ? 'empty'
        : null
    if (problem.value) return
    const outcome = await model.save(edited, revision)
    if (outcome === 'done') edit(null)
    else if (outcome === 'changed') theirs.value = findTheirs(current.replyId)
    else problem.value = outcome
  }

  if (current) {
    const other = theirs.value
    return (
      <form
        class="dialog-body-form"
        onSubmit={event => {
          event.preventDefault()
          void save()
        }}
      >
        {other !== undefined && (
          <div class="conflict" role="alert">
            <p>
              <b>
                {other
                  ? texts('book.changed', { name: other.editedBy.name })
                  : texts('book.deletedMeanwhile')}
              </b>
            </p>
            {other && <pre class="scroll">{`/${other.shortcut}\n${other.title}\n\n${other.text}`}</pre>}
            <div class="dialog-foot">
              {other && (
                <button type="button" class="button" onClick={() => edit({ ...other })}>
                  {texts('book.takeTheirs')}
                </button>
              )}
              <button
                type="button"
                class="button"
                onClick={() => {
                  theirs.value = undefined
                  void save(other?.revision ?? 0)
                }}
              >
                {texts('book.keepMine')}
              </button>
            </div>
          </div>
        )}
        <label class="field">
          <span>{texts('book.shortcut')}</span>
          <input
            ref={field}
            class="boxed"
            maxLength={41}
            value={current.shortcut}
            dir={current.shortcut ? 'auto' : undefined}
            aria-invalid={problem.value === 'shortcut' || problem.value === 'shortcutTaken' || undefined}
            onInput={event => change({ shortcut: event.currentTarget.value })}
          />
        </label>
        <label class="field">
          <span>{texts('book.title')}</span>
          <input
            class="boxed"
            maxLength={120}
            value={current.title}
            dir={current.title ? 'auto' : undefined}
            onInput={event => change({ title: event.currentTarget.value })}
          />
        </label>
        <label class="field">
          <span>{texts('book.text')}</span>
          <textarea
            class="boxed"
            rows={6}
            maxLength={MAX_MESSAGE_CHARS}
            value={current.text}
            dir={current.text ? 'auto' : undefined}
            onInput={event => change({ text: event.currentTarget.value })}
          />
        </label>
        <p class="fine">{texts('book.variables')}</p>
        <div class="dialog-foot">
          <p class="fine trouble" role="alert">
            {problem.value ? texts(`book.problem.${problem.value}`) : ''}
          </p>
          <button type="button" class="button" onClick={() => edit(null)}>
            {texts('book.cancel')}
          </button>
          <button type="submit" class="button main">
            {texts('book.save')}
          </button>
        </div>
      </form>
    )
  }
  return (
    <>
      {mayEdit && replies.length < MAX_CANNED && (
        <div class="dialog-foot">
          <button
            ref={adding}
            type="button"
            class="button main"
            onClick={() => edit({ replyId: model.newId(), revision: 0, shortcut: '', title: '', text: '' })}
          >
            {texts('book.add')}
          </button>
        </div>
      )}
      {replies.length === 0 && <p class="quiet">{texts('book.none')}</p>}
      <p class="fine trouble" role="alert">
        {notDropped.value ? texts(`book.drop.${notDropped.value}`) : ''}
      </p>
      <ul class="book" ref={list}>
        {replies.map(reply => (
          <li key={reply.replyId} data-reply={reply.replyId}>
            <div>
              <b dir="ltr">/{reply.shortcut}</b> <bdi>{reply.title}</bdi>
              <p class="words clamp" dir="auto">
                {reply.text}
              </p>
            </div>
            {mayEdit && (
              <div class="actions">
                <button
                  type="button"
                  class="button"
                  aria-label={texts('book.editNamed', { shortcut: reply.shortcut })}
                  onClick={() => edit({ ...reply })}
                >
                  {texts('book.edit')}
                </button>
                <button
                  type="button"
                  class={doomed.value === reply.replyId ? 'button danger' : 'button'}
                  aria-label={texts(doomed.value === reply.replyId ? 'book.deleteSure' : 'book.deleteNamed', {
                    shortcut: reply.shortcut,
                  })}
                  onBlur={() => {
                    doomed.value = null
                  }}
                  onClick={() => {
                    if (doomed.value === reply.replyId) void drop(reply)
                    else doomed.value = reply.replyId
                  }}
                >
                  {texts(doomed.value === reply.replyId ? 'book.deleteYes' : 'book.delete')}
                </button>
              </div>
            )}
          </li>
        ))}
      </ul>
    </>
  )
}
