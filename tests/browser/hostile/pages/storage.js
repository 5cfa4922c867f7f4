// No storage, no channel, no locks: each throws when it is looked at.
for (const name of ['localStorage', 'sessionStorage', 'indexedDB'])
  Object.defineProperty(window, name, {
    get() {
      throw new DOMException('refused', 'SecurityError')
    },
  })
delete window.BroadcastChannel
