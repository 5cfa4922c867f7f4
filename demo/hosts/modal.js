// A dialog, a film over the whole screen, and a cover that says it is above everything.
const of = id => document.getElementById(id)
of('open').addEventListener('click', () => of('pay').showModal())
of('close').addEventListener('click', () => of('pay').close())
of('ask').addEventListener('click', () => Asklet('open'))
of('askFilm').addEventListener('click', () => Asklet('open'))
of('whole').addEventListener('click', () => of('film').requestFullscreen())
of('cover').addEventListener('click', () => {
  const cover = document.createElement('div')
  cover.className = 'cover'
  document.documentElement.append(cover)
})
