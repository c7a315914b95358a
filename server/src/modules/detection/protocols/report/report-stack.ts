/** A stack in whatever form a report brings it → exceptions in Sentry's shape, what was thrown last. */
export function exceptionOfStack(
  stack: unknown,
  _platform: string | undefined,
): { platform: string | undefined; values: object[] } {
  if (Array.isArray(stack) && stack.length > 0) return { platform: undefined, values: [{ stacktrace: { frames: stack } }] };
  return { platform: undefined, values: [] };
}
