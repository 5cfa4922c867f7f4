import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { MAX_NAME_CHARS } from '../../../../src/protocol/attachments'
import { contentDisposition, fileName } from '../../../../src/server/files/fileNames'

const PNG = 'image/png'
const TXT = 'text/plain'

describe('[F5] the name that is shown', () => {
  test.each([
    ['photo.png', PNG, 'photo.png'],
    ['Photo of my Hund 🐕.PNG', PNG, 'Photo of my Hund 🐕.png'],
    ['Übersicht März 2026.png', PNG, 'Übersicht März 2026.png'],
    ['invoice.v1.2.png', PNG, 'invoice.v1.2.png'],
    ['portrait.jpeg', 'image/jpeg', 'portrait.jpeg'],
    ['server.log', TXT, 'server.log'],
  ])('%s stays', (given, type, shown) => expect(fileName(given, type)).toBe(shown))

  test.each([
    ['photo.jpg.exe', 'image/jpeg', 'photo_jpg_exe.jpg'],
    ['photo.png', 'image/jpeg', 'photo_png.jpg'],
    ['start.bat', TXT, 'start_bat.txt'],
    ['no ending', PNG, 'no ending.png'],
    ['.htaccess', TXT, 'htaccess.txt'],
    ['evil.php\0.png', PNG, 'evil.php.png'],
    ['evil.png\0.php', PNG, 'evil_png_php.png'],
  ])('an ending that is not of the content is none: %j', (given, type, shown) =>
    expect(fileName(given, type)).toBe(shown),
  )

  test.each([
    ['../../etc/passwd', TXT, 'passwd.txt'],
    ['C:\\Windows\\system32\\photo.png', PNG, 'photo.png'],
    ['..\\..\\', TXT, 'file.txt'],
    ['..%2f..%2fphoto.png', PNG, '_2f.._2fphoto.png'],
    ['photo.png::$DATA', PNG, 'photo_png__$DATA.png'],
    ['a<b>c"d|e?f*.png', PNG, 'a_b_c_d_e_f_.png'],
    ['100% done.png', PNG, '100% done.png'],
  ])('a path is none: %j', (given, type, shown) => expect(fileName(given, type)).toBe(shown))

  test.each([
    ['photo\u202egnp.exe', PNG, 'photognp_exe.png'],
    ['a\u200bb\u2066c\ufeffd.png', PNG, 'abcd.png'],
    ['line\r\nbreak.png', PNG, 'linebreak.png'],
    ['half \ud83d.png', PNG, 'half.png'],
    ['tag\u{e0041}s.png', PNG, 'tags.png'],
  ])('what is not seen is not there: %j', (given, type, shown) => expect(fileName(given, type)).toBe(shown))

  test.each([
    ['CON.png', '_CON.png'],
    ['aux', '_aux.png'],
    ['com1.tar.png', '_com1.tar.png'],
    ['nul .png', '_nul.png'],
    ['console.png', 'console.png'],
    ['', 'file.png'],
    ['...', 'file.png'],
    ['   .png', 'png.png'],
  ])('neither a device nor nothing: %j', (given, shown) => expect(fileName(given, PNG)).toBe(shown))

  test('a long one keeps its ending, and no letter is cut in two', () => {
    expect(fileName(`${'x'.repeat(500)}.png`, PNG)).toBe(`${'x'.repeat(MAX_NAME_CHARS - 4)}.png`)
    const wide = fileName(`${'🐕'.repeat(500)}.png`, PNG)
    expect(wide.length).toBeLessThanOrEqual(MAX_NAME_CHARS)
    expect(wide).not.toMatch(/\p{Cs}/u)
  })

  test('whatever is given: short, seen, in this folder, with an ending of the content, and the same said twice', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), fc.constantFrom(PNG, TXT), (given, type) => {
        const name = fileName(given, type)
        expect(name).toMatch(/^[^.\s].*\.(?:png|txt|log|md|json)$/su)
        expect(name.length).toBeLessThanOrEqual(MAX_NAME_CHARS)
        expect(name).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}/\\:<>"|?*]/u)
        expect(fileName(name, type)).toBe(name)
      }),
    )
  })

  test('[F7] a header holds it whole, and no header more', () => {
    expect(contentDisposition('attachment', 'Über "x"; y.png')).toBe(
      `attachment; filename="_ber _x__ y.png"; filename*=UTF-8''%C3%9Cber%20%22x%22%3B%20y.png`,
    )
    expect(contentDisposition('inline', "it's (1)*.png")).toBe(
      `inline; filename="it_s (1)_.png"; filename*=UTF-8''it%27s%20%281%29%2A.png`,
    )
  })
})
