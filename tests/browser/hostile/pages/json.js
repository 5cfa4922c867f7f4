// JSON that writes for people and wakes dates.
const { parse, stringify } = JSON
JSON.parse = (text, reviver) =>
  parse(text, reviver ?? ((_, value) => (/^\d{4}-\d\d-\d\dT/.test(value) ? new Date(value) : value)))
JSON.stringify = (value, replacer, space) => stringify(value, replacer, space ?? 2)
