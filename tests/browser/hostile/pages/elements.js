// A page that guards its elements: new names are refused, roots are counted, observers are gone.
customElements.define = () => {
  throw new Error('no elements of yours')
}
customElements.get = () => class extends HTMLElement {}
const own = Element.prototype.attachShadow
Element.prototype.attachShadow = function (options) {
  window.roots = (window.roots ?? 0) + 1
  return own.call(this, options)
}
delete window.ResizeObserver
delete window.IntersectionObserver
