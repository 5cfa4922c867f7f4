// Frameworks replace promises and timers to know when nothing is under way.
const OwnPromise = window.Promise
class Watched extends OwnPromise {
  // biome-ignore lint/suspicious/noThenProperty: that is the point
  then(...given) {
    window.promised = (window.promised ?? 0) + 1
    return super.then(...given)
  }
}
window.Promise = Watched
const ownTimeout = window.setTimeout
window.setTimeout = (run, ms, ...given) => ownTimeout(() => run(...given), ms)
