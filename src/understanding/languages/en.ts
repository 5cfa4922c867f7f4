// English, as data. Lists that a support lead can read and argue with.

import { createEvidence, createLinearModel } from '../linearModel'
import { ENGLISH_CATEGORIES } from './enCategories'
import { ASKS, englishPersonModel } from './enPerson'
import { ENGLISH_POLICY } from './enPolicy'
import { ENGLISH_QUESTIONS } from './enQuestions'
import type { Language } from './language'

/** Words that may stand between the verb and the person without changing what is asked. */
const FILL =
  '(?: (?:to|with|wth|w|a|an|na|the|your|ur|me|us|up|on|one|of|some|any|another|other|actual|live|real|human|non-robotic|proper|(?:god)?damn|bloody|fucking|customer|client|support|service|care|help|directly|through|from|just|please|kind|over|in touch|members? of|t))*'
/** Nobody but our own people is meant by these. */
const STAFF =
  '(?:human(?: being)?s?|agents?|operators?|representatives?|reps?|advis[eo]rs?|supervisors?|managers?|executives?|specialists?|reception(?:ist)?|front desk|(?:customer|client) (?:service|support|care|relations)(?: (?:team|agent|department))?|support (?:team|staff|person|agent)|help ?desk|call cent(?:er|re)|your (?:team|staff|colleagues?)|(?:real|live|actual) (?:person|people|someone|somebody|assistant|support|chat))'
/** Asked for by these only after a verb of speaking. */
const ANYONE =
  '(?:persons?|people|some ?(?:one|body)|any ?(?:one|body)|assistants?|support|staff|team|employee|colleague|expert|you (?:guys|people)|one of you|(?:[a-z]+ )?(?:team|department))'
const SPEAK =
  '(?:(?:talk|speak|chatt?)(?:ing)?|connect(?:ing)?|transfer(?:ring)?|contact(?:ing)?|reach(?:ing)?|(?:put|pass|hand|forward|get|switch|redirect|direct)(?:ing)? (?:to )?(?:me|this|us)|u?direct to me|get (?:a )?hold of|escalate(?: this| it| me)?)'
/** Who is not ours: the other side of a contract, a bank, a friend. */
const OTHERS =
  '(?:freelancers?|clients?|sellers?|buyers?|customers?|hosts?|guests?|drivers?|bank|police|lawyers?|doctors?|bot|same|other|api|internet|app|website|network|wifi|server|account|page|chat)'

const NO_BOT =
  "\\bstop talking to (?:a |this |you|the )*(?:bots?|robots?|machines?)\\b|\\b(?:no|hate|not a|don't want (?:a|this|to talk to a|to talk to this)|instead of a|tired of(?: the| this)?) (?:more )?(?:chat ?)?(?:bots?|robots?)\\b"

export const english = {
  locale: 'en',
  person: {
    clauseEnd: '[.?!;,\\n]+ ?|\\bbut\\b|\\bactually\\b|\\band then\\b|\\bor should i\\b',
    asks: [
      `\\b${SPEAK}${FILL} (?:${STAFF}|${ANYONE})\\b(?! (?:who|that|using|from my|in my|on my))`,
      `\\b(?:need|want|wanna|give me|get me|like|demand|request|prefer|bring|have|ask|find me|require|from)${FILL} ${STAFF}\\b(?! (?:rights|resources))`,
      `\\b(?:talk|speak|chat|connect me|put me through)(?: directly)? (?:to|with) (?:the|some of your|one of your) (?!${OTHERS}\\b)[a-z]+(?: directly| please)?$`,
      `\\b(?:explain|discuss|tell|describe|settle|sort|go through)(?:ing)?(?: [a-z]+){0,3} (?:to|with)${FILL} (?:${STAFF}|${ANYONE})\\b`,
      `\\b(?:put|get|bring|have)${FILL} (?:${STAFF}|${ANYONE}) on\\b(?! my)`,
      `\\b(?:can|could|may|might|would|will)(?:n't|'t)? (?:an? |the )?(?:actual |real |live )?(?:person|human|somebody real|someone real|${STAFF}) (?:please |just )?(?:help|do|look|take|answer|check|explain|call|handle|sort|read|tell)\\b`,
      '\\bhuman (?:eyes|touch|help|assistance|support|contact|response|answer|being)\\b|\\b(?:some ?(?:one|body)) (?:real|human|of flesh)\\b',
      '\\bwho (?:can|could|should|do|may) i (?:talk|speak|turn) (?:to|with)\\b',
      `\\b(?:is|are) there (?:an?|any|some|no) ${STAFF}\\b`,
      `\\b(?:hear|hearing|answer|reply|help|advice|word)(?: [a-z]+)? from${FILL} (?:${STAFF}|person|people)\\b`,
      // The whole clause is little else than the word.
      `^(?:(?:ok|okay|no|yes|hi|hello|hey|please|pls|talk|speak|chat|contact|to|with|a|an|the|live|real|human) )*(?:${STAFF}|person)(?: (?:please|pls|now|here|to talk|to answer|available|chat|who can help))*$`,
      '^(?:can i |could i |i want to |let me |let us )?(?:talk|speak|contact)(?: (?:to|with) you| us)?(?: please| now)?$',
      '^(?:please |(?:can|could|would) you |(?:can|could|have)? ?some ?(?:one|body) |i want you to )*(?:call|phone|ring) me(?: back)?(?: (?:now|please|asap|today|tomorrow|at|on|under|when|if|about|as soon|\\+?\\d).*)?$',
      '\\bcall ?-?back\\b|\\b(?:call|ring|phone) me back\\b',
      '\\b(?:some ?(?:one|body) else|another (?:person|agent)) (?:take|look|help|handle|who)\\b|\\b(?:can|could|let|get)(?: \\w+)? some ?(?:one|body) else\\b',
      '\\b(?:is|are) (?:there )?(?:any ?(?:one|body)|some ?(?:one|body)|an? (?:human|agent|real person|live agent)s?)(?: (?:there|here|available|around|i can (?:talk|speak)))+',
      '\\b(?:transfer me to|put me through)\\b|\\b(?:customer|client) (?:care|service|support) (?:phone )?number\\b',
      // Nobody answers elsewhere: a bot is not what they came for.
      '\\bcall cent(?:er|re) (?:is )?(?:un|not |does)|\\b(?:no ?(?:one|body)|none) (?:is |has |ever )*(?:answer|pick|repl|respond|help)',
      NO_BOT,
    ],
    asksAlone: [
      // Given up on the machine, with nothing asked.
      '^(?:this|that|it|you|u|they|what a|such a|total|complete)?(?: (?:guys|people|all|bot|chat|conversation))?(?: (?:is|are|was))?(?: (?:a|so|all|just|such|total|completely|really|very))* ?(?:useless|waste of (?:my )?time|bad (?:customer )?(?:service|support)|poor (?:customer )?(?:service|support))$',
      '^(?:this|that|you) (?:bot|chat|conversation|guys|people|all) (?:is|are) (?:not (?:working|helping)(?: at all)?|(?:a )?frauds?)$',
      // Nothing but that it cannot wait.
      "^(?:this|it|that)(?: is|'s)(?: (?:a|an|very|extremely|really|so))* (?:urgent|emergency)$|^(?:i )?need (?:an? )?(?:urgent|immediate) (?:assistance|help|fix|attention|support)\\b.{0,30}$",
    ],
    refuses: [
      "\\b(?:don't|dont|do not|didn't|did not|doesn't|not|no longer|never) (?:really |actually |even |yet )?(?:need|want|wish|have|asking|ask|like)(?: (?:to|for|a|an|the|any))* (?:talk|speak|chat|contact|connect|transfer|be|get|human|person|agent|operator|real|live|support|customer|rep|representative|call|some|any)",
      "\\b(?:don't|dont|do not|never) (?:talk|speak|chat|connect|transfer|call|ring|put|hand|pass|escalate)\\b",
      '\\bno need\\b|\\brather not (?:be called|(?:talk|speak|chat)\\b(?! (?:to|with) (?:a |an |the |this )?(?:chat ?)?(?:bot|robot|machine|computer)))|\\bwithout (?:any |having |talk|speak|chat|contact|call)',
      '^(?:please )?no(?:t an?)? (?:more )?(?:humans?|persons?|agents?|operators?|reps?|representatives?|calls?|callback)(?: (?:please|pls|needed|thanks))*$',
      // About the bot itself.
      '\\b(?:are|r) (?:you|u|these|they) (?:(?:even|really|actually|just|like) )*(?:an? )?(?:real |actual |live )?(?:human|persons?|people|ro?bots?|machines?|computers?|ai|real|agents?)\\b|\\bam i (?:talk|speak|chat)|\\b(?:be|being|like|almost) (?:an? )?human\\b',
    ],
    unless: [
      '\\b(?:without|rather than|instead of|rather not|avoid)\\b',
      "\\b(?:are|r) (?:you (?!guys|all|useless)|u (?!all|useless)|these|they)\\b|\\b(?:you're|you are) (?:a|an|not a) (?!waste)|\\bam i (?:talk|speak|chat)|\\bis (?:this (?:a|an|the|chat)\\b|it(?! possible)|your)\\b|\\b(?:you|u) (?:be|being|like) (?:a )?human\\b|\\bor a (?:bot|robot|machine|computer)\\b",
    ],
    inAnyCase: [NO_BOT],
    spelled:
      'human agent person people someone somebody anyone assistant operator representative speak support transfer talk chat'.split(
        ' ',
      ),
    stuckBefore: '(?:to|with|an?|the|bloody|damn)',
  },
  personModel() {
    const { file, ...counts } = englishPersonModel
    const { predict } = createLinearModel(file)
    return {
      ...counts,
      odds(text) {
        const share = predict(text).find(({ label }) => label === ASKS)?.confidence ?? 0
        return Math.log(share / (1 - share))
      },
      evidence: text => createEvidence(file)(text, ASKS),
    }
  },
  readModel: createLinearModel,
  talk: {
    goesOn:
      'and|also|but|then|so|or|ok|okay|alright|thanks|thank you|great|no|yes|well|hm+|sorry|oops|wait|actually|i meant?',
    about: 'what about|how about|what of|same for|the same for|for|with|to|in|on|by|via|from',
    pointing:
      'it|its|that|this|they|them|their|theirs|those|these|there|then|he|she|him|her|his|one|ones|same|else',
    pointsAtNothing:
      'it (?:\\w+ ){1,3}to (?!th|my|your|an? )\\w+|(?:is|are) there|there (?:is|are)|this (?:page|week|month|year|time)|(?:an?|the|my) \\w+ that|(?:th(?:is|at) (?:one )?)?here',
    ordinals: ['first', 'second', 'third', 'fourth', 'fifth', 'last'],
    ones: 'one|option|way|kind|choice|possibility',
    either: 'or|versus|vs',
    and: 'and|also|plus',
    opening:
      '(?:(?:ok|okay|thanks|thank you|great|perfect|i see|got it|cheers)(?: (?:a lot|so much|very much))?[ ,]*)+[.!]\\s+|[^?]{0,40}\\b(?:questions?|things?)[:.,-]\\s*(?=\\S)',
    questionStart:
      'how|what|when|where|why|who|whom|which|can|could|do|does|did|is|are|am|was|will|would|should|may|must|has|have',
    hello:
      '(?:hi|hello|hey|good (?:morning|afternoon|evening|day)|greetings)(?: there| all| everyone)?(?:,? (?:how are you|nice (?:day|weather)).*)?',
    thanks:
      "thanks|thank you|thx|ty|great|perfect|cheers|awesome|brilliant|lovely|wonderful|(?:got|that's) it|that (?:helps|helped)|(?:that is |that's )?(?:good|nice|helpful|clear)(?: to know)?",
    bye: "(?:good ?)?bye|bye bye|see you|have a (?:nice|good|great) (?:day|evening|weekend|one)|that(?: is|'s| was) all|nothing else|no more questions",
    politeness:
      'thanks|thank you|a lot|so much|very much|again|for (?:your|the) help|then|now|all|bye|have a (?:nice|good|great) (?:day|evening|weekend|one)|you too|friend|mate|bot|please',
    prepositions: 'to|for|with|by|via|on|in|from|as|of|through',
    articles: 'a|an|the|my|your|our|their|his|her',
    verbs: 'take|cost|work|arrive|come|go|need|have|get|be|is|are|do|does|pay|last|and|or',
  },
  questions: ENGLISH_QUESTIONS,
  policy: ENGLISH_POLICY,
  categories: ENGLISH_CATEGORIES,
  replies: {
    yes: 'yes|yep|yeah|y|ok|okay|sure|yes,? please|yes,? thanks?(?: you)?|it did|go ahead',
    no: "(?:still )?no|nope|nah|not really|no,? thanks?(?: you)?|it did(?:n't| not)(?: help)?",
    noBecause:
      "(?:no|nope)\\b[ ,]+(?:it|that|this)\\b.*\\b(?:not|n't|wrong|useless)\\b|(?:it|that|this) (?:is|was|does|did)(?: not|n't) (?:help|what i|answer|right|it\\b|work|useful)",
    back: '(?:(?:go|one|step) ){0,2}back(?:,? please)?|(?:the )?previous (?:question|step)|undo',
    stop: '(?:stop(?: it)?|cancel|quit|exit|never ?mind|forget (?:it|that)|leave)(?:[,.]? (?:please|.*something else))?|(?:i (?:want|have) .*)?something else',
    resume: 'continue|resume|go on',
    takesBack:
      'no|not|sorry|oops|wait|i mean|i meant|meant|actually|wrong|instead|rather|correction|the other',
    notThis: 'and not|not|instead of|rather than',
    onThisPage: 'this page|here|open now|have open|looking at|on (?:my|the) screen',
  },
  tone: {
    strong:
      'furious|outrage\\w*|unacceptable|ridiculous|scam\\w*|fraud|useless|terrible|horrible|worst|disgust\\w*|stupid|damn|bloody|fuck\\w*|shit\\w*|wtf|rip ?off|robbed|stole my|liars?|fed up|sick of|waste of (?:my )?time|pathetic|garbage|rubbish|crap(?:py)?|awful|nightmare|unbelievable|disgrace\\w*|shame on you|thie(?:f|ves)|incompetent|dumb(?:est)?|idiots?|had enough|how dare you',
    mild: "tired of|hate|let down|not happy|a joke|how many times|already (?:told|explained|asked|did|tried)|driving me (?:crazy|mad)|kidding me|excuses|annoy\\w*|frustrat\\w*|disappoint\\w*|angry|upset|unhappy|still (?:not|no|waiting|hasn't|haven't|nothing)|again and again|keeps? (?:failing|happening)|nobody (?:answers|helps)|no one (?:answers|helps)|not helpful|doesn't help|third time|second time|for (?:days|weeks|months)",
    urgent:
      "urgent\\w*|asap|emergency|immediately|right now|right away|at once|as soon as possible|deadline|due (?:today|tomorrow)|by (?:today|tomorrow|tonight)|can't wait|cannot wait|hurry|rent|eviction",
    distress:
      "suicid\\w*|(?:kill|hurt|harm) (?:my|him|her)self|(?:want|going|ready) to die|end (?:my life|it all)|(?:can't|cannot|can not|don't want to) (?:go on|live)(?: any ?more| like this)?|no reason to live|life is over|not safe|in danger|afraid for my (?:life|safety)|threaten(?:ed|ing|s)? (?:me|my|to (?:hurt|kill))|(?:can't|cannot) (?:feed|pay (?:the|my) rent)|lose (?:my|our) (?:home|house|flat|apartment)|desperate\\w*|in tears|crying|at the end of my (?:rope|tether)",
  },
  answers: {
    everyday:
      'actually after again ago all alone already also although always am another any anybody anyone anything ' +
      'anyway around as asked away bad badly because before behind believe better between big bit both but call ' +
      'called came cant care come comes coming course dear didnt directly done dont down during each easy either ' +
      'else enough even ever every everybody everyone everything exactly except far feel few fine first found ' +
      'gave getting give given giving go goes going gone good got great guess guy guys half happen happened ' +
      'happening happens hard having he hear heard hello help here herself hey hi high himself hope however id ' +
      'idea im instead isnt ive just keep keeps kind knew know knows last later least leave left less let likely ' +
      'little long looking looks lot love low made make makes making many may maybe me mean means might mind ' +
      'mine more most much must myself near need never new next nice no nobody none nothing now obvious ' +
      'obviously off often oh ok okay old once one only other others otherwise over part past perhaps please pls ' +
      'possible probably put quite ran rather real really reason right said same saw say saying says second see ' +
      'seem seems seen several shall she short show simply since site some somebody someone something sometimes ' +
      'somewhere soon sorry still stupid such suddenly suppose supposed sure take taken takes taking talk tell ' +
      'telling thank thanks thats thing things think thinking thought three through till today together told ' +
      'tomorrow too took tried tries try trying turn two type u under understand until upon ur used using usual ' +
      'usually very via wait want wanted wanting wants way well went whatever whats whether while whole whom ' +
      'whose wish without wondering wont word work worked works worry wrong yes yesterday yet yours yourself',
    sorts: [
      [
        '\\b(?:how (?:long|soon|fast|quick|late|often|many times)|when|deadline)\\b',
        '\\d|\\b(?:minutes?|hours?|days?|weeks?|months?|years?|once|twice|immediately|as soon|until|never|always)\\b',
      ],
      [
        '\\b(?:how (?:much|many|big|large|high|old)|costs?|fees?|prices?|percent|limit|maximum|minimum|smallest|largest)\\b|%',
        '\\d|\\b(?:free|nothing|no (?:fee|charge|limit)|without)\\b',
      ],
      [
        '\\bwhere\\b|\\bwhich (?:page|menu|button)\\b',
        '\\b(?:open|choose|select|under|page|settings|menu|tab)\\b',
      ],
      ['\\bwho(?:m|se)?\\b', '\\b(?:we|you|team|support|only|nobody|everyone|anyone|person|people|both)\\b'],
      ['\\b(?:why|how come|reason)\\b', '\\b(?:because|reasons?|so that|if|unless|usually|means)\\b'],
      ['\\bhow\\b', '\\b(?:open|choose|select|enter|click|go to|sign|send|add|ask|check|write)\\b'],
      [
        '^(?:can|may|could|do|does|must|should|is|are|am|will|would)\\b|\\b(?:can|may|must|should|do|allowed) (?:i|we|you|they|he|she|it|my|to)\\b',
        '\\b(?:can|cannot|may|must|never|not|only|always|need|no|yes|every|allowed)\\b',
      ],
    ],
  },
} satisfies Required<Language>
