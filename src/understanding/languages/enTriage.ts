// How English tells that something cannot wait, or that it will take some time: for the desk's triage, beside the words
// of tone. For a support lead to argue with. Not part of the language's pack, because no page reads it.

import type { TriageWords } from './triageWords'

export const ENGLISH_TRIAGE: TriageWords = {
  soon: 'today|tonight|tomorrow|this (?:morning|afternoon|evening|week)|by (?:noon|midnight|mon|tues|wednes|thurs|fri|satur|sun)[a-z]*|(?:in|within)(?: the next)? (?:a|an|one|two|three|\\d{1,2}) (?:minutes?|hours?|days?)|before (?:the weekend|noon|midnight|monday|tuesday|wednesday|thursday|friday)|last day|expires?|expiring|runs out|before it is too late',
  blocked:
    "locked out|no access|lost access|can(?:not|'t| not) (?:work|sign in|log ?in|access|open|use|pay|withdraw|finish|submit|continue|go on|do anything)|unable to (?:work|sign in|log ?in|access|pay|withdraw|submit|continue)|is down|are down|stopped working|stuck|hacked|(?:account|profile|shop|payment|withdrawal|listing) (?:is|was|has been|got) (?:blocked|frozen|suspended|restricted|closed|banned)",
  chased:
    'still (?:waiting|no (?:answer|reply|news|refund|money)|nothing|not|pending)|(?:second|third|fourth|fifth|\\d+(?:nd|rd|th)) (?:time|message|e-?mail)|no (?:answer|reply|response)|nobody (?:answers|answered|replied|replies|helps|helped)|no one (?:answers|answered|replied|replies|helps|helped)|(?:asked|wrote|written|told you|contacted you|reported it) (?:twice|before|already|several times|many times)|for (?:days|weeks|months)|weeks? ago|months? ago',
  several:
    'also|another (?:thing|question|problem|issue)|in addition|additionally|besides|furthermore|moreover|on top of that|and then|after that|first of all|secondly|thirdly|two (?:questions|problems|things|issues)|three (?:questions|problems|things|issues)|as well',
  otherParty:
    'clients?|freelancers?|customers?|buyers?|sellers?|couriers?|contractors?|agency|the other (?:side|party|person|user)|lawyers?|bank|police|court|tax office|mediators?|third party',
}
