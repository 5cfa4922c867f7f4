// What a message's files are called, where the files themselves cannot be shown: no chunk, or nobody who has addresses.

import { type Attachment, namesOf } from '../protocol/attachments'

interface FileNamesProps {
  readonly text: string
  readonly attachments: readonly Attachment[]
}

/** Nothing where the text says them already. */
export function FileNames({ text, attachments }: FileNamesProps) {
  const names = namesOf(attachments)
  return names === text ? null : <div class="fine">{names}</div>
}
