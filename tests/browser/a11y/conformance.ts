// The conformance page, made of the criteria and of what the last whole sweep found. Pure: the same results give the
// same page, byte for byte.

import { CHECKS, type Check, CRITERIA, type Criterion } from './criteria'

export interface SweepResult {
  readonly states: number
  readonly pages: number
  readonly locales: readonly string[]
  readonly sizes: readonly string[]
  /** How often each look was taken, and what it found. */
  readonly looked: Readonly<Record<Check, number>>
  readonly wrong: Readonly<Record<Check, number>>
}

export type Standing = 'met' | 'not met' | 'does not apply' | 'met, in part by eye'

export function standingOf(criterion: Criterion, { wrong, looked }: SweepResult): Standing {
  if (criterion.none) return 'does not apply'
  const checks = criterion.checks ?? []
  if (checks.some(check => wrong[check] > 0 || looked[check] === 0)) return 'not met'
  return criterion.open ? 'met, in part by eye' : 'met'
}

const escaped = (text: string) =>
  text.replace(/[&<>"]/g, sign => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[sign] ?? sign)

function heldBy(criterion: Criterion, result: SweepResult): string {
  const parts = [
    ...(criterion.checks ?? []).map(check => {
      const found = result.wrong[check]
      return `<li><b>${check}</b>: ${escaped(CHECKS[check])} (${result.looked[check]} looks, ${found} wrong)</li>`
    }),
    ...(criterion.tests ?? []).map(
      ([file, title]) => `<li>“${escaped(title)}” <code>${escaped(file)}</code></li>`,
    ),
  ]
  const text = criterion.none ?? criterion.open
  return `${parts.length ? `<ul>${parts.join('')}</ul>` : ''}${text ? `<p>${escaped(text)}</p>` : ''}`
}

export function conformancePage(result: SweepResult): string {
  const standings = CRITERIA.map(criterion => ({ criterion, standing: standingOf(criterion, result) }))
  const count = (wanted: Standing) => standings.filter(({ standing }) => standing === wanted).length
  const rows = standings
    .map(
      ({ criterion, standing }) =>
        `<tr><th scope="row">${criterion.id} ${escaped(criterion.name)}</th><td>${criterion.level}</td><td class="${standing === 'not met' ? 'bad' : 'good'}">${standing}</td><td>${heldBy(criterion, result)}</td></tr>`,
    )
    .join('\n')
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Accessibility of Asklet: WCAG 2.2, A and AA</title>
<link rel="stylesheet" href="conformance.css">
<main>
<h1>Accessibility of Asklet: WCAG 2.2, A and AA</h1>
<p>Written by <code>npm run a11y</code> from what it found; not by hand. It looked at ${result.states} states of launcher, panel and desk on ${result.pages} pages: light and dark, ${result.locales.join(', ')}, ${result.sizes.join(', ')}.</p>
<p>${count('met')} criteria are met, ${count('met, in part by eye')} are met as far as a test can tell and were looked at besides, ${count('not met')} are not met, ${count('does not apply')} do not apply.</p>
<p>A test is no person. What a test cannot see, whether words are plain, an order makes sense, a name says enough, was read by people who made it. Tell us what does not work for you.</p>
<div role="region" aria-label="Criteria" tabindex="0">
<table>
<thead><tr><th scope="col">Criterion</th><th scope="col">Level</th><th scope="col">Standing</th><th scope="col">Held by</th></tr></thead>
<tbody>
${rows}
</tbody>
</table>
</div>
</main>
</html>
`
}
