// What the button says before anything is loaded, in the language of the page: its label, and what is said behind it
// when nothing could be loaded. As short as can be, because these are a page's first bytes.

const WORDS =
  '|de|Hilfe|nicht geladen. Noch einmal?|es|Ayuda|no cargó. ¿Otra vez?|fr|Aide|échec. Réessayer ?|pt|Ajuda|não carregou. De novo?|ja|ヘルプ|失敗。もう一度?|ar|المساعدة|أعد المحاولة.|he|עזרה|נסו שוב.|'

/**
 * The label, and what is said behind it when nothing could be loaded.
 *
 * @param locale  of the tag or the options, else of the page
 */
export const labelIn = (locale = document.documentElement.lang) =>
  (
    WORDS.split(`|${locale.slice(0, 2).toLowerCase()}|`)[1] || 'Help|could not be loaded. Press to try again.'
  ).split('|') as [label: string, failed: string]
