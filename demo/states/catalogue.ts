// Every state of the three faces, by name: what the gallery lists, what pictures are taken of, what checks walk through.
// Pure data, so that Node reads it too; how a state is brought about stands in `visitor.ts` and `desk.ts`.

/** What a person looks at: the button on a page, the visitor's panel, the agents' window. */
export type Surface = 'launcher' | 'panel' | 'desk'

export interface State {
  /** In addresses and file names; small letters, digits and hyphens. */
  readonly id: string
  readonly surface: Surface
  readonly title: string
  readonly group: string
}

const group =
  (surface: Surface, name: string) =>
  <const Ids extends Readonly<Record<string, string>>>(titles: Ids) =>
    Object.entries(titles).map(([id, title]) => ({
      id,
      surface,
      title,
      group: name,
    })) as unknown as readonly {
      readonly id: keyof Ids & string
      readonly surface: Surface
      readonly title: string
      readonly group: string
    }[]

const VISITOR = [
  ...group(
    'launcher',
    'Launcher',
  )({
    'launcher-idle': 'At rest',
    'launcher-unread': 'New messages',
    'launcher-busy': 'Help is on its way',
    'launcher-failed': 'Help did not load',
    'launcher-offer': 'An offer of help',
    'launcher-offer-why': 'An offer of help, with its reason',
    'launcher-own': 'A button of the page’s own, help open and news in it',
  }),
  ...group(
    'panel',
    'Home',
  )({
    'home-empty': 'Nothing known yet',
    'home-loading': 'Suggestions are on their way',
    home: 'Suggested for this page',
    'home-failed': 'The articles did not load',
    'home-continue': 'A conversation to go on with, and news in it',
    'home-past': 'Earlier conversations',
    'home-tickets': 'Tickets, and how each stands',
    'home-guest': 'A site without people',
  }),
  ...group(
    'panel',
    'Search',
  )({
    results: 'Suggestions with marks and reasons',
    'results-why': 'Why these suggestions',
    'results-contest': 'An objection to these suggestions',
    'results-active': 'A row under the keyboard',
    'results-completion': 'How the query may go on',
    'results-none': 'Nothing found',
    'results-stalled': 'Still looking',
    'results-failed': 'The search failed',
  }),
  ...group(
    'panel',
    'Article',
  )({
    'article-loading': 'On its way',
    article: 'Read from the top: table and lists',
    'article-section': 'Opened at a heading',
    'article-picture': 'Picture, code and quotation',
    'article-solved': 'It helped',
    'article-not-solved': 'It did not help: the assistant takes over',
    'article-failed': 'Did not load',
    'article-missing': 'Not there any more',
    'article-chunk-failed': 'Its part of the program did not load',
  }),
  ...group(
    'panel',
    'Assistant',
  )({
    'bot-opening': 'The conversation opens',
    bot: 'The first words',
    'bot-thinking': 'Looking for an answer',
    'bot-answer': 'An answer with its source',
    'bot-why': 'Why this answer, and an objection to it',
    'bot-contested': 'An objection that waits for a person to be chosen',
    'bot-sources': 'An answer from two sources',
    'bot-choices': 'Choices of guided help',
    'bot-slot': 'A detail is asked for',
    'bot-consent': 'Asks before it does something',
    'bot-unknown': 'Does not know',
    'bot-readings': 'Which of these is meant?',
    'bot-too-long': 'A message that is too long',
    'bot-memory': 'The browser keeps nothing',
    'bot-chunk-failed': 'Its part of the program did not load',
    'model-waiting': 'A language model is asked',
    'model-writing': 'Its answer comes in',
    'model-answer': 'Its answer, checked',
    'model-stopped': 'Its answer, stopped by the visitor',
    'model-cut': 'Its answer broke off',
    'model-failed': 'No answer came',
  }),
  ...group(
    'panel',
    'To a person',
  )({
    'offer-checking': 'Looking who is there',
    offer: 'The roads to a person',
    'offer-asked': 'A solved ticket of one’s own and an article, before a message is left',
    'offer-answers': 'Articles that answer it, before a message is left',
    'offer-why': 'Why a person, and why this way',
    'offer-told': 'What will be sent',
    'offer-told-turns': 'What will be sent, message by message',
    'offer-objected': 'An objection goes along',
    'offer-nobody': 'Nobody is there',
    'offer-hours': 'Outside the hours',
    'offer-answer-time': 'Outside the hours, and how soon a message is usually answered',
    'offer-unreachable': 'Not known who is there',
    'contact-empty': 'An address is asked for',
    'contact-error': 'An address that is not whole',
    queue: 'Waiting, with place and time',
    'queue-told': 'Waiting, with what was sent',
    'queue-unknown': 'Waiting, for nobody knows how long',
    'queue-mail': 'Leaving an address while waiting',
    'queue-stored': 'Waiting, with an address left',
    'queue-by-mail': 'No more waiting, an answer by e-mail?',
    'queue-article': 'Reading while waiting',
  }),
  ...group(
    'panel',
    'With a person',
  )({
    'live-contested': 'An objection and its answer, and a suggested reply',
    'live-joined': 'Somebody has come',
    live: 'A conversation',
    'live-marks': 'Every mark that a message can carry',
    'live-typing': 'The other side is typing',
    'live-failed': 'A message that did not go out',
    'live-objection-failed': 'An objection that the server did not take',
    'live-cut': 'The line is away',
    'live-stranded': 'Out of reach: the text to copy',
    'live-away': 'The agent is away for a moment',
    'live-gone': 'The agent lost the connection',
    'live-lost': 'Back in the queue',
    'live-transferred': 'Handed to a colleague',
    'live-earlier': 'A long conversation',
    'live-more': 'What else can be done',
    'live-contact': 'Leaving an address, in case of going',
    'live-copy': 'A copy, while it goes on',
    'live-end': 'To be ended?',
    'live-unread': 'News while the panel is closed',
  }),
  ...group(
    'panel',
    'Files',
  )({
    'files-uploading': 'Chosen and on their way',
    'files-ready': 'Ready to be sent',
    'files-failed': 'Not taken, each with its reason',
    'files-sent': 'Sent by the visitor',
    'files-received': 'A picture and a document of the agent',
    'files-broken': 'A picture that cannot be shown',
  }),
  ...group(
    'panel',
    'Afterwards',
  )({
    ended: 'Ended, and asked how it was',
    'ended-comment': 'A comment, if wanted',
    'ended-thanked': 'Thanked',
    'ended-failed': 'The answer could not be saved',
    'ended-transcript': 'A copy to keep',
    'ended-mailed': 'A copy went out by e-mail',
    ticket: 'A ticket with an address',
    'ticket-answer-time': 'A ticket, and until when such are usually answered',
    'ticket-no-contact': 'A ticket without an address',
    'ticket-empty': 'A ticket without words',
    'ticket-waiting': 'A ticket that waits for the visitor: one line',
    'ticket-close': 'A ticket, and the question before it is closed',
    'ticket-reopen-refused': 'A ticket that the server did not open again',
    'ticket-answered': 'A ticket that waits for the visitor: what happened to it, and why it is sorted so',
    'ticket-solved': 'A ticket that is solved, and can be opened again',
    'ticket-late': 'A ticket that can no longer be opened again',
    'ticket-reopened': 'A ticket that is open again',
    'dispute-open': 'The page names what there could be a dispute about',
    'dispute-stating': 'A dispute: each side says how it sees it',
    'dispute-stated': 'One’s own side is saved',
    'dispute-shared': 'Both sides are read, and a mediator looks at them',
    'dispute-proposal': 'The mediator proposes an outcome',
    'dispute-decided': 'The outcome',
    'dispute-withdraw': 'A dispute, and the question before it is withdrawn',
    'dispute-refused': 'A side that the server refused',
    'dispute-unsaved': 'Words that were being typed when both sides were shared',
    'past-loading': 'An earlier conversation opens',
    'past-thread': 'An earlier conversation',
    'past-failed': 'An earlier conversation did not load',
  }),
  ...group(
    'panel',
    'This device',
  )({
    kept: 'What this device keeps',
    'kept-nothing': 'Nothing is kept',
    'kept-sure': 'Erase it?',
    'kept-done': 'Erased',
    'kept-failed': 'It could not be read',
  }),
] as const

const DESK = [
  ...group(
    'desk',
    'Sign in',
  )({
    'desk-opening': 'The desk opens',
    'desk-sign-in': 'Sign in',
    'desk-sign-in-refused': 'Not let in',
    'desk-sign-in-unreachable': 'Nobody answers',
    'desk-expired': 'The session is over',
  }),
  ...group(
    'desk',
    'List',
  )({
    'desk-loading': 'The list is on its way',
    'desk-empty': 'Nobody waits',
    'desk-queue': 'Every section and badge',
    'desk-tickets': 'Tickets, whose turn it is',
    'desk-promises': 'What is late, what fits, what is next',
    'desk-many': 'More than the list has room for',
    'desk-away': 'Away',
    'desk-lost': 'The line is away',
    'desk-memory': 'The browser keeps nothing',
  }),
  ...group(
    'desk',
    'Conversation',
  )({
    'desk-thread-loading': 'On its way',
    'desk-claim': 'To be claimed',
    'desk-taken': 'A colleague was faster',
    'desk-thread': 'One’s own',
    'desk-contested': 'An objection, and its answer',
    'desk-contest-stuck': 'An answer to an objection that did not get through',
    'desk-dispute-stating': 'A dispute in which one side has not written yet',
    'desk-dispute-deciding': 'A dispute to be decided: sure?',
    'desk-dispute-failed': 'A dispute that could not be loaded',
    'desk-dispute': 'A dispute, with both sides and what differs',
    'desk-dispute-escalated': 'A dispute that only a lead decides',
    'desk-drafted': 'Suggested by a machine, sent by a person',
    'desk-typing': 'The visitor is typing',
    'desk-colleague': 'A colleague’s',
    'desk-take-over': 'Take it over?',
    'desk-ended': 'Ended, with its rating',
    'desk-ticket': 'A ticket',
    'desk-ticket-own': 'A ticket of one’s own, late, with a letter that did not arrive',
    'desk-ticket-solve': 'A ticket to be solved',
    'desk-ticket-solved': 'Solved, to be opened again',
    'desk-missing': 'Erased meanwhile',
    'desk-end': 'To be ended, and as what?',
    'desk-transfer': 'Handing it on',
    'desk-transferred': 'Handed on',
  }),
  ...group(
    'desk',
    'Writing',
  )({
    'desk-held': 'A reply that can be taken back',
    'desk-failed': 'A reply that did not go out',
    'desk-preview': 'A preview',
    'desk-note': 'Writing a note',
    'desk-slash': 'Ready answers',
    'desk-unfilled': 'A ready answer with a gap',
    'desk-suggested': 'What the site’s help says',
    'desk-similar': 'Solved tickets like this one',
    'desk-similar-taken': 'The answer of a solved ticket in the reply',
    'desk-files': 'Files to send',
    'desk-files-received': 'Files of the visitor',
    'desk-other-window': 'Held in another window',
  }),
  ...group(
    'desk',
    'Details',
  )({
    'desk-details': 'All that is known',
    'desk-labels': 'Choosing a label',
    'desk-earlier': 'An earlier conversation',
  }),
  ...group(
    'desk',
    'Dialogs',
  )({
    'desk-dispute-open': 'Making a dispute of two conversations',
    'desk-preferences': 'Preferences',
    'desk-keys': 'Keys',
    'desk-team': 'The team now',
    'desk-team-take-over': 'The team now: take over?',
    'desk-replies': 'Ready answers',
    'desk-replies-edit': 'A ready answer is written',
    'desk-replies-error': 'A ready answer that cannot be saved',
    'desk-replies-changed': 'A ready answer that a colleague changed',
    'desk-dialog-unsaved': 'Closing with unsaved words',
    'desk-hours': 'Hours',
    'desk-hours-error': 'Hours that make no sense',
  }),
  ...group(
    'desk',
    'Review',
  )({
    'desk-outgoing': 'Mail and webhooks that did not go out',
    'desk-review': 'An answer to judge',
    'desk-review-article': 'Where the right answer is',
    'desk-review-changed': 'Another lead was faster',
    'desk-review-done': 'All judged, with figures',
    'desk-review-failed': 'The next one did not come',
  }),
] as const

export type VisitorStateId = (typeof VISITOR)[number]['id']
export type DeskStateId = (typeof DESK)[number]['id']
export type StateId = VisitorStateId | DeskStateId

export const STATES: readonly (State & { readonly id: StateId })[] = [...VISITOR, ...DESK]

export const stateOf = (id: string): (State & { readonly id: StateId }) | undefined =>
  STATES.find(state => state.id === id)
