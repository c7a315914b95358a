/** Search parameters of the errors list. */
export interface ErrorsSearch {
  text?: string;
}

/** Reads the search parameters of the errors list; what is not understood is left out. */
export function validateErrorsSearch(raw: Record<string, unknown>): ErrorsSearch {
  return typeof raw['text'] === 'string' && raw['text'] !== '' ? { text: raw['text'] } : {};
}
