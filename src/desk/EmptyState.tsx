// What stands where nothing can: one drawing, what is so, and what comes next. The same in list, conversation and window.

import { Icon } from '../ui/icons'

export function EmptyState({ icon, title, hint }: { icon: string; title: string; hint: string }) {
  return (
    <div class="desk-pick">
      <Icon d={icon} />
      <p class="lead">{title}</p>
      <p class="quiet">{hint}</p>
    </div>
  )
}
