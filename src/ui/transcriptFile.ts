// What the file of a saved conversation is called. Pure.

/** A name for its file that every system takes: `fairhand-help-1001-2026-11-20.txt`. */
export function transcriptFile(site: string, ticketNumber: number | null, at: number): string {
  const words = site
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .replace(/^-|-$/g, '')
    .slice(0, 60)
  return `${[words || 'conversation', ticketNumber, new Date(at).toISOString().slice(0, 10)].filter(Boolean).join('-')}.txt`
}
