// The list of keys.

import { Dialog } from './Dialog'
import type { DeskScope } from './scope'
import { SHORTCUTS } from './shortcuts'

export function ShortcutsDialog({ scope, onClose }: { scope: DeskScope; onClose(): void }) {
  const { texts } = scope
  return (
    <Dialog scope={scope} title={texts('keys.title')} onClose={onClose}>
      <dl class="keys">
        {SHORTCUTS.map(({ name, keys }) => (
          <div key={name}>
            <dt>{texts(`keys.${name}`)}</dt>
            <dd>
              {keys.map(key => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dd>
          </div>
        ))}
      </dl>
    </Dialog>
  )
}
