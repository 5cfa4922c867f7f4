// How English tells of a dispute, a problem with a payment, a violation of terms: cases, not questions of how such
// things work. For a support lead to argue with; measured by `npm run bench:topics`.

import type { PolicyWords } from './language'

/** The other side of a deal. */
const PARTY =
  '(?:clients?|customers?|buyers?|sellers?|freelancers?|contractors?|designers?|developers?|hosts?|guests?|landlords?|tenants?|employers?|owners?|renters?|agency|agencies|artists?|writers?|translators?|tutors?|couriers?|shops?|vendors?|suppliers?|providers?|drivers?|company|(?:another|other|this) (?:user|member|side|party|person)|user|he|she|they|some ?one|some ?body|who)'
const PAY =
  '(?:payments?|payouts?|withdrawals?|transfers?|refunds?|deposits?|charges?|money|funds|earnings|transactions?|direct debit|salary|wages?|commission|escrow|balance)'
const TAKEN = '(?:charged|billed|debited|deducted|withdrawn|overcharged|double-charged)'
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
  general: `^(?:(?:hi|hello|hey|please|also|so|ok|then|well|just|and|can you (?:tell|explain)(?: to)? me|tell me|could you (?:tell|explain)(?: to)? me|i(?:'d| would)? (?:want|like|need) to know|i(?:'m| am) (?:wondering|asking|looking)|do you know|${MY} [a-z]+ (?:wants to know|asks|recommended)) )*(?:how (?:do|does|can|could|long|soon|fast|much|many|to|are|is|often|should|would|will|might)|what (?:(?:is|are)(?! this| that| these)|does|happens|if|counts|kind|sort|should|do|would|can|was)|what's|which|when (?:do|does|can|is|are|must|will|should|would)|where (?:do|can|could|should|(?:is|are) (?!${MY}))|who (?:can|decides?|pays?|may|is)|why (?:do|does) (?:you|it|workers|people)|(?:can|could|may|might|should|must) (?:i|we|a|an|the|${MY}|it|people|${PARTY})\\b|do (?:i|we|you)\\b|does|is (?:it|there|the|${MY} (?:money|payment) (?:safe|protected)|payment|paypal|a|an)\\b|are there|am i allowed|if|in case|whether|suppose|imagine|for the case)\\b`,
  topics: {
    dispute: [
      `\\b${PARTY}${some(3)} (?:disappeared|vanished|ghosted|went silent|ran (?:off|away)|stopped (?:answering|replying|responding|working))\\b`,
      `\\b${PARTY}(?: is| are| was| now| keeps| still)* (?:claim(?:s|ed|ing)?|den(?:y|ies|ied|ying)|accus(?:es|ed|ing))\\b`,
      `\\b${PARTY}${some(2)} (?:says?|said|tells|told)${some(4)} (?:fault|wrong|not good|incomplete|damaged|late|never)\\b`,
      `\\b${PARTY}${some(2)} wants?${some(4)} (?:refund|money back|money returned)\\b`,
      `\\b${PARTY}${some(3)} (?:rejected|rejects|declined|declines|reversed|keeps?|kept|holds back|withholds)${some(1)} (?:my|our|the|all) (?:milestones?|work|delivery|deliveries|hours|payments?|money|deposit|fee|files?)\\b`,
      `\\b(?:can(?:not|'t)|could not|do not|don't) agree (?:on|with|about)\\b|\\bagree(?:ment)? (?:on|about)${some(4)} (?:is )?impossible\\b`,
      `\\b(?:decision|ruling|outcome|verdict|mediator|dispute)\\b.*\\b(?:unfair|unjust|wrong|incorrect|again|reviewed|reconsider\\w*)\\b|\\b(?:i|we)(?:'ve| have)? lost (?:the|my|our|a) (?:dispute|claim|case|charge ?back)\\b`,
      `\\b(?:work|what ${PARTY} (?:delivered|sent|did))${some(4)} (?:unusable|useless|unfinished|incomplete|not what (?:i|we)|full of (?:errors|mistakes))\\b`,
      `\\b(?:won't|will not|refuses? to|never)${some(1)} (?:release|pay|refund|fix|correct|redo)\\b`,
      `\\b${PARTY}${some(3)} (?:disput(?:es?|ed|ing)|(?:opened|filed|started|raised|made)${some(2)} (?:disputes?|claims?|charge ?backs?|cases?|complaints?))\\b`,
      `\\b(?:i|we|me)\\b${some(5)} (?:open|file|start|raise|opened|filed|started|raised|have|in) (?:an? |the )?(?:dispute|claim|charge ?back)\\b`,
      `\\b(?:i|we)(?:'d like to| (?:want|would like|need|have|wish|am going) to|) dispute (?:an?|the|this|that|${MY})\\b`,
      `\\b(?:${MY}|this|the open)${some(1)} (?:dispute|charge ?back)\\b`,
      `\\b${PARTY}${some(3)} (?:refus\\w+|(?:does|do|did|is|are|will|would)(?:n't| not)(?: want| willing| going)?|won't|wants? not)(?: to)? (?:pay|release|refund|return|deliver|accept|give)\\b`,
      `\\brefus(?:es?|ed|ing) to (?:pay|release|refund|return|deliver)\\b`,
      `\\b${PARTY}${some(6)} (?:never|did(?:n't| not)|has(?:n't| not)|have(?:n't| not)) (?:delivered?|sent|send|shipped?|finish(?:ed)?|did|do|give|gave|done)\\b`,
      `\\b${PARTY}${some(3)} (?:took|take|takes|has|keeps?|kept|stole) ${MY} money\\b`,
      `\\b${PARTY} (?:now )?(?:says?|claims?|said|insists?)${some(3)} (?:i (?:never|did|owe|have)|wrong|not (?:good|done|finished)|incomplete|bad|damaged|was never)`,
      `\\b${PARTY} (?:is|are|was|were|keeps?)? ?(?:lying|lied|lies|ignor(?:es|ed|ing) (?:me|us))\\b`,
      `\\b(?:disagree with|appeal(?: against)?|contest)${some(3)} (?:decisions?|decided|ruling|outcome|verdict|mediator)`,
      `\\b(?:i|we)(?:'ve| have)? paid for${some(6)} (?:nothing|never|not)\\b`,
      `\\b(?:terrible|bad|poor|awful|unfinished|incomplete|useless) (?:job|work)\\b.*\\b(?:money back|refund)\\b`,
      `\\b${PARTY}${some(3)} (?:not give me ${MY} money|(?:won't|not) (?:pay|refund) (?:me|us))`,
    ],
    payment: [
      `\\b${PAY}${some(4)} (?:twice|two times|(?:several|multiple|many) times|duplicated|repeated|doubled|over and over)\\b|\\b(?:duplicated?|repeated|multiple|extra|additional|strange|unknown|unexplained|suspicious|fraudulent) (?:charges?|transactions?|payments?|fees?|debits?)\\b`,
      `\\b(?:has|have|did|does|is|was|were)(?:n't| not) (?:the|my|our|an?|his|her|their)${some(2)} (?:${PAY})${some(6)} (?:arrived?|completed?|gone|go|come|shown?|showing|approved|credited|through|here|there)\\b`,
      `\\b${PAY}${some(3)} (?:(?:is|was|has|have|does|do|did|were|are)(?:n't| not)|never|not)${some(2)} (?:showing|appearing|visible|approved|credited|through|in my|on my|seen)\\b|\\b${PAY}${some(3)} (?:taking|takes|took) (?:too|so|very|forever|ages)\\b`,
      `\\b(?:charges?|fees?|payments?|transactions?|purchases?|debits?)${some(2)} (?:on|to|in|from) my (?:statement|bank statement|card|bill)\\b|\\bmissing (?:my|our|the|a) (?:${PAY})\\b`,
      `\\b(?:need|want|send|give|pay|refund) (?:me )?(?:back )?my (?:own )?(?:refund|money)\\b|\\bwaiting (?:for|on) (?:the|an?|my|our)${some(1)} (?:${PAY})\\b|\\b(?:had|made) to pay${some(3)} (?:more|additional|extra|twice)\\b`,
      `\\bcards?${some(4)} (?:declin(?:ed|es|ing)|reject(?:ed|s|ing)|refus(?:ed|es)|denied|fail(?:ed|s|ing)|(?:not|n't)(?: been| get| getting)? accepted)\\b`,
      `\\b(?:you|they|it|site|app|system|hotel|shop)${some(2)} (?:took|taken|charged|billed|debited|deducted|withdrew|withdrawn|overcharged)\\b`,
      `\\b(?:was|were|been|got|get|being|have|has|'ve|am)(?: (?:already|just|also|now|still))? ${TAKEN}\\b|^(?:money |amount )?${TAKEN}\\b`,
      `\\b(?:i|we) see${some(3)} (?:charges?|debits?|transactions?|payments?)\\b|\\b(?:two|three|second|double|duplicate|several)${some(1)} (?:debits?|charges|withdrawals)\\b`,
      `\\b(?:charges?|payments?|transactions?|purchases?|orders?|something)(?: that| which)? (?:i|we) (?:never|did(?:n't| not)|have(?:n't| not)|do(?:n't| not))\\b`,
      `\\b(?:amount|price|sum|refund|payout|invoice|bill|fee|total|payment)\\b${some(6)} (?:(?:higher|lower|less|more|bigger|smaller) than|too (?:high|low|much|little)|never (?:mentioned|agreed|shown)|not (?:mentioned|agreed|shown|told))\\b`,
      `\\b(?:contest|challenge|question|dispute|reverse|undo|stop) (?:an?|the|my|this|that)${some(1)} (?:charge|payment|transaction|fee|transfer|debit)\\b`,
      `\\bowes? (?:me|us)\\b|\\b(?:promised|agreed|earned|expected)${some(3)} (?:received|got|paid)${some(1)} (?:only|just|less|nothing)\\b|\\bpromised \\d`,
      `\\b(?:have|has|did)(?:n't| not| never)${some(1)} (?:received?|got|get|seen)${some(2)} (?:salary|wages?|pay|commission|${PAY})\\b`,
      `\\bwait(?:ing|ed)? (?:for )?${some(2)}(?:for )?${MY} (?:money|payouts?|payments?|refunds?|salary|withdrawals?|earnings)\\b|\\bstill waiting for (?:the |a |my )?(?:money|refund|payout|payment)\\b`,
      `\\b(?:can(?:not|'t)|could(?:n't| not)|unable to|won't let me|not able to|impossible to|not let me) (?:pay|check ?out|withdraw|cash out|complete (?:the|my) (?:payment|purchase))\\b`,
      `\\b(?:bank|account|card|paypal|statement|hotel|shop)${some(2)} (?:has|have|got|gets|shows?|received)${some(1)} (?:nothing|no money|no payment)\\b|\\bgone from ${MY}\\b`,
      `\\b(?:charged|billed|debited|paid|took|refunded|credited)${some(2)} wrong (?:card|account|amount|person|currency)\\b`,
      `\\b${PAY}${some(4)} (?:returned|reversed|stuck|processing|refused|never (?:came|arrived|made it))\\b|\\b(?:transaction|payment|card) (?:refused|declined|failed|error)\\b`,
      `\\b(?:subscription|plan|membership|trial)${some(2)} (?:renewed|extended|charged|billed)\\b.*\\b(?:without|consent|asking|cancell?ed|refund|never)\\b|\\b(?:paid|pay(?:ment)?|transfer(?:red)?|clicked|sent)\\b.*\\bby (?:accident|mistake)\\b`,
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
      `^(?:account|profile|shop|listing) (?:is |was |got )?${RESTRICTED}\\b`,
      `\\b(?:been|got|get|gets)${some(1)} (?:banned|suspended|blocked|restricted|kicked (?:off|out)|deactivated|flagged|shadow ?banned|blacklisted)\\b`,
      `\\b(?:got|was|been|were) kicked (?:off|out)\\b|\\b(?:am|are|was|were) (?:i|we)${some(1)} (?:restricted|suspended|banned|blocked|flagged|limited)\\b`,
      `\\b(?:you|they|system|team|people|moderators?)${some(2)} (?:closed|shut down|took down|taken down|disabled|suspended|banned|blocked|flagged|restricted|removed|deleted|hid|froze|terminated|deactivated|kicked) (?:my|our|me|us)\\b`,
      `\\bdid (?:you|they)${some(1)} (?:take down|shut down|close|hide|flag|deactivate|kick)\\b|\\bwhy did (?:you|they) (?:remove|delete|close|hide|flag|ban|block|suspend)\\b`,
      `\\b${MY}${some(1)} ${ACCOUNT} (?:has |have |is |are )?(?:disappeared|vanished|gone|hidden|denied|rejected)\\b`,
      `\\bviolat(?:e|es|ed|ing|ion|ions)\\b|\\b(?:break|breaks|broke|broken|breaking|against)${some(2)} (?:guidelines|standards|policies|policy|terms|rules)\\b`,
      `\\baccus(?:ed|es|ing) (?:me |us )?of\\b|\\b(?:flagged|marked|reported)${some(2)} as (?:fraud|spam|fake|suspicious)\\w*`,
      `\\bpretend(?:s|ed|ing)? to be (?:me|us|from|your)\\b|\\b(?:stole|stolen|uses?|using|used)${some(1)} ${MY} (?:identity|name|profile)\\b`,
      `\\b(?:inappropriate|offensive|racist|sexist|sexual|obscene|hateful|abusive|indecent|nude|vulgar|disgusting)${some(1)} (?:messages?|comments?|names?|photos?|pictures?|content|language|words|remarks|offers?)\\b`,
      `\\b${PARTY}${some(4)} (?:asks?|asked|asking|wants?|wanted|offers?|offered|suggests?|suggested|told|tells|insists?)\\b${some(8)} (?:whatsapp|telegram|signal|off (?:the |this |your )?(?:site|platform|app)|outside|leave (?:the|this|your) (?:site|platform|app)|directly|(?:in )?cash|private account)\\b`,
      `\\b(?:stolen|fake|counterfeit|illegal|forged|replica|prohibited|forbidden) (?:goods|products?|items?|bags?|shoes|documents?|tickets?|brand|services?|passports?)\\b`,
      `\\b(?:sends?|sent|sending|posts?|posting)${some(2)} spam\\b|\\bspamm(?:er|ers|ing|ed)\\b|\\bscam(?:s|mer|mers|med|ming)? (?:me|us|people|and)\\b|\\b(?:is|was) a (?:scammer|fraudster|thief|cheat)\\b`,
      `\\b(?:got|received|given|gave|have|issued)${some(3)} (?:warning|strike|penalty|violation)\\b`,
      `\\b${MY}${some(2)} ${ACCOUNT}${some(1)} (?:(?:is|are|was|were|has been|have been|had been|got|gets|keeps getting)(?: [a-z]+){0,2} )${RESTRICTED}\\b`,
      `(?<!(?:want|like|have|get|need) )\\b${MY}${some(1)} ${ACCOUNT} (?:restricted|suspended|banned|blocked|disabled|limited)\\b`,
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
