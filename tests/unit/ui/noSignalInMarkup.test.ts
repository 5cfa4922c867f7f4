import ts from 'typescript'
import { expect, test } from 'vitest'

// The build leaves out what would bind a signal to an element, and what takes styles as objects
// (scripts/leaveOut.mjs): in markup they would do nothing, in published bundles only.
test('markup is handed values and classes, never signals or styles', { timeout: 60_000 }, () => {
  const { config } = ts.readConfigFile('tsconfig.json', ts.sys.readFile)
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, '.')
  const files = ts.sys.readDirectory('src', ['.tsx'])
  const program = ts.createProgram(files, options)
  const checker = program.getTypeChecker()
  const signals: string[] = []
  const styles: string[] = []
  let looked = 0
  for (const file of files) {
    const source = program.getSourceFile(file)
    const visit = (node: ts.Node): void => {
      if (ts.isJsxAttribute(node) && node.name.getText() === 'style')
        styles.push(`${file}: ${node.getText()}`)
      if (ts.isJsxExpression(node) && node.expression) {
        looked++
        const isOfComponent =
          ts.isJsxAttribute(node.parent) && /^[A-Z]/.test(node.parent.parent.parent.tagName.getText())
        const type = checker.getTypeAtLocation(node.expression)
        const kinds = type.isUnion() ? type.types : [type]
        if (!isOfComponent && kinds.some(kind => kind.getProperty('subscribe') || kind.getProperty('peek')))
          signals.push(`${file}: ${node.expression.getText()}`)
      }
      ts.forEachChild(node, visit)
    }
    if (source) visit(source)
  }
  expect(signals).toEqual([])
  expect(styles).toEqual([])
  expect(looked).toBeGreaterThan(100)
})
