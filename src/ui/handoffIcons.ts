// Icons of what stands between the visitor and a person, on the grid of icons.tsx.

export const CLOCK = 'M10 17a7 7 0 1 0 0-14 7 7 0 0 0 0 14zM10 6.5V10l2.5 1.5'
export const MAIL = 'M4 5h12a1 1 0 0 1 1 1v8a1 1 0 0 1-1 1H4a1 1 0 0 1-1-1V6a1 1 0 0 1 1-1zm-.7 1l6.7 5 6.7-5'
export const PHONE =
  'M6.6 3.5l1.7 3.7-1.7 1.4a9 9 0 0 0 4.8 4.8l1.4-1.7 3.7 1.7v2.3a1 1 0 0 1-1.1 1C9 16 4 11 3.3 4.6a1 1 0 0 1 1-1.1z'
export const ALERT = 'M10 7v3.5M10 13.4v.1M10 3l7.5 13.5h-15z'
export const MORE = 'M5 10v.1M10 10v.1M15 10v.1'
export const TICKET = 'M4 5.5h12v3a1.5 1.5 0 0 0 0 3v3H4v-3a1.5 1.5 0 0 0 0-3z'
