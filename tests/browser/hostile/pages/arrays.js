// Old libraries add to arrays, enumerably, and replace what arrays can do by their own.
for (const name of ['map', 'filter', 'forEach', 'find', 'some', 'every', 'includes', 'indexOf', 'flatMap']) {
  const own = Array.prototype[name]
  Array.prototype[name] = function (...given) {
    window.arrayCalls = (window.arrayCalls ?? 0) + 1
    return own.apply(this, given)
  }
}
Array.prototype.last = function () {
  return this[this.length - 1]
}
Array.prototype.remove = function (item) {
  return this.filter(each => each !== item)
}
