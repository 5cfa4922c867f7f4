// Which texts the sources have, and which of them they ask for: read from the files as they stand, for the test that
// holds them together and for the count that `npm run i18n` prints. Knows nothing of languages but English.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import ts from 'typescript'

/** Whose `texts` are each face's: the desk draws a visitor's files as the visitor sees them. */
const ROOMS = {
  assistant: ['assistant', 'bot', 'conversation', 'live', 'ui'],
  desk: ['desk', 'ui'],
}
const read = path => JSON.parse(readFileSync(path, 'utf8'))

/**
 * The English texts of each face. Those of a site without people stand in for others: `alone:` stands before them, as
 * in the files of the other languages.
 *
 * @returns {Record<'assistant' | 'desk', Record<string, string | Record<string, string>>>}
 */
export function englishTexts(root) {
  const [assistant, ui, desk] = ['src/assistant/texts', 'src/ui', 'src/desk/texts'].map(folder =>
    join(root, folder),
  )
  const alone = Object.entries(read(join(assistant, 'alone.en.json')))
  return {
    assistant: Object.assign(
      {},
      ...['en', 'conversation.en', 'model.en', 'offers.en'].map(name =>
        read(join(assistant, `${name}.json`)),
      ),
      Object.fromEntries(alone.map(([key, text]) => [`alone:${key}`, text])),
      ...readdirSync(ui)
        .filter(name => name.endsWith('.en.json'))
        .map(name => read(join(ui, name))),
    ),
    desk: { ...read(join(desk, 'en.json')), ...read(join(ui, 'files.en.json')) },
  }
}

const patternOf = ({ head, templateSpans }) => {
  const quoted = text => text.replaceAll('.', '\\.')
  return new RegExp(
    `^${quoted(head.text)}${templateSpans.map(({ literal }) => `\\w*${quoted(literal.text)}`).join('')}$`,
  )
}

/** What a TypeScript file asks for; `textUse.d.mts` says what each part is. */
export function usedIn(file) {
  const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true)
  const asked = new Set()
  const literals = new Set()
  const patterns = []
  const templates = []
  const imports = []
  const key = node => {
    if (!node) return
    if (ts.isStringLiteral(node)) asked.add(node.text)
    else if (ts.isConditionalExpression(node)) [node.whenTrue, node.whenFalse].forEach(key)
    else if (ts.isTemplateExpression(node)) patterns.push(patternOf(node))
  }
  const visit = node => {
    if (ts.isStringLiteral(node)) literals.add(node.text)
    if (ts.isTemplateExpression(node) && /^[a-zA-Z]+\./.test(node.head.text)) templates.push(patternOf(node))
    if (
      ts.isImportDeclaration(node) &&
      !node.importClause?.isTypeOnly &&
      ts.isStringLiteral(node.moduleSpecifier)
    )
      imports.push(node.moduleSpecifier.text)
    if (ts.isCallExpression(node)) {
      const called = node.expression
      const name = ts.isPropertyAccessExpression(called) ? called.name.text : called.getText()
      if (name === 'texts') key(node.arguments[0])
    }
    ts.forEachChild(node, visit)
  }
  visit(source)
  return { asked, patterns, literals, templates, imports }
}

/** The TypeScript files of a face. */
export const filesOf = (root, face) =>
  ROOMS[face].flatMap(room =>
    readdirSync(join(root, 'src', room), { recursive: true, encoding: 'utf8' })
      // Its own `texts` reads lists of texts out of a flow.
      .filter(name => /\.tsx?$/.test(name) && !name.endsWith('flowSchema.ts'))
      .map(name => join(root, 'src', room, name)),
  )

/** The keys that nobody asks for, of those of a face. */
export function unusedKeys(root, face) {
  const used = filesOf(root, face).map(usedIn)
  const isUsed = key =>
    used.some(({ literals, templates }) => literals.has(key) || templates.some(pattern => pattern.test(key)))
  return Object.keys(englishTexts(root)[face]).filter(key => !isUsed(key.replace(/^alone:/, '')))
}
