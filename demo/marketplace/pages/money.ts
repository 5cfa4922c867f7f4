import { badge, bars, card, forRole, gate, header, icon, notice, type Page, stats, table, two } from './kit'

export const payments: Page = {
  route: '/payments',
  title: 'Payments',
  heading: 'Payments',
  roles: ['guest', 'client', 'freelancer'],
  main:
    forRole(
      'freelancer',
      header(
        'Payments',
        'What clients paid you, and what is on its way.',
        '<button class="btn" type="button" data-toast="The June statement is being prepared.">Statement</button><a class="btn btn-primary" href="/withdrawals">Withdraw</a>',
      ) +
        stats([
          ['Available', '$2,480.00', 'Ready to withdraw'],
          ['In review', '$1,404.00', 'Week 24, yours on 19 Jun'],
          ['This year', '$22,940.00', 'After fees'],
        ]) +
        card(
          'Earnings by month',
          bars('Earnings after fees by month', [
            ['Jan', '$3.1k', 52],
            ['Feb', '$2.7k', 45],
            ['Mar', '$4.2k', 70],
            ['Apr', '$3.9k', 65],
            ['May', '$5.4k', 90],
            ['Jun', '$3.6k', 60],
          ]),
          '<span class="muted">After fees</span>',
        ) +
        card(
          'Payments received',
          table(
            'Payments received',
            [
              { label: 'Payment', kind: 'main' },
              { label: 'Date' },
              { label: 'Fee' },
              { label: 'Status', kind: 'end' },
              { label: 'You receive', kind: 'num' },
            ],
            [
              [
                two('Hours, week 24', 'C-20418 and C-20377'),
                '15 Jun',
                '$156.00 fee',
                badge('In review', 'info'),
                '$1,404.00',
              ],
              [
                two('Hours, week 23', 'C-20418 and C-20377'),
                '8 Jun',
                '$126.75 fee',
                badge('Paid', 'good'),
                '$1,140.75',
              ],
              [
                two('Icon pack, 24 glyphs', 'O-5461 · Brightside Studio'),
                '4 Jun',
                '$31.00 fee',
                badge('Paid', 'good'),
                '$279.00',
              ],
              [
                two('Milestone 2, tokens', 'C-20418 · INV-3041'),
                '30 May',
                '$180.00 fee',
                badge('Paid', 'good'),
                '$1,620.00',
              ],
              [
                two('Icon set, 48 glyphs', 'C-20291 · Brightside Studio'),
                '22 May',
                'Fee on hold',
                badge('In dispute', 'warn'),
                '$780.00',
              ],
            ],
          ),
        ),
    ) +
    forRole(
      'client',
      header(
        'Payments',
        'What you pay, what is in escrow and what comes next.',
        '<button class="btn" type="button" data-toast="Your invoices are being prepared.">Download invoices</button><button class="btn btn-primary" type="button" data-toast="Milestone 4 of C-20418 is funded with $900.00.">Fund a milestone</button>',
      ) +
        stats([
          ['In escrow', '$3,180.00', 'Across 2 contracts'],
          ['Next charge', '$1,105.00', 'Monday 22 June'],
          ['Spent in June', '$4,610.00', 'Clients pay no fee'],
        ]) +
        `<div class="split">${card(
          'Spend by month',
          bars('Spend by month', [
            ['Jan', '$2.2k', 37],
            ['Feb', '$3.4k', 57],
            ['Mar', '$3.0k', 50],
            ['Apr', '$5.1k', 85],
            ['May', '$4.8k', 80],
            ['Jun', '$4.6k', 77],
          ]),
          '<span class="muted">Clients pay no fee</span>',
        )}${card(
          'Payment methods',
          `<ul class="methods"><li>${icon('card')}${two('Visa ending 4417', 'Expires 09/28')}${badge('Default')}</li><li>${icon('bank')}${two('Bank transfer', 'DE89 ···· 3000')}</li></ul><button class="btn btn-block" type="button" data-toast="The form for a new card opens in your bank’s app.">Add a method</button>`,
        )}</div>` +
        card(
          'Invoices',
          table(
            'Invoices',
            [
              { label: 'Invoice', kind: 'main' },
              { label: 'For' },
              { label: 'Date' },
              { label: 'Status', kind: 'end' },
              { label: 'Amount', kind: 'num' },
            ],
            [
              [
                two('INV-3087', 'Hours, week 25'),
                'Mara Lindqvist',
                '22 Jun',
                badge('Upcoming', 'info'),
                '$1,105.00',
              ],
              [
                two('INV-3079', 'Hours, week 24'),
                'Tomás Ferreira',
                '15 Jun',
                badge('Paid', 'good'),
                '$2,480.00',
              ],
              [
                two('INV-3078', 'Hours, week 24'),
                'Mara Lindqvist',
                '15 Jun',
                badge('Paid', 'good'),
                '$1,170.00',
              ],
              [
                two('INV-3041', 'Milestone 2, C-20418'),
                'Mara Lindqvist',
                '30 May',
                badge('Paid', 'good'),
                '$1,800.00',
              ],
            ],
          ),
        ),
    ) +
    forRole(
      'guest',
      header('Payments', 'Money is set aside before work starts and released when it is done.') +
        gate(
          'Invoices, escrow and receipts are in your account.',
          [
            ['lock', 'Escrow first', 'A client funds a milestone, then work on it begins.'],
            [
              'card',
              'One simple fee',
              'Freelancers pay 10%, clients pay the agreed price. There is nothing else.',
            ],
            ['bank', 'Yours when approved', 'Milestones on release, hours when the review ends on Friday.'],
          ],
          'client',
        ),
    ),
}

export const withdrawals: Page = {
  route: '/withdrawals',
  title: 'Withdrawals',
  heading: 'Withdrawals',
  roles: ['guest', 'freelancer'],
  main:
    forRole(
      'freelancer',
      header('Withdrawals', 'Move money from Workmere to your bank. Usually 1–3 business days.') +
        notice(
          'warn',
          'W-7731 is later than expected',
          'Your withdrawal of $1,240.00 should have arrived on Tuesday 16 June. It is held until your address is confirmed, then it leaves the same day.',
          '<a class="link" href="/verification">Confirm address</a><a class="link" href="/settings">Account status</a>',
        ) +
        stats([
          ['Available', '$2,480.00', 'After fees'],
          ['On the way', '$1,240.00', 'W-7731, delayed'],
          ['Withdrawn in 2026', '$19,220.00', '14 withdrawals'],
        ]) +
        `<div class="split split-form">
<form class="card form" data-demo-form data-withdraw data-done="Withdrawal W-7748 was requested."><div class="card-head"><h2>New withdrawal</h2></div>
<div class="field"><label for="amount">Amount</label><span class="affix"><span aria-hidden="true">$</span><input id="amount" name="amount" type="text" inputmode="decimal" value="500.00" required autocomplete="off" aria-describedby="amount-hint" data-amount></span><p class="hint" id="amount-hint" data-amount-hint>Between $20.00 and $2,480.00. It is sent once your address is confirmed.</p></div>
<fieldset class="field"><legend>Send to</legend><div class="options"><label class="option"><input type="radio" name="to" value="bank" checked><span>${icon('bank')}${two('Nordea ending 2093', 'Bank, 1–3 business days, free')}</span></label><label class="option"><input type="radio" name="to" value="card"><span>${icon('card')}${two('Visa Debit ending 8850', 'Card, within 2 hours, $2.00')}</span></label></div></fieldset>
<div class="field"><label for="ref">Reference on your statement</label><input id="ref" name="ref" type="text" maxlength="18" placeholder="Optional"></div>
<div class="row form-end"><button class="btn btn-primary" type="submit">Withdraw</button></div></form>
${card(
  'Where W-7731 is',
  `<ol class="track"><li class="done"><strong>Requested</strong><span>Fri 12 June, 09:14</span></li><li class="done"><strong>Balance reserved</strong><span>Fri 12 June, 09:14</span></li><li class="now"><strong>Safety check</strong><span>Waiting for your address</span></li><li><strong>Sent to Nordea</strong><span>Same day, after the check</span></li><li><strong>In your account</strong><span>1–3 business days later</span></li></ol>`,
  badge('Delayed', 'warn'),
)}</div>` +
        card(
          'History',
          table(
            'Withdrawals',
            [
              { label: 'Withdrawal', kind: 'main' },
              { label: 'To' },
              { label: 'Requested' },
              { label: 'Status', kind: 'end' },
              { label: 'Amount', kind: 'num' },
            ],
            [
              [
                two('W-7731', 'Expected 16 Jun'),
                'Nordea 2093',
                '12 Jun',
                badge('On hold', 'warn'),
                '$1,240.00',
              ],
              [two('W-7654', 'Arrived 3 Jun'), 'Nordea 2093', '1 Jun', badge('Arrived', 'good'), '$1,800.00'],
              [two('W-7590', 'Arrived 18 May'), 'Visa 8850', '18 May', badge('Arrived', 'good'), '$350.00'],
              [
                two('W-7522', 'Sent back by the bank'),
                'SEB 7741',
                '4 May',
                badge('Failed', 'bad'),
                '$620.00',
              ],
              [
                two('W-7467', 'Arrived 22 Apr'),
                'Nordea 2093',
                '20 Apr',
                badge('Arrived', 'good'),
                '$2,100.00',
              ],
            ],
          ),
          `<button class="btn btn-sm" type="button" data-toast="The list is being prepared.">${icon('download')}Export</button>`,
        ),
    ) +
    forRole(
      'client',
      header(
        'Withdrawals',
        'Withdrawals are for freelancers. As a client you get refunds, and they are listed here.',
      ) +
        card(
          'Refunds',
          table(
            'Refunds',
            [
              { label: 'Refund', kind: 'main' },
              { label: 'To' },
              { label: 'Date' },
              { label: 'Status', kind: 'end' },
              { label: 'Amount', kind: 'num' },
            ],
            [
              [
                two('R-2210', 'O-5433, cancelled'),
                'Visa 4417',
                '28 May',
                badge('Refunded', 'good'),
                '$180.00',
              ],
              [
                two('R-2154', 'Unused escrow, C-20355'),
                'Visa 4417',
                '6 May',
                badge('Refunded', 'good'),
                '$240.00',
              ],
            ],
          ),
        ) +
        card(
          'Get unused escrow back',
          '<p class="muted">Held money can go back to the card it came from, if no work on its milestone was submitted. The freelancer has 5 days to agree; the card shows it 5 to 10 business days later.</p><form class="form" data-demo-form data-done="You asked for the money back. The freelancer has 5 days to agree."><div class="form-2"><div class="field"><label for="refund">Amount</label><span class="affix"><span aria-hidden="true">$</span><input id="refund" name="refund" type="text" inputmode="decimal" value="120.00" autocomplete="off" required></span></div><div class="field"><label for="refund-from">From</label><select id="refund-from" name="from"><option>C-20355, $120.00 unused</option><option>C-20402, $0.00 unused</option></select></div></div><button class="btn" type="submit">Ask for the money back</button></form>',
        ),
    ) +
    forRole(
      'guest',
      header('Withdrawals', 'How money gets from Workmere to your bank.') +
        gate('Your balance and your withdrawals are in your account.', [
          [
            'clock',
            '1–3 business days',
            'Bank transfers are free. A debit card takes up to 2 hours and costs $2.00.',
          ],
          ['shield', 'Checked once', 'We confirm who you are before the first withdrawal.'],
          ['info', 'Always in view', 'Each withdrawal shows the step it is at, and why if it waits.'],
        ]),
    ),
}

const caseSteps = `<ol class="track track-wide"><li class="done"><strong>Opened</strong><span>12 June</span></li><li class="done"><strong>Both sides heard</strong><span>17 June</span></li><li class="now"><strong>With the mediator</strong><span>Answer by 22 June</span></li><li><strong>Refund or release</strong><span>On the day of the decision</span></li></ol>`

const evidence = `<ul class="methods"><li>${icon('file')}${two('icon-set-v3.zip', 'Mara Lindqvist, 12 June')}</li><li>${icon('file')}${two('feedback-round-2.pdf', 'Brightside Studio, 15 June')}</li><li>${icon('file')}${two('contract-C-20291.pdf', 'Added by Workmere')}</li></ul>`

const disputeBody = (
  side: 'client' | 'freelancer',
): string => `${card('Where it stands', caseSteps, badge('In progress', 'info'))}
<div class="split">
<div class="stack">
${card(
  'What was said',
  `<ol class="timeline">
<li><span class="tl-when">17 Jun</span><div><strong>Elin, Workmere mediation</strong><p>Thank you both. I am comparing the delivered set with the brief and will propose a split.</p></div></li>
<li><span class="tl-when">15 Jun</span><div><strong>${side === 'client' ? 'You' : 'Brightside Studio'}</strong><p>Nine of the icons do not work at 16 pixels, which was part of the brief.</p></div></li>
<li><span class="tl-when">12 Jun</span><div><strong>${side === 'freelancer' ? 'You' : 'Mara Lindqvist'}</strong><p>All 48 icons were delivered on 20 May. The 16 pixel size was added later, in a message.</p></div></li>
</ol>
<form class="form" data-demo-form data-done="Your statement was added to D-1092."><div class="field"><label for="statement">Add a statement</label><textarea id="statement" name="statement" rows="4" required aria-describedby="statement-hint"></textarea><p class="hint" id="statement-hint">Both sides and the mediator will read it.</p></div><div class="row form-end"><button class="btn btn-primary" type="submit">Add statement</button></div></form>`,
)}
</div>
<div class="stack">
${card('The case', `<dl class="facts"><div><dt>Contract</dt><dd>C-20291</dd></div><div><dt>About</dt><dd>Icon set, 48 glyphs</dd></div><div><dt>Amount</dt><dd>$780.00</dd></div><div><dt>${side === 'freelancer' ? 'Client' : 'Freelancer'}</dt><dd>${side === 'freelancer' ? 'Brightside Studio' : 'Mara Lindqvist'}</dd></div><div><dt>Held in</dt><dd>Escrow</dd></div></dl>${side === 'freelancer' ? '<button class="btn btn-block" type="button" data-toast="Your offer of $600.00 was sent.">Make an offer</button>' : '<button class="btn btn-block" type="button" data-toast="$780.00 will be released to Mara Lindqvist.">Release and close</button>'}`)}
${card('Evidence', evidence)}
</div></div>`

export const dispute: Page = {
  route: '/dispute',
  title: 'Dispute',
  heading: 'Dispute D-1092',
  roles: ['guest', 'client', 'freelancer'],
  facts: {
    roles: ['client', 'freelancer'],
    of: { dispute: 'D-1092', contract: 'C-20291', amount: '$780.00' },
  },
  main:
    forRole(
      'freelancer',
      header(
        'Dispute D-1092',
        'Icon set for Brightside Studio. $780.00 stays in escrow until this is settled.',
      ) + disputeBody('freelancer'),
    ) +
    forRole(
      'client',
      header('Dispute D-1092', 'Icon set by Mara Lindqvist. $780.00 stays in escrow until this is settled.') +
        disputeBody('client'),
    ) +
    forRole(
      'guest',
      header('Dispute D-1092', 'A case is open to the two sides and their mediator. This is how one goes.') +
        gate('Only the people in this case can read it.', [
          ['scale', 'A person decides', 'A mediator reads the contract, the work and both statements.'],
          ['lock', 'Money stays put', 'The disputed amount waits in escrow, nobody can move it.'],
          ['clock', 'Usually two weeks', '5 days to respond, then a mediator answers in 3 business days.'],
        ]),
    ),
}
