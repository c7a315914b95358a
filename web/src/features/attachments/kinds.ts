/** What a file is, in a word, by Sentry's attachment type; undefined for plain files. */
export function kindWord(type: string): string | undefined {
  if (type === 'event.minidump') return 'Minidump';
  if (type === 'event.view_hierarchy') return 'View hierarchy';
  if (type === 'event.applecrashreport') return 'Apple crash report';
  if (type.startsWith('unreal.')) return 'Unreal Engine';
  return undefined;
}

/** JSON with its lines broken, or undefined when it is none. */
export function prettyJson(text: string): string | undefined {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return undefined;
  }
}
