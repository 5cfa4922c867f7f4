// What real pages do to a guest's built-in functions and keys.
/* biome-ignore-all lint/suspicious/noExtendNative: that is the point */
Array.prototype.last = function () {
  return this[this.length - 1]
}
Object.prototype.inherited = 'surprise'
window.keysHeard = 0
for (const type of ['keydown', 'keyup', 'keypress', 'input']) {
  document.addEventListener(type, event => {
    window.keysHeard++
    if (event.key === '/' || event.key === 'k') event.preventDefault()
  })
}
