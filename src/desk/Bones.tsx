// The shape of what comes, where it will stand; CSS draws rows, bubbles or facts of it by the place it is in.

export function Bones({ says }: { says?: string }) {
  return (
    <div class="bones" role={says ? 'status' : undefined}>
      {says && <span class="sr">{says}</span>}
      {[1, 2, 3, 4, 5].map(each => (
        <i key={each} />
      ))}
    </div>
  )
}
