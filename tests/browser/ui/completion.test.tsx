import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { page, userEvent } from 'vitest/browser'
import { createFakes, suggestions } from '../../../demo/states/script/fakes'
import type { Suggestion } from '../../../src/search/searchProvider'
import { type Mounted, mount } from './mounted'

beforeEach(() => page.viewport(1_280, 800))
afterEach(() => {
  document.body.replaceChildren()
})

const titled = (...titles: string[]): readonly Suggestion[] =>
  titles.map((title, i) => ({
    ...(suggestions[0] as Suggestion),
    articleId: `a/${i}`,
    title,
    highlights: [],
  }))

const MONEY = 'How do I get my money?'
const field = () => page.getByRole('combobox', { name: 'Search help' })

/** A panel with these suggestions, the keyboard in its field. */
function search(
  titles: readonly string[] = [MONEY],
  fakes = createFakes(),
): Mounted & { input: HTMLInputElement } {
  const mounted = mount(fakes)
  mounted.panel.search.suggestions.value = titled(...titles)
  const input = mounted.root.querySelector('input')
  if (!input) throw new Error('no field')
  return { ...mounted, input }
}

const ghostOf = ({ root }: Mounted) => root.querySelector<HTMLElement>('.ghost')
/** What can be seen behind what was typed. */
const shown = (mounted: Mounted) => {
  const ghost = ghostOf(mounted)
  return ghost?.checkVisibility() ? (ghost.querySelector('span:last-child')?.textContent ?? '') : ''
}
const isShown = (mounted: Mounted, text: string) => vi.waitFor(() => expect(shown(mounted)).toBe(text))

/** Taps as a finger or a mouse does, at `x` of the window. */
async function tap({ input }: { input: HTMLInputElement }, x: number) {
  const box = input.getBoundingClientRect()
  await userEvent.click(field(), { position: { x: x - box.left, y: box.height / 2 } })
}

describe('completion of the question', () => {
  test('the rest of it stands behind what was typed, and the arrow at the end takes it over', async () => {
    const mounted = search()
    await userEvent.keyboard('how do i get my mo')
    await isShown(mounted, 'ney?')
    await userEvent.keyboard('{ArrowRight}')
    await expect.element(field()).toHaveValue('how do i get my money?')
    expect(mounted.calls).toContain('type:how do i get my money?')
    expect(mounted.input.selectionStart).toBe('how do i get my money?'.length)
    await isShown(mounted, '')
  })

  test('so does End, and Ctrl+Z takes it back', async () => {
    const mounted = search()
    await userEvent.keyboard('how do i get my mo')
    await isShown(mounted, 'ney?')
    await userEvent.keyboard('{End}')
    await expect.element(field()).toHaveValue('how do i get my money?')
    await userEvent.keyboard('{Control>}z{/Control}')
    await vi.waitFor(() => expect(mounted.panel.search.query.value).toBe('how do i get my mo'))
  })

  test('it is worked out when words or list change, not with each move of the caret', async () => {
    // Letters of ASCII are folded without it.
    const mounted = search(['How do I get my mo\u00f6ney?'])
    await userEvent.keyboard('how do i get my mo\u00f6')
    await isShown(mounted, 'ney?')
    const folded = vi.spyOn(String.prototype, 'normalize')
    await userEvent.keyboard('{ArrowLeft}')
    await isShown(mounted, '')
    await userEvent.keyboard('{ArrowRight}')
    await isShown(mounted, 'ney?')
    expect(folded).not.toHaveBeenCalled()
    folded.mockRestore()
  })

  test('it is that of the words as they stand now, whatever list is still shown', async () => {
    const mounted = search([MONEY, 'Payment methods'])
    await userEvent.keyboard('how')
    await isShown(mounted, ' do I get my money?')
    await userEvent.keyboard(' lo')
    await isShown(mounted, '')
    mounted.panel.search.suggestions.value = titled('How long it takes')
    await isShown(mounted, 'ng it takes')
  })

  test('with a row under the keyboard it is that row’s', async () => {
    const mounted = search([MONEY, 'How do I get paid?'])
    await userEvent.keyboard('how do i')
    await isShown(mounted, ' get my money?')
    await userEvent.keyboard('{ArrowDown}{ArrowDown}')
    await isShown(mounted, ' get paid?')
  })

  test('Tab leaves the field with the words as typed, and then no other words stand there', async () => {
    const mounted = search()
    await userEvent.keyboard('how do i')
    await isShown(mounted, ' get my money?')
    await userEvent.keyboard('{Tab}')
    await vi.waitFor(() => expect(mounted.focused()).not.toBe(mounted.input))
    expect(mounted.panel.search.query.value).toBe('how do i')
    await isShown(mounted, '')
  })

  test('an arrow inside the words, with a selection or with Shift, Ctrl, Alt or Meta moves the caret only', async () => {
    const mounted = search()
    await userEvent.keyboard('how do i')
    await isShown(mounted, ' get my money?')
    for (const keys of [
      '{Shift>}{End}{/Shift}',
      '{Control>}{ArrowRight}{/Control}',
      '{Alt>}{End}{/Alt}',
      '{ArrowLeft}',
    ])
      await userEvent.keyboard(keys)
    await isShown(mounted, '')
    await userEvent.keyboard('{ArrowRight}')
    await isShown(mounted, ' get my money?')
    await userEvent.keyboard('{Shift>}{ArrowLeft}{/Shift}')
    await isShown(mounted, '')
    await userEvent.keyboard('{ArrowRight}')
    expect(mounted.panel.search.query.value).toBe('how do i')
  })

  test('while an input method composes, nothing is completed', async () => {
    const mounted = search(['にほんの銀行'])
    await userEvent.keyboard('にほ')
    await isShown(mounted, 'んの銀行')
    const { input } = mounted
    input.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowRight', bubbles: true, isComposing: true }))
    expect(mounted.panel.search.query.value).toBe('にほ')
    input.dispatchEvent(new CompositionEvent('compositionstart', { bubbles: true }))
    input.value = 'にほn'
    input.dispatchEvent(new InputEvent('input', { bubbles: true, isComposing: true }))
    await isShown(mounted, '')
  })

  test('right to left it stands on the left, and the left arrow takes it over', async () => {
    const mounted = search(['كيف أستعيد كلمة المرور؟'], createFakes({ locale: 'ar', dir: 'rtl' }))
    await userEvent.keyboard('كيف ا')
    await isShown(mounted, 'ستعيد كلمة المرور؟')
    const [typed, rest] = [...(ghostOf(mounted)?.querySelectorAll('span') ?? [])].map(span =>
      span.getBoundingClientRect(),
    )
    expect(rest?.right).toBeCloseTo(typed?.left ?? 0, 0)
    await userEvent.keyboard('{ArrowRight}{ArrowLeft}')
    expect(mounted.panel.search.query.value, 'back at the end').toBe('كيف ا')
    await userEvent.keyboard('{ArrowLeft}')
    await expect.element(field()).toHaveValue('كيف استعيد كلمة المرور؟')
  })

  test('words of the other direction than the panel’s go their own way', async () => {
    const mounted = search(['איך מחברים את PayPal'])
    await userEvent.keyboard('איך מחב')
    await isShown(mounted, 'רים את PayPal')
    const rest = ghostOf(mounted)?.querySelector('span:last-child')?.getBoundingClientRect()
    const box = mounted.input.getBoundingClientRect()
    expect(rest?.right).toBeLessThan(box.right)
    await userEvent.keyboard('{ArrowLeft}')
    await expect.element(field()).toHaveValue('איך מחברים את PayPal')
  })

  test('a tap on it takes it over; one beside the caret, on the words or far from it does not', async () => {
    const mounted = search()
    await userEvent.keyboard('how do i get my mo')
    await isShown(mounted, 'ney?')
    const rest = ghostOf(mounted)?.querySelector('span:last-child')?.getBoundingClientRect()
    if (!rest) throw new Error('nothing stands there')
    for (const x of [rest.left + 6, rest.left + 120, rest.left - 40]) await tap(mounted, x)
    expect(mounted.panel.search.query.value).toBe('how do i get my mo')
    await isShown(mounted, '')
    await userEvent.keyboard('{End}')
    await isShown(mounted, 'ney?')
    await tap(mounted, rest.left + 20)
    await expect.element(field()).toHaveValue('how do i get my money?')
    expect(mounted.focused()).toBe(mounted.input)
  })

  test('a tap that only brings the keyboard back to the field takes nothing over', async () => {
    const mounted = search()
    await userEvent.keyboard('how do i get my mo')
    await isShown(mounted, 'ney?')
    const rest = ghostOf(mounted)?.querySelector('span:last-child')?.getBoundingClientRect()
    mounted.input.blur()
    await tap(mounted, (rest?.left ?? 0) + 20)
    expect(mounted.panel.search.query.value).toBe('how do i get my mo')
  })

  test('it stands exactly where the field would write it, and moves nothing', async () => {
    const mounted = search()
    await Promise.all(mounted.root.getAnimations().map(animation => animation.finished))
    const before = mounted.input.getBoundingClientRect()
    await userEvent.keyboard('how do i get my mo')
    await isShown(mounted, 'ney?')
    const [typed, rest] = [...(ghostOf(mounted)?.querySelectorAll('span') ?? [])].map(span =>
      span.getBoundingClientRect(),
    )
    const box = mounted.input.getBoundingClientRect()
    expect(box.height).toBe(before.height)
    expect(typed?.left).toBe(box.left)
    // A font whose ascent is no whole pixel is set on one by each of the two.
    const middle = (rest?.top ?? 0) + (rest?.height ?? 0) / 2
    expect(Math.abs(middle - (box.top + box.height / 2))).toBeLessThan(1)
    const ghost = ghostOf(mounted)?.getBoundingClientRect()
    expect([ghost?.left, ghost?.right]).toEqual([box.left, box.right])
  })

  test('a host’s own type in the field is that of the completion', async () => {
    const mounted = search()
    const sheet = document.createElement('style')
    sheet.textContent = 'asklet-root::part(search) { font: italic 20px monospace; letter-spacing: 1px }'
    document.head.append(sheet)
    await userEvent.keyboard('how do i')
    await isShown(mounted, ' get my money?')
    const style = getComputedStyle(ghostOf(mounted)?.querySelector('.typed') as Element)
    expect([style.fontStyle, style.fontSize, style.fontFamily, style.letterSpacing]).toEqual([
      'italic',
      '20px',
      'monospace',
      '1px',
    ])
    sheet.remove()
  })

  test('what is too long is cut at the edge of the field; words that scroll have no completion', async () => {
    const long = 'How do I get my money when the bank has sent it back and nobody tells me why'
    const mounted = search([long])
    await userEvent.keyboard('how do i')
    await isShown(mounted, long.slice(8))
    expect(mounted.input.scrollWidth).toBeLessThanOrEqual(mounted.input.clientWidth)
    await userEvent.keyboard(long.slice(8, -4))
    await vi.waitFor(() => expect(mounted.panel.search.query.value.length).toBe(long.length - 4))
    expect(mounted.input.scrollWidth).toBeGreaterThan(mounted.input.clientWidth)
    await isShown(mounted, '')
  })

  test('screen readers do not meet it, the field keeps its promise of a list, and what a key took over is said', async () => {
    const mounted = search()
    await userEvent.keyboard('how do i')
    await isShown(mounted, ' get my money?')
    expect(ghostOf(mounted)?.getAttribute('aria-hidden')).toBe('true')
    await expect.element(field()).toHaveAttribute('aria-autocomplete', 'list')
    mounted.panel.search.status.value = 'loading'
    await userEvent.keyboard('{ArrowRight}')
    await vi.waitFor(() => expect(mounted.spoken()).toBe('how do i get my money?'))
  })

  for (const theme of ['light', 'dark'] as const)
    test(`${theme}: it can be read, and told from what was typed`, async () => {
      const mounted = search([MONEY], createFakes({ theme }))
      await userEvent.keyboard('how do i')
      await isShown(mounted, ' get my money?')
      const box = mounted.root.querySelector('.search')
      const [pale, typed, ground] = [
        getComputedStyle(ghostOf(mounted) as Element).color,
        getComputedStyle(mounted.input).color,
        getComputedStyle(box as Element).backgroundColor,
      ]
      expect(pale).not.toBe(typed)
      expect(contrast(pale, ground)).toBeGreaterThan(4.5)
    })
})

/** WCAG 2.2. */
function contrast(one: string, other: string): number {
  const [light = 0, dark = 0] = [one, other].map(luminance).sort((a, b) => b - a)
  return (light + 0.05) / (dark + 0.05)
}
function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = (colour.match(/[\d.]+/g) ?? []).map(part => {
    const share = Number(part) / 255
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}
