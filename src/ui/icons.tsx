// Icons of the first-open panel: one 20 x 20 grid, one stroke (panel.css). Those of the conversation are in its own chunk.

export function Icon({ d, flips }: { d: string; flips?: boolean }) {
  return (
    <svg class={flips ? 'icon flips' : 'icon'} viewBox="0 0 20 20" width="20" height="20" aria-hidden="true">
      <path d={d} />
    </svg>
  )
}

export const CLOSE = 'M5.5 5.5l9 9m0-9l-9 9'
export const BACK = 'M12 4.5L6.5 10l5.5 5.5'
export const SEARCH = 'M9 14.5a5.5 5.5 0 1 0 0-11 5.5 5.5 0 0 0 0 11zm4-1.5l3.5 3.5'
export const ARTICLE =
  'M6 3h5.5L15 6.5V16a1 1 0 0 1-1 1H6a1 1 0 0 1-1-1V4a1 1 0 0 1 1-1zm5 0v4h4M8 10.5h4M8 13.5h4'
export const QUESTION =
  'M7.5 7.8a2.5 2.5 0 1 1 3.6 2.2c-.8.4-1.1.8-1.1 1.6M10 14.2v.1M10 17.5a7.5 7.5 0 1 0 0-15 7.5 7.5 0 0 0 0 15z'
export const CHAT = 'M5 4h10a2 2 0 0 1 2 2v6a2 2 0 0 1-2 2h-4.5L6.5 17v-3H5a2 2 0 0 1-2-2V6a2 2 0 0 1 2-2z'
export const PERSON =
  'M10 9.5a3.25 3.25 0 1 0 0-6.5 3.25 3.25 0 0 0 0 6.5zM3.8 17c.6-3 3-4.5 6.2-4.5s5.6 1.5 6.2 4.5'
export const NEXT = 'M8 4.5L13.5 10 8 15.5'
