export const CHROMIUM_ARGS: string[]
export function findChromium(): Promise<{
  path: string
  from: 'env' | 'system' | 'playwright' | '@sparticuz/chromium'
}>
