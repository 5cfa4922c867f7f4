// Where a desk routes a message in English, where the site names no categories of its own: words that speak for each.
// Of as many words on two sides the earlier category wins. Measured by `npm run bench:topics`.

import type { CategoryWords } from './language'

const words = (list: string) => list.split('|')

export const ENGLISH_CATEGORIES: readonly CategoryWords[] = [
  {
    name: 'safety',
    words: words(
      'harass|harassing|harassment|threat|threaten|threatens|threatened|insult|abuse|abusive|scam|scammer|scammed|fraud|fake|phishing|hacked|was hacked|stolen|stole|steal|copied my|copies my|without permission|counterfeit|suspended|banned|restricted|restriction|account blocked|blocked my account|was blocked|blocked me|was removed|listing removed|removed my|taken down|broke the rules|breaking the rules|break the rules|violated|violation|report a|report this|report someone|report somebody|outside the site|outside of the site|outside the platform|outside of the platform|asks for my|logged in to my account|logged into my account|suspicious|unsafe|police',
    ),
  },
  {
    name: 'disputes',
    words: words(
      'dispute|disputes the|disputed|mediator|mediation|chargeback|claim|opened a claim|evidence|escalated|appeal|refuses to pay|does not want to pay|will not release|not release the money|release the money|work is incomplete|says the work|got nothing|never delivered|settle',
    ),
  },
  {
    name: 'payouts',
    words: words(
      'payout|payout method|payout is|withdraw|withdrawal|withdraw my|withdrawal to paypal|earnings|my earnings|iban|be paid out|paid out|get paid|my balance|left my balance|cash out|transfer never arrived',
    ),
  },
  {
    name: 'orders',
    words: words(
      'order|parcel|package|delivery|delivery date|delivered|deliver|shipped|shipping|shipment|tracking|courier|return|return the|send back|send an item back|exchange|wrong size|damaged|item|box|checkout|my purchase|cancel my purchase|in stock|warehouse',
    ),
  },
  {
    name: 'technical',
    words: words(
      'error|error message|bug|crash|crashes|does not load|not load|not loading|will not load|page stays|stays white|white page|blank|freezes|frozen|slow|broken|button|buttons do nothing|do nothing|does nothing|not work|not working|since the update|after the update|upload|firefox|chrome|safari|browser|app|android|iphone|attachment|website|loading|notification|search shows no results|is empty|can not open|cannot open|screen',
    ),
  },
  {
    name: 'payments',
    words: words(
      'pay|payment|payment method|charge|charged|charged me|invoice|receipt|bill|billing|billing address|card|credit card|refund|money back|my money back|price|cost|how much|fee|vat|tax|subscription|plan|paypal|bank transfer|discount|discount code|coupon|currency|direct debit',
    ),
  },
  {
    name: 'account',
    words: words(
      'account|delete my account|close my account|password|sign in|log in|login|username|e-mail address|email address|address of my profile|profile|verification|verification code|verify|identity|passport|my id|id was|authenticator|two-step|two-factor|2fa|confirmation e-mail|confirmation email|reset|locked out|second user|settings|switch my profile|my name|phone number',
    ),
  },
]
