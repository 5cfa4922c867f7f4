/** A file as its text: the demo's own articles, as they are written. */
declare module '*.md?raw' {
  const text: string
  export default text
}
