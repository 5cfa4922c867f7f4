export type Face = 'assistant' | 'desk'

export interface Used {
  /** In a call of `texts`, as it stands there. */
  readonly asked: ReadonlySet<string>
  /** In a call of `texts`, with places: `notice.${name}`. */
  readonly patterns: readonly RegExp[]
  /** All string literals, and all that may be a key with places: a key may be chosen before it is looked up. */
  readonly literals: ReadonlySet<string>
  readonly templates: readonly RegExp[]
  readonly imports: readonly string[]
}

export function englishTexts(root: string): Readonly<Record<Face, Readonly<Record<string, unknown>>>>
export function usedIn(file: string): Used
export function filesOf(root: string, face: Face): readonly string[]
export function unusedKeys(root: string, face: Face): readonly string[]
