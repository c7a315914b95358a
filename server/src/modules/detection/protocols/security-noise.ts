/** Addresses that pages do not have: of extensions, of the browser itself, of what rewrites traffic on the way. */
const FOREIGN_SCHEMES = [
  'chrome-extension',
  'moz-extension',
  'safari-extension',
  'safari-web-extension',
  'ms-browser-extension',
  'webkit-masked-url',
  'chrome',
  'chromeinvoke',
  'chromeinvokeimmediate',
  'chromenull',
  'resource',
  'mxaddon-pkg',
  'mxjscall',
  'mbinit',
  'symres',
  'jar',
  'tmtbff',
  'webviewprogressproxy',
  'webviewprogress',
  'safari-resource',
  'gsa',
  'ms-appx-web',
  'user-script',
  'sandbox eval code',
];
/** Programs on the visitor's machine that put their own scripts into every page. */
const FOREIGN_HOSTS = ['superfish.com', 'metrix.com', 'tlscdn.com', 'datafastguru.info', 'zilionfast.in', 'searchfun.in'];

/**
 * Why a violation is none of the site's: an extension of the visitor's browser (`browser_extension`), an empty page
 * (`about_blank`), a program that changes pages on the way (`injected`). Undefined: it may well be the site's.
 */
export function isNoise(report: {
  blocked: string;
  source: string | undefined;
  document: string | undefined;
}): string | undefined {
  const { blocked, source, document } = report;
  for (const place of [blocked, source, document]) {
    if (place === undefined) continue;
    const lower = place.toLowerCase();
    if (FOREIGN_SCHEMES.some((scheme) => lower === scheme || lower.startsWith(`${scheme}:`))) return 'browser_extension';
    if (lower === 'about' || lower.startsWith('about:')) return 'about_blank';
    if (lower.startsWith('data:text/html,chromewebdata')) return 'about_blank';
    const host = URL.canParse(lower) ? new URL(lower).hostname : '';
    if (FOREIGN_HOSTS.some((foreign) => host === foreign || host.endsWith(`.${foreign}`))) return 'injected';
  }
  return undefined;
}
