import ts from 'typescript'
import { expect, test } from 'vitest'

// The build leaves out what would bind a signal to an element, what takes styles as objects, and what else our markup
// does without (scripts/leaveOut.mjs): it would do nothing, in published bundles only.
const LEFT_OUT =
  /^(?:style|dangerouslySetInnerHTML|defaultValue|defaultChecked|is|list|form|download|rowSpan|colSpan|popover|on\w+Capture|xlink.*)$/
const ELEMENTS_LEFT_OUT = /^(?:progress|template|math|foreignObject)$/

test('markup is handed values and classes, never signals, styles or what the build leaves out', {
  timeout: 60_000,
}, () => {
  const { config } = ts.readConfigFile('tsconfig.json', ts.sys.readFile)
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, '.')
  const files = ts.sys.readDirectory('src', ['.tsx'])
  const program = ts.createProgram(files, options)
  const checker = program.getTypeChecker()
  const signals: string[] = []
  const leftOut: string[] = []
  let looked = 0
  let refs = 0
  for (const file of files) {
    const source = program.getSourceFile(file)
    const visit = (node: ts.Node): void => {
      if (ts.isJsxAttribute(node) && LEFT_OUT.test(node.name.getText()))
        leftOut.push(`${file}: ${node.getText()}`)
      if (ts.isJsxOpeningLikeElement(node) && ELEMENTS_LEFT_OUT.test(node.tagName.getText()))
        leftOut.push(`${file}: ${node.getText()}`)
      // A ref is an object with its element, not a function that is told of it.
      if (ts.isJsxAttribute(node) && node.name.getText() === 'ref' && node.initializer) {
        const ref = (node.initializer as ts.JsxExpression).expression
        refs++
        if (!ref || checker.getTypeAtLocation(ref).getCallSignatures().length)
          leftOut.push(`${file}: ${node.getText()}`)
      }
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
  expect(leftOut).toEqual([])
  expect(refs).toBeGreaterThan(10)
  expect(looked).toBeGreaterThan(100)
})
