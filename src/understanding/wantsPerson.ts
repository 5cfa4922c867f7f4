// Does somebody ask for a person, in whatever words? Pure.
// Read clause by clause: `I don't want a bot, give me a human` holds a no and a yes.
// An ask taken for a question costs trust; a question taken for an ask costs one press on "stay with the assistant".

import { plain } from './normalise'

/** Words that may stand between the verb and the person without changing what is asked. */
const FILL =
  '(?: (?:to|with|a|an|na|the|your|ur|me|us|up|on|one|of|some|any|another|other|actual|live|real|human|non-robotic|proper|(?:god)?damn|bloody|fucking|customer|client|support|service|care|help|directly|through|from|just|please|kind|over|in touch|t))*'
/** Nobody but our own people is meant by these. */
const STAFF =
  '(?:human(?: being)?s?|agents?|operators?|representatives?|reps?|advis[eo]rs?|supervisors?|managers?|executives?|specialists?|(?:customer|client) (?:service|support|care|relations)(?: (?:team|agent|department))?|support (?:team|staff|person|agent)|help ?desk|call cent(?:er|re)|your (?:team|staff|colleagues?)|(?:real|live|actual) (?:person|people|someone|somebody|assistant|support|chat))'
/** Asked for by these only after a verb of speaking. */
const ANYONE =
  '(?:persons?|people|some ?(?:one|body)|any ?(?:one|body)|assistants?|support|staff|team|employee|colleague|expert)'
const SPEAK =
  '(?:(?:talk|speak|chatt?)(?:ing)?|connect(?:ing)?|transfer(?:ring)?|contact(?:ing)?|reach(?:ing)?|(?:put|pass|hand|forward|get|switch|redirect|direct)(?:ing)? (?:me|this|us)|get (?:a )?hold of|escalate(?: this| it| me)?)'

const YES = [
  `\\b${SPEAK}${FILL} (?:${STAFF}|${ANYONE})\\b(?! (?:who|that|using|from my|in my|on my))`,
  `\\b(?:need|want|wanna|give me|get me|like|demand|request|prefer|bring|have|ask|find me|require|from)${FILL} ${STAFF}\\b(?! (?:rights|resources))`,
  // The whole clause is little else than the word.
  `^(?:(?:ok|okay|no|yes|hi|hello|hey|please|pls|talk|speak|chat|contact|to|with|a|an|the|live|real|human) )*(?:${STAFF}|person)(?: (?:please|pls|now|here|to talk|to answer|available|chat|who can help))*$`,
  '^(?:please |can you |could you |can someone |could someone |i want you to |have someone |someone )*(?:call|phone|ring) me(?: back)?(?: (?:now|please|asap|today|tomorrow|at|on|under|when|if|about|as soon|\\+?\\d).*)?$',
  '\\bcall ?-?back\\b|\\bcall me back\\b',
  '\\b(?:some ?(?:one|body) else|another (?:person|agent)) (?:take|look|help|handle|who)\\b|\\b(?:can|could|let|get)(?: \\w+)? some ?(?:one|body) else\\b',
  '\\b(?:is|are) (?:there )?(?:any ?(?:one|body)|some ?(?:one|body)|an? (?:human|agent|real person|live agent)s?)(?: (?:there|here|available|around|i can (?:talk|speak)))+',
  "\\bstop talking to (?:a |this |you|the )*(?:bots?|robots?|machines?)\\b|\\b(?:no|hate|not a|don't want (?:a|this|to talk to a|to talk to this)|instead of a|tired of(?: the| this)?) (?:more )?(?:chat ?)?(?:bots?|robots?)\\b",
  '\\b(?:transfer me to|put me through)\\b|\\b(?:customer|client) (?:care|service|support) (?:phone )?number\\b',
].map(pattern => new RegExp(pattern))

/** A no to it, a question about the bot itself, or a person who is somebody else. */
const NO = [
  "\\b(?:don't|dont|do not|didn't|did not|doesn't|not|no longer|never) (?:really |actually |even |yet )?(?:need|want|wish|have|asking|ask|like)(?: (?:to|for|a|an|the|any))* (?:talk|speak|chat|contact|connect|transfer|be|get|human|person|agent|operator|real|live|support|customer|rep|representative|call|some|any)",
  '\\b(?:no need|without|rather than|instead of|rather not|avoid)\\b',
  "\\b(?:are|r) (?:you|u|these|they)\\b|\\b(?:you're|you are) (?:a|an|not a) |\\bam i (?:talk|speak|chat)|\\bis (?:this|it(?! possible)|your)\\b|\\b(?:you|u) (?:be|being|like) (?:a )?human\\b|\\bor a (?:bot|robot|machine|computer)\\b",
].map(pattern => new RegExp(pattern))

const NOT_A_BOT = YES[7]

export function wantsPerson(text: string): boolean {
  return plain(text)
    .split(/[.?!;,\n]+ ?|\bbut\b|\bactually\b|\band then\b/)
    .some(clause => {
      const words = clause
        .replace(/[^\p{L}\p{N}' +-]+/gu, ' ')
        .replace(/ +/g, ' ')
        .trim()
      if (!YES.some(pattern => pattern.test(words))) return false
      return !NO.some(pattern => pattern.test(words)) || Boolean(NOT_A_BOT?.test(words))
    })
}
