// Which refusals of the server are of what was said, and not of the moment. Pure.

/** The same once more would be refused again. */
export function isForGood(code: string): boolean {
  return /^(closed|forbidden|too_large|key_reused)$/.test(code)
}
