// What an agent chooses for their own desk.

import { Dialog } from './Dialog'
import type { Preferences } from './preferences'
import type { DeskScope } from './scope'
import { DESK_LOCALES } from './texts'
import { languageName } from './times'

export function PreferencesDialog(props: { scope: DeskScope; preferences: Preferences; onClose(): void }) {
  const { scope, preferences, onClose } = props
  const { texts } = scope
  return (
    <Dialog scope={scope} title={texts('preferences.title')} onClose={onClose}>
      <label class="choice">
        <b class="whole">{texts('preferences.language')}</b>
        <select
          class="boxed"
          value={preferences.language.value}
          onChange={event => preferences.setLanguage(event.currentTarget.value)}
        >
          <option value="">{texts('preferences.languageBrowser')}</option>
          {/* Each by its own name: who cannot read this desk finds theirs. */}
          {DESK_LOCALES.map(locale => (
            <option key={locale} value={locale} lang={locale}>
              {languageName(locale, locale)}
            </option>
          ))}
        </select>
      </label>
      <Choice
        label={texts('preferences.hold')}
        hint={texts('preferences.holdHint')}
        isOn={preferences.holdsReplies.value}
        set={preferences.setHoldsReplies}
      />
      <Choice
        label={texts('preferences.sound')}
        hint={texts('preferences.soundHint')}
        isOn={preferences.hasSound.value}
        set={preferences.setHasSound}
      />
      <Choice
        label={texts('preferences.letters')}
        hint={texts('preferences.lettersHint')}
        isOn={preferences.hasLetterKeys.value}
        set={preferences.setHasLetterKeys}
      />
    </Dialog>
  )
}

function Choice(props: { label: string; hint: string; isOn: boolean; set(on: boolean): void }) {
  return (
    <label class="choice">
      <input
        type="checkbox"
        checked={props.isOn}
        onChange={event => props.set(event.currentTarget.checked)}
      />
      <span>
        <b>{props.label}</b>
        <span class="fine">{props.hint}</span>
      </span>
    </label>
  )
}
