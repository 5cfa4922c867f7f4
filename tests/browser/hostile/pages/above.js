// Whoever comes last is above: an overlay that always comes last, and says so of itself in every way.
addEventListener('load', () => {
  const overlay = document.createElement('div')
  overlay.style.cssText =
    'position:fixed;inset:0;z-index:2147483647 !important;pointer-events:none;isolation:isolate;transform:translateZ(0)'
  document.documentElement.append(overlay)
  let times = 0
  const again = () => {
    document.documentElement.append(overlay)
    if (++times < 10) setTimeout(again, 200)
  }
  again()
})
