// What watches from within a page: run before any script of it, the same in every page. Refuses to know whose page
// it is. One function, because it travels to the browser as its text.

export interface Vitals {
  /** Sum of layout shifts that no press or key caused. */
  readonly cls: number
  /** Durations of tasks of 50 ms and more. */
  readonly longTasks: readonly number[]
  /** Calls that write to cookies, storage, databases or caches, or what lies there now if that is more. */
  readonly writes: number
  /** The longest event of a press or key until the next paint, ms in steps of 8; 16 stands for all below, too. */
  readonly interactionMs: number
}

export interface Probe {
  /** The first match in the page or in any shadow root, closed ones too. */
  find(selector: string): Element | null
  /** Where to press it; null while it cannot be pressed. */
  centre(selector: string): { readonly x: number; readonly y: number } | null
  /** Call it before the press. Milliseconds from the click until the field was painted and takes keys. */
  usableAfterClick(selector: string): Promise<number>
  vitals(): Promise<Vitals>
  /** Forgets tasks and events of before. */
  forget(): void
}

declare global {
  interface Window {
    probe: Probe
  }
}

export function installProbe(): void {
  const roots: (Document | ShadowRoot)[] = [document]
  const attach = Element.prototype.attachShadow
  Element.prototype.attachShadow = function (init) {
    const root = attach.call(this, init)
    roots.push(root)
    return root
  }

  let calls = 0
  const count = (owner: object | undefined, name: string) => {
    if (!owner) return
    const own = Object.getOwnPropertyDescriptor(owner, name)
    const original: unknown = own?.value
    if (typeof original !== 'function') return
    Object.defineProperty(owner, name, {
      ...own,
      value(this: unknown, ...values: unknown[]) {
        calls++
        return original.apply(this, values)
      },
    })
  }
  for (const name of ['setItem', 'removeItem', 'clear']) count(Storage.prototype, name)
  for (const name of ['open', 'deleteDatabase']) count(window.IDBFactory?.prototype, name)
  for (const name of ['open', 'delete']) count(window.CacheStorage?.prototype, name)
  const cookie = Object.getOwnPropertyDescriptor(Document.prototype, 'cookie')
  if (cookie?.set)
    Object.defineProperty(Document.prototype, 'cookie', {
      ...cookie,
      set(this: Document, value: string) {
        calls++
        cookie.set?.call(this, value)
      },
    })

  let cls = 0
  let longTasks: number[] = []
  let interactionMs = 16
  const watch = (type: string, each: (entry: PerformanceEntry) => void, more = {}) =>
    new PerformanceObserver(list => list.getEntries().forEach(each)).observe({
      type,
      buffered: true,
      ...more,
    })
  watch('layout-shift', entry => {
    const shift = entry as PerformanceEntry & { value: number; hadRecentInput: boolean }
    if (!shift.hadRecentInput) cls += shift.value
  })
  watch('longtask', ({ duration }) => longTasks.push(duration))
  watch(
    'event',
    entry => {
      const { interactionId, duration } = entry as PerformanceEntry & { interactionId?: number }
      if (interactionId) interactionMs = Math.max(interactionMs, duration)
    },
    { durationThreshold: 16 },
  )

  const find = (selector: string) => {
    for (const root of roots) {
      const found = root.querySelector(selector)
      if (found) return found
    }
    return null
  }
  const isUsable = (element: Element | null) =>
    element?.isConnected &&
    !element.matches(':disabled') &&
    element.checkVisibility({ visibilityProperty: true }) &&
    element.getBoundingClientRect().width > 0
  const stored = async () =>
    document.cookie.split(';').filter(each => each.trim()).length +
    localStorage.length +
    sessionStorage.length +
    ((await indexedDB.databases?.())?.length ?? 0) +
    ((await window.caches?.keys())?.length ?? 0)

  window.probe = {
    find,
    centre(selector) {
      const element = find(selector)
      if (!isUsable(element) || !element) return null
      const { x, y, width, height } = element.getBoundingClientRect()
      return { x: x + width / 2, y: y + height / 2 }
    },
    usableAfterClick: selector =>
      new Promise(resolve => {
        window.addEventListener(
          'click',
          ({ timeStamp }) => {
            const look = () => {
              if (!isUsable(find(selector))) return requestAnimationFrame(look)
              // Behind this frame's style, layout and paint.
              const { port1, port2 } = new MessageChannel()
              port1.onmessage = () => resolve(performance.now() - timeStamp)
              return port2.postMessage(0)
            }
            requestAnimationFrame(look)
          },
          { capture: true, once: true },
        )
      }),
    vitals: async () => ({ cls, longTasks, writes: Math.max(calls, await stored()), interactionMs }),
    forget() {
      longTasks = []
      interactionMs = 16
    },
  }
}
