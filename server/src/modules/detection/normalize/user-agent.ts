/** What a User-Agent header tells of the program and the system. */
export interface Client {
  browser?: { name: string; version?: string };
  os?: { name: string; version?: string };
  device?: { family: string; model?: string };
}

const MAX_LENGTH = 1024;
const KEPT = 500;
const seen = new Map<string, Client>();

/** Order matters: who pretends to be another comes first. */
const BROWSERS: [RegExp, string][] = [
  [
    /\b(?:Googlebot|bingbot|YandexBot|DuckDuckBot|Baiduspider|facebookexternalhit|Slackbot|Twitterbot|AhrefsBot)\b(?:\/([\d.]+))?/i,
    'Bot',
  ],
  [/\bEdg(?:e|A|iOS)?\/([\d.]+)/, 'Edge'],
  [/\b(?:OPR|OPiOS|Opera)\/([\d.]+)/, 'Opera'],
  [/\bSamsungBrowser\/([\d.]+)/, 'Samsung Internet'],
  [/\bYaBrowser\/([\d.]+)/, 'Yandex Browser'],
  [/\bElectron\/([\d.]+)/, 'Electron'],
  [/\bHeadlessChrome\/([\d.]+)/, 'HeadlessChrome'],
  [/\b(?:Firefox|FxiOS)\/([\d.]+)/, 'Firefox'],
  [/\b(?:Chrome|CriOS|Chromium)\/([\d.]+)/, 'Chrome'],
  [/\bVersion\/([\d.]+)/, 'Safari'],
  [/\bMSIE ([\d.]+)|\bTrident\/.*\brv:([\d.]+)/, 'IE'],
  [/\bcurl\/([\d.]+)/, 'curl'],
  [/\bokhttp\/([\d.]+)/, 'okhttp'],
  [/\bpython-requests\/([\d.]+)/, 'Python Requests'],
  [/\bPostmanRuntime\/([\d.]+)/, 'Postman'],
];
const SYSTEMS: [RegExp, string][] = [
  [/\bWindows Phone(?: OS)? ([\d.]+)/, 'Windows Phone'],
  [/\bWindows NT ([\d.]+)/, 'Windows'],
  [/\bAndroid ([\d.]+)/, 'Android'],
  [/\b(?:iPhone|iPad|iPod)\b[^)]*\bOS ([\d_]+)/, 'iOS'],
  [/\bCrOS \w+ ([\d.]+)/, 'Chrome OS'],
  [/\bMac OS X ([\d_.]+)/, 'Mac OS X'],
  [/\bUbuntu\b(?:\/([\d.]+))?/, 'Ubuntu'],
  [/\bLinux\b()/, 'Linux'],
];
const WINDOWS: Record<string, string> = { '10.0': '10', '6.3': '8.1', '6.2': '8', '6.1': '7', '6.0': 'Vista', '5.1': 'XP' };

/** Reads a User-Agent header; unknown ones give an empty answer. Answers are remembered, the same few come again and again. */
export function readUserAgent(userAgent: string): Client {
  const text = userAgent.length > MAX_LENGTH ? userAgent.slice(0, MAX_LENGTH) : userAgent;
  let client = seen.get(text);
  if (client === undefined) {
    client = parse(text);
    if (seen.size >= KEPT) seen.delete(seen.keys().next().value as string);
    seen.set(text, client);
  }
  return client;
}

function parse(text: string): Client {
  const browser = first(BROWSERS, text);
  const os = first(SYSTEMS, text);
  const device = readDevice(text);
  return {
    ...(browser ? { browser: { ...browser, name: fullName(browser.name, text) } } : {}),
    ...(os
      ? { os: os.name === 'Windows' && os.version ? { name: 'Windows', version: WINDOWS[os.version] ?? os.version } : os }
      : {}),
    ...(device ? { device } : {}),
  };
}

function first(table: [RegExp, string][], text: string): { name: string; version?: string } | undefined {
  for (const [pattern, name] of table) {
    const match = pattern.exec(text);
    if (!match) continue;
    const version = (match[1] ?? match[2])?.replaceAll('_', '.');
    return version ? { name, version } : { name };
  }
  return undefined;
}

function fullName(name: string, text: string): string {
  if (name === 'Safari' && text.includes('Mobile')) return 'Mobile Safari';
  return name === 'Bot' ? (/\b(\w{0,40}(?:bot|spider|externalhit))\b/i.exec(text)?.[1] ?? name) : name;
}

function readDevice(text: string): Client['device'] {
  const apple = /\b(iPhone|iPad|iPod)\b/.exec(text)?.[1];
  if (apple) return { family: apple };
  const model = /\bAndroid [\d.]+; (?:[a-z]{2}[-_][A-Za-z]{2}; )?([^;)]{1,60}?)(?: Build\/[^;)]*)?[;)]/.exec(text)?.[1];
  if (model) return { family: model, model };
  return /\bMacintosh\b/.test(text) ? { family: 'Mac' } : undefined;
}
