// The lazy half of the assistant: bot, conversation and, behind one more import, the live half.
// Fetched when the visitor turns from reading to asking.

import type { Environment } from '../base/environment'
import { openKeyedStore, type PageStore } from '../base/storage'
import type { Texts } from '../base/texts'
import { createAssistantBot } from '../bot/assistantBot'
import type { BotProvider, HostAction } from '../bot/botProvider'
import type { Flow } from '../bot/flow'
import type { Consent } from '../context/consent'
import { type ConversationModel, createConversationModel } from '../conversation/conversationModel'
import type { JournalRecord } from '../journal/record'
import type { Facts } from '../protocol/facts'
import type { Channel, EscalationReason } from '../protocol/records'
import type { SearchProvider } from '../search/searchProvider'
import { questionTypeOf } from '../understanding/questionType'
import { createUnderstand } from '../understanding/understand'
import type { Config } from './config'
