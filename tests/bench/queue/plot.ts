// What was expected against what came, as a picture: a string of SVG.

const WIDTH = 480
const HEIGHT = 340
const LEFT = 52
const BOTTOM = 44
const TOP = 24
/** Both axes, in minutes, on a scale of logarithms: waits of seconds and of an hour are in one picture. */
const LEAST = 0.1
const MOST = 60
const TICKS = [0.1, 0.3, 1, 3, 10, 30, 60]

export interface Point {
  readonly expectedMin: number
  readonly lowMin: number
  readonly highMin: number
  readonly actualMin: number
}

/** A dot a person, at most `most` of them. */
export function expectedAgainstActual(points: readonly Point[], most = 600): string {
  const x = (minutes: number) => LEFT + scaled(minutes) * (WIDTH - LEFT - 12)
  const y = (minutes: number) => HEIGHT - BOTTOM - scaled(minutes) * (HEIGHT - BOTTOM - TOP)
  const every = Math.max(1, Math.ceil(points.length / most))
  const dots = points
    .filter((_, n) => n % every === 0)
    .map(
      ({ expectedMin, actualMin, lowMin, highMin }) =>
        `<circle cx="${x(expectedMin).toFixed(1)}" cy="${y(actualMin).toFixed(1)}" r="1.6" class="${actualMin < lowMin || actualMin > highMin ? 'out' : 'in'}"/>`,
    )
  const axes = TICKS.map(
    tick =>
      `<text x="${x(tick).toFixed(1)}" y="${HEIGHT - BOTTOM + 16}" text-anchor="middle">${tick}</text>` +
      `<text x="${LEFT - 8}" y="${(y(tick) + 4).toFixed(1)}" text-anchor="end">${tick}</text>`,
  )
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${HEIGHT}" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="sans-serif" font-size="11">
<style>.in{fill:#2563ab;fill-opacity:.45}.out{fill:#c2410c;fill-opacity:.55}</style>
<rect width="${WIDTH}" height="${HEIGHT}" fill="#fff"/>
<path d="M${x(LEAST)} ${y(LEAST)}L${x(MOST)} ${y(MOST)}" stroke="#999"/>
<path d="M${LEFT} ${TOP}V${HEIGHT - BOTTOM}H${WIDTH - 12}" fill="none" stroke="#333"/>
${axes.join('\n')}
${dots.join('\n')}
<text x="${(LEFT + WIDTH) / 2}" y="${HEIGHT - 8}" text-anchor="middle">expected on coming (median), minutes</text>
<text x="14" y="${(HEIGHT - BOTTOM + TOP) / 2}" text-anchor="middle" transform="rotate(-90 14 ${(HEIGHT - BOTTOM + TOP) / 2})">waited, minutes</text>
<text x="${LEFT + 8}" y="${TOP - 8}">orange: outside of the range that was said</text>
</svg>
`
}

/** 0 at `LEAST`, 1 at `MOST`. */
function scaled(minutes: number): number {
  const within = Math.min(MOST, Math.max(LEAST, minutes))
  return Math.log(within / LEAST) / Math.log(MOST / LEAST)
}
