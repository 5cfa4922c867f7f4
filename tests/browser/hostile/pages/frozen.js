// Hardened globals: nothing that comes later may change them.
for (const each of [
  Object,
  Array,
  Function,
  Promise,
  String,
  Number,
  Map,
  Set,
  Error,
  RegExp,
  JSON,
  Math,
  Reflect,
  EventTarget,
  Element,
  Node,
]) {
  Object.freeze(each)
  if (each.prototype) Object.freeze(each.prototype)
}
Object.freeze(Object.prototype)
