// The steps of a story that is played in browsers: each is timed and printed, and the first that fails ends it.

export interface Steps {
  readonly problems: string[]
  step(name: string, act: () => Promise<void>): Promise<void>
}

export function createSteps(): Steps {
  const problems: string[] = []
  return {
    problems,
    async step(name, act) {
      const start = performance.now()
      try {
        await act()
        console.log(`${((performance.now() - start) / 1000).toFixed(2).padStart(7)} s  ${name}`)
      } catch (error) {
        const sentence = (error as Error).message.split('\n').slice(0, 6).join('\n           ')
        console.log(`   FAIL     ${name}\n           ${sentence}`)
        problems.push(name)
        throw error
      }
    },
  }
}

export function expectThat(isSo: boolean, sentence: string): void {
  if (!isSo) throw new Error(sentence)
}

/** How a story ended, as the value of a line: `ok`, or what differed first. */
export function outcomeOf(problems: readonly string[]): string {
  return problems[0]?.replace(/\s+/g, '-') ?? 'ok'
}
