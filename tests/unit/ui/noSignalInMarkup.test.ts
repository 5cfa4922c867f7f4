import ts from 'typescript'
import { expect, test } from 'vitest'

// The build leaves out what would bind a signal to an element (scripts/leaveOut.mjs): a signal that is put into
// markup without its `.value` would show nothing there, in published bundles only.
test('markup is handed values, never signals', { timeout: 60_000 }, () => {
  const { config } = ts.readConfigFile('tsconfig.json', ts.sys.readFile)
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, '.')
  const files = ts.sys.readDirectory('src', ['.tsx'])
  const program = ts.createProgram(files, options)
  const checker = program.getTypeChecker()
  const signals: string[] = []
  let looked = 0
  for (const file of files) {
    const source = program.getSourceFile(file)
    const visit = (node: ts.Node): void => {
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
  expect(looked).toBeGreaterThan(100)
})
