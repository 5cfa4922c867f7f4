// What axe finds wrong with the desk as it is shown now.

import axe from 'axe-core'

/** What is still coming in has not its colours yet. */
const settled = () =>
  Promise.all(
    document
      .getAnimations()
      .filter(({ effect }) => Number.isFinite(effect?.getComputedTiming().endTime))
      .map(({ finished }) => finished.catch(() => {})),
  )
export const violations = async () => {
  await settled()
  return (
    await axe.run(document.querySelector('.asklet-desk') ?? document, {
      rules: { region: { enabled: false } },
    })
  ).violations.map(({ id, nodes }) => `${id}: ${nodes.map(node => node.target).join(' | ')}`)
}
