/** A stylesheet as text, minified at build time; goes into constructable style sheets. */
declare module '*.css?inline' {
  const css: string
  export default css
}
