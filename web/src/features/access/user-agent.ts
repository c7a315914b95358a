/** What a session's user agent says of its device. */
export interface Device {
  /** `Firefox on Linux`, `errata/0.1.0`, `Unknown device`. */
  name: string;
  kind: 'desktop' | 'phone' | 'program';
}

const BROWSERS: readonly (readonly [RegExp, string])[] = [
  [/Edg(?:e|A|iOS)?\//, 'Edge'],
  [/OPR\//, 'Opera'],
  [/SamsungBrowser\//, 'Samsung Internet'],
  [/(?:Firefox|FxiOS)\//, 'Firefox'],
  [/(?:Chrome|CriOS|HeadlessChrome)\//, 'Chrome'],
  [/Version\/[\d.]+.*Safari\//, 'Safari'],
];
const SYSTEMS: readonly (readonly [RegExp, string])[] = [
  [/iPhone|iPad|iPod/, 'iOS'],
  [/Android/, 'Android'],
  [/Windows/, 'Windows'],
  [/CrOS/, 'ChromeOS'],
  [/Macintosh|Mac OS X/, 'macOS'],
  [/Linux|X11/, 'Linux'],
];

/** Names the browser and system of a user agent as people call them. */
export function deviceOf(userAgent: string | null): Device {
  if (userAgent === null || userAgent === '') return { name: 'Unknown device', kind: 'desktop' };
  const browser = BROWSERS.find(([pattern]) => pattern.test(userAgent))?.[1];
  if (browser === undefined) return { name: userAgent.split(/[\s(]/)[0]?.slice(0, 40) ?? userAgent, kind: 'program' };
  const system = SYSTEMS.find(([pattern]) => pattern.test(userAgent))?.[1];
  return {
    name: system === undefined ? browser : `${browser} on ${system}`,
    kind: /Mobi|iPhone|iPad|Android/.test(userAgent) ? 'phone' : 'desktop',
  };
}
