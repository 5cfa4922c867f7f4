// Mail and webhooks of the demo that did not go out.

import type { DeskCalls } from '../../../src/protocol/wire'
import { MARA, SEFA } from './shift'
import { NOW } from './time'

const MINUTE = 60_000
export const DELIVERIES: DeskCalls['deliveries']['reply'] = {
  failed: 1,
  waiting: 7,
  rows: [
    {
      deliveryId: 'sefa.4.answered',
      conversationId: SEFA,
      road: 'mail',
      kind: 'answered',
      state: 'failed',
      to: 's…@mail.example',
      ticketNumber: 1004,
      reason: 'the mail server refused it (EENVELOPE 550)',
      attempts: 1,
      createdAt: NOW - 90 * MINUTE,
      nextAt: null,
    },
    {
      deliveryId: 'mara.3.message.received.a1b2c3d4e5f6',
      conversationId: MARA,
      road: 'webhook',
      kind: 'message.received',
      state: 'waiting',
      to: 'a1b2c3d4e5f6',
      ticketNumber: null,
      reason: 'no answer in time',
      attempts: 6,
      createdAt: NOW - 40 * MINUTE,
      nextAt: NOW + 15 * MINUTE,
    },
  ],
}
