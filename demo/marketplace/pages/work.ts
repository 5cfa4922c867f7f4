import { avatar, badge, card, forRole, gate, header, icon, meter, type Page, stats, table, two } from './kit'

interface Job {
  title: string
  client: string
  place: string
  kind: 'design' | 'engineering' | 'writing' | 'marketing'
  type: 'fixed' | 'hourly'
  budget: string
  /** Comparable size in dollars: the whole budget, or the top of the hourly range. */
  size: number
  verified: boolean
  posted: string
  text: string
  skills: readonly string[]
}

const jobs: readonly Job[] = [
  {
    title: 'Design system refresh for a clinic portal',
    client: 'Lumen Health',
    place: 'Remote, Europe',
    kind: 'design',
    type: 'fixed',
    budget: '$5,200',
    size: 5200,
    verified: true,
    posted: '2 hours ago',
    text: 'Bring an ageing component set up to date: tokens, forms, tables, and a short guide the in-house team can live with.',
    skills: ['Design systems', 'Figma', 'Accessibility'],
  },
  {
    title: 'Move a Rails monolith to Postgres 17',
    client: 'Northgate Freight',
    place: 'Remote',
    kind: 'engineering',
    type: 'hourly',
    budget: '$85–110 / h',
    size: 110,
    verified: true,
    posted: '4 hours ago',
    text: 'Plan and run a low-downtime upgrade from 13 to 17, including extensions, replicas and a rehearsed way back.',
    skills: ['PostgreSQL', 'Rails', 'Operations'],
  },
  {
    title: 'Help centre rewrite, 60 articles',
    client: 'Fernhill Energy',
    place: 'Remote, UK',
    kind: 'writing',
    type: 'fixed',
    budget: '$4,500',
    size: 4500,
    verified: true,
    posted: 'Yesterday',
    text: 'Turn a decade of support notes into short, plain answers. Style guide exists, screenshots are provided.',
    skills: ['UX writing', 'Editing'],
  },
  {
    title: 'Onboarding flow for a savings app',
    client: 'Harbour & Pine',
    place: 'Remote',
    kind: 'design',
    type: 'fixed',
    budget: '$3,800',
    size: 3800,
    verified: true,
    posted: 'Yesterday',
    text: 'Six screens from first open to first deposit. We have research, we need someone who can make it feel light.',
    skills: ['Product design', 'Prototyping'],
  },
  {
    title: 'Map tiles performance review',
    client: 'Oakline Maps',
    place: 'Lisbon or remote',
    kind: 'engineering',
    type: 'hourly',
    budget: '$70–90 / h',
    size: 90,
    verified: false,
    posted: '2 days ago',
    text: 'Find out why tiles stutter on mid-range phones and write up what to fix first. Two weeks, part time.',
    skills: ['WebGL', 'Profiling'],
  },
  {
    title: 'Launch e-mails for a bike subscription',
    client: 'Spoke & Co',
    place: 'Remote',
    kind: 'marketing',
    type: 'fixed',
    budget: '$1,400',
    size: 1400,
    verified: true,
    posted: '3 days ago',
    text: 'A sequence of five e-mails and a landing page text. Dry humour welcome, exclamation marks are not.',
    skills: ['Copywriting', 'E-mail'],
  },
  {
    title: 'Illustrations for a school workbook',
    client: 'Little Atlas',
    place: 'Remote',
    kind: 'design',
    type: 'fixed',
    budget: '$900',
    size: 900,
    verified: false,
    posted: '4 days ago',
    text: 'Twelve spot illustrations, two colours, print resolution. Animals on maps, mostly.',
    skills: ['Illustration', 'Print'],
  },
  {
    title: 'Search ads audit, one market',
    client: 'Kestrel Outdoor',
    place: 'Remote, Nordics',
    kind: 'marketing',
    type: 'hourly',
    budget: '$55–65 / h',
    size: 65,
    verified: true,
    posted: '5 days ago',
    text: 'Look through twelve months of campaigns and tell us, without mercy, what to stop paying for.',
    skills: ['Search ads', 'Analytics'],
  },
]

const esc = (text: string): string => text.replaceAll('&', '&amp;')

const jobList = jobs
  .map(
    job => `<li class="job" data-job data-kind="${job.kind}" data-type="${job.type}" data-size="${job.size}" data-verified="${job.verified ? 'yes' : 'no'}">
<div class="job-head"><h3><a href="/proposal" data-job-link>${job.title}</a></h3><span class="job-budget">${job.budget}</span></div>
<p class="job-meta"><b>${esc(job.client)}</b><span>${job.place}</span><span>${job.posted}</span></p>
<p class="job-text">${job.text}</p>
<div class="row job-foot">${job.skills.map(s => `<span class="tag">${s}</span>`).join('')}${job.verified ? `<span class="ok-mark">${icon('check')}Payment method verified</span>` : ''}</div>
</li>`,
  )
  .join('')

const finder = `<div class="finder">
<form class="card filters" data-job-filter aria-labelledby="filter-title"><h2 id="filter-title">Filter</h2>
<div class="field"><label for="job-q">Search</label><input id="job-q" name="q" type="search" placeholder="Skill, client or word" autocomplete="off"></div>
<div class="field"><label for="job-kind">Field</label><select id="job-kind" name="kind"><option value="">All fields</option><option value="design">Design</option><option value="engineering">Engineering</option><option value="writing">Writing</option><option value="marketing">Marketing</option></select></div>
<fieldset class="field"><legend>Payment</legend><div class="chips"><label class="chip"><input type="radio" name="type" value="" checked><span>Any</span></label><label class="chip"><input type="radio" name="type" value="fixed"><span>Fixed</span></label><label class="chip"><input type="radio" name="type" value="hourly"><span>Hourly</span></label></div></fieldset>
<label class="check"><input type="checkbox" name="verified" value="yes"><span>Payment method verified only</span></label>
<button class="btn btn-quiet" type="reset">Clear filters</button>
</form>
<section class="results" aria-labelledby="jobs-title"><div class="card-head"><h2 id="jobs-title">Open jobs</h2><p class="muted" role="status" data-job-count>${jobs.length} jobs</p></div>
<ul class="jobs">${jobList}</ul>
<div class="empty" data-job-empty hidden><p><strong>No job fits these filters</strong></p><p>Try a wider field or clear the search.</p></div>
</section></div>`

export const findWork: Page = {
  route: '/find-work',
  title: 'Find work',
  heading: 'Find work',
  roles: ['guest', 'client', 'freelancer'],
  main:
    forRole('guest', header('Find work', 'Every job says what it pays and whether the money is there.')) +
    forRole(
      'freelancer',
      header(
        'Find work',
        'Picked for product design, newest first. You have 4 of 10 proposal credits left this month.',
      ),
    ) +
    forRole(['guest', 'freelancer'], finder) +
    forRole(
      'client',
      header(
        'Find work',
        'This is how freelancers find you. Your own posts and how they are doing.',
        '<button class="btn btn-primary" type="button" data-toast="A new draft was added to your posts.">Post a job</button>',
      ) +
        stats([
          ['Views this week', '214', '38 more than last week'],
          ['Proposals', '11', '3 not yet read'],
          ['Time to first proposal', '5 h', 'Median of your posts'],
        ]) +
        card(
          'Your job posts',
          table(
            'Your job posts',
            [
              { label: 'Post', kind: 'main' },
              { label: 'Posted' },
              { label: 'Status', kind: 'end' },
              { label: 'Proposals', kind: 'num' },
            ],
            [
              [
                two('<a href="/proposal">Design system refresh</a>', 'Fixed · $5,200'),
                '16 Jun',
                badge('Open', 'good'),
                '8',
              ],
              [
                two('Front-end engineer, booking flow', 'Hourly · $70–85'),
                '9 Jun',
                badge('Open', 'good'),
                '3',
              ],
              [two('UX writer for error messages', 'Fixed · $1,150'), '21 May', badge('Filled'), '12'],
            ],
          ),
        ) +
        card(
          'What good posts have in common',
          '<ul class="plain-list"><li>A range for the budget, not “negotiable”.</li><li>What is done already, and what is not.</li><li>Who decides, and how quickly.</li></ul>',
        ),
    ),
}

export const proposal: Page = {
  route: '/proposal',
  title: 'Proposal',
  heading: 'Proposal',
  roles: ['client', 'freelancer'],
  main:
    forRole(
      'freelancer',
      header(
        'Proposal',
        'For “<span data-job-title>Design system refresh for a clinic portal</span>” at <span data-job-client>Lumen Health</span>.',
      ) +
        `<div class="split split-form">
<form class="card form" data-demo-form data-done="Your proposal is sent." data-proposal>
<div class="card-head"><h2>Your offer</h2><span class="muted">Uses 1 of 4 credits left</span></div>
<fieldset class="field"><legend>How you want to be paid</legend><div class="chips"><label class="chip"><input type="radio" name="pay" value="milestones" checked><span>By milestone</span></label><label class="chip"><input type="radio" name="pay" value="once"><span>Once, at the end</span></label><label class="chip"><input type="radio" name="pay" value="hourly"><span>Hourly</span></label></div></fieldset>
<div class="form-2">
<div class="field"><label for="rate">Your price</label><span class="affix"><span aria-hidden="true">$</span><input id="rate" name="rate" type="text" inputmode="decimal" value="4,900.00" required autocomplete="off" aria-describedby="rate-hint" data-rate></span><p class="hint" id="rate-hint">The client’s budget is <span data-job-budget>$5,200</span>.</p></div>
<div class="field"><label for="start">Start date</label><input id="start" name="start" type="date" value="2026-06-29"></div>
</div>
<dl class="sum" aria-live="polite"><div><dt>Service fee, 10%</dt><dd data-fee>−$490.00</dd></div><div class="sum-total"><dt>You receive</dt><dd data-net>$4,410.00</dd></div></dl>
<div class="field"><label for="letter">Cover letter</label><textarea id="letter" name="letter" rows="8" maxlength="2000" required aria-describedby="letter-count" data-letter>Hello,

I rebuilt the component library behind two booking products, both with strict accessibility targets. I would start with forms and tables, because that is where your customers spend their time.</textarea><p class="hint" id="letter-count" data-letter-count>0 of 2,000 characters</p></div>
<div class="field"><label for="length">How long it will take</label><select id="length" name="length"><option>Less than a month</option><option selected>1 to 3 months</option><option>More than 3 months</option></select></div>
<label class="check"><input type="checkbox" name="boost"><span>Tell me when the client reads it</span></label>
<div class="row form-end"><button class="btn btn-primary" type="submit">Send proposal</button><button class="btn" type="button" data-toast="Draft saved.">Save draft</button></div>
</form>
<div class="stack">
${card('The job', `<dl class="facts"><div><dt>Client</dt><dd data-job-client>Lumen Health</dd></div><div><dt>Budget</dt><dd data-job-budget>$5,200</dd></div><div><dt>Proposals</dt><dd>5 to 10</dd></div><div><dt>Hired before</dt><dd>14 times</dd></div><div><dt>Rating</dt><dd>4.9 of 5</dd></div></dl><a class="link" href="/find-work">Back to all jobs</a>`)}
${card('Before you send', '<ul class="plain-list"><li>Name one thing you noticed about the product.</li><li>Offer a first step the client can say yes to.</li><li>You can edit it until the client replies.</li></ul>')}
</div></div>`,
    ) +
    forRole(
      'client',
      header(
        'Proposal',
        'Design system refresh, fixed price, budget $5,200. Eight proposals, three not yet read.',
        '<button class="btn" type="button" data-toast="The post is closed to new proposals.">Close post</button>',
      ) +
        `<section class="stack" aria-labelledby="inbox-title"><h2 id="inbox-title">New proposals</h2><ul class="people">
${[
  [
    'ML',
    1,
    'Mara Lindqvist',
    'Product designer · Gothenburg',
    '$4,900.00',
    '“I would start with forms and tables, because that is where your customers spend their time.”',
    '98% job success',
  ],
  [
    'JO',
    3,
    'Joao Okafor',
    'Design systems lead · Porto',
    '$5,150.00',
    '“I can bring a working token pipeline on day one and leave it with your team.”',
    '95% job success',
  ],
  [
    'SV',
    4,
    'Signe Vang',
    'UI designer · Aarhus',
    '$3,950.00',
    '“Happy to begin with an audit of two weeks and decide together after that.”',
    'New on Workmere',
  ],
]
  .map(
    ([initials, tone, name, role, price, text, mark]) =>
      `<li class="card person"><div class="person-head">${avatar(String(initials), Number(tone))}${two(String(name), String(role))}<span class="person-price">${price}</span></div><p>${text}</p><div class="row"><span class="tag">${mark}</span><span class="grow"></span><button class="btn btn-sm" type="button" data-toggle="Shortlisted" data-toast="${name} is on your shortlist." aria-pressed="false">Shortlist</button><button class="btn btn-sm btn-primary" type="button" data-toast="Your offer to ${name} is sent. It stays open for 7 days.">Send offer</button></div></li>`,
  )
  .join('')}
</ul></section>` +
        card(
          'How you compare',
          '<p class="muted">The middle price of your proposals is $4,700. Similar posts closed after four days.</p>',
        ),
    ) +
    forRole(
      'guest',
      header('Proposal', 'An offer with a price, a start date and a letter, sent to a client.') +
        gate('Proposals you wrote, and the ones you received, are in your account.', [
          ['pen', 'Write once', 'A letter, a price and a start date. Drafts save themselves.'],
          ['card', 'See what is left', 'The 10% fee is shown before you send, never after.'],
          ['file', 'Becomes the contract', 'When the client accepts, the same terms become the contract.'],
        ]),
    ),
}

const milestones = table(
  'Milestones of contract C-20418',
  [
    { label: 'Milestone', kind: 'main' },
    { label: 'Due' },
    { label: 'Status', kind: 'end' },
    { label: 'Amount', kind: 'num' },
  ],
  [
    [two('Audit and inventory', 'Milestone 1'), '8 May', badge('Released', 'good'), '$1,200.00'],
    [two('Tokens and foundations', 'Milestone 2'), '29 May', badge('Released', 'good'), '$1,800.00'],
    [two('Component library', 'Milestone 3'), '26 Jun', badge('Funded', 'info'), '$2,400.00'],
    [two('Handover and docs', 'Milestone 4'), '10 Jul', badge('Not funded'), '$900.00'],
  ],
)

const contractBody = (side: 'client' | 'freelancer'): string => `<div class="split">
<div class="stack">
${card('Milestones', `<div class="progress"><div class="progress-text"><span>$3,000.00 of $6,300.00 released</span><span>48%</span></div>${meter('48 percent of the contract value released', 48)}</div>${milestones}`)}
${card(
  'Activity',
  `<ol class="timeline">
<li><span class="tl-when">17 Jun</span><div><strong>${side === 'client' ? 'Mara' : 'You'} shared a preview</strong><p>Buttons, fields and the date picker are ready to look at.</p></div></li>
<li><span class="tl-when">1 Jun</span><div><strong>${side === 'client' ? 'You' : 'Brightside Studio'} funded milestone 3</strong><p>$2,400.00 is held in escrow.</p></div></li>
<li><span class="tl-when">30 May</span><div><strong>Milestone 2 released</strong><p>$1,800.00, invoice INV-3041.</p></div></li>
<li><span class="tl-when">27 Apr</span><div><strong>Contract signed</strong><p>Both sides accepted version 2 of the terms.</p></div></li>
</ol>`,
)}
</div>
<div class="stack">
${card(
  'Terms',
  `<dl class="facts"><div><dt>${side === 'client' ? 'Freelancer' : 'Client'}</dt><dd>${side === 'client' ? 'Mara Lindqvist' : 'Brightside Studio'}</dd></div><div><dt>Type</dt><dd>Milestones</dd></div><div><dt>Extra hours</dt><dd>$65.00 / h</dd></div><div><dt>Started</dt><dd>27 Apr 2026</dd></div><div><dt>Ends</dt><dd>10 Jul 2026</dd></div><div><dt>Review of a milestone</dt><dd>14 days</dd></div></dl>`,
)}
${card(
  'Send a note',
  `<form class="form" data-demo-form data-done="Note sent."><div class="field"><label for="note">Message to ${side === 'client' ? 'Mara' : 'Brightside Studio'}</label><textarea id="note" name="note" rows="4" required></textarea></div><button class="btn" type="submit">Send note</button></form>`,
)}
</div></div>`

export const contract: Page = {
  route: '/contract',
  title: 'Contract',
  heading: 'Contract C-20418',
  roles: ['client', 'freelancer'],
  facts: { roles: ['client', 'freelancer'], of: { contract: 'C-20418', dispute: 'C-20418' } },
  main:
    forRole(
      'freelancer',
      header(
        'Contract C-20418',
        'Booking app design system, with Brightside Studio.',
        '<a class="btn" href="/dispute">Open a dispute</a><button class="btn btn-primary" type="button" data-toast="Milestone 3 is submitted. The client has 14 days.">Submit work</button>',
      ) + contractBody('freelancer'),
    ) +
    forRole(
      'client',
      header(
        'Contract C-20418',
        'Booking app design system, with Mara Lindqvist.',
        '<a class="btn" href="/dispute">Open a dispute</a><button class="btn btn-primary" type="button" data-toast="Milestone 4 is funded with $900.00.">Fund milestone 4</button>',
      ) + contractBody('client'),
    ) +
    forRole(
      'guest',
      header('Contract C-20418', 'A contract is open to the two people who signed it.') +
        gate('Only the client and the freelancer can read this contract.', [
          ['file', 'Terms in the open', 'Milestones, rate, dates and notice, in plain words on one page.'],
          ['lock', 'Money first', 'A milestone is funded before work on it begins.'],
          ['scale', 'A fair way out', 'If you disagree, a mediator looks at the contract and the work.'],
        ]),
    ),
}

const days = [
  ['Mon', '15', 'Monday'],
  ['Tue', '16', 'Tuesday'],
  ['Wed', '17', 'Wednesday'],
  ['Thu', '18', 'Thursday'],
  ['Fri', '19', 'Friday'],
  ['Sat', '20', 'Saturday'],
  ['Sun', '21', 'Sunday'],
] as const

const sheet: readonly (readonly [string, string, number, readonly string[]])[] = [
  ['Component library', 'C-20418 · extra hours', 65, ['4', '3.5', '5', '1.5', '', '', '']],
  ['Investor update', 'C-20377 · Harbour &amp; Pine', 65, ['2', '', '1.5', '1', '', '', '']],
  ['Calls and reviews', 'C-20418 · extra hours', 65, ['1', '1', '', '1', '', '', '']],
]

const sheetHead = `<thead role="rowgroup"><tr role="row"><th role="columnheader" scope="col">Work</th>${days.map(([d, n]) => `<th role="columnheader" scope="col"><span>${d}</span> ${n}</th>`).join('')}<th role="columnheader" scope="col">Total</th></tr></thead>`
const sum = (list: readonly string[]): number => list.reduce((all, h) => all + (Number(h) || 0), 0)

const sheetRows = (edit: boolean, list: typeof sheet): string =>
  list
    .map(
      ([work, note, rate, hours]) =>
        `<tr role="row" data-rate="${rate}"><th role="rowheader" scope="row">${two(work, note)}</th>${days
          .map(([d, n, name], i) => {
            const value = hours[i] ?? ''
            return `<td role="cell" data-day="${d}">${edit ? `<input type="text" inputmode="decimal" maxlength="5" autocomplete="off" aria-label="${work}, ${name} ${n} June, hours" value="${value}" placeholder="0" data-hours>` : `<span class="${value === '' ? 'nil' : ''}">${value === '' ? '0' : value}</span>`}</td>`
          })
          .join('')}<td role="cell" class="sheet-total" data-row-total>${sum(hours)}</td></tr>`,
    )
    .join('')

const clientSheet = sheet.filter(([, note]) => note.startsWith('C-20418'))

export const timesheet: Page = {
  route: '/timesheet',
  title: 'Timesheet',
  heading: 'Timesheet',
  roles: ['client', 'freelancer'],
  main:
    forRole(
      'freelancer',
      header('Timesheet', 'Week 25, 15 to 21 June. It closes on Sunday at 23:59 UTC.') +
        `<form class="card" data-sheet data-demo-form data-done="Your hours are saved. Week 25 goes to your clients on Sunday at 23:59 UTC."><div class="card-head"><h2>This week</h2>${badge('Draft')}</div>
<table class="sheet" role="table"><caption class="vh">Hours in week 25</caption>${sheetHead}<tbody role="rowgroup">${sheetRows(true, sheet)}</tbody></table>
<div class="sheet-foot"><dl class="sheet-sum" aria-live="polite"><div><dt>Hours</dt><dd data-sheet-hours>21.5</dd></div><div><dt>Before fees</dt><dd data-sheet-money>$1,397.50</dd></div></dl><button class="btn btn-primary" type="submit">Save</button></div></form>` +
        card(
          'Earlier weeks',
          table(
            'Earlier weeks',
            [
              { label: 'Week', kind: 'main' },
              { label: 'Hours' },
              { label: 'Status', kind: 'end' },
              { label: 'Amount', kind: 'num' },
            ],
            [
              [two('Week 24', '8 to 14 June'), '24.0 h', badge('In review', 'info'), '$1,560.00'],
              [two('Week 23', '1 to 7 June'), '19.5 h', badge('Paid', 'good'), '$1,267.50'],
              [two('Week 22', '25 to 31 May'), '22.0 h', badge('Paid', 'good'), '$1,430.00'],
            ],
          ),
        ),
    ) +
    forRole(
      'client',
      header(
        'Timesheet',
        'Mara Lindqvist, week 25 so far. It is charged on Monday 22 June, and you can review it until Friday 26 June.',
      ) +
        `<section class="card"><div class="card-head"><h2>To approve</h2>${badge('Waiting for you', 'warn')}</div>
<table class="sheet" role="table"><caption class="vh">Hours of Mara Lindqvist in week 25</caption>${sheetHead}<tbody role="rowgroup">${sheetRows(false, clientSheet)}</tbody></table>
<div class="sheet-foot"><dl class="sheet-sum"><div><dt>Hours</dt><dd>17</dd></div><div><dt>You pay</dt><dd>$1,105.00</dd></div></dl><button class="btn" type="button" data-toast="Mara has 5 days to respond.">Question</button><button class="btn btn-primary" type="button" data-toast="17 hours approved. Thank you.">Approve week</button></div></section>` +
        card(
          'Approved',
          table(
            'Approved timesheets',
            [
              { label: 'Week', kind: 'main' },
              { label: 'Hours' },
              { label: 'Status', kind: 'end' },
              { label: 'Amount', kind: 'num' },
            ],
            [
              [two('Week 24', 'Mara Lindqvist'), '18.0 h', badge('Approved', 'good'), '$1,170.00'],
              [two('Week 24', 'Tomás Ferreira'), '31.0 h', badge('Approved', 'good'), '$2,480.00'],
              [two('Week 23', 'Mara Lindqvist'), '15.5 h', badge('Paid', 'good'), '$1,007.50'],
            ],
          ),
        ),
    ) +
    forRole(
      'guest',
      header('Timesheet', 'A week of hours, written by one side and approved by the other.') +
        gate('Your weeks are in your account.', [
          ['clock', 'A week on one screen', 'Type the hours into a grid. Totals and amounts follow.'],
          ['check', 'Approved in a minute', 'Clients approve or ask. On Friday, hours approve themselves.'],
          [
            'bank',
            'Charged on Monday',
            'The week is charged on Monday and yours when the review ends on Friday.',
          ],
        ]),
    ),
}

export const orders: Page = {
  route: '/orders',
  title: 'Orders',
  heading: 'Orders',
  roles: ['client', 'freelancer'],
  main:
    (['freelancer', 'client'] as const)
      .map(role => {
        const own = role === 'freelancer'
        const list: readonly (readonly [string, string, string, string, string, string, string])[] = [
          [
            'open',
            'Landing page review',
            'O-5520',
            own ? 'Kestrel Outdoor' : 'Mara Lindqvist',
            'Due 19 Jun',
            badge('In progress', 'info'),
            '$240.00',
          ],
          [
            'open',
            'Logo touch-up, three sizes',
            'O-5514',
            own ? 'Spoke &amp; Co' : 'Signe Vang',
            'Due 24 Jun',
            badge('In progress', 'info'),
            '$160.00',
          ],
          [
            'waiting',
            'Pitch deck, 12 slides',
            'O-5498',
            own ? 'Harbour &amp; Pine' : 'Mara Lindqvist',
            'Delivered 16 Jun',
            badge(own ? 'Waiting for client' : 'Waiting for you', 'warn'),
            '$520.00',
          ],
          [
            'done',
            'Icon pack, 24 glyphs',
            'O-5461',
            own ? 'Brightside Studio' : 'Mara Lindqvist',
            'Closed 4 Jun',
            badge('Completed', 'good'),
            '$310.00',
          ],
          [
            'done',
            'App store screenshots',
            'O-5433',
            own ? 'Lumen Health' : 'Joao Okafor',
            'Cancelled 28 May',
            badge('Refunded'),
            '$180.00',
          ],
        ]
        return forRole(
          role,
          header(
            'Orders',
            own ? 'Small, fixed packages people bought from you.' : 'Small, fixed packages you bought.',
            own
              ? '<button class="btn btn-primary" type="button" data-toast="O-5520 is marked as delivered.">Deliver O-5520</button>'
              : '<button class="btn btn-primary" type="button" data-toast="O-5498 is accepted and paid.">Accept O-5498</button>',
          ) +
            stats([
              ['In progress', '2', 'Next one due tomorrow'],
              [own ? 'Waiting for clients' : 'Waiting for you', '1', 'Closes by itself on 30 Jun'],
              [
                own ? 'Earned in June' : 'Spent in June',
                own ? '$830.00' : '$1,230.00',
                own ? 'Before fees' : 'Clients pay no fee',
              ],
            ]) +
            `<section class="card" data-order-list><div class="card-head"><h2>All orders</h2><div class="segmented segmented-sm" role="group" aria-label="Show orders">${[
              ['', 'All'],
              ['open', 'Open'],
              ['waiting', 'Waiting'],
              ['done', 'Closed'],
            ]
              .map(
                ([value, label], i) =>
                  `<button type="button" data-order-filter="${value}" aria-pressed="${i === 0}">${label}</button>`,
              )
              .join('')}</div></div>${table(
              'Orders',
              [
                { label: 'Order', kind: 'main' },
                { label: own ? 'Client' : 'Freelancer' },
                { label: 'Date' },
                { label: 'Status', kind: 'end' },
                { label: 'Price', kind: 'num' },
              ],
              list.map(([state, name, id, who, when, status, price]) => [
                `<span class="two" data-state="${state}"><strong>${name}</strong><span>${id}</span></span>`,
                who,
                when,
                status,
                price,
              ]),
            )}</section>` +
            (own
              ? card(
                  'Delivery settings',
                  '<form class="form" data-demo-form data-done="Delivery settings saved."><div class="form-2"><div class="field"><label for="queue">Orders at once</label><select id="queue" name="queue"><option>2</option><option selected>4</option><option>6</option></select></div><div class="field"><label for="turn">Usual delivery</label><select id="turn" name="turn"><option>2 days</option><option selected>5 days</option><option>10 days</option></select></div></div><button class="btn" type="submit">Save</button></form>',
                )
              : card(
                  'Buying packages',
                  '<p class="muted">You have 14 days to accept a delivery, ask for a revision or return the order. After that it is completed and the freelancer is paid.</p>',
                )),
        )
      })
      .join('') +
    forRole(
      'guest',
      header('Orders', 'Small packages with a fixed price and a delivery date.') +
        gate(
          'Orders you placed or received are in your account.',
          [
            ['box', 'One price', 'You see the whole price before you order.'],
            ['clock', 'A date to hold on to', 'From three days late, you can cancel with a full refund.'],
            ['check', '14 days to check', 'Accept, ask for a revision or return it. Then it is completed.'],
          ],
          'client',
        ),
    ),
}
