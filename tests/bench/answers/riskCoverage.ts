// How far an answerer's confidence can be believed: its calibration error, and what it gets wrong as it answers more.
// Pure; the picture is a string of SVG.

export interface Judged {
  /** 0 … 1 */
  readonly confidence: number
  readonly isRight: boolean
}

/**
 * Mean distance between confidence and share of right answers, over bins that hold equally many.
 *
 * @returns 0 … 1; 0 for nothing judged
 */
export function calibrationError(judged: readonly Judged[], bins = 15): number {
  const sorted = [...judged].sort((a, b) => a.confidence - b.confidence)
  let sum = 0
  for (let bin = 0; bin < bins; bin++) {
    const from = Math.round((bin * sorted.length) / bins)
    const part = sorted.slice(from, Math.round(((bin + 1) * sorted.length) / bins))
    const right = part.filter(one => one.isRight).length
    sum += Math.abs(part.reduce((total, { confidence }) => total + confidence, 0) - right)
  }
  return judged.length ? sum / judged.length : 0
}

/** For each number of questions answered, surest first: the share that is answered, and the share of wrong ones among them. */
export function riskCoverage(judged: readonly Judged[]): readonly { coverage: number; risk: number }[] {
  let wrong = 0
  return [...judged]
    .sort((a, b) => b.confidence - a.confidence)
    .map(({ isRight }, at) => {
      if (!isRight) wrong++
      return { coverage: (at + 1) / judged.length, risk: wrong / (at + 1) }
    })
}

const WIDTH = 480
const HEIGHT = 300
const LEFT = 48
const TOP = 24
const RIGHT = 16
const BOTTOM = 44

/** @param at  where the answerer works: the share that it answers, and the share of wrong ones among them */
export function riskCoverageSvg(
  curve: readonly { coverage: number; risk: number }[],
  at: { coverage: number; risk: number },
): string {
  const x = (share: number) => (LEFT + share * (WIDTH - LEFT - RIGHT)).toFixed(1)
  const y = (share: number) => (HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM)).toFixed(1)
  const line = curve.map(({ coverage, risk }) => `${x(coverage)},${y(risk)}`).join(' ')
  const percent = (share: number) => `${Math.round(share * 100)} %`
  const ticks = [0, 0.25, 0.5, 0.75, 1].flatMap(share => [
    `<line class="grid" x1="${x(0)}" x2="${x(1)}" y1="${y(share)}" y2="${y(share)}"/>`,
    `<text x="${LEFT - 6}" y="${Number(y(share)) + 4}" text-anchor="end">${percent(share)}</text>`,
    `<text x="${x(share)}" y="${HEIGHT - BOTTOM + 16}" text-anchor="middle">${percent(share)}</text>`,
  ])
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="sans-serif" font-size="11" role="img">`,
    '<title>Share of wrong answers by share of questions answered, surest first</title>',
    '<style>.grid{stroke:#ddd}.curve{fill:none;stroke:#1e40af;stroke-width:2}text{fill:#444}</style>',
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="#fff"/>`,
    ...ticks,
    `<polyline class="curve" points="${line}"/>`,
    `<circle cx="${x(at.coverage)}" cy="${y(at.risk)}" r="5" fill="#b91c1c"/>`,
    `<text x="${LEFT}" y="14">wrong among the answered (the dot: where it works)</text>`,
    `<text x="${x(0.5)}" y="${HEIGHT - 8}" text-anchor="middle">share of all questions answered, surest first</text>`,
    '</svg>',
    '',
  ].join('\n')
}
