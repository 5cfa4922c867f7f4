// One broken flow of each kind, and what its author reads about it: place and sentence, as `asklet check` prints them.

import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createCheck } from '../../../src/cli/check'
import { createSpoken } from './spoken'

const FOLDER = join(import.meta.dirname, '../../fixtures/flows-broken')

/** File -> what is said of it, without the file's name. */
const SAID: Readonly<Record<string, readonly string[]>> = {
  'action-without-say': [
    '18:5: Asklet [flow_advice]: steps.look should say what it looks up, and why, got no say. Ask for the yes in words.',
  ],
  'asks-an-unknown-slot': [
    '14:43: Asklet [flow_unknown_step]: steps.ask.ask must name a slot of this flow, got "parcel". Add it under slots.',
  ],
  'asks-for-the-role': [
    '12:5: Asklet [flow_advice]: slots.who.from should take visitor.role, got nothing. The page gives the role: add "from": ["visitor.role"].',
  ],
  'asks-what-identify-gives': [
    '12:5: Asklet [flow_advice]: slots.email.from should take visitor.email, got nothing. identify() gives it for who has signed in: add "from": ["visitor.email"].',
  ],
  'asks-what-the-page-gives': [
    '31:7: Asklet [flow_advice]: slots.order.from should take page.order, got nothing. asks-what-the-page-gives.json takes it from there: add "from": ["page.order"].',
  ],
  'branch-ruled-out': [
    '29:29: Asklet [flow_advice]: steps.again.branch[0].when should be able to hold, got a condition that every way to this step rules out. Take the branch out, or lead here from where it can hold.',
  ],
  'branch-taken-before': [
    '31:11: Asklet [flow_advice]: steps.sort.branch[1].when should be able to hold, got one that branch[0] takes before it. Put the narrower one first.',
  ],
  'dead-end': [
    '15:5: Asklet [flow_dead_end]: steps.read must ask, go on, end or hand off, got "nothing after its words". Add next, end or handoff.',
    '16:5: Asklet [flow_unknown_step]: steps.solved must be reached from another step, got "no way to it". Lead to it with next, or delete it.',
    '17:5: Asklet [flow_unknown_step]: steps.person must be reached from another step, got "no way to it". Lead to it with next, or delete it.',
    '13:3: Asklet [flow_dead_end]: steps must have a road to a person, got "no handoff that can be reached". Add a step with handoff, and lead to it where the flow does not help.',
  ],
  'empty-say': [
    '14:14: Asklet [flow_shape]: steps.ask.say[0] must be a text, got "". Write 1 to 1000 characters.',
  ],
  'end-without-words': [
    '18:5: Asklet [flow_advice]: steps.end should have last words, got none. Add say; or leave yes of solved out, and the usual words end it.',
  ],
  'html-in-words': [
    '16:7: Asklet [flow_advice]: steps.read.say should be Markdown: what stands in < > is not shown, got "<b>". Write **bold**, `code` or [words](article), or other brackets.',
  ],
  'id-without-hint': [
    '6:5: Asklet [flow_advice]: slots.order should have a hint, got none. Show one, and where it stands: "It looks like C-20418 and stands at the top of the contract."',
  ],
  'image-in-words': [
    '16:7: Asklet [flow_advice]: steps.read.say should be words: an image is shown as what it says, got "calendar.png". Link to the article that has it.',
  ],
  'label-too-long': [
    '18:29: Asklet [flow_advice]: slots.kind.options[2].label should fit on a button (40 characters), got "Something else that none of the answers above says". Shorten it.',
  ],
  'link-of-another-kind': [
    '16:7: Asklet [flow_shape]: steps.read.say must link to an article, https, http, mailto or tel, got "javascript:alert(1)". Write the whole address, or the id of an article.',
  ],
  'link-to-no-heading': [
    '16:7: Asklet [flow_unknown_step]: steps.read.say must link to a heading of the article, got "orders/late#how-far". Take a name that stands in it, or leave # away.',
  ],
  'link-to-nothing': [
    '16:7: Asklet [flow_unknown_step]: steps.read.say must link to an article that is there, got "orders/lost". Write its id, as in payments/fees.',
  ],
  'nearly-same-beginning': [
    '28:36: Asklet [flow_advice]: startsWith[1] should begin this flow alone, got "is an order from your shop late". late-order (nearly-same-beginning.json) begins with "my order from the shop is late": keep it where it belongs.',
  ],
  'no-examples': [
    '4:3: Asklet [flow_shape]: startsWith must hold example sentences, got an array of 0. Write 3 or more in people’s own words; 10 are a good start.',
  ],
  'no-person': [
    '13:3: Asklet [flow_dead_end]: steps must have a road to a person, got "no handoff that can be reached". Add a step with handoff, and lead to it where the flow does not help.',
  ],
  'no-person-from-a-step': [
    '17:33: Asklet [flow_dead_end]: steps.solved.no must have a road to a person where it did not help, got "bye". Lead it to a step with handoff, or through solved to one.',
  ],
  'not-json': [
    "9:7: must be JSON, got a mistake here: Expected ',' or '}' after property value. Look for a missing comma, quote or bracket.",
  ],
  'option-without-label': [
    '17:9: Asklet [flow_shape]: slots.kind.options[1].label must be a text, got undefined. Write 1 to 1000 characters.',
  ],
  'pattern-broken': [
    '9:7: Asklet [flow_shape]: slots.order.pattern must be a regular expression, got "O-(\\\\d{3,8}". C-\\\\d{3,8} is one, with two backslashes in JSON.',
  ],
  'pattern-of-nothing': [
    '9:7: Asklet [flow_shape]: slots.order.pattern must not match an empty text, got "\\\\d*". Ask for at least one digit or letter.',
  ],
  'place-in-address': [
    '16:7: Asklet [flow_shape]: steps.read.say must have no places in the address of a link, got "https://shop.example/orders?number={order}". What a visitor typed is words only: put the place into the words, and link to the page for all.',
  ],
  'place-not-filled-in': ['15:38: must be filled in, got {{days}}. The readme of its pack says what it is.'],
  'question-never-asked': [
    '18:46: Asklet [flow_advice]: steps.twice.ask should ask for what may be unknown, got a slot that every way here has filled. Take the step out, or add "again": true.',
  ],
  'question-without-say': [
    '14:5: Asklet [flow_shape]: steps.ask.say must hold the question, got undefined. Say what you ask for, and why.',
  ],
  'same-beginning': [
    '24:36: Asklet [flow_advice]: startsWith[1] should begin this flow alone, got "Where is my parcel?". late-order (same-beginning.json) begins with "where is my parcel": keep it where it belongs.',
  ],
  'silent-loop': [
    '14:5: Asklet [flow_dead_end]: steps.ask must not come round without a word from the visitor, got "ask -> read -> ask". Put solved, action or an ask with "again": true into the circle.',
  ],
  'site-slot-of-another-type': [
    '4:36: Asklet [flow_shape]: slots.amount.type must be id, got "money". Only numbers with a pattern are the same in all flows.',
  ],
  'site-slot-slow-pattern': [
    '5:7: Asklet [flow_shape]: slots.contract.pattern must be a pattern that no words can keep running, got "\\\\w+-\\\\w+-\\\\d+". Bound each repetition, as in \\\\d{1,12}, and repeat nothing that has a repetition inside.',
  ],
  'slot-never-filled': [
    '12:5: Asklet [flow_advice]: slots.colour should be filled by a step, got none that asks for it or saves it. Ask for it before it is needed.',
  ],
  'slot-never-used': [
    '12:5: Asklet [flow_advice]: slots.colour should be used, got no step that knows it. Take it out, or ask for it.',
  ],
  'slow-pattern': [
    '9:7: Asklet [flow_shape]: slots.order.pattern must be a pattern that no words can keep running, got "(\\\\d+)+". Bound each repetition, as in \\\\d{1,12}, and repeat nothing that has a repetition inside.',
  ],
  sound: [],
  'text-too-long': [
    "16:7: Asklet [flow_advice]: steps.read.say should fit on a phone's screen (440 characters), got 472 characters. Say the first step, and name an article for the rest.",
  ],
  'title-too-long': [
    '3:3: Asklet [flow_advice]: title should fit on a button (40 characters), got "What you can do when an order or a parcel is late". Shorten it.',
  ],
  'turn-too-long': [
    '14:5: Asklet [flow_advice]: steps.hello should begin a turn that a phone shows at once (700 characters), got 858 characters in hello -> more -> ask. Ask something in between, or say less.',
  ],
  'two-things-in-a-step': [
    '16:5: Asklet [flow_shape]: steps.solved must do one thing, got "solved and end". Make two steps of it, one leading to the other.',
  ],
  'unknown-action': [
    '20:7: Asklet [flow_unknown_step]: steps.look.action must name an action of the host, got "findParcel". Register it with registerAction, and name it in --actions.',
  ],
  'unknown-article': [
    '15:48: Asklet [flow_unknown_step]: steps.read.article must name an article, got "orders/lost". Check its id.',
  ],
  'unknown-fact': [
    '11:16: Asklet [flow_shape]: slots.order.from[0] must be a known fact, got "order.number". visitor.email, visitor.name, visitor.role, page.<name> or attributes.<name>.',
  ],
  'unknown-heading': [
    '15:48: Asklet [flow_unknown_step]: steps.read.article must name a heading of the article, got "orders/late#how-far". It has #how-long.',
  ],
  'unknown-option': [
    '20:48: Asklet [flow_shape]: steps.sort.branch[0].when.slot.kind must compare with one of the options, got "gone". They are late, lost.',
  ],
  'unknown-slot': [
    '17:17: Asklet [flow_unknown_step]: steps.person.say must fill its places from slots, got "{parcel}". Add the slot, or use one of {page.name}, {visitor.name}, {visitor.role}.',
  ],
  'unknown-slot-type': [
    '8:7: Asklet [flow_shape]: slots.order.type must be a known type, got "phone". One of text, number, money, date, email, id, choice.',
  ],
  'unknown-step': [
    '15:83: Asklet [flow_unknown_step]: steps.read.next must name a step of this flow, got "slved". Add that step.',
    '16:5: Asklet [flow_unknown_step]: steps.solved must be reached from another step, got "no way to it". Lead to it with next, or delete it.',
    '17:5: Asklet [flow_unknown_step]: steps.person must be reached from another step, got "no way to it". Lead to it with next, or delete it.',
    '13:3: Asklet [flow_dead_end]: steps must have a road to a person, got "no handoff that can be reached". Add a step with handoff, and lead to it where the flow does not help.',
  ],
  'unreachable-step': [
    '18:5: Asklet [flow_unknown_step]: steps.forgotten must be reached from another step, got "no way to it". Lead to it with next, or delete it.',
  ],
}

async function said(file: string): Promise<readonly string[]> {
  const out = createSpoken()
  const args = [join(FOLDER, file), '--articles', join(FOLDER, 'articles'), '--actions', 'lookUpOrder']
  await createCheck().run(args, out)
  return out.errors.map(line => line.replace(file, '').replace(/^:/, ''))
}

test('there is a sentence for each broken flow, and a broken flow for each sentence', () => {
  const files = readdirSync(FOLDER).filter(name => name.endsWith('.json'))
  expect(files.map(name => name.slice(0, -5)).sort()).toEqual(Object.keys(SAID).sort())
})

test.each(Object.entries(SAID))('%s', async (name, sentences) => {
  expect(await said(`${name}.json`)).toEqual(sentences)
})
