// The hour at which every state stands: the same pictures on any day. Owns the page's clock from then on.

/** A Friday afternoon at Workmere, in UTC. */
export const NOW = Date.UTC(2026, 10, 20, 14, 30)

export const minutesAgo = (minutes: number): number => NOW - minutes * 60_000

/** From here on this page has one moment. @returns gives it its own time back */
export function stopTheClock(scope: { Date: DateConstructor } = globalThis): () => void {
  const Running = scope.Date
  const Stopped = new Proxy(Running, {
    construct: (target, values, made) =>
      Reflect.construct(target, values.length ? values : [NOW], made) as object,
    get: (target, name, receiver) => (name === 'now' ? () => NOW : Reflect.get(target, name, receiver)),
  })
  scope.Date = Stopped
  return () => {
    scope.Date = Running
  }
}
