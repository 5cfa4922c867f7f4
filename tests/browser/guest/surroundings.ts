// Seventh promise: the assistant lives where pages put it, and takes nothing that is theirs: frames, print, great
// zoom, built-in functions written over, overlays, the page's scroll.

import type { Locator } from 'playwright-core'
import type { Findings } from './figures'
import { type GuestPage, refundRow, type Stage } from './stage'

export async function checkSurroundings(stage: Stage, found: Findings, isPlanted: boolean): Promise<void> {
  await inFrames(stage, found)
  await onPaper(stage, found)
  await zoomed(stage, found, isPlanted)
  await overwritten(stage, found)
  await underOverlays(stage, found)
  await beside(stage, found)
}

const arrives = (locator: { waitFor(options: { timeout: number }): Promise<void> }) =>
  locator.waitFor({ timeout: 6_000 }).then(
    () => true,
    () => false,
  )

async function inFrames(stage: Stage, found: Findings): Promise<void> {
  const guest = await stage.open('frames')
  for (const title of ['same', 'sandboxed']) {
    const frame = guest.page.frameLocator(`iframe[title=${title}]`)
    await frame.getByRole('button', { name: /^Help/ }).click()
    await frame.getByRole('combobox').fill('refund')
    found.expect(await arrives(refundRow(frame)), `in a ${title} frame search finds nothing`)
    await frame.getByRole('combobox').fill('')
    await frame.getByRole('button', { name: 'Ask a question' }).click()
    await frame.getByRole('textbox').last().fill('How do I get a refund?')
    await frame.getByRole('textbox').last().press('Enter')
    found.expect(
      await arrives(frame.locator('[data-author=bot]').first()),
      `in a ${title} frame the bot does not answer`,
    )
  }
  for (const error of guest.errors) found.fault(`frames: ${error}`)
  await guest.close()
}

async function onPaper(stage: Stage, found: Findings): Promise<void> {
  const guest = await stage.open('tag')
  await guest.openHelp()
  await guest.page.emulateMedia({ media: 'print' })
  const painted = await guest.page.evaluate(() => {
    const root = document.querySelector('asklet-root')
    return [...(root?.shadowRoot?.querySelectorAll('*') ?? [])].filter(
      element => element.getClientRects().length,
    ).length
  })
  found.expect(painted === 0, `${painted} elements of the assistant are printed`)
  await guest.close()
}

/** 1280 by 1024 at 400 %, as WCAG 1.4.10 asks: 320 by 256 are left. */
async function zoomed(stage: Stage, found: Findings, isPlanted: boolean): Promise<void> {
  const guest = await stage.open('tag', { viewport: { width: 320, height: 256 }, pixels: 4 })
  await guest.openHelp()
  if (isPlanted) await guest.panel.evaluate(panel => panel.style.setProperty('min-inline-size', '900px'))
  await guest.search.fill('refund')
  const option = refundRow(guest.panel)
  await option.waitFor()
  const spill = await widerThanSeen(guest)
  found.expect(spill === '', `at 400 % ${spill}`)
  await option.scrollIntoViewIfNeeded()
  // Its first line: a suggestion may be higher than what is left for the list.
  found.expect(await isPressable(option, 12), 'at 400 % the first suggestion cannot be pressed')
  await option.click({ position: { x: 60, y: 12 } })
  await guest.button('Yes').first().scrollIntoViewIfNeeded()
  const after = await widerThanSeen(guest)
  found.expect(after === '', `at 400 % in an article ${after}`)
  await guest.button('Back').click()
  await guest.search.fill('')
  await guest.button('Ask a question').scrollIntoViewIfNeeded()
  await guest.button('Ask a question').click()
  await guest.message.fill('How do I get a refund?')
  found.expect(await isPressable(guest.message), 'at 400 % the message field cannot be seen')
  await guest.message.press('Enter')
  await guest.log.locator('[data-author=bot]').first().waitFor()
  const log = await guest.log.boundingBox()
  found.note(`at 400 % the conversation has ${Math.round(log?.height ?? 0)} of 256 px for its messages`)
  found.expect(await isPressable(guest.button('Close')), 'at 400 % the panel cannot be closed')
  await guest.button('Close').click()
  await guest.close()
}

/** What is wider than the window, in words; '' where nothing is. */
function widerThanSeen({ page }: GuestPage): Promise<string> {
  return page.evaluate(() => {
    const html = document.documentElement
    if (html.scrollWidth > innerWidth)
      return `the page scrolls sideways: ${html.scrollWidth} of ${innerWidth} px`
    const root = document.querySelector('asklet-root')?.shadowRoot
    const wide = [...(root?.querySelectorAll<HTMLElement>('[role=dialog], [role=dialog] *') ?? [])].find(
      element => {
        const { left, right, width } = element.getBoundingClientRect()
        return (
          width > 1 && getComputedStyle(element).clipPath === 'none' && (left < -1 || right > innerWidth + 1)
        )
      },
    )
    return wide ? `${wide.localName}.${wide.className} stands out of the window` : ''
  })
}

/** Its middle, or what is so many px from its top, is in the window and nothing lies over it. */
function isPressable(locator: Locator, fromTop?: number): Promise<boolean> {
  return locator.evaluate((element, fromTop) => {
    const { left, top, width, height } = element.getBoundingClientRect()
    const hit = (element.getRootNode() as ShadowRoot).elementFromPoint(
      left + width / 2,
      top + (fromTop ?? height / 2),
    )
    return hit !== null && (element === hit || element.contains(hit))
  }, fromTop)
}

/** What scripts of pages have done to functions of the browser. */
async function overwritten(stage: Stage, found: Findings): Promise<void> {
  const agent = await stage.agent()
  const guest = await stage.open('tag', { first: [overwrite] })
  await guest.openHelp()
  await guest.page.evaluate(() => {
    window.fetch = () => Promise.reject(new Error('the page refuses'))
  })
  await guest.search.fill('refund')
  found.expect(await arrives(refundRow(guest.panel)), 'with functions written over search finds nothing')
  await guest.search.fill('')
  const question = 'harbour on my "invoice"'
  await guest.askForPerson(question)
  await agent.take(question)
  await guest.message.fill('One "two", [three].')
  await guest.message.press('Enter')
  found.expect(
    await arrives(agent.thread.getByText('One "two", [three].', { exact: true })),
    'with functions written over the person does not read what was written',
  )
  await agent.reply('Read, [all] of it.')
  found.expect(
    await arrives(guest.log.getByText('Read, [all] of it.')),
    'with functions written over the visitor does not read the person',
  )
  for (const error of guest.errors) found.fault(`functions written over: ${error}`)
  await guest.close()
}

function overwrite(): void {
  const own = <T extends object>(prototype: T, name: string, value: unknown) =>
    Object.defineProperty(prototype, name, { value, enumerable: true, writable: true, configurable: true })
  own(Array.prototype, 'first', function (this: unknown[]) {
    return this[0]
  })
  own(Object.prototype, 'inherited', 'surprise')
  own(Function.prototype, 'defer', () => {})
  const { parse, stringify } = JSON
  JSON.parse = (text, reviver) => parse.call(JSON, text, reviver)
  JSON.stringify = ((value: unknown, ...rest: []) => stringify.call(JSON, value, ...rest)) as typeof stringify
  // A monitor's: it answers with a copy, late.
  const { fetch } = window
  window.fetch = async (...call) => {
    const response = await fetch(...call)
    await new Promise(done => setTimeout(done, 5))
    return response.clone()
  }
}

async function underOverlays(stage: Stage, found: Findings): Promise<void> {
  const guest = await stage.open('dialogs')
  const { page } = guest
  const launcher = page.locator('asklet-root .launcher')
  await launcher.waitFor()
  const isOnTop = () => isPressable(launcher)
  await page.evaluate(() => {
    const overlay = document.querySelector<HTMLElement>('#overlay')
    if (overlay) overlay.hidden = false
  })
  const hit = await page.evaluate(() => {
    const { left, top } = document.querySelector('asklet-root')?.getBoundingClientRect() ?? {
      left: 0,
      top: 0,
    }
    return document.elementFromPoint(left + 20, top + 20)?.id
  })
  found.note(`an overlay at the greatest z-index lies ${hit === 'overlay' ? 'over' : 'under'} the launcher`)
  await page.evaluate(() => {
    const overlay = document.querySelector<HTMLElement>('#overlay')
    if (overlay) overlay.hidden = true
    document.querySelector<HTMLDialogElement>('#modal')?.showModal()
  })
  const reached = await page.evaluate(() => {
    const { left, top } = document.querySelector('asklet-root')?.getBoundingClientRect() ?? {
      left: 0,
      top: 0,
    }
    return document.elementFromPoint(left + 20, top + 20)?.localName
  })
  found.note(
    `under a modal <dialog> of the page the launcher is ${reached === 'asklet-root' ? 'reached' : 'not reached: the page asked for that'}`,
  )
  await page.locator('#no').click()
  await page.evaluate(() => document.querySelector<HTMLDialogElement>('#modal')?.close())
  found.expect(await isOnTop(), 'after a modal <dialog> of the page the launcher is not reached')
  await guest.openHelp()
  await page.evaluate(() => document.querySelector<HTMLDialogElement>('#modal')?.showModal())
  await page.keyboard.press('Escape')
  const [isModalOpen, isPanelOpen] = [
    await page.evaluate(() => document.querySelector<HTMLDialogElement>('#modal')?.open),
    await guest.panel.isVisible(),
  ]
  found.expect(
    isModalOpen === false && isPanelOpen,
    'Escape in a dialog of the page closes the panel instead of it',
  )
  await guest.search.fill('refund')
  found.expect(
    await arrives(refundRow(guest.panel)),
    'after a modal <dialog> of the page search finds nothing',
  )
  for (const error of guest.errors) found.fault(`overlays: ${error}`)
  await guest.close()
}

/** The page scrolls as ever beside the open panel, and its elements are as they were. */
async function beside(stage: Stage, found: Findings): Promise<void> {
  for (const isPhone of [false, true]) {
    const where = isPhone ? 'on a phone' : 'on a wide screen'
    const guest = await stage.open('long', isPhone ? { viewport: { width: 390, height: 844 }, isPhone } : {})
    const { page } = guest
    const looks = () =>
      page.evaluate(() =>
        [document.documentElement, document.body].map(
          element =>
            `${element.getAttribute('style')}|${element.className}|${getComputedStyle(element).overflow}|${element.inert}`,
        ),
      )
    await page.getByRole('button', { name: /^Help/ }).waitFor()
    const before = await looks()
    await guest.openHelp()
    found.expect(before.join() === (await looks()).join(), `${where} the open panel changes <html> or <body>`)
    if (!isPhone) {
      await page.mouse.move(100, 400)
      await page.mouse.wheel(0, 600)
      await page
        .waitForFunction(() => scrollY > 0, null, { timeout: 3_000 })
        .catch(() => {
          found.fault(`${where} the page does not scroll beside the open panel`)
        })
      const at = await page.evaluate(() => scrollY)
      await guest.panel.hover()
      for (let n = 0; n < 6; n++) await page.mouse.wheel(0, 900)
      await page.waitForTimeout(200)
      const moved = (await page.evaluate(() => scrollY)) - at
      if (moved > 0) found.note(`${where} a wheel over the panel moves the page by ${moved} px`)
    }
    await page.evaluate(() => scrollTo(0, 500))
    found.expect((await page.evaluate(() => scrollY)) > 0, `${where} the page cannot scroll itself`)
    await guest.button('Close').click()
    found.expect(before.join() === (await looks()).join(), `${where} <html> or <body> differ after closing`)
    for (const error of guest.errors) found.fault(`${where}: ${error}`)
    await guest.close()
  }
}
