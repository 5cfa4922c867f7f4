// What a journey needs of a browser, and what each engine is asked for. Two drivers keep these promises:
// playwrightDriver for Chromium and Firefox, webkitDriver for WebKitGTK.

export const ENGINES = ['chromium', 'firefox', 'webkit'] as const
export type EngineName = (typeof ENGINES)[number]

/** CSS pixels, in all engines, so that their pictures can be laid side by side. */
export const VIEWPORT = { width: 1280, height: 800 } as const

/** The first visible element of that selector and those words, in the page or in the assistant. */
export interface Target {
  readonly css: string
  /** In its label or, where it has none, in its text. */
  readonly words?: RegExp
  /** The last such element instead. */
  readonly isLast?: boolean
}

/** What differs from engine to engine. All else is done in the page, by page.ts. */
export interface Driver {
  /** For people: `Chromium 156.0`. */
  readonly version: string
  /** Errors that the browser itself reported so far. WebKitGTK has no such list: there watch.js alone tells. */
  readonly errors: readonly string[]
  /** Resolves once the document has loaded. */
  open(url: string): Promise<void>
  reload(): Promise<void>
  /**
   * A real press of the mouse, wherever it falls. CSS pixels from the corner of what is in sight.
   *
   * @param meanwhile  awaited between press and release
   */
  clickAt(x: number, y: number, meanwhile?: () => Promise<void>): Promise<void>
  /** Real keys, one by one, to what has the focus. */
  type(text: string): Promise<void>
  press(key: Key): Promise<void>
  /** `script` runs in the page: it knows nothing but its argument. Plain values only, both ways. */
  evaluate<R, A>(script: (argument: A) => R, argument: A): Promise<R>
  /** Each picture makes the browser report one inline style: the driver's, not the page's. */
  readonly picturesAreReported: boolean
  /** A PNG of what is in sight. */
  screenshot(path: string): Promise<void>
  close(): Promise<void>
}

export type Key = 'Enter' | 'Escape' | 'Tab' | 'ArrowDown'
