// Icons of what stands between the visitor and a person, of the family of icons.tsx.

export const CLOCK = 'M10 17.5a7.5 7.5 0 1 0 0-15 7.5 7.5 0 0 0 0 15zM10 6v4l2.5 1.5'
export const MAIL =
  'M4.5 4h11a2 2 0 0 1 2 2v8a2 2 0 0 1-2 2h-11a2 2 0 0 1-2-2V6a2 2 0 0 1 2-2zm-1.6 1.5L10 11l7.1-5.5'
export const PHONE =
  'M6.3 3H4.5A1.5 1.5 0 0 0 3 4.6C3.4 11.4 8.6 16.6 15.4 17a1.5 1.5 0 0 0 1.6-1.5v-1.8a1.5 1.5 0 0 0-1.1-1.4l-1.8-.5a1.5 1.5 0 0 0-1.5.4l-.8.8a9.5 9.5 0 0 1-4.8-4.8l.8-.8a1.5 1.5 0 0 0 .4-1.5l-.5-1.8A1.5 1.5 0 0 0 6.3 3z'
export const MORE = 'M5 10v.1M10 10v.1M15 10v.1'
export const TICKET =
  'M4 4.5h12A1.5 1.5 0 0 1 17.5 6v2a2 2 0 0 0 0 4v2a1.5 1.5 0 0 1-1.5 1.5H4A1.5 1.5 0 0 1 2.5 14v-2a2 2 0 0 0 0-4V6A1.5 1.5 0 0 1 4 4.5zM12 7.5v.1M12 10v.1M12 12.5v.1'
export const ALERT =
  'M8.7 3.5L2.5 14.2a1.5 1.5 0 0 0 1.3 2.3h12.4a1.5 1.5 0 0 0 1.3-2.3L11.3 3.5a1.5 1.5 0 0 0-2.6 0zM10 7.5v3.2M10 13.5v.1'
