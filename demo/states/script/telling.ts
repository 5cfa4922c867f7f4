// What a person is told, and what is objected to, as signals that a script or a test holds.

import { signal } from '@preact/signals-core'
import type { Telling } from '../../../src/conversation/handoff'
import type { Objection } from '../../../src/conversation/objections'
import type { ToldPart } from '../../../src/conversation/telling'

export interface ScriptedTelling {
  readonly isSent?: boolean
  readonly parts?: readonly ToldPart[]
  /** Of visitor and bot in turn. */
  readonly turns?: readonly string[]
  readonly left?: readonly string[]
  readonly objections?: readonly Objection[]
}

export const part = (kind: ToldPart['kind'], value: string, label = ''): ToldPart => ({
  key: label ? `${kind}.${label}` : kind,
  kind,
  label,
  value,
  ...(kind === 'locale' && { isFixed: true }),
})

export function scriptedTelling(told: ScriptedTelling) {
  const left = signal(told.left ?? [])
  const tellsPlace = signal(true)
  const objections = signal(told.objections ?? [])
  return {
    isSent: signal(told.isSent ?? false),
    moves: signal(0),
    parts: signal(told.parts ?? []),
    left,
    turns: signal((told.turns ?? []).map((text, n) => ({ key: `turn.${n}`, text, isBots: n % 2 === 1 }))),
    objections,
    takeBack(key) {
      objections.value = objections.value.filter(each => each.key !== key)
    },
    tellsPlace,
    leave(key, isLeft) {
      left.value = isLeft ? [...left.value, key] : left.value.filter(each => each !== key)
    },
    setQuestion: () => {},
    setTellsPlace(tells) {
      tellsPlace.value = tells
    },
  } satisfies Telling
}
