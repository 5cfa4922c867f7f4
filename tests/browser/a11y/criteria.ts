// WCAG 2.2, levels A and AA: each criterion with what holds it in this project. Data: the conformance page is made of
// it, and a test sees to it that every check and every test that is named here exists.

/** What the sweep over all states looks at; a criterion is held by those that it names. */
export const CHECKS = {
  axe: 'axe-core, all rules of WCAG 2.0 to 2.2 A and AA and its best practices',
  targets: 'every control is 24 by 24 px, or has that much room',
  reflow: 'at 320 px nothing is cut off and nothing scrolls sideways',
  spacing: 'with wider lines, letters and words nothing is cut off',
  shapes: 'fields and switches stand out 3 : 1',
  contrast: 'all text reaches 4.5 : 1, large text 3 : 1, on what is painted behind it',
  accents: 'the same, for accents from white over yellow to black',
  language: 'every word has a language, and each face its direction',
  motion: 'nothing moves where the visitor asked for less motion',
  forced: 'with forced colours what is chosen, icons and shapes can be told',
  messages: 'a message is one unit and says whose words it holds',
  purposes: 'fields say what a browser may fill in',
  walk: 'Tab reaches every control, is shown on each, is covered by nothing, and comes out again',
  trees: 'what a screen reader finds in twelve states, as text that was read and accepted',
  journeys: 'all four journeys and the desk’s, with the keyboard alone',
  speech: 'what is said to a screen reader on the way, sentence by sentence',
} as const
export type Check = keyof typeof CHECKS

export interface Criterion {
  readonly id: string
  readonly name: string
  readonly level: 'A' | 'AA'
  /** Held by these looks at all states. */
  readonly checks?: readonly Check[]
  /** Held by these tests: file, and the title as it stands there. */
  readonly tests?: readonly (readonly [file: string, title: string])[]
  /** Why there is nothing to hold. */
  readonly none?: string
  /** What is not met, or only a person can judge. */
  readonly open?: string
}

const NO_MEDIA = 'There is no sound or film in it. The desk’s one tone says nothing that is not shown too.'

export const CRITERIA: readonly Criterion[] = [
  {
    id: '1.1.1',
    name: 'Non-text Content',
    level: 'A',
    checks: ['axe'],
    open: 'A picture that a visitor or an agent sends has its file’s name as its text: nobody is asked for a better one.',
  },
  { id: '1.2.1', name: 'Audio-only and Video-only (Prerecorded)', level: 'A', none: NO_MEDIA },
  { id: '1.2.2', name: 'Captions (Prerecorded)', level: 'A', none: NO_MEDIA },
  { id: '1.2.3', name: 'Audio Description or Media Alternative (Prerecorded)', level: 'A', none: NO_MEDIA },
  { id: '1.2.4', name: 'Captions (Live)', level: 'AA', none: NO_MEDIA },
  { id: '1.2.5', name: 'Audio Description (Prerecorded)', level: 'AA', none: NO_MEDIA },
  { id: '1.3.1', name: 'Info and Relationships', level: 'A', checks: ['axe', 'messages', 'trees'] },
  { id: '1.3.2', name: 'Meaningful Sequence', level: 'A', checks: ['walk', 'trees'] },
  {
    id: '1.3.3',
    name: 'Sensory Characteristics',
    level: 'A',
    checks: ['trees'],
    open: 'That no text says “the button on the right” was read, not tested.',
  },
  { id: '1.3.4', name: 'Orientation', level: 'AA', checks: ['reflow'] },
  { id: '1.3.5', name: 'Identify Input Purpose', level: 'AA', checks: ['purposes'] },
  { id: '1.4.1', name: 'Use of Color', level: 'A', checks: ['forced', 'trees'] },
  {
    id: '1.4.2',
    name: 'Audio Control',
    level: 'A',
    none: 'The desk’s tone lasts under three seconds and can be switched off.',
  },
  { id: '1.4.3', name: 'Contrast (Minimum)', level: 'AA', checks: ['axe', 'contrast', 'accents'] },
  { id: '1.4.4', name: 'Resize Text', level: 'AA', checks: ['reflow'] },
  { id: '1.4.5', name: 'Images of Text', level: 'AA', none: 'No picture of the product holds text.' },
  { id: '1.4.10', name: 'Reflow', level: 'AA', checks: ['reflow'] },
  { id: '1.4.11', name: 'Non-text Contrast', level: 'AA', checks: ['shapes', 'forced'] },
  { id: '1.4.12', name: 'Text Spacing', level: 'AA', checks: ['spacing'] },
  {
    id: '1.4.13',
    name: 'Content on Hover or Focus',
    level: 'AA',
    none: 'Nothing appears by pointing or focus alone but what a browser shows for a title.',
  },
  { id: '2.1.1', name: 'Keyboard', level: 'A', checks: ['walk', 'journeys'] },
  { id: '2.1.2', name: 'No Keyboard Trap', level: 'A', checks: ['walk', 'journeys'] },
  {
    id: '2.1.4',
    name: 'Character Key Shortcuts',
    level: 'A',
    tests: [
      ['tests/unit/desk/leads.test.ts', 'letters alone can be switched off; what no word holds goes on'],
    ],
  },
  {
    id: '2.2.1',
    name: 'Timing Adjustable',
    level: 'A',
    open: 'A place in the queue is kept two minutes for who leaves; it is said, and an address keeps the question. A held reply can be sent at once, and holding switched off.',
  },
  { id: '2.2.2', name: 'Pause, Stop, Hide', level: 'A', checks: ['motion'] },
  { id: '2.3.1', name: 'Three Flashes or Below Threshold', level: 'A', none: 'Nothing flashes.' },
  {
    id: '2.4.1',
    name: 'Bypass Blocks',
    level: 'A',
    checks: ['axe', 'journeys'],
  },
  { id: '2.4.2', name: 'Page Titled', level: 'A', checks: ['axe'] },
  { id: '2.4.3', name: 'Focus Order', level: 'A', checks: ['walk', 'journeys'] },
  { id: '2.4.4', name: 'Link Purpose (In Context)', level: 'A', checks: ['axe', 'trees'] },
  {
    id: '2.4.5',
    name: 'Multiple Ways',
    level: 'AA',
    none: 'Asked of sets of pages. An article is found by search, by the page’s suggestions, and by the bot.',
  },
  { id: '2.4.6', name: 'Headings and Labels', level: 'AA', checks: ['axe', 'trees'] },
  { id: '2.4.7', name: 'Focus Visible', level: 'AA', checks: ['walk'] },
  { id: '2.4.11', name: 'Focus Not Obscured (Minimum)', level: 'AA', checks: ['walk'] },
  { id: '2.5.1', name: 'Pointer Gestures', level: 'A', none: 'Every act is one press.' },
  {
    id: '2.5.2',
    name: 'Pointer Cancellation',
    level: 'A',
    tests: [
      [
        'tests/browser/ui/deskWork.test.tsx',
        'a dialog with changed words asks before it loses them; a press that only ends beside it is none',
      ],
    ],
    checks: ['journeys'],
  },
  { id: '2.5.3', name: 'Label in Name', level: 'A', checks: ['axe'] },
  { id: '2.5.4', name: 'Motion Actuation', level: 'A', none: 'Nothing goes by the motion of the device.' },
  {
    id: '2.5.7',
    name: 'Dragging Movements',
    level: 'AA',
    tests: [
      ['tests/browser/ui/files.test.tsx', 'a file that is dropped is taken, and the page stays where it is'],
      [
        'tests/browser/ui/files.test.tsx',
        'removed by keyboard, the keyboard stays with the button that chose it',
      ],
    ],
  },
  { id: '2.5.8', name: 'Target Size (Minimum)', level: 'AA', checks: ['targets'] },
  { id: '3.1.1', name: 'Language of Page', level: 'A', checks: ['language'] },
  { id: '3.1.2', name: 'Language of Parts', level: 'AA', checks: ['language'] },
  { id: '3.2.1', name: 'On Focus', level: 'A', checks: ['walk'] },
  {
    id: '3.2.2',
    name: 'On Input',
    level: 'A',
    tests: [
      [
        'tests/browser/ui/afterwards.test.tsx',
        'five named choices are one stop of the keyboard; arrows move, and only a press is saved',
      ],
    ],
  },
  {
    id: '3.2.3',
    name: 'Consistent Navigation',
    level: 'AA',
    checks: ['trees'],
  },
  { id: '3.2.4', name: 'Consistent Identification', level: 'AA', checks: ['trees'] },
  {
    id: '3.2.6',
    name: 'Consistent Help',
    level: 'A',
    checks: ['trees'],
    open: 'The launcher stands in the same corner of every page. Where a page brings its own launcher, its place is the page’s to keep.',
  },
  {
    id: '3.3.1',
    name: 'Error Identification',
    level: 'A',
    checks: ['axe'],
    tests: [
      [
        'tests/browser/ui/conversation.test.tsx',
        'a ticket asks for an address, and an incomplete one is not taken',
      ],
      [
        'tests/browser/journeys/failures.words.test.ts',
        '4 001 characters: the field says how many are too many, nothing is cut and nothing is sent; 4 000 arrive whole',
      ],
    ],
  },
  { id: '3.3.2', name: 'Labels or Instructions', level: 'A', checks: ['axe', 'trees'] },
  {
    id: '3.3.3',
    name: 'Error Suggestion',
    level: 'AA',
    tests: [
      [
        'tests/browser/journeys/d-person.test.ts',
        'a guest is asked for an address, and it is looked at before it is taken',
      ],
    ],
  },
  {
    id: '3.3.4',
    name: 'Error Prevention (Legal, Financial, Data)',
    level: 'AA',
    tests: [
      [
        'tests/browser/journeys/c-bot.test.ts',
        'before the site looks something up, the visitor sees what is used, and may say no',
      ],
      [
        'tests/browser/journeys/privacy.test.ts',
        '"Forget this device" says what is kept, asks once, and leaves nothing: in no storage, in no tab',
      ],
    ],
  },
  {
    id: '3.3.7',
    name: 'Redundant Entry',
    level: 'A',
    tests: [
      ['tests/browser/journeys/c-bot.test.ts', 'what the page is about is not asked for'],
      [
        'tests/browser/ui/afterwards.test.tsx',
        'who talks leaves an address once, and it is promised when the server has it; it can be changed',
      ],
      ['tests/browser/ui/afterwards.test.tsx', 'what was answered before this page came is not asked again'],
    ],
  },
  {
    id: '3.3.8',
    name: 'Accessible Authentication (Minimum)',
    level: 'AA',
    tests: [
      [
        'tests/unit/desk/deskModel.test.ts',
        'nobody signed in: the desk asks, and says why a link did not work',
      ],
    ],
    open: 'The desk’s fields take what a password manager fills in and what is pasted; a sign-in link asks for nothing.',
  },
  { id: '4.1.2', name: 'Name, Role, Value', level: 'A', checks: ['axe', 'trees'] },
  { id: '4.1.3', name: 'Status Messages', level: 'AA', checks: ['speech'] },
]
