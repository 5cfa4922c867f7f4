// How English tells of a dispute, a problem with a payment, a violation of terms: cases, not questions of how such
// things work. For a support lead to argue with; measured by `npm run bench:topics`.

import type { PolicyWords } from './language'

/** The other side of a deal. */
const PARTY =
  '(?:clients?|customers?|buyers?|sellers?|freelancers?|contractors?|designers?|developers?|hosts?|guests?|employers?|shops?|vendors?|suppliers?|providers?|drivers?|company|other (?:side|party|person)|he|she|they|some ?one|some ?body|who)'
const PAY =
  '(?:payments?|payouts?|withdrawals?|transfers?|refunds?|deposits?|charges?|money|funds|earnings|cards?|transactions?|direct debit)'
const MY = '(?:my|our)'
/** Up to so many words between two that belong together. */
const some = (most: number) => `(?: [a-z0-9'-]+){0,${most}}`
const ACCOUNT =
  '(?:accounts?|profiles?|shops?|stores?|listings?|posts?|reviews?|ads?|adverts?|pages?|offers?|gigs?|comments?)'
const RESTRICTED =
  '(?:restricted|suspended|banned|blocked|disabled|limited|deactivated|frozen|taken down|removed|deleted|flagged|terminated|shut down|unlisted)'
const NOT = "(?:not|never|n't|cannot)"

export const ENGLISH_POLICY: PolicyWords = {
  sentenceEnd: '[.?!;\\n]+(?: |$)',
  clauseEnd: ',| - |:|\\b(?:and|but|because|since|although)\\b',
  general: `^(?:(?:hi|hello|hey|please|also|so|ok|then|well|just|and|can you (?:tell|explain)(?: to)? me|tell me|could you (?:tell|explain)(?: to)? me|i(?:'d| would)? (?:want|like|need) to know|i(?:'m| am) (?:wondering|asking|looking)|do you know|${MY} [a-z]+ (?:wants to know|asks|recommended)) )*(?:how (?:do|does|can|could|long|soon|fast|much|many|to|are|is|often|should|would|will|might)|what (?:is|are|does|happens|if|counts|kind|sort|should|do|would|can|was)|what's|which|when (?:do|does|can|is|are|must|will|should|would)|where (?:do|can|could|should|(?:is|are) (?!${MY}))|who (?:can|decides?|pays?|may|is)|why (?:do|does) (?:you|it|workers|people)|(?:can|could|may|might|should|must) (?:i|we|a|an|the|${MY}|it|people|${PARTY})\\b|do (?:i|we|you)\\b|does|is (?:it|there|${MY} (?:money|payment) (?:safe|protected)|payment|paypal|a|an)\\b|are there|am i allowed|if|in case|whether|suppose|imagine|for the case)\\b`,
  topics: {
    dispute: [
      `\\b${PARTY}${some(3)} (?:disput(?:es?|ed|ing)|(?:opened|filed|started|raised|made)${some(2)} (?:disputes?|claims?|charge ?backs?|cases?|complaints?))\\b`,
      `\\b(?:i|we|me)\\b${some(5)} (?:open|file|start|raise|opened|filed|started|raised|have|in) (?:an? |the )?(?:dispute|claim|charge ?back)\\b`,
      `\\b(?:i|we)(?:'d like to| (?:want|would like|need|have|wish|am going) to|) dispute (?:an?|the|this|that|${MY})\\b`,
      `\\b(?:${MY}|this|the open)${some(1)} (?:dispute|charge ?back)\\b`,
      `\\b${PARTY}${some(3)} (?:refus\\w+|(?:does|do|did|is|are|will|would)(?:n't| not)(?: want| willing| going)?|won't|wants? not)(?: to)? (?:pay|release|refund|return|deliver|accept|give)\\b`,
      `\\brefus(?:es?|ed|ing) to (?:pay|release|refund|return|deliver)\\b`,
      `\\b${PARTY}${some(6)} (?:never|did(?:n't| not)|has(?:n't| not)|have(?:n't| not)) (?:delivered?|sent|send|shipped?|finish(?:ed)?|did|do|give|gave|done|repl(?:y|ied))\\b`,
      `\\b${PARTY}${some(3)} (?:took|take|takes|has|keeps?|kept|stole) ${MY} money\\b`,
      `\\b${PARTY} (?:now )?(?:says?|claims?|said|insists?)${some(3)} (?:i (?:never|did|owe|have)|wrong|not (?:good|done|finished)|incomplete|bad|damaged|was never)`,
      `\\b${PARTY} (?:is|are|was|were|keeps?)? ?(?:lying|lied|lies|ignor(?:es|ed|ing) (?:me|us))\\b`,
      `\\b(?:disagree with|appeal(?: against)?|contest)${some(3)} (?:decisions?|decided|ruling|outcome|verdict|mediator)`,
      `\\b(?:i|we)(?:'ve| have)? paid for${some(6)} (?:nothing|never|not)\\b`,
      `\\b(?:terrible|bad|poor|awful|unfinished|incomplete|useless) (?:job|work)\\b.*\\b(?:money back|refund)\\b`,
      `\\b${PARTY}${some(3)} (?:not give me ${MY} money|(?:won't|not) (?:pay|refund) (?:me|us))`,
    ],
    payment: [
      `\\b(?:i|we|me|us|${MY}|you)\\b${some(4)} (?:charged?|billed|debited|paid|deducted)\\b${some(5)} (?:twice|double|(?:two|three|\\d) times|again|more than once|by (?:mistake|accident)|wrong(?:ly)?|too much|without)\\b`,
      `\\b(?:double|over|wrongly) ?-?(?:charged?|billed)\\b`,
      `\\b(?:you|they|it|some ?body|some ?one|site|app)(?: have| has|'ve|'s| just)? (?:took|taken|charged|billed|debited|deducted|withdrew|withdrawn)\\b`,
      `\\b(?:did|do|have) (?:you|they) (?:take|taken|charged?|billed?|debit(?:ed)?|deduct(?:ed)?|keep|kept)\\b${some(4)} (?:[$€£]?\\d|money|(?:from|out of|off) ${MY}\\b)`,
      `\\bwas i (?:charged|billed|debited)\\b|\\b(?:i|we)(?:'ve| have| was| were|'m| am| got| being)+ (?:been )?(?:charged|billed|debited)\\b`,
      `\\b${PAY}${some(5)} (?:fail(?:ed|s|ing)?|declined|rejected|refused|denied|bounced|missing|stuck|lost|gone|late|delayed|on hold|frozen|blocked|wrong|incorrect|pending|disappeared|vanished|overdue)\\b`,
      `\\b${PAY}${some(3)} (?:(?:is|was|has|have|does|do|did|were|are|could|would)(?:n't| not)|never|still not|not)${some(2)} (?:go|gone|arrived?|come|came|shown?|received|paid|credited|worked|been|working|work|there|reach(?:ed)?|appear(?:ed)?|complete[d]?|process(?:ed)?|accepted)\\b`,
      `\\b(?:${NOT}|didn't|haven't|hasn't)${some(2)} (?:get|got|gotten|receive[d]?|seen?|given)(?: [a-z]+){0,2} ${PAY}\\b`,
      `\\b(?:have|has|was|am|are|were)(?:n't| not| never)(?: been| yet)* paid\\b`,
      `\\bwhere(?:'s| is| are| has| did) (?:my|our|the)${some(1)} ${PAY}\\b`,
      `\\b(?:wrong|unknown|strange|incorrect|unexpected|duplicate|unauthori[sz]ed|fraudulent|(?:two|three|second|double)(?: different| identical)?) (?:amounts?|charges?|payments?|transactions?|debits?|prices?)\\b.*\\b(?:on|in|from) (?:my|our)\\b`,
      `\\b${NOT}${some(1)} (?:recogni[sz]e|know|make|authori[sz]e|order|agree to)(?: [a-z]+){0,2} (?:charges?|payments?|transactions?|debits?|invoices?)\\b`,
      `\\b(?:i|we)(?:'ve| have)?(?: already| just| only)? paid\\b.*\\b(?:still|not|never|nothing|unpaid|[a-z]+n't)\\b`,
      `\\b(?:money|amount|funds|[$€£]?\\d+(?: ?(?:usd|eur|gbp|euros?|dollars?|pounds?))?)${some(2)} (?:was|were|is|are|has been|have been|got|left)${some(1)} (?:taken|deducted|gone|missing|withdrawn|stolen|debited)\\b|\\bmoney${some(1)} left ${MY}\\b`,
      `\\b(?:give|want|need|demand|get) (?:me )?(?:all )?(?:my|our) money back\\b`,
      `\\b${PAY}${some(2)} keeps? (?:getting )?(?:declin|fail|reject|bounc)`,
      `\\b(?:problem|trouble|issue)s? with (?:an?|the|my|our|this)${some(1)} ${PAY}\\b`,
    ],
    terms: [
      `\\b${MY}${some(2)} ${ACCOUNT}${some(1)} (?:(?:is|are|was|were|has been|have been|had been|got|gets|keeps getting)(?: [a-z]+){0,2} )${RESTRICTED}\\b`,
      `\\b${MY}${some(2)} ${ACCOUNT} (?:restricted|suspended|banned|blocked|disabled|limited|frozen)\\b`,
      `\\b(?:was|were|is|are|has|have) ${MY}${some(1)} ${ACCOUNT}${some(1)} ${RESTRICTED}\\b`,
      `\\b(?:i|we)(?:'ve| have|'m| am| was| were| got| been| just| keep| getting)+ (?:been )?(?:suspended|banned|blocked|restricted|kicked|flagged|warned|limited|locked out for)\\b`,
      `\\b(?:was|am|were|have|did) (?:i|we)${some(2)} (?:suspended|banned|blocked|restricted|kicked|flagged|warned|banned|limited)\\b`,
      `\\byou(?:r team| guys| people)?(?: have|'ve| just)? (?:suspended|banned|blocked|restricted|removed|deleted|took down|taken down|disabled|froze|frozen|limited|unlisted|terminated) (?:my|me|our|us)\\b`,
      `\\bdid (?:you|they) (?:ban|suspend|block|restrict|remove|delete|disable|limit|freeze|take down|terminate) (?:my|me|our|us)\\b`,
      `\\b(?:violat(?:e|es|ed|ing|ion)|breach(?:ed|es|ing)?|br(?:oke|oken|eak|eaks|eaking)|against)${some(3)} (?:terms|rules?|polic(?:y|ies)|guidelines|conditions|tos)\\b`,
      `\\b(?:pay|paid|payments?|money|deal|work|contact|talk|move)${some(5)} (?:outside|off)(?: of)?(?: the| your| this| here)? ?(?:site|platform|app|website|system|marketplace)?\\b|\\boff-?platform\\b|\\bpay (?:me |him |her |them |us )?(?:in |with )?cash\\b`,
      `\\b(?:harass|insult|stalk|blackmail|bully|bullie|discriminat)(?:e|es|ed|ing|s|y|ment)?\\b|\\bthreat(?:en|ens|ened|ening|s)?\\b|\\babus(?:es|ed|ing|ive)\\b|\\bscamm(?:ed|er|ers|ing)\\b|\\bcheat(?:s|ed|ing) (?:me|us|people|on)\\b|\\bcounterfeit\\w*|\\bfake (?:accounts?|profiles?|reviews?|listings?|products?|items?|users?)\\b|\\bimpersonat\\w+|\\bplagiari\\w+|\\bracist\\b|\\bextort\\w*`,
      `\\b(?:cop(?:ied|ies|ying)|stole|stolen|steals|uses?|used|using|sells?|selling)${some(1)} ${MY} (?:photos?|pictures?|images?|designs?|portfolio|work|logo|texts?|content|name|identity)\\b|\\bwithout (?:my |our )(?:permission|consent)\\b`,
      `\\breport (?:an?|this|that|him|her|them|some ?one|some ?body|another)${some(1)} (?:users?|clients?|freelancers?|sellers?|buyers?|persons?|accounts?|profiles?|listings?|members?|hosts?|guests?|messages?|reviews?|fraud|scam\\w*|abuse|theft)\\b`,
      `\\b(?:got|received|gave (?:me|us)|have|given) (?:an? |another )?(?:warning|strike|penalty)\\b`,
      `\\bsuspicious activity\\b`,
    ],
  },
}
