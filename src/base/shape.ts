// Checks what comes in against a table of shapes: configuration, manifest. A shape reads a value and notes every
// problem with its path, what was wanted and what was got; keys nobody asked for are dropped.
// Small enough for the first chunk of a page, where a schema library would weigh more than what it checks.
// Refuses to convert: a number in quotes is no number.

export interface Problem {
  /** `hours.week.mon.0.0`; '' is the whole value. */
  readonly path: string
  /** Goes after "must be". */
  readonly wanted: string
  readonly got: unknown
}

/** Reads `value`, adding to `problems`. What it returns counts only when nothing was added. */
export interface Shape<Out = unknown, In = Out> {
  (value: unknown, path: string, problems: Problem[]): Out
  /** Never there: carries the type of what may be handed in. */
  readonly takes?: In
}
/** What a shape reads. */
export type Read<S> = S extends Shape<infer Out, infer _> ? Out : never
/** What may be handed to a shape: defaults are not filled in yet. */
export type Taken<S> = S extends Shape<infer _, infer In> ? In : never

type Fields = Readonly<Record<string, Shape>>
type Flat<T> = { [K in keyof T]: T[K] }
type ObjectOf<T> = Flat<
  { [K in keyof T as undefined extends T[K] ? never : K]: T[K] } & {
    [K in keyof T as undefined extends T[K] ? K : never]?: T[K]
  }
>

/** Everything in `value` that is not as `shape` wants it, in reading order, beside what was read. */
export function read<Out>(
  shape: Shape<Out, unknown>,
  value: unknown,
): { readonly value: Out; readonly problems: readonly Problem[] } {
  const problems: Problem[] = []
  return { value: shape(value, '', problems), problems }
}

/** A shape from a test, for what the others cannot say. */
export const such =
  <T>(wanted: string, holds: (value: unknown) => boolean): Shape<T> =>
  (value, path, problems) => {
    if (!holds(value)) problems.push({ path, wanted, got: value })
    return value as T
  }

export const bool = such<boolean>('boolean', value => typeof value === 'boolean')
export const text = such<string>('string', value => typeof value === 'string')

export const atLeast = (least: number) =>
  such<number>(`a number, ${least} or more`, value => typeof value === 'number' && value >= least)

/** At most `max` UTF-16 units. */
export const shortText =
  (max: number): Shape<string> =>
  (value, path, problems) =>
    such<string>(`at most ${max} characters`, () => typeof value !== 'string' || value.length <= max)(
      text(value, path, problems),
      path,
      problems,
    )

/** @param wanted  the pattern in words, with an example */
export const matching = (pattern: RegExp, wanted: string) =>
  such<string>(wanted, value => typeof value === 'string' && pattern.test(value))

export const oneOf = <const T extends string | number>(...words: readonly T[]) =>
  such<T>(`(${words.map(word => JSON.stringify(word)).join(' | ')})`, value => words.includes(value as T))

export function optional<Out, In>(shape: Shape<Out, In>): Shape<Out | undefined, In | undefined>
export function optional<Out, In>(shape: Shape<Out, In>, fallback: Out): Shape<Out, In | undefined>
export function optional<Out>(shape: Shape<Out, unknown>, fallback?: Out): Shape<Out | undefined, unknown> {
  return (value, path, problems) => (value === undefined ? fallback : shape(value, path, problems))
}

export const list =
  <Out, In>(item: Shape<Out, In>): Shape<Out[], In[]> =>
  (value, path, problems) => {
    if (Array.isArray(value)) return value.map((each, i) => item(each, under(path, i), problems))
    return such<Out[]>('an array', () => false)(value, path, problems)
  }

export const pair =
  <Out, In>(item: Shape<Out, In>): Shape<[Out, Out], [In, In]> =>
  (value, path, problems) => {
    const items = list(item)(value, path, problems)
    const isTwo = () => !Array.isArray(items) || items.length === 2
    return such<[Out, Out]>('an array of 2', isTwo)(items, path, problems)
  }

/**
 * Own keys of `fields` only: a page may have added to `Object.prototype`, and `for … in` would walk that too. The result
 * has no prototype, so that what is not there is not taken from it either.
 */
export const object =
  <F extends Fields>(
    fields: F,
  ): Shape<ObjectOf<{ [K in keyof F]: Read<F[K]> }>, ObjectOf<{ [K in keyof F]: Taken<F[K]> }>> =>
  (value, path, problems) => {
    const result: Record<string, unknown> = Object.create(null)
    if (isMap(value, path, problems))
      for (const key of Object.keys(fields)) {
        const read = fields[key]?.(
          Object.hasOwn(value, key) ? value[key] : undefined,
          under(path, key),
          problems,
        )
        if (read !== undefined) result[key] = read
      }
    return result as ReturnType<ReturnType<typeof object<F>>>
  }

/** Any keys, or any of `keys`. The result has no prototype, so `__proto__` is a key like others. */
export function record<Out, In>(item: Shape<Out, In>): Shape<Record<string, Out>, Record<string, In>>
export function record<K extends string, Out, In>(
  item: Shape<Out, In>,
  keys: readonly K[],
): Shape<Partial<Record<K, Out>>, Partial<Record<K, In>>>
export function record<Out>(item: Shape<Out, unknown>, keys?: readonly string[]): Shape<Record<string, Out>> {
  return (value, path, problems) => {
    const result: Record<string, Out> = Object.create(null)
    if (isMap(value, path, problems))
      for (const key of Object.keys(value)) {
        if (keys) oneOf(...keys)(key, under(path, key), problems)
        result[key] = item(value[key], under(path, key), problems)
      }
    return result
  }
}

/** The first shape that fits. */
export const either =
  <A, InA, B, InB>(first: Shape<A, InA>, second: Shape<B, InB>): Shape<A | B, InA | InB> =>
  (value, path, problems) => {
    const ofFirst = read(first, value)
    if (!ofFirst.problems.length) return ofFirst.value
    const ofSecond: Problem[] = []
    const result = second(value, path, ofSecond)
    // What is wrong inside says more than that it is neither.
    const inside = ofSecond.find(problem => problem.path !== path)
    const wanted = [...ofFirst.problems, ...ofSecond].map(problem => problem.wanted).join(' or ')
    if (ofSecond.length) problems.push(inside ?? { path, wanted, got: value })
    return result
  }

const under = (path: string, key: string | number): string => (path ? `${path}.${key}` : String(key))

function isMap(value: unknown, path: string, problems: Problem[]): value is Record<string, unknown> {
  const count = problems.length
  such('an object', () => typeof value === 'object' && value !== null && !Array.isArray(value))(
    value,
    path,
    problems,
  )
  return problems.length === count
}
