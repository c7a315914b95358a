/** `name/version` at the head of a User-Agent, to count by where no SDK is named; browsers are none. */
export function productOf(userAgent: string | null | undefined): string | undefined {
  const product = /^[\w.-]{1,64}\/[\w.+-]{1,32}/.exec(userAgent ?? '')?.[0];
  return product?.startsWith('Mozilla/') ? undefined : product;
}
