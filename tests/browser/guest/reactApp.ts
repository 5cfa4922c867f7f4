// A page of React in strict mode, with the assistant made in an effect as the README says.

import { createElement, StrictMode, useEffect } from 'react'
import { flushSync } from 'react-dom'
import { createRoot } from 'react-dom/client'
import type * as asklet from '../../../src/index'

/** Draws the app and waits for its effects. `mounts` counts how often the effect ran. */
export async function mountApp(element: HTMLElement): Promise<{ unmount(): void; mounts(): number }> {
  const load = (path: string): Promise<typeof asklet> => import(path)
  const { createAssistant } = await load('/hosts/npm/index.js')
  let count = 0
  function App() {
    useEffect(() => {
      count++
      const assistant = createAssistant({ config: '/asklet.json', label: 'Help' })
      return () => assistant.destroy()
    }, [])
    return createElement('p', null, 'An app')
  }
  const root = createRoot(element)
  flushSync(() => root.render(createElement(StrictMode, null, createElement(App))))
  await new Promise(done => setTimeout(done, 50))
  return {
    unmount: () => flushSync(() => root.unmount()),
    mounts: () => count,
  }
}
