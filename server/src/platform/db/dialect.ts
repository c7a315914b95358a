/** The two databases Errata runs on. */
export type Dialect = 'sqlite' | 'postgres';

/** Which database the configuration names. */
export function dialectOf(config: { readonly databaseUrl: string | undefined }): Dialect {
  return config.databaseUrl === undefined ? 'sqlite' : 'postgres';
}
