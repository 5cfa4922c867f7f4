// What an engine costs a page in bytes: its code, and its index of one help centre. Brotli 11, as a CDN keeps it.

import { brotliCompressSync, constants } from 'node:zlib'
import { build } from 'esbuild'
import type { HelpText } from './corpora'
import type { Engine } from './engine'

/** Above it the best quality takes minutes; 5 is a tenth larger, of an index that is no page's anyway. */
const SLOW_BYTES = 12_000_000

export async function codeBytes({ code }: Engine): Promise<number> {
  const { outputFiles } = await build({
    stdin: { contents: code, resolveDir: process.cwd(), loader: 'ts' },
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    write: false,
    logLevel: 'error',
  })
  return brotliBytes(Buffer.from(outputFiles[0]?.contents ?? []))
}

/** @returns bytes, or the sentence of the library's crash */
export async function indexBytes(engine: Engine, articles: readonly HelpText[]): Promise<number | string> {
  try {
    return brotliBytes(Buffer.from((await engine.build(articles)).serialise()))
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

export function brotliBytes(content: Buffer): number {
  const quality = content.length > SLOW_BYTES ? 5 : constants.BROTLI_MAX_QUALITY
  return brotliCompressSync(content, { params: { [constants.BROTLI_PARAM_QUALITY]: quality } }).length
}
