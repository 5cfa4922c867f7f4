/** The package's version; put in by the build. */
declare const __VERSION__: string
/** Hash of the code that ranks and answers. */
declare const __RULES__: string
