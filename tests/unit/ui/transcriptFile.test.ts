import { expect, test } from 'vitest'
import { transcriptFile } from '../../../src/ui/transcriptFile'

const AT = Date.UTC(2026, 10, 20, 14, 2)

test('the file’s name says of which site, ticket and day it is, on every system', () => {
  expect(transcriptFile('Fairhand Help', 1001, AT)).toBe('fairhand-help-1001-2026-11-20.txt')
  expect(transcriptFile('../..\\C:\u0000"Größe"?', null, AT)).toBe('c-größe-2026-11-20.txt')
  expect(transcriptFile('???', null, AT)).toBe('conversation-2026-11-20.txt')
})
