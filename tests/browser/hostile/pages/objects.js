// Somebody merged what came from outside into every object: names that programs ask objects for.
Object.assign(Object.prototype, {
  inherited: 'surprise',
  isAdmin: true,
  html: '<img src=x onerror=alert(1)>',
  url: 'https://evil.invalid/',
  token: 'stolen',
  texts: { 'home.greeting': 'polluted' },
  tree: [{ t: 'p', c: ['polluted'] }],
  search: { url: 'https://evil.invalid/' },
  answer: 'https://evil.invalid/',
  config: 'https://evil.invalid/asklet.json',
  enabled: 'false',
  headless: true,
})
