// Every listener is wrapped, and the page has shortcuts of its own for nearly every key.
const own = EventTarget.prototype.addEventListener
const wrapped = new WeakMap()
EventTarget.prototype.addEventListener = function (type, listener, ...rest) {
  if (typeof listener !== 'function') return own.call(this, type, listener, ...rest)
  if (!wrapped.has(listener))
    wrapped.set(listener, function (...given) {
      return listener.apply(this, given)
    })
  return own.call(this, type, wrapped.get(listener), ...rest)
}
for (const type of ['keydown', 'keypress', 'keyup', 'click', 'submit', 'paste'])
  own.call(document, type, event => {
    if (event.target === document.body || event.key) event.preventDefault()
  })
