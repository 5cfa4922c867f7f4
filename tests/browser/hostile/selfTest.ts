// Can the harness fail at all? One item is put into the page by innerHTML where words of others stand, and each counter
// must count it; the same places without it must count nothing.

import { COUNTERS, type Finding, type Visit, visit } from './batch'
import { type Item, readItems } from './corpus'

/** The assistant's own code would have to be this wrong. */
const PLANTED: Item = {
  id: 'planted',
  text:
    '<img src="https://evil.invalid/track.png" onerror="alert(1)"><form id="login"><input name="pin"></form>' +
    '<a href="javascript:alert(1)">x</a>',
}
export async function selfTest(
  where: Omit<Visit, 'policy'>,
  imported: (item: Item) => string,
): Promise<boolean> {
  const innocent: Item = { id: 'innocent', text: 'Words and **more** words' }
  // The project's own hostile texts, those that take no time: a sample of the whole run.
  const own = readItems(undefined).items.filter(({ text }) => text.length < 1_000)
  const clean = await visit({ ...where, policy: 'strict', slowAfterMs: 1_000 }, [innocent, ...own], imported)
  const found: Finding[] = []
  for (const policy of ['strict', 'open'] as const)
    found.push(...(await visit({ ...where, policy, plant, slowAfterMs: -1 }, [innocent, PLANTED], imported)))
  const places = ['widget article', 'widget bot', 'widget conversation', 'desk conversation']
  for (const { kind, place, what } of found)
    if (kind === 'broken-journey') console.log(`with a defect: ${place}: ${what}`)
  let isGood = clean.length === 0
  for (const { kind, place, what } of clean) console.log(`without a defect: ${kind} in ${place}: ${what}`)
  for (const counter of COUNTERS) {
    const count = found.filter(({ kind }) => kind === counter).length
    console.log(`self-test ${counter}: ${count}`)
    isGood &&= count > 0
  }
  for (const place of places) {
    const count = found.filter(finding => finding.place.startsWith(place)).length
    console.log(`self-test ${place}: ${count}`)
    isGood &&= count > 0
  }
  console.log(isGood ? 'self-test: each counter counts' : 'self-test: a counter does not count')
  return isGood
}

const plant: NonNullable<Visit['plant']> = async (page, place) => {
  if (!/article|bot|conversation/.test(place)) return
  await page.evaluate(
    ([html, isDesk]) => {
      const root = isDesk ? document.body : document.querySelector('asklet-root')?.shadowRoot
      const spot = root?.querySelector('.prose') ?? root?.querySelector('.bubble')
      // Where Trusted Types refuse, and report, the image that a node by node copy would make.
      const made = document.createElement('p')
      const image = Object.assign(document.createElement('img'), { src: 'https://evil.invalid/track.png' })
      try {
        made.innerHTML = String(html)
      } catch {
        made.append(image)
      }
      spot?.append(made)
      if (!isDesk) document.querySelector('h1')?.style.setProperty('padding-left', `${Math.random() * 99}px`)
    },
    [PLANTED.text, place.startsWith('desk')] as const,
  )
  await page.waitForTimeout(300)
}
