/**
 * Headers on every answer but those of ingestion (which are read by programs). The policy lets the dashboard load its
 * own files and nothing else: no inline script, no other origin, no framing. Styles that scripts set on
 * elements are not inline styles to a browser; the dashboard writes no `<style>` of its own.
 * @param https whether BASE_URL is https; only then may browsers be told to insist on it
 */
export function securityHeaders(https: boolean): Record<string, string> {
  const policy = [
    "default-src 'self'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "font-src 'self' data:",
    "connect-src 'self'",
    "object-src 'none'",
    "base-uri 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ];
  return {
    'content-security-policy': policy.join('; '),
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'referrer-policy': 'same-origin',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'permissions-policy': 'camera=(), geolocation=(), microphone=()',
    ...(https ? { 'strict-transport-security': 'max-age=31536000' } : {}),
  };
}
