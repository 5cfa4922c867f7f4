// A contract suite is a list of cases; any test framework can run it: `for (const c of suite) test(c.title, c.run)`.
// The few assertions live here, so that a suite needs no framework of ours or yours.

export interface ContractCase {
  /** The rule that it proves, with its number. */
  readonly title: string
  /** Rejects with a sentence when the rule does not hold. */
  run(): Promise<void>
}

/** Makes cases that each have something of their own, which is cleaned up whatever comes of the case. */
export function casesOver<Made extends { cleanUp(): Promise<void> }>(make: () => Promise<Made>) {
  return (title: string, run: (made: Made) => Promise<void>): ContractCase => ({
    title,
    async run() {
      const made = await make()
      try {
        await run(made)
      } finally {
        await made.cleanUp()
      }
    },
  })
}

/** Same JSON: what both ends of a wire would call equal. Key order does not matter. */
export function expectEqual(actual: unknown, expected: unknown, what: string): void {
  const [got, want] = [ordered(actual), ordered(expected)]
  if (got !== want) throw new Error(`${what}: expected ${want}, got ${got}`)
}

export function expectTrue(condition: boolean, what: string): void {
  if (!condition) throw new Error(what)
}

/** The error that `promise` rejects with. */
export async function expectRejection(promise: Promise<unknown>, what: string): Promise<unknown> {
  try {
    await promise
  } catch (error) {
    return error
  }
  throw new Error(`${what}: expected a rejection, got an answer`)
}

function ordered(value: unknown): string {
  return (
    JSON.stringify(value, (_key, item: unknown) =>
      item !== null && typeof item === 'object' && !Array.isArray(item)
        ? Object.fromEntries(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1)))
        : item,
    ) ?? 'undefined'
  )
}
