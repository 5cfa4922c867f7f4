// What somebody has begun to write in a form beside a conversation, by what the form is about: it outlives the form,
// another conversation and a reload of the tab. Owns the words until they are sent or emptied; says nothing of how.

import { signal } from '@preact/signals-core'
import type { SafeStorage } from '../base/safeStorage'

/** Texts by the name of their field. */
export type Form = Readonly<Record<string, string>>

export interface KeptForms<Fields extends Form> {
  /** As it was left; empty where nothing is begun. Reading it inside a computation follows it. */
  of(id: string): Fields
  change(id: string, to: Partial<Fields>): void
  clear(id: string): void
}

/**
 * @param agentId  agents share machines: nobody finds another one's half-written words
 * @param empty    says which fields there are
 */
export function createKeptForms<Fields extends Form>(parts: {
  readonly tabStore: SafeStorage
  readonly agentId: string
  readonly name: string
  readonly empty: Fields
}): KeptForms<Fields> {
  const { tabStore, agentId, name, empty } = parts
  const forms = signal<ReadonlyMap<string, Fields>>(new Map())
  const keyOf = (id: string) => `asklet-desk.${name}.${agentId}.${id}`
  const isEmpty = (form: Fields) => Object.keys(empty).every(field => form[field] === empty[field])
  const of = (id: string): Fields => forms.value.get(id) ?? read(tabStore.get(keyOf(id)), empty)
  const write = (id: string, form: Fields) => {
    forms.value = new Map(forms.peek()).set(id, form)
    tabStore.set(keyOf(id), isEmpty(form) ? null : JSON.stringify(form))
  }
  return {
    of,
    change: (id, to) => write(id, { ...of(id), ...to }),
    clear: id => write(id, empty),
  }
}

/** What another build kept in another shape is as good as nothing. */
function read<Fields extends Form>(kept: string | null, empty: Fields): Fields {
  if (!kept) return empty
  try {
    const found: unknown = JSON.parse(kept)
    if (typeof found !== 'object' || found === null) return empty
    const own = Object.entries(found).filter(
      ([field, text]) => Object.hasOwn(empty, field) && typeof text === 'string',
    )
    return { ...empty, ...Object.fromEntries(own) }
  } catch {
    return empty
  }
}
