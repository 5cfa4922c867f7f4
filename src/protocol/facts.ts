// What is known of the page and the visitor, as data on an allow-list. Never instructions.

/** The page the visitor is on. Urls are masked of secrets before they come here. */
export interface PageFacts {
  /** Origin and path, without query and fragment. */
  readonly url: string
  /** The path, or what the host set as `<meta name="asklet:route">`. Matched against an article's `pages`. */
  readonly route: string
  readonly title: string
  /** What a person calls this page: `<meta name="asklet:page">`, else its h1, else the first part of the title. */
  readonly name: string
  /** Text of the page's h1 and h2, at most 20, each at most 120 characters. */
  readonly headings: readonly string[]
  /** BCP 47, from `<html lang>`. */
  readonly language: string
  /** `<meta name="asklet:*">` and `data-asklet-*`, names without the prefix. */
  readonly data: Readonly<Record<string, string>>
  /**
   * Trouble that the page shows: visible error texts, the newest and most prominent first, at most 3, each at most
   * 160 characters, masked. Absent: none, not read yet, or an older client.
   */
  readonly errors?: readonly string[]
  /**
   * Where the visitor was in this tab before this page: routes, newest first, each once, at most 5, each at most 160
   * characters, without query and fragment, masked. Absent: nowhere that is known, not read yet, or an older client.
   */
  readonly recentRoutes?: readonly string[]
}

/** The person asking, as the host told it. Nothing here is guessed. */
export interface VisitorFacts {
  /** The host's own word: `client`, `freelancer`, `guest`. Relevance, never access. */
  readonly role?: string
  readonly name?: string
  readonly email?: string
  /** BCP 47, what the visitor reads. */
  readonly locale: string
  /** What `identify` handed in: at most 30 entries. */
  readonly attributes: Readonly<Record<string, string | number | boolean>>
  /**
   * Which of these a signed token proved: `name`, `role`, `email`, `attributes.<name>`. Said by the server, whatever
   * the device says. Absent from conversations of older servers: unknown.
   */
  readonly signed?: readonly string[]
}

export interface Facts {
  readonly page: PageFacts
  readonly visitor: VisitorFacts
}
