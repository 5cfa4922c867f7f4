// All models of one signed-in agent, made together and ended together. Decides nothing by itself: it only says who
// needs whom.

import { effect } from '@preact/signals-core'
import type { KeyedStore } from '../base/keyedStore'
import type { SafeStorage } from '../base/safeStorage'
import type { ReadonlySignal } from '../base/signal'
import type { AttachmentsModel } from '../live/attachmentsModel'
import { PROTOCOL_VERSION } from '../protocol/version'
import type { SearchProvider } from '../search/searchProvider'
import { type ComposerModel, createComposerModel } from './composerModel'
import { type ContestForm, EMPTY_CONTEST_FORM } from './contestAnswers'
import type { DeskLine } from './deskLine'
import type { DeskOutbox } from './deskOutbox'
import { createDetailsModel, type DetailsModel } from './detailsModel'
import { createDisputeModel, type DisputeModel } from './disputeModel'
import { createKeptForms, type KeptForms } from './keptForms'
import { createNotesModel, type NotesModel } from './notesModel'
import { createPeopleModel, type PeopleModel } from './peopleModel'
import { createPreferences, type Preferences } from './preferences'
import { createRepliesModel, type RepliesModel } from './repliesModel'
import type { ReviewParts } from './reviewModel'
import { createSettingsModel, type SettingsModel } from './settingsModel'
import { createSimilarModel, type SimilarModel, type SimilarSubject } from './similarModel'
import { createSuggestionsModel, type HelpQuestion, type SuggestionsModel } from './suggestionsModel'

export interface Workplace {
  readonly preferences: Preferences
  readonly composer: ComposerModel
  /** Answers to objections that are begun, by `contestFormId`. */
  readonly contestForms: KeptForms<ContestForm>
  readonly details: DetailsModel
  readonly disputes: DisputeModel
  readonly notes: NotesModel
  readonly people: PeopleModel
  readonly settings: SettingsModel
  readonly replies: RepliesModel
  readonly suggestions: SuggestionsModel
  readonly similar: SimilarModel
  /** What the leads' queue, which comes when it is asked for, is made of. */
  readonly reviews: ReviewParts
  dispose(): void
}

export interface WorkplaceParts {
  readonly line: DeskLine
  readonly outbox: DeskOutbox
  readonly openStore: () => Promise<KeyedStore>
  readonly tabStore: SafeStorage
  readonly deviceStore: SafeStorage
  /** Over the help of the same server; null: none. */
  readonly search: SearchProvider | null
  /** What to look for in the help, while the open conversation is this agent's. */
  readonly question: ReadonlySignal<HelpQuestion | null>
  /** What solved tickets are compared with, while it may be answered here. */
  readonly similarTo: ReadonlySignal<SimilarSubject | null>
  /** Chosen for the open conversation; null: it takes none. */
  readonly files: ReadonlySignal<AttachmentsModel | null>
  /** May the open conversation be written to? */
  mayReply(): boolean
}

export function createWorkplace(parts: WorkplaceParts): Workplace {
  const { line, outbox, tabStore } = parts
  const { agentId } = line.agent
  const preferences = createPreferences(parts.deviceStore, agentId, line.env.window)
  const details = createDetailsModel(line)
  const disputes = createDisputeModel(line, tabStore)
  const notes = createNotesModel(line, parts.openStore, conversationId => {
    if (line.openId.value === conversationId) void details.refresh()
  })
  const composer = createComposerModel({
    env: line.env,
    tabStore,
    agentId,
    outbox,
    notes,
    preferences,
    openId: line.openId,
    files: parts.files,
    mayReply: parts.mayReply,
    tellTyping: conversationId => void line.request('typing', { v: PROTOCOL_VERSION, conversationId }),
  })
  const people = createPeopleModel(line)
  const settings = createSettingsModel(line)
  const replies = createRepliesModel(line)
  const suggestions = createSuggestionsModel({
    after: line.env.after,
    search: parts.search,
    question: parts.question,
  })
  const similar = createSimilarModel({ line, composer, subject: parts.similarTo })
  const stopConfirming = effect(() => {
    const stored = details.details.value?.notes
    if (stored) notes.confirmed(new Set(stored.map(note => note.noteId)))
  })
  const models = {
    preferences,
    composer,
    details,
    disputes,
    notes,
    people,
    settings,
    replies,
    suggestions,
    similar,
  }
  return {
    ...models,
    contestForms: createKeptForms({ tabStore, agentId, name: 'contest', empty: EMPTY_CONTEST_FORM }),
    reviews: { line, search: parts.search },
    dispose() {
      stopConfirming()
      for (const model of Object.values(models)) model.dispose()
    },
  }
}
