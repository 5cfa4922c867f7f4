// Icons of the first-open panel; those of the conversation are in its own chunk. One family: a grid of 20 x 20, of which
// 15 are drawn on (a circle of 7.5, a sheet, a card), corners of 1.5 or 2, arrows and crosses of 9 or 10, a gap of at
// least 2 between lines, and one stroke with round ends, which panel.css gives to all of them.

export function Icon({ d, flips }: { d: string; flips?: boolean }) {
  return (
    <svg class={flips ? 'icon flips' : 'icon'} viewBox="0 0 20 20" width="20" height="20" aria-hidden="true">
      <path d={d} />
    </svg>
  )
}

export const CLOSE = 'M5.5 5.5l9 9m0-9l-9 9'
export const BACK = 'M12 5l-5 5 5 5'
export const SEARCH = 'M9 15A6 6 0 1 0 9 3a6 6 0 0 0 0 12zm4.3-1.7L17 17'
export const ARTICLE =
  'M11.5 2.5H6A1.5 1.5 0 0 0 4.5 4v12A1.5 1.5 0 0 0 6 17.5h8a1.5 1.5 0 0 0 1.5-1.5V6.5zv4h4M7.5 10.5h5M7.5 13.5h5'
export const QUESTION =
  'M10 17.5a7.5 7.5 0 1 0 0-15 7.5 7.5 0 0 0 0 15zM7.5 7.8a2.5 2.5 0 1 1 3.6 2.2c-.8.4-1.1.8-1.1 1.6M10 14.2v.1'
export const FAILED = 'M10 17.5a7.5 7.5 0 1 0 0-15 7.5 7.5 0 0 0 0 15zM10 6v4.5M10 14.2v.1'
/** The launcher's bubble, without what it asks. */
export const CHAT = 'M10 2.5a7.5 7.5 0 0 0-6.6 11l-.9 4 4-.9A7.5 7.5 0 1 0 10 2.5z'
export const PERSON = 'M10 9.5a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zM3.5 17.5c.5-3.3 3-5 6.5-5s6 1.7 6.5 5'
export const NEXT = 'M8 5l5 5-5 5'
