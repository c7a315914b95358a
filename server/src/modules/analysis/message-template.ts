import { parameterizeV1 } from './fingerprint/v1/message.ts';

/**
 * The template of a message: variables replaced by `<int>`, `<uuid>`, `<hex>`, `<id>`, `<ip>`, `<mac>`, `<url>`, `<email>`,
 * `<path>`, `<date>`, `<duration>`, `<size>`, `<version>`, `<bool>`, `<float>`, printed values by `{…}` and `[…]`; words,
 * quoted names and status codes kept. At most 400 characters; never throws.
 *
 * Today these are the templates of grouping v1. When they have to differ, copy that file: v1 is frozen.
 */
export function parameterize(message: string): string {
  return parameterizeV1(message);
}
