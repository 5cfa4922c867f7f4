// An article's body as data: made once at build time from Markdown (or from a host's HTML), rendered to
// Preact nodes. There is no HTML sink anywhere. Short keys, because thousands of these travel.

export type Inline =
  | string
  | { readonly t: 'b' | 'i' | 's'; readonly c: readonly Inline[] }
  | { readonly t: 'code'; readonly x: string }
  /** A link that left the allow-list at build time is plain text instead. */
  | { readonly t: 'a'; readonly href: string; readonly c: readonly Inline[] }
  /** A link to another article, opened in the panel. */
  | { readonly t: 'ref'; readonly id: string; readonly h?: string; readonly c: readonly Inline[] }
  | { readonly t: 'br' }
  /** `w` and `h` in CSS pixels, where the build could read them: the place is kept before the image comes. */
  | {
      readonly t: 'img'
      readonly src: string
      readonly alt: string
      readonly w?: number
      readonly h?: number
    }

export type Block =
  | { readonly t: 'p'; readonly c: readonly Inline[] }
  | { readonly t: 'h'; readonly n: 2 | 3 | 4; readonly id: string; readonly c: readonly Inline[] }
  | { readonly t: 'ul'; readonly c: readonly (readonly Block[])[] }
  | { readonly t: 'ol'; readonly start?: number; readonly c: readonly (readonly Block[])[] }
  | { readonly t: 'quote'; readonly c: readonly Block[] }
  | { readonly t: 'pre'; readonly x: string; readonly lang?: string }
  | {
      readonly t: 'table'
      readonly head: readonly (readonly Inline[])[]
      readonly rows: readonly (readonly (readonly Inline[])[])[]
    }
  | { readonly t: 'hr' }

export type ContentTree = readonly Block[]
