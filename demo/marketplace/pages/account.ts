import { badge, card, forRole, gate, header, icon, meter, notice, type Page } from './kit'

interface Step {
  title: string
  text: string
  state: 'done' | 'pending' | 'open'
  badge: string
  body?: string
}

const steps = (list: readonly Step[]): string =>
  `<ol class="checks">${list
    .map(
      s =>
        `<li class="check-item is-${s.state}"><span class="check-mark">${s.state === 'done' ? icon('check') : s.state === 'pending' ? icon('clock') : ''}</span><div class="check-body"><div class="check-head"><h3>${s.title}</h3>${s.badge}</div><p>${s.text}</p>${s.body ?? ''}</div></li>`,
    )
    .join('')}</ol>`

export const verification: Page = {
  route: '/verification',
  title: 'Verification',
  heading: 'Verification',
  roles: ['guest', 'client', 'freelancer'],
  // The last step of both is with the team.
  facts: { roles: ['client', 'freelancer'], of: { verification: 'waiting' } },
  main:
    forRole(
      'freelancer',
      header('Verification', 'Three of four steps are done. The last one frees your delayed withdrawal.') +
        `<div class="split">
<section class="card"><div class="card-head"><h2>Your steps</h2><span class="muted">3 of 4</span></div>${meter('Three of four steps done', 75)}
${steps([
  {
    title: 'E-mail and phone',
    text: 'mara@lindqvist.example and +46 ··· ·· 19',
    state: 'done',
    badge: badge('Done', 'good'),
  },
  {
    title: 'Identity',
    text: 'Passport, checked on 14 January 2026.',
    state: 'done',
    badge: badge('Done', 'good'),
  },
  {
    title: 'Tax details',
    text: 'Sweden, form W-8BEN on file until 2028.',
    state: 'done',
    badge: badge('Done', 'good'),
  },
  {
    title: 'Address',
    text: 'We have your document from 15 June. Checks take 1 to 2 business days; a clearer scan may speed it up.',
    state: 'pending',
    badge: badge('Pending', 'warn'),
    body: '<form class="form form-inset" data-demo-form data-done="Thank you. The new document is with our team."><div class="field"><label for="doc-kind">Document</label><select id="doc-kind" name="kind"><option>Bank statement</option><option>Utility bill</option><option>Tax letter</option></select></div><div class="field"><label for="doc-file">A newer or clearer file</label><input id="doc-file" name="file" type="file" accept="image/*,.pdf"><p class="hint">PDF, JPG or PNG, not older than three months.</p></div><button class="btn btn-primary" type="submit">Send document</button></form>',
  },
])}</section>
<div class="stack">${card('What depends on it', '<ul class="plain-list"><li>Withdrawal W-7731, $1,240.00</li><li>All later withdrawals</li><li>The “Verified” mark on proposals</li></ul>')}${card('How we treat documents', '<p class="muted">They are encrypted, seen only by the team that reviews them and deleted 90 days after the review.</p>')}</div></div>`,
    ) +
    forRole(
      'client',
      header(
        'Verification',
        'Two of three steps are done. Freelancers see “Payment method verified” on your posts.',
      ) +
        `<div class="split"><section class="card"><div class="card-head"><h2>Your steps</h2><span class="muted">2 of 3</span></div>${meter('Two of three steps done', 67)}
${steps([
  {
    title: 'Payment method',
    text: 'Visa ending 4417, confirmed on 3 March 2026.',
    state: 'done',
    badge: badge('Done', 'good'),
  },
  {
    title: 'Person in charge',
    text: 'Jonas Adeyemi, identity checked on 3 March 2026.',
    state: 'done',
    badge: badge('Done', 'good'),
  },
  {
    title: 'Company register',
    text: 'We asked the register for Brightside Studio. The review takes 1 to 2 business days.',
    state: 'pending',
    badge: badge('Pending', 'warn'),
    body: '<form class="form form-inset" data-demo-form data-done="Saved. We will check the new number."><div class="field"><label for="reg">Register number</label><input id="reg" name="reg" type="text" value="HRB 204417"></div><button class="btn btn-primary" type="submit">Update number</button></form>',
  },
])}</section><div class="stack">${card('What depends on it', '<ul class="plain-list"><li>Paying by invoice</li><li>Contracts above $10,000.00</li></ul>')}${card('How we treat documents', '<p class="muted">They are encrypted, seen only by the team that reviews them and deleted 90 days after the review.</p>')}</div></div>`,
    ) +
    forRole(
      'guest',
      header('Verification', 'Both sides show who they are, once.') +
        gate('Your steps and documents are in your account.', [
          ['shield', 'Four short steps', 'E-mail and phone, identity, tax details, address.'],
          ['clock', '1 to 2 business days', 'You can go on working meanwhile.'],
          ['lock', 'Deleted after 90 days', 'Documents are encrypted and do not stay.'],
        ]),
    ),
}

const toggles = (
  list: readonly (readonly [name: string, label: string, hint: string, on: boolean])[],
): string =>
  `<ul class="switches">${list
    .map(
      ([name, label, hint, on]) =>
        `<li><label class="switch" for="sw-${name}"><span class="two"><strong>${label}</strong><span>${hint}</span></span><input id="sw-${name}" name="${name}" type="checkbox" role="switch"${on ? ' checked' : ''}></label></li>`,
    )
    .join('')}</ul>`

const security = card(
  'Security',
  `<ul class="methods"><li>${icon('lock')}<span class="two"><strong>Password</strong><span>Changed on 2 February 2026</span></span></li><li>${icon('shield')}<span class="two"><strong>Two-step sign-in</strong><span>Authenticator app</span></span>${badge('On', 'good')}</li></ul><button class="btn btn-block" type="button" data-toast="All other devices were signed out.">Sign out other devices</button>`,
)

export const settings: Page = {
  route: '/settings',
  title: 'Settings',
  heading: 'Settings',
  roles: ['client', 'freelancer'],
  main:
    forRole(
      'freelancer',
      header('Settings', 'Your profile, your notifications and the state of your account.') +
        notice(
          'bad',
          'Your account is restricted',
          'Since 12 June, withdrawals wait, because your address is not confirmed yet. Active contracts, hours and messages work as always.',
          '<a class="link" href="/verification">Confirm address</a><button class="link" type="button" data-toast="Your appeal was received. We answer in 3 business days.">Appeal</button>',
        ) +
        `<div class="split split-form">
<form class="card form" data-demo-form data-done="Profile saved."><div class="card-head"><h2>Profile</h2></div>
<div class="form-2"><div class="field"><label for="name">Name</label><input id="name" name="name" type="text" value="%NAME%" autocomplete="name"></div><div class="field"><label for="title">Title</label><input id="title" name="title" type="text" value="Product designer"></div></div>
<div class="form-2"><div class="field"><label for="hourly">Hourly rate</label><span class="affix"><span aria-hidden="true">$</span><input id="hourly" name="hourly" type="text" inputmode="decimal" value="65.00" autocomplete="off"></span></div><div class="field"><label for="zone">Time zone</label><select id="zone" name="zone"><option>Lisbon, UTC+1</option><option selected>Stockholm, UTC+2</option><option>Helsinki, UTC+3</option></select></div></div>
<div class="field"><label for="bio">About you</label><textarea id="bio" name="bio" rows="4">I design quiet interfaces for busy people: booking tools, back offices and the systems behind them.</textarea></div>
<div class="row form-end"><button class="btn btn-primary" type="submit">Save profile</button></div></form>
<div class="stack">${card(
          'Notifications',
          toggles([
            ['pay', 'Payments and withdrawals', 'E-mail, at once', true],
            ['msg', 'Messages from clients', 'E-mail, when you are away', true],
            ['jobs', 'New jobs that fit', 'Weekly, on Monday', false],
          ]),
        )}${security}</div></div>`,
    ) +
    forRole(
      'client',
      header('Settings', 'Your company, your notifications and the state of your account.') +
        notice(
          'bad',
          'Your account is restricted',
          'Paying by invoice is off until the company register answers. Paying by card works as always.',
          '<a class="link" href="/verification">See verification</a><button class="link" type="button" data-toast="Your appeal was received. We answer in 3 business days.">Appeal</button>',
        ) +
        `<div class="split split-form">
<form class="card form" data-demo-form data-done="Company saved."><div class="card-head"><h2>Company</h2></div>
<div class="form-2"><div class="field"><label for="co">Company</label><input id="co" name="company" type="text" value="Brightside Studio" autocomplete="organization"></div><div class="field"><label for="vat">VAT number</label><input id="vat" name="vat" type="text" value="DE 318 204 417"></div></div>
<div class="form-2"><div class="field"><label for="billing">Billing e-mail</label><input id="billing" name="billing" type="email" value="billing@brightside.example" autocomplete="email"></div><div class="field"><label for="limit">Weekly limit</label><span class="affix"><span aria-hidden="true">h</span><input id="limit" name="limit" type="text" inputmode="numeric" value="20" autocomplete="off"></span></div></div>
<div class="field"><label for="about-co">What freelancers should know</label><textarea id="about-co" name="about" rows="4">We are a studio of nine. Decisions are made by Jonas and usually take a day.</textarea></div>
<div class="row form-end"><button class="btn btn-primary" type="submit">Save company</button></div></form>
<div class="stack">${card(
          'Notifications',
          toggles([
            ['hours', 'Hours to approve', 'E-mail, on Monday', true],
            ['inv', 'Invoices', 'To the billing e-mail', true],
            ['prop', 'New proposals', 'Daily summary', true],
          ]),
        )}${security}</div></div>`,
    ) +
    forRole(
      'guest',
      header('Settings', 'Theme and language work without an account. The rest needs one.') +
        gate('Profile, notifications and security are in your account.', [
          ['users', 'One account, two roles', 'Hire and work with the same sign-in.'],
          ['lock', 'Two-step sign-in', 'Your password and a code from your phone.'],
          ['gear', 'Quiet by default', 'You choose what reaches your inbox.'],
        ]),
    ),
}
