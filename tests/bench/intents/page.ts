// In the page: reads a model and takes the time of each message.

import { createLinearModel, type ModelFile } from '../../../src/understanding/linearModel'

export interface InPage {
  /** @returns milliseconds to read the file, and of each message */
  time(json: string, texts: readonly string[]): { readonly readMs: number; readonly ms: readonly number[] }
}

const inPage: InPage = {
  time(json, texts) {
    const started = performance.now()
    const model = createLinearModel(JSON.parse(json) as ModelFile)
    const readMs = performance.now() - started
    const ms = texts.map(text => {
      const from = performance.now()
      model.predict(text)
      model.outOfScope(text)
      return performance.now() - from
    })
    return { readMs, ms }
  },
}
Object.assign(window, { inPage })
