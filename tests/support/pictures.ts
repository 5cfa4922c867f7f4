// The smallest files that are what they say, made by the byte.

const ascii = (text: string) => Buffer.from(text, 'latin1')

export function png(width = 4, height = 3): Buffer {
  const header = Buffer.alloc(25)
  header.writeUInt32BE(13, 0)
  header.write('IHDR', 4, 'latin1')
  header.writeUInt32BE(width, 8)
  header.writeUInt32BE(height, 12)
  header[16] = 8
  header[17] = 2
  const end = Buffer.concat([Buffer.from([0, 0, 0, 0]), ascii('IEND'), Buffer.from([0xae, 0x42, 0x60, 0x82])])
  const idat = Buffer.concat([Buffer.from([0, 0, 0, 0]), ascii('IDAT'), Buffer.from([0, 0, 0, 0])])
  return Buffer.concat([Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]), header, idat, end])
}

/** @param frame  of its first picture, where that is another one than the screen */
export function gif(width = 4, height = 3, frame = { width, height }): Buffer {
  const word = (value: number) => [value & 0xff, value >> 8]
  return Buffer.from([
    ...ascii('GIF89a'),
    ...word(width),
    ...word(height),
    0,
    0,
    0,
    0x2c,
    0,
    0,
    0,
    0,
    ...word(frame.width),
    ...word(frame.height),
    0,
    2,
    0,
    0x3b,
  ])
}

/** @param before  bytes of what the camera says of itself, before the measures */
export function jpeg(width = 4, height = 3, before = 0): Buffer {
  const parts: Buffer[] = [Buffer.from([0xff, 0xd8])]
  for (let left = before; left > 0; left -= 60_000) {
    const length = Math.min(left, 60_000)
    const segment = Buffer.alloc(length + 4)
    segment[0] = 0xff
    segment[1] = 0xe2
    segment.writeUInt16BE(length + 2, 2)
    parts.push(segment)
  }
  const frame = Buffer.from([0xff, 0xc0, 0, 11, 8, 0, 0, 0, 0, 1, 1, 0x11, 0])
  frame.writeUInt16BE(height, 5)
  frame.writeUInt16BE(width, 7)
  return Buffer.concat([...parts, frame, Buffer.from([0xff, 0xd9])])
}

export const pdf = (): Buffer => ascii('%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n')
