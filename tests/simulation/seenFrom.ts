// What a checker is asked of a mutant: is it seen, and where first? Knows no world; a run answers with its violations.

/**
 * The first seed in which a violation of this kind is seen, of so many from one on: some mutants need several faults at
 * once, and are looked for from where they were seen.
 */
export async function seenFrom(
  first: number,
  seeds: number,
  kind: string,
  violationsOf: (seed: number) => readonly string[] | Promise<readonly string[]>,
): Promise<number | null> {
  for (let seed = first; seed < first + seeds; seed++)
    if ((await violationsOf(seed)).some(violation => violation.startsWith(`${kind}:`))) return seed
  return null
}
