// All English texts of the panel, as a visitor has them once the conversation's chunk is there.

import conversation from '../../../src/assistant/texts/conversation.en.json'
import first from '../../../src/assistant/texts/en.json'
import model from '../../../src/assistant/texts/model.en.json'
import afterwards from '../../../src/ui/afterwards.en.json'
import dispute from '../../../src/ui/dispute.en.json'
import files from '../../../src/ui/files.en.json'
import answersFirst from '../../../src/ui/first.en.json'
import handoff from '../../../src/ui/handoff.en.json'
import kept from '../../../src/ui/kept.en.json'
import past from '../../../src/ui/past.en.json'
import ticket from '../../../src/ui/ticket.en.json'
import why from '../../../src/ui/why.en.json'

export const english = {
  ...first,
  ...conversation,
  ...files,
  ...handoff,
  ...afterwards,
  ...kept,
  ...past,
  ...why,
  ...dispute,
  ...ticket,
  ...answersFirst,
  ...model,
}
