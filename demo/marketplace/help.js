// All that a site writes for Asklet: who is asking, and what a flow may look up for them.
// Runs before or after the script tag's file is here: calls wait in a queue.

window.Asklet ||= (...call) => {
  window.Asklet.q ||= []
  window.Asklet.q.push(call)
}

const session = JSON.parse(document.querySelector('meta[name="workmere:session"]')?.content || '{}')

Asklet('identify', {
  role: session.role,
  ...(session.visitorId && {
    id: session.visitorId,
    name: session.name,
    email: session.email,
    // Signed by this site's own backend, and fetched only when the assistant needs it.
    token: () => fetch('/api/token').then(response => (response.ok ? response.text() : null)),
    attributes: { openContracts: session.openContracts },
  }),
})

// What only the site knows: `offers` in asklet.json may have help for it.
document.addEventListener('submit', event => {
  const amount = event.target.matches('[data-withdraw]') && event.target.querySelector('[data-amount]')
  if (amount && amount.getAttribute('aria-invalid') !== 'true')
    Asklet('signal', 'withdrawalRequested', { amount: amount.value })
})

Asklet('registerAction', 'lookupWithdrawal', {
  label: 'Look up this withdrawal in your account',
  async run(details) {
    const number = Object.values(details)
      .find(value => /W-\d{4}/i.test(value))
      ?.match(/W-\d{4}/i)[0]
    const response = await fetch(`/api/withdrawals/${encodeURIComponent(number ?? '')}`)
    if (!response.ok) throw new Error(`No withdrawal ${number ?? ''}`)
    return response.json()
  },
})
