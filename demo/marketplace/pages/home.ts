import { avatar, badge, bars, card, forRole, icon, meter, notice, type Page, stats, table, two } from './kit'

const strip = `<aside class="strip" aria-label="Try the help assistant" data-strip hidden>
<p class="strip-title">One minute with the help assistant</p>
<ol class="strip-list">
<li>Press <b>Help</b> on <a href="/withdrawals">Withdrawals</a>, type "fee"</li>
<li>Open an article</li>
<li>Tell the bot “my withdrawal is late”</li>
<li>Sign in at <a href="/desk/" target="_blank" rel="noopener">the desk${icon('external')}<span class="vh"> (new tab)</span></a> with a link from the terminal</li>
<li>Ask for a person</li>
</ol>
<button class="icon-btn strip-close" type="button" data-strip-close aria-label="Dismiss this strip">${icon('close')}</button>
</aside>`

const heading = 'Independent work, settled calmly.'

const guest = `<div class="landing">
<section class="hero" aria-labelledby="hero-title">
<div class="hero-text">
<p class="eyebrow">The marketplace for independent work</p>
<h1 id="hero-title" tabindex="-1">${heading}</h1>
<p class="hero-lead">Workmere brings the brief, the contract, the hours and the money into one place, so that both sides always know what happens next.</p>
<div class="row"><a class="btn btn-primary btn-lg" href="/find-work">Find work${icon('arrow')}</a><button class="btn btn-lg" type="button" data-set-role="client">Hire someone</button></div>
<p class="hero-note">No fee to join. Freelancers keep 90% of every payment.</p>
</div>
<div class="hero-art" aria-hidden="true">
<div class="art-card art-main">
<div class="art-row"><span class="avatar avatar-2">BS</span><span class="two"><strong>Booking app design system</strong><span>Brightside Studio · C-20418</span></span>${badge('Active', 'good')}</div>
<ul class="art-list">
<li class="done">${icon('check')}<span>Audit and inventory</span><b>$1,200</b></li>
<li class="done">${icon('check')}<span>Tokens and foundations</span><b>$1,800</b></li>
<li class="now"><i></i><span>Component library</span><b>$2,400</b></li>
<li><i></i><span>Handover and docs</span><b>$900</b></li>
</ul>
<div class="art-foot"><span>$3,000 of $6,300 released</span>${meter('', 48)}</div>
</div>
<div class="art-card art-float">${icon('shield')}<span class="two"><strong>$2,400.00 in escrow</strong><span>Funded before work started</span></span></div>
</div>
</section>
<dl class="figures">
<div><dt>Freelancers at work this month</dt><dd>18,400</dd></div>
<div><dt>Median time to first payment</dt><dd>9 days</dd></div>
<div><dt>Contracts closed without a dispute</dt><dd>99.2%</dd></div>
</dl>
<section class="band" aria-labelledby="how-title">
<h2 id="how-title">From brief to bank, in three steps</h2>
<ol class="steps-3">
<li><span class="step-no">1</span><h3>Agree on paper</h3><p>A proposal turns into a contract with milestones, a rate and dates both sides have signed.</p></li>
<li><span class="step-no">2</span><h3>Work with cover</h3><p>The client funds a milestone first. Hours land in a weekly timesheet that takes a minute to check.</p></li>
<li><span class="step-no">3</span><h3>Get paid on time</h3><p>Released money is yours. Withdraw to a bank in 1–3 business days, with every step in view.</p></li>
</ol>
</section>
<section class="band" aria-labelledby="open-title">
<div class="band-head"><h2 id="open-title">Open right now</h2><a class="link" href="/find-work">All jobs${icon('arrow')}</a></div>
<ul class="teasers">
<li><a href="/find-work"><span class="teaser-kind">Design</span><strong>Onboarding flow for a savings app</strong><span>Fixed · $3,800 · Harbour &amp; Pine</span></a></li>
<li><a href="/find-work"><span class="teaser-kind">Engineering</span><strong>Move a Rails monolith to Postgres 17</strong><span>Hourly · $85–110 · Northgate Freight</span></a></li>
<li><a href="/find-work"><span class="teaser-kind">Writing</span><strong>Help centre rewrite, 60 articles</strong><span>Fixed · $4,500 · Fernhill Energy</span></a></li>
</ul>
</section>
<figure class="quote"><blockquote><p>“I stopped chasing invoices. I open the contract, see that the milestone is funded, and start.”</p></blockquote><figcaption>${avatar('ML')}<span>Mara Lindqvist, product designer</span></figcaption></figure>
</div>`

const freelancer = `<div class="page-head"><div><h1 tabindex="-1">Welcome back, %FIRST%</h1><p class="lead">Thursday 18 June. Two things need you today.</p></div><div class="row page-actions"><a class="btn" href="/timesheet">Log hours</a><a class="btn btn-primary" href="/find-work">Find work</a></div></div>
${notice('warn', 'Withdrawal W-7731 is delayed', 'Your $1,240.00 payout is waiting for the address check. Nothing is lost; it leaves as soon as the check is done.', '<a class="link" href="/withdrawals">See the withdrawal</a><a class="link" href="/verification">Finish the check</a>')}
${stats([
  ['Available', '$2,480.00', 'Ready to withdraw'],
  ['In escrow', '$2,400.00', 'Milestone 3 of C-20418'],
  ['Hours this week', '21.5', '$1,397.50 at your rates'],
])}
<div class="split">
${card(
  'Earnings',
  bars('Earnings after fees by month', [
    ['Jan', '$3.1k', 52],
    ['Feb', '$2.7k', 45],
    ['Mar', '$4.2k', 70],
    ['Apr', '$3.9k', 65],
    ['May', '$5.4k', 90],
    ['Jun', '$3.6k', 60],
  ]),
  '<span class="muted">After fees, 2026</span>',
)}
${card(
  'Next up',
  `<ul class="todo">
<li>${icon('shield')}<a href="/verification">${two('Confirm your address', 'One document, about two minutes')}</a></li>
<li>${icon('clock')}<a href="/timesheet">${two('Log this week’s hours', 'Until Sunday 21 June, 23:59 UTC')}</a></li>
<li>${icon('box')}<a href="/orders">${two('Deliver O-5520', 'Due Friday 19 June')}</a></li>
<li>${icon('scale')}<a href="/dispute">${two('Dispute D-1092', 'Waiting for the mediator')}</a></li>
</ul>`,
)}
</div>
${card(
  'Active contracts',
  table(
    'Active contracts',
    [
      { label: 'Contract', kind: 'main' },
      { label: 'Client' },
      { label: 'Status', kind: 'end' },
      { label: 'Value', kind: 'num' },
    ],
    [
      [
        two('<a href="/contract">Booking app design system</a>', 'C-20418 · milestones'),
        'Brightside Studio',
        badge('Active', 'good'),
        '$6,300.00',
      ],
      [
        two('Investor update template', 'C-20377 · hourly, $65'),
        'Harbour &amp; Pine',
        badge('Active', 'good'),
        '$65.00 / h',
      ],
      [
        two('Icon set, 48 glyphs', 'C-20291 · fixed price'),
        'Brightside Studio',
        badge('In dispute', 'warn'),
        '$780.00',
      ],
    ],
  ),
)}`

const client = `<div class="page-head"><div><h1 tabindex="-1">Welcome back, %FIRST%</h1><p class="lead">Thursday 18 June. One timesheet and one delivery are waiting for you.</p></div><div class="row page-actions"><a class="btn" href="/proposal">Review proposals</a><a class="btn btn-primary" href="/timesheet">Approve hours</a></div></div>
${stats([
  ['To approve', '$1,105.00', '17 hours on C-20418'],
  ['In escrow', '$3,180.00', 'Across 2 contracts'],
  ['Spent in June', '$4,610.00', '$390.00 under plan'],
])}
<div class="split">
${card(
  'Spend',
  bars('Spend by month', [
    ['Jan', '$2.2k', 37],
    ['Feb', '$3.4k', 57],
    ['Mar', '$3.0k', 50],
    ['Apr', '$5.1k', 85],
    ['May', '$4.8k', 80],
    ['Jun', '$4.6k', 77],
  ]),
  '<span class="muted">Including fees, 2026</span>',
)}
${card(
  'Next up',
  `<ul class="todo">
<li>${icon('clock')}<a href="/timesheet">${two('Approve Mara’s hours', '17 h, auto-approved on Friday 26 June')}</a></li>
<li>${icon('file')}<a href="/contract">${two('Milestone 3 of C-20418', 'Component library, due 26 June')}</a></li>
<li>${icon('users')}<a href="/proposal">${two('Three new proposals', 'Design system refresh')}</a></li>
<li>${icon('card')}<a href="/payments">${two('Invoice INV-3087', 'Charged on 22 June')}</a></li>
</ul>`,
)}
</div>
${card(
  'People you work with',
  table(
    'People you work with',
    [
      { label: 'Person', kind: 'main' },
      { label: 'Contract' },
      { label: 'Status', kind: 'end' },
      { label: 'Paid so far', kind: 'num' },
    ],
    [
      [
        two('<a href="/contract">Mara Lindqvist</a>', 'Product designer'),
        'C-20418',
        badge('Active', 'good'),
        '$3,000.00',
      ],
      [two('Tomás Ferreira', 'Front-end engineer'), 'C-20402', badge('Active', 'good'), '$7,220.00'],
      [two('Aiko Brandt', 'UX writer'), 'C-20355', badge('Paused'), '$1,150.00'],
    ],
  ),
)}`

export const home: Page = {
  route: '/',
  title: 'Home',
  heading,
  roles: ['guest', 'client', 'freelancer'],
  main: strip + forRole('guest', guest) + forRole('freelancer', freelancer) + forRole('client', client),
}
