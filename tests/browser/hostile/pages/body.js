// Another body, four times, as pages that fetch the next page do.
let left = 4
addEventListener('load', () => {
  const turn = () => {
    document.documentElement.replaceChild(document.body.cloneNode(true), document.body)
    if (--left) setTimeout(turn, 700)
  }
  setTimeout(turn, 700)
})
